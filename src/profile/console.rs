//! Where the AWS console is: one in each partition. Pure.

use super::endpoint::Endpoint;
use super::{Profile, partition};
use crate::environment::Environment;
use crate::error::Result;
use crate::model::endpoint_url::EndpointUrl;
use crate::model::region::Region;

/// The domain of the console and of its sign-in page.
const DOMAINS: &[(&str, &str)] = &[
    ("aws", "aws.amazon.com"),
    ("aws-cn", "amazonaws.cn"),
    ("aws-us-gov", "amazonaws-us-gov.com"),
    ("aws-eusc", "amazonaws-eusc.eu"),
    ("aws-iso", "c2shome.ic.gov"),
    ("aws-iso-b", "sc2shome.sgov.gov"),
];

/// The console that a session signs in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Console {
    /// Whom to ask for a sign-in token.
    pub signin: Endpoint,
    /// The page to begin with.
    pub destination: String,
}

impl Console {
    /// The one of the profile's partition, opened at a service's page.
    pub fn of(profile: &Profile, service: Option<&str>, env: &Environment) -> Result<Self> {
        let domain = domain(profile);
        let signin = match env.var(VARIABLE) {
            Some(url) => EndpointUrl::parse(VARIABLE, url.trim_end_matches('/'))?,
            None => EndpointUrl::parse(VARIABLE, &format!("https://signin.{domain}"))?,
        };
        let region = profile.region.as_ref().unwrap_or(&profile.endpoint.region);
        Ok(Self {
            signin: Endpoint {
                url: Some(signin),
                fips: false,
                dualstack: false,
                ..profile.endpoint.clone()
            },
            destination: destination(domain, service, region),
        })
    }

    /// The sign-in page's own address.
    pub fn federation(&self) -> String {
        format!(
            "{}/federation",
            self.signin.url.as_ref().map_or("", EndpointUrl::as_str)
        )
    }
}

/// Another sign-in page, as the SDKs name that service.
const VARIABLE: &str = "AWS_ENDPOINT_URL_SIGNIN";

/// A role belongs to one partition. A session without a role belongs to the partition of its region.
fn domain(profile: &Profile) -> &'static str {
    let of_role = profile.roles.last();
    let of_role = of_role.and_then(|role| partition::of_arn(&role.arn));
    let partition = of_role.or_else(|| partition::of_region(&profile.endpoint.region));
    let found = DOMAINS.iter().find(|(name, _)| Some(*name) == partition);
    found.map_or("aws.amazon.com", |(_, domain)| domain)
}

fn destination(domain: &str, service: Option<&str>, region: &Region) -> String {
    let page = service.unwrap_or("console");
    let region = region.as_str();
    format!("https://console.{domain}/{page}/home?region={region}")
}
