//! Where IAM is for a profile: one address in each partition, whatever the region. Pure.

use super::configured_url::{Service, configured_url};
use super::endpoint::Endpoint;
use super::{Profile, partition};
use crate::aws_files::AwsFiles;
use crate::environment::Environment;
use crate::error::{Error, Origin, Result};
use crate::model::endpoint_url::EndpointUrl;
use crate::model::region::Region;

/// The hosts of a partition, as `aws-sdk-iam` 1.133 has them: plain, FIPS, dual stack, both.
const HOSTS: &[(&str, [&str; 4])] = &[
    (
        "aws",
        [
            "iam.amazonaws.com",
            "iam-fips.amazonaws.com",
            "iam.global.api.aws",
            "iam-fips.global.api.aws",
        ],
    ),
    (
        "aws-cn",
        [
            "iam.cn-north-1.amazonaws.com.cn",
            "iam-fips.amazonaws.com.cn",
            "iam.global.api.amazonwebservices.com.cn",
            "iam-fips.api.amazonwebservices.com.cn",
        ],
    ),
    (
        "aws-us-gov",
        [
            "iam.us-gov.amazonaws.com",
            "iam.us-gov.amazonaws.com",
            "iam.us-gov.api.aws",
            "iam.us-gov.api.aws",
        ],
    ),
    (
        "aws-eusc",
        [
            "iam.eusc-de-east-1.amazonaws.eu",
            "iam-fips.amazonaws.eu",
            "iam.global.api.amazonwebservices.eu",
            "iam-fips.api.amazonwebservices.eu",
        ],
    ),
    (
        "aws-iso",
        [
            "iam.us-iso-east-1.c2s.ic.gov",
            "iam-fips.us-iso-east-1.c2s.ic.gov",
            "iam.api.aws.ic.gov",
            "iam-fips.api.aws.ic.gov",
        ],
    ),
    (
        "aws-iso-b",
        [
            "iam.us-isob-east-1.sc2s.sgov.gov",
            "iam-fips.us-isob-east-1.sc2s.sgov.gov",
            "iam.api.aws.scloud",
            "iam-fips.api.aws.scloud",
        ],
    ),
    (
        "aws-iso-e",
        [
            "iam.eu-isoe-west-1.cloud.adc-e.uk",
            "iam-fips.cloud.adc-e.uk",
            "iam.api.cloud-aws.adc-e.uk",
            "iam-fips.api.cloud-aws.adc-e.uk",
        ],
    ),
    (
        "aws-iso-f",
        [
            "iam.us-isof-south-1.csp.hci.ic.gov",
            "iam-fips.csp.hci.ic.gov",
            "iam.api.aws.hci.ic.gov",
            "iam-fips.api.aws.hci.ic.gov",
        ],
    ),
];

/// The endpoint for calls with the keys of the profile's source. `--endpoint-url` moves STS alone.
pub fn of(profile: &Profile, env: &Environment, files: &AwsFiles) -> Result<Endpoint> {
    let sts = &profile.source_endpoint;
    let of_arn = profile.serial.as_ref().map(|serial| serial.as_str());
    let partition = of_arn
        .and_then(partition::of_arn)
        .or_else(|| partition::of_region(&sts.region))
        .unwrap_or("aws");
    let profiles: Vec<_> = profile
        .reads_from
        .iter()
        .filter_map(|name| files.profile(name))
        .collect();
    let url = match configured_url(Service::Iam, env, files, &profiles)? {
        Some(url) => url,
        None => match &sts.url {
            // Keys of a server that is not AWS's would mean nothing to AWS.
            Some(url) if !is_of_aws(url.host()) => {
                return Err(Error::NoSuchEndpoint {
                    endpoint: "IAM".to_owned(),
                    reason: format!(
                        "STS is at {}, and neither AWS_ENDPOINT_URL_IAM nor a services section says where IAM is",
                        url.as_str()
                    ),
                });
            }
            _ => EndpointUrl::parse("IAM", &format!("https://{}", host(partition, sts)))?,
        },
    };
    let origin = Origin::Iam(partition.to_owned());
    Ok(Endpoint {
        region: Region::parse(origin.clone(), partition::region(partition))?,
        region_from: origin,
        url: Some(url),
        ..sts.clone()
    })
}

