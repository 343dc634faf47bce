use super::*;
use crate::model::request::Request;
use crate::profile::resolve;

/// The source of profile `p`, in a word.
fn source(config: &str, credentials: &str, env: &[(&'static str, &str)]) -> String {
    let files = AwsFiles::of_text(config, credentials).unwrap();
    let request = Request {
        profile: Some("p".into()),
        ..Request::default()
    };
    match resolve(&request, &Environment::of(env), &files).map(|p| p.source) {
        Ok(Source::Keys { credentials, .. }) => credentials.access_key_id,
        Ok(Source::Environment(credentials)) if credentials.session_token.is_some() => {
            "environment's session".into()
        }
        Ok(Source::Environment(_)) => "environment's keys".into(),
        Ok(Source::Login(login)) => login.remedy(),
        Ok(Source::Process { command, .. }) => format!("process {command}"),
        Ok(Source::KeyStore(key)) => format!("key store {}", key.access_key_id),
        Ok(Source::WebIdentity(WebIdentity { token, .. })) => match token {
            TokenFrom::File(path) => format!("token {}", path.display()).replace('\\', "/"),
            TokenFrom::Process(command) => format!("token of {command}"),
        },
        Err(error) => format!("{error:?}")
            .split([' ', '{'])
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

#[test]
fn what_the_profile_names_decides_and_its_own_keys_come_first() {
    let keys = "[p]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n";
    let process = "[profile p]\ncredential_process = get keys\n";
    let role = "role_arn = arn:aws:iam::123456789012:role/r\n";
    let web = format!("[profile p]\n{role}web_identity_token_file = ~/t\n");
    let of = |config: &str, credentials| source(config, credentials, &[("HOME", "/h")]);
    assert_eq!(of(process, keys), "AKIA1");
    assert_eq!(of(process, ""), "process get keys");
    assert_eq!(of(&web, ""), "token /h/t");
    assert_eq!(
        of("[profile p]\nweb_identity_token_file = t\n", ""),
        "WebIdentityWithoutRole"
    );
    assert_eq!(
        of("[profile p]\nsso_session = s\n", ""),
        "SsoSessionUnknown"
    );
    let session = "[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://e/start\n";
    let permissions = "sso_account_id = 123456789012\nsso_role_name = R\n";
    let sso = format!("[profile p]\nsso_session = s\n{session}");
    assert_eq!(of(&sso, ""), "LoginIncomplete");
    let sso = format!("[profile p]\nsso_session = s\n{permissions}{session}");
    assert_eq!(of(&sso, ""), "run aws sso login --profile p");
    let old = format!("[profile p]\nsso_start_url = https://e/start\n{permissions}");
    assert_eq!(of(&old, ""), "LoginIncomplete");
    assert_eq!(
        of(&format!("{old}sso_region = eu-west-1\n"), ""),
        "run aws sso login --profile p"
    );
    assert_eq!(
        of(
            "[profile p]\nlogin_session = arn:aws:iam::123456789012:user/a\n",
            ""
        ),
        "run aws login --profile p"
    );
    assert_eq!(of("[profile p]\n", ""), "NoCredentials");
    assert_eq!(of(&format!("[profile p]\n{role}"), ""), "RoleWithoutSource");
}

#[test]
fn credential_source_reads_this_shell_unless_we_filled_it() {
    let config = "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\ncredential_source = Environment\n";
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIA1"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
    ];
    let of = |more: &[(&'static str, &str)]| source(config, "", &[&keys[..], more].concat());
    assert_eq!(of(&[]), "environment's keys");
    assert_eq!(of(&[("AWS_SESSION_TOKEN", "t")]), "environment's session");
    assert_eq!(
        of(&[("AWSMFA_SESSION", "AKIA1:e")]),
        "CredentialSourceEmpty"
    );
    assert_eq!(source(config, "", &[]), "CredentialSourceEmpty");
    for machine in ["Ec2InstanceMetadata", "EcsContainer", "environment"] {
        let config = config.replace("Environment", machine);
        assert_eq!(source(&config, "", &keys), "SourceUnsupported", "{machine}");
    }
}
