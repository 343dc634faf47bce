//! The address in place of AWS's own that the environment or the profiles give a service. Pure.

use crate::aws_files::{AwsFiles, FoundProfile};
use crate::environment::Environment;
use crate::error::Result;
use crate::model::endpoint_url::EndpointUrl;

/// A service whose address can be configured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Sessions.
    Sts,
    /// Users, their devices and keys.
    Iam,
}

/// The address that the environment or the profiles give the service.
pub fn configured_url(
    service: Service,
    env: &Environment,
    files: &AwsFiles,
    profiles: &[FoundProfile],
) -> Result<Option<EndpointUrl>> {
    let (variable, key) = match service {
        Service::Sts => ("AWS_ENDPOINT_URL_STS", "sts"),
        Service::Iam => ("AWS_ENDPOINT_URL_IAM", "iam"),
    };
    let configured = |key: &str| profiles.iter().find_map(|p| p.get(key));
    if env.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        || configured("ignore_configured_endpoint_urls")
            .is_some_and(|v| v.eq_ignore_ascii_case("true"))
    {
        return Ok(None);
    }
    for variable in [variable, "AWS_ENDPOINT_URL"] {
        if let Some(url) = env.var(variable) {
            return EndpointUrl::parse(variable, url).map(Some);
        }
    }
    for profile in profiles {
        let of_services = profile
            .get("services")
            .and_then(|s| files.services_endpoint(s, key));
        if let Some(url) = of_services.as_deref().or(profile.get("endpoint_url")) {
            return EndpointUrl::parse("endpoint_url", url).map(Some);
        }
    }
    Ok(None)
}
