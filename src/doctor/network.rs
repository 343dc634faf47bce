//! The way to AWS, as far as it can be judged without a connection: proxies, authorities, endpoints.

use super::{Finding, Place};
use crate::model::request::Request;
use crate::profile;
use crate::sts::{proxy, trust};

pub fn check(place: &Place) -> Vec<Finding> {
    let mut findings = Vec::new();
    match proxy::passed_over() {
        Some(name) => findings.push(Finding::wrong(
            "network",
            format!("{name} is not an address, so no proxy is used"),
            format!("write {name}=http://user:password@host:port, with %23 for # and %40 for @ in the password"),
        )),
        None if proxy::names() != "none" => findings.push(Finding::good(
            "network",
            format!("set for proxies: {}", proxy::names()),
        )),
        None => {}
    }
    let Ok(files) = place.files else {
        return findings;
    };
    if let Ok(profile) = profile::resolve(&Request::default(), place.env, files) {
        let bundle = profile.endpoint.ca_bundle.as_ref();
        match trust::of(bundle) {
            Err(error) => findings.push(Finding::wrong(
                "network",
                error.to_string(),
                error
                    .hint()
                    .unwrap_or_else(|| "unset AWS_CA_BUNDLE".to_owned()),
            )),
            Ok(_) => findings.push(Finding::good(
                "network",
                match &profile.endpoint.url {
                    Some(url) => {
                        format!(
                            "STS is asked at {}",
                            crate::text::sanitize::clean(url.as_str(), &[])
                        )
                    }
                    None => format!("STS is asked in {}", profile.endpoint.region.as_str()),
                },
            )),
        }
    }
    findings
}
