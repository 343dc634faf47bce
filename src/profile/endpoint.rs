//! Where STS is for a request: its region, its partition, its address. Pure.

use std::path::PathBuf;

use super::configured_url::{Service, configured_url};
use super::partition;
use crate::aws_files::{AwsFiles, FoundProfile};
use crate::environment::Environment;
use crate::environment::session_here::SessionHere;
use crate::error::{Error, Origin, Result};
use crate::model::endpoint_url::EndpointUrl;
use crate::model::region::Region;
use crate::model::request::Request;

/// The STS to talk to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The region that signs the request, and whose regional endpoint is used.
    pub region: Region,
    /// What names the region.
    pub region_from: Origin,
    /// A custom URL in place of the region's own.
    pub url: Option<EndpointUrl>,
    /// Whether the FIPS endpoint is wanted.
    pub fips: bool,
    /// Whether the dual-stack endpoint is wanted.
    pub dualstack: bool,
    /// The certificates to trust in place of the system's.
    pub ca_bundle: Option<CaBundle>,
}

/// A file of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaBundle {
    /// What names it: a flag, a variable, or `ca_bundle`.
    pub given_as: &'static str,
    /// The file.
    pub path: PathBuf,
}

#[cfg(test)]
impl Endpoint {
    /// An endpoint at which nobody answers, for tests that never call.
    pub fn local() -> Self {
        Self {
            region: Region::parse(Origin::Default, "us-east-1").unwrap(),
            region_from: Origin::Default,
            url: EndpointUrl::parse("test", "http://127.0.0.1:1").ok(),
            fips: false,
            dualstack: false,
            ca_bundle: None,
        }
    }
}

impl Endpoint {
    /// The region, where the request named it or the shell that it came from: no file does.
    pub fn region_of_request(&self) -> Option<&Region> {
        self.region_from.is_of_request().then_some(&self.region)
    }

    /// Whether it is a server of this machine, without TLS.
    pub fn is_plain_http(&self) -> bool {
        self.url.as_ref().is_some_and(EndpointUrl::is_plain_http)
    }

    /// How messages name it.
    pub fn shown(&self) -> String {
        let region = self.region.as_str();
        match (&self.url, self.fips, self.dualstack) {
            (Some(url), ..) => url.as_str().to_owned(),
            (None, false, false) => format!("STS in {region}"),
            (None, true, false) => format!("STS in {region} (FIPS)"),
            (None, false, true) => format!("STS in {region} (dual stack)"),
            (None, true, true) => format!("STS in {region} (FIPS, dual stack)"),
        }
    }
}

/// Decides the endpoint. `profiles` are the profile and its sources, nearest first; `arns` may name
/// the partition where no region is configured.
pub fn resolve(
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
    profiles: &[FoundProfile],
    arns: &[&str],
) -> Result<Endpoint> {
    let configured = |key: &str| profiles.iter().find_map(|p| p.get(key));
    let switch = |variable: &str, key: &str| match env.var(variable) {
        Some(_) => env.flag(variable),
        None => configured(key).is_some_and(|v| v.eq_ignore_ascii_case("true")),
    };
    let (region, region_from) = region(request, env, profiles, arns)?;
    let url = url(request, env, files, profiles)?;
    if url.is_none() {
        refuse_other_partition(&region, &region_from, arns)?;
    }
    let endpoint = Endpoint {
        region,
        region_from,
        url,
        fips: switch("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        dualstack: switch("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
        ca_bundle: ca_bundle(request, env, profiles)?,
    };
    // The SDK says so too, but after somebody was asked for a code.
    if endpoint.url.is_some() && (endpoint.fips || endpoint.dualstack) {
        return Err(Error::NoSuchEndpoint {
            endpoint: endpoint.shown(),
            reason: "an address of your own is neither AWS's FIPS nor its dual-stack endpoint"
                .to_owned(),
        });
    }
    Ok(endpoint)
}

/// The region, and what names it.
fn region(
    request: &Request,
    env: &Environment,
    profiles: &[FoundProfile],
    arns: &[&str],
) -> Result<(Region, Origin)> {
    if let Some(region) = &request.region {
        return Ok((region.clone(), Origin::Flag("--region")));
    }
    // A renewal is for the request as it was, whatever region the shell has by now.
    let session_here = SessionHere(env);
    let is_renewal = request.only_entry.is_some();
    if let Some((variable, region)) = session_here.users_region().filter(|_| !is_renewal) {
        let origin = Origin::Variable(variable);
        return Ok((Region::parse(origin.clone(), region)?, origin));
    }
    if let Some(found) = named_by_profiles(profiles)? {
        return Ok(found);
    }
    let found = arns
        .iter()
        .find_map(|arn| Some((arn, partition::of_arn(arn)?)));
    let (from, partition) = match found {
        Some((arn, partition)) => (Origin::PartitionOf((*arn).to_owned()), partition),
        None => (Origin::Default, "aws"),
    };
    Ok((
        Region::parse(from.clone(), partition::region(partition))?,
        from,
    ))
}

/// AWS would say no more than that it does not know the key: another tool's session in the shell may have
/// left its region there.
fn refuse_other_partition(region: &Region, origin: &Origin, arns: &[&str]) -> Result<()> {
    let Some(partition) = partition::of_region(region) else {
        return Ok(());
    };
    for arn in arns {
        match partition::of_arn(arn) {
            Some(other) if other != partition => {
                return Err(Error::OtherPartition {
                    region: region.as_str().to_owned(),
                    origin: origin.clone(),
                    partition,
                    arn: (*arn).to_owned(),
                    instead: partition::region(other),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The AWS tools' own settings, then the one that every program on OpenSSL knows.
fn ca_bundle(
    request: &Request,
    env: &Environment,
    profiles: &[FoundProfile],
) -> Result<Option<CaBundle>> {
    let variable = |name| Some((name, PathBuf::from(env.path(name)?)));
    let flag = request.ca_bundle.clone().map(|path| ("--ca-bundle", path));
    let mut named = flag.or_else(|| variable("AWS_CA_BUNDLE"));
    let configured = profiles.iter().find_map(|p| p.get("ca_bundle"));
    if let (None, Some(path)) = (&named, configured) {
        named = Some(("ca_bundle", env.expand_home(path.as_ref())?));
    }
    let named = named.or_else(|| variable("SSL_CERT_FILE"));
    Ok(named.map(|(given_as, path)| CaBundle { given_as, path }))
}

/// The region that the profile, else a source of it, names.
pub fn of_profiles(profiles: &[FoundProfile]) -> Result<Option<Region>> {
    Ok(named_by_profiles(profiles)?.map(|(region, _)| region))
}

fn named_by_profiles(profiles: &[FoundProfile]) -> Result<Option<(Region, Origin)>> {
    let Some(profile) = profiles.iter().find(|p| p.get("region").is_some()) else {
        return Ok(None);
    };
    let origin = Origin::line(profile.location("region"), "region");
    let region = Region::parse(origin.clone(), profile.get("region").unwrap_or_default())?;
    Ok(Some((region, origin)))
}

fn url(
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
    profiles: &[FoundProfile],
) -> Result<Option<EndpointUrl>> {
    match &request.endpoint_url {
        Some(url) => EndpointUrl::parse("--endpoint-url", url).map(Some),
        None => configured_url(Service::Sts, env, files, profiles),
    }
}

#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;
