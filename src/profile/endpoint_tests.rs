use super::*;

fn resolved(
    request: &Request,
    env: &[(&'static str, &str)],
    config: &str,
    arn: &str,
) -> Result<Endpoint> {
    let files = AwsFiles::of_text(config, "").unwrap();
    let profiles: Vec<_> = files.profile("dev").into_iter().collect();
    resolve(request, &Environment::of(env), &files, &profiles, &[arn])
}

fn region(env: &[(&'static str, &str)], config: &str, arn: &str) -> String {
    let endpoint = resolved(&Request::default(), env, config, arn).unwrap();
    endpoint.region.as_str().to_owned()
}

#[test]
fn the_region_is_the_flags_then_the_users_then_the_profiles_then_the_partitions() {
    let config = "[profile dev]\nregion = eu-west-1\n";
    let mine = ("AWS_REGION", "us-west-2");
    assert_eq!(region(&[mine], config, ""), "us-west-2");
    assert_eq!(
        region(&[mine, ("AWSMFA_REGION", "us-west-2")], config, ""),
        "eu-west-1"
    );
    assert_eq!(region(&[], "", "arn:aws-cn:iam::1:mfa/a"), "cn-north-1");
    assert_eq!(
        region(&[], "", "arn:aws-us-gov:iam::1:mfa/a"),
        "us-gov-west-1"
    );
    assert_eq!(
        region(&[], "", "arn:aws-eusc:iam::1:mfa/a"),
        "eusc-de-east-1"
    );
    assert_eq!(region(&[], "", "GAHT12345678"), "us-east-1");
}

#[test]
fn a_region_of_another_partition_is_refused_unless_an_address_is_named() {
    let config = "[profile dev]\nregion = eu-west-1\n";
    let china = "arn:aws-cn:iam::1:mfa/a";
    let refused = resolved(&Request::default(), &[], config, china).unwrap_err();
    assert!(matches!(refused, Error::OtherPartition { .. }));
    let local = [("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:4566")];
    assert_eq!(region(&local, config, china), "eu-west-1");
    assert_eq!(region(&[], config, "GAHT12345678"), "eu-west-1");
    assert_eq!(region(&[("AWS_REGION", "local")], config, china), "local");
}

#[test]
fn the_address_is_the_flags_then_the_environments_then_the_profiles() {
    let config = "[profile dev]\nservices = s\nendpoint_url = https://all\n\
                  [services s]\nsts =\n  endpoint_url = https://sts\n";
    let url = |env: &[(&'static str, &str)]| {
        let endpoint = resolved(&Request::default(), env, config, "").unwrap();
        endpoint.url.map(|url| url.as_str().to_owned())
    };
    let all = ("AWS_ENDPOINT_URL", "https://env-all");
    let sts = ("AWS_ENDPOINT_URL_STS", "https://env-sts");
    assert_eq!(url(&[all, sts]).as_deref(), Some("https://env-sts"));
    assert_eq!(url(&[all]).as_deref(), Some("https://env-all"));
    assert_eq!(url(&[]).as_deref(), Some("https://sts"));
    assert_eq!(
        url(&[sts, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]),
        None
    );
}

#[test]
fn plain_http_is_for_loopback_only() {
    for right in [
        "http://127.0.0.1:1",
        "http://localhost:8080/",
        "http://[::1]:5",
        "https://sts.example",
    ] {
        assert!(EndpointUrl::parse("test", right).is_ok(), "{right}");
    }
    for wrong in [
        "http://sts.example",
        "http://127.0.0.1.evil.example",
        "ftp://localhost",
        "x",
        "",
        "https://user:secret@sts.example",
    ] {
        let error = EndpointUrl::parse("test", wrong).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{wrong}");
    }
}
