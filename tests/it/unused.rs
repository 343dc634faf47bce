//! What was asked for and has no effect on such a session is named, or refused where the session would not be what was
//! asked for: nobody believes that a code or a tag was used when it was not.
#![cfg(unix)]
use crate::support::World;
use crate::support::sts::{LocalSts, Role};

const PERMISSION_SET: &str = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Reader_0a1b2c3d4e5f6071";
const TOKEN: &str = "eyJhbGciOiJub25lIn0.e30.web-identity";
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const OF_LOGIN: &str = "a login gives its session as it is, and without a code";
const OF_SESSION: &str = "the keys are a session already, which lasts as it is and needs no code";
const OF_TOKEN: &str = "the token assumes the role, and without a code";

const CONFIG: &str = "\
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Reader
mfa_serial = arn:aws:iam::123456789012:mfa/alice
duration_seconds = 7200
[profile deploy]
role_arn = arn:aws:iam::210987654321:role/deploy
source_profile = sso
[profile process]
credential_process = cat $HOME/keys.json
mfa_serial = arn:aws:iam::123456789012:mfa/alice
[profile web]
role_arn = arn:aws:iam::123456789012:role/pod
web_identity_token_process = cat $HOME/token
external_id = 12
[profile tagged]
role_arn = arn:aws:iam::123456789012:role/pod
web_identity_token_process = cat $HOME/token
session_tags = team=blue
[profile on-web]
role_arn = arn:aws:iam::210987654321:role/next
source_profile = web
[profile no-mfa]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = keys
";

fn world() -> World {
    let pod = "arn:aws:iam::123456789012:role/pod";
    let sts = LocalSts::builder()
        .role(Role::new(PERMISSION_SET))
        .role(Role::new("arn:aws:iam::210987654321:role/deploy").trusting(PERMISSION_SET))
        .role(Role::new(pod).with_web_identity(TOKEN))
        .role(Role::new("arn:aws:iam::210987654321:role/next").trusting(pod));
    let world = World::alice_at(sts).with_store().with_portal();
    world.write_sso_login("corp", &world.sts().log_in(3600, true));
    let keys = world.keys("keys")
        + "[pasted]\naws_access_key_id = ASIA1\naws_secret_access_key = s\naws_session_token = t\n";
    let config = CONFIG.to_owned();
    world.config(config).credentials(keys).file("token", TOKEN).file(
        "keys.json",
        r#"{"Version": 1, "AccessKeyId": "ASIA2", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2099-01-01T00:00:00Z"}"#,
    )
}

#[test]
fn flags_that_a_session_of_the_source_has_no_use_for_are_named_in_one_note() {
    let world = world();
    let notes = |args: &[&str], note: &str| {
        let stderr = match note {
            "" => String::new(),
            note => format!("awsmfa: {note}\n"),
        };
        world.env_json(args).stderr(stderr).run();
    };
    notes(&["sso"], "");
    let sso = |flags: &[&'static str]| [&["sso", "--no-input"], flags].concat();
    notes(
        &sso(&["-t", "123456"]),
        &format!("--token-code is not used: {OF_LOGIN}"),
    );
    notes(
        &sso(&["-d", "2h"]),
        &format!("--duration is not used: {OF_LOGIN}"),
    );
    notes(
        &sso(&[
            "-t",
            "123456",
            "--serial-number",
            "GAHT12345678",
            "-d",
            "2h",
        ]),
        &format!("--token-code, --serial-number and --duration are not used: {OF_LOGIN}"),
    );
    // Of a role the duration is used.
    notes(
        &["deploy", "-t", "123456", "-d", "30m"],
        &format!("--token-code is not used: {OF_LOGIN}"),
    );
    notes(
        &["pasted", "-t", "123456"],
        &format!("--token-code is not used: {OF_SESSION}"),
    );
    // Only the process knows that it gives a session.
    notes(
        &["process", "-t", "123456"],
        &format!("--token-code is not used: {OF_SESSION}"),
    );
    notes(
        &["web", "-t", "123456"],
        &format!("--token-code is not used: {OF_TOKEN}"),
    );
    notes(
        &["no-mfa", "-t", "123456"],
        "--token-code is not used: no MFA device is named, so the role is assumed without a code; \
         add --serial-number ARN",
    );
    let calls = world.sts().calls();
    assert!(calls.iter().all(|call| call.param("TokenCode").is_none()));
}

#[test]
fn what_a_web_identity_cannot_carry_is_refused_before_any_call() {
    let world = world();
    let refuses = |args: &[&str], stderr: &str| {
        world.env_json(args).status(1).stderr(stderr).run();
    };
    let claims = "tags and source identity of such a session are claims of the token itself\n";
    refuses(
        &["tagged"],
        &format!(
            "awsmfa: session_tags ([HOME]/.aws/config:23) is not a parameter of AssumeRoleWithWebIdentity\n\
             hint: remove line 23 of [HOME]/.aws/config; {claims}"
        ),
    );
    for flags in [
        ["--session-tag", "team=blue"],
        ["--source-identity", "alice"],
        ["--external-id", "Unique:1"],
    ] {
        refuses(
            &[&["web"], &flags[..]].concat(),
            &format!(
                "awsmfa: {} is not a parameter of AssumeRoleWithWebIdentity\nhint: leave it out; {claims}",
                flags[0]
            ),
        );
    }
    assert_eq!(world.sts().connections(), 0);
    // Policies it takes, and a role after it takes everything.
    world.session(&["web", "--policy-arn", READ_ONLY]);
    let call = world.sts().calls()[0].clone();
    assert_eq!(call.param("PolicyArns.member.1.arn"), Some(READ_ONLY));
    world.session(&["on-web", "--session-tag", "team=blue"]);
    let call = world.sts().calls().last().unwrap().clone();
    assert_eq!(call.param("Tags.member.1.Key"), Some("team"));
}

#[test]
fn the_name_of_a_roles_session_is_refused_where_there_is_no_role() {
    let world = world();
    for flags in [["--role-session-name", "me"], ["--external-id", "Unique:1"]] {
        let ran = world.env_json(&[&["sso"], &flags[..]].concat()).status(1);
        ran.stderr(format!(
            "awsmfa: {} is for the session of a role, and this profile names none\n\
             hint: AWS limits and tags only the sessions of roles: give --role-arn, or name the profile of a role\n",
            flags[0]
        ))
        .run();
    }
}

#[test]
fn explain_names_flags_and_lines_that_have_no_effect() {
    let world = world();
    let explains = |args: &[&str], lines: &[&str]| {
        let args = [&["env", "--explain", "--no-input"], args].concat();
        let told = world.redacted(&world.awsmfa(args).any_stderr().run().stderr);
        for line in lines {
            assert!(told.contains(&format!("\n  {line}\n")), "{line}\n{told}");
        }
        assert_eq!(told.matches("not used").count(), lines.len(), "{told}");
    };
    let serial = "not used: mfa_serial, [HOME]/.aws/config:8: a session needs no code";
    explains(
        &["sso", "-t", "123456"],
        &[
            serial,
            "not used: duration_seconds, [HOME]/.aws/config:9: the session lasts as it is",
            &format!("--token-code is not used: {OF_LOGIN}"),
        ],
    );
    explains(&["deploy"], &[serial]);
    let external =
        "not used: external_id, [HOME]/.aws/config:19: AssumeRoleWithWebIdentity takes none";
    explains(&["web"], &[external]);
    explains(&["on-web"], &[external]);
    explains(&["no-mfa"], &[]);
}