fn host(partition: &str, sts: &Endpoint) -> &'static str {
    let found = HOSTS.iter().find(|(name, _)| *name == partition);
    let [plain, fips, dualstack, both] =
        found.or(HOSTS.first()).map_or([""; 4], |(_, hosts)| *hosts);
    match (sts.fips, sts.dualstack) {
        (false, false) => plain,
        (true, false) => fips,
        (false, true) => dualstack,
        (true, true) => both,
    }
}

/// Whether a custom address is AWS's own: STS behind a VPC endpoint, say.
fn is_of_aws(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    [
        ".amazonaws.com",
        ".amazonaws.com.cn",
        ".amazonaws.eu",
        ".api.aws",
    ]
    .iter()
    .any(|end| host.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::request::Request;

    fn address(endpoint: &Endpoint) -> Option<&str> {
        endpoint.url.as_ref().map(EndpointUrl::as_str)
    }

    fn endpoint(variables: &[(&'static str, &str)], config: &str) -> Result<Endpoint> {
        let files = AwsFiles::of_text(
            config,
            "[default]\naws_access_key_id = AKIA\naws_secret_access_key = s\n",
        )
        .unwrap();
        let env = Environment::of(variables);
        let profile = crate::profile::resolve(&Request::default(), &env, &files)?;
        of(&profile, &env, &files)
    }

    #[test]
    fn each_partition_has_one_address_and_one_region() {
        for (config, url, region) in [
            (
                "[default]\nregion = eu-west-1",
                "https://iam.amazonaws.com",
                "us-east-1",
            ),
            (
                "[default]\nregion = new-world-1",
                "https://iam.amazonaws.com",
                "us-east-1",
            ),
            (
                "[default]\nregion = cn-northwest-1",
                "https://iam.cn-north-1.amazonaws.com.cn",
                "cn-north-1",
            ),
            (
                "[default]\nregion = us-gov-east-1",
                "https://iam.us-gov.amazonaws.com",
                "us-gov-west-1",
            ),
            (
                "[default]\nmfa_serial = arn:aws-cn:iam::123456789012:mfa/x",
                "https://iam.cn-north-1.amazonaws.com.cn",
                "cn-north-1",
            ),
            (
                "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true",
                "https://iam-fips.global.api.aws",
                "us-east-1",
            ),
        ] {
            let found = endpoint(&[], config).unwrap();
            assert_eq!(address(&found), Some(url), "{config}");
            assert_eq!(found.region.as_str(), region, "{config}");
        }
    }

    #[test]
    fn an_address_of_ones_own_is_iams_own_or_none() {
        let here = "http://127.0.0.1:1";
        for variables in [
            &[
                ("AWS_ENDPOINT_URL_IAM", here),
                ("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:2"),
            ][..],
            &[("AWS_ENDPOINT_URL", here)],
        ] {
            let found = endpoint(variables, "").unwrap();
            assert_eq!(address(&found), Some(here));
        }
        let services =
            "[default]\nservices = s\n[services s]\niam =\n  endpoint_url = http://127.0.0.1:1\n";
        assert_eq!(address(&endpoint(&[], services).unwrap()), Some(here));
        // Its keys mean nothing to AWS.
        let refused = endpoint(&[("AWS_ENDPOINT_URL_STS", here)], "");
        assert!(matches!(refused, Err(Error::NoSuchEndpoint { .. })));
        let vpc = "https://vpce-1.sts.us-east-1.vpce.amazonaws.com";
        let found = endpoint(&[("AWS_ENDPOINT_URL_STS", vpc)], "").unwrap();
        assert_eq!(address(&found), Some("https://iam.amazonaws.com"));
    }
}
