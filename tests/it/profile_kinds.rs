//! Twelve kinds of profiles in one config file, as real ones mix them: what `env` does with each, and by which calls.
//! The table is that of docs/profiles.md.
#![cfg(unix)]
use crate::support::World;
use crate::support::sts::{LocalSts, Role};

const PERMISSION_SET: &str = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Reader_0a1b2c3d4e5f6071";
const CONSOLE: &str = "arn:aws:sts::123456789012:assumed-role/reader/alice";
const TOKEN: &str = "eyJhbGciOiJub25lIn0.e30.web-identity";

const CONFIG: &str = "\
[default]
mfa_serial = arn:aws:iam::123456789012:mfa/alice
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
[profile role]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default
[profile chained]
role_arn = arn:aws:iam::210987654321:role/chained
source_profile = reader
[profile reader]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = default
[profile included]
include_profile = role
session_tags = team=blue
[profile own-keys]
role_arn = arn:aws:iam::123456789012:role/reader
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Reader
[profile sso-old]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Reader
[profile role-on-sso]
role_arn = arn:aws:iam::210987654321:role/deploy-by-sso
source_profile = sso
[profile console]
login_session = arn:aws:sts::123456789012:assumed-role/reader/alice
[profile process]
credential_process = cat $HOME/keys.json
[profile web]
role_arn = arn:aws:iam::123456789012:role/pod
web_identity_token_process = cat $HOME/token
";

/// The profile, and the calls that `awsmfa env` makes for it with an empty store. A code is given where one is taken.
const TABLE: [(&str, &[&str]); 13] = [
    ("default", &["GetSessionToken"]),
    ("role", &["GetSessionToken", "AssumeRole"]),
    ("chained", &["GetSessionToken", "AssumeRole", "AssumeRole"]),
    ("included", &["GetSessionToken", "AssumeRole"]),
    ("own-keys", &["AssumeRole"]),
    ("sso", &["GetRoleCredentials"]),
    ("sso-old", &["GetRoleCredentials"]),
    ("role-on-sso", &["GetRoleCredentials", "AssumeRole"]),
    ("console", &[]),
    ("process", &[]),
    ("pasted", &[]),
    ("web", &["AssumeRoleWithWebIdentity"]),
    ("reader", &["GetSessionToken", "AssumeRole"]),
];

#[test]
fn every_kind_of_profile_gives_a_session() {
    let sts = LocalSts::builder()
        .role(Role::new(PERMISSION_SET))
        .role(Role::new("arn:aws:iam::210987654321:role/deploy-by-sso").trusting(PERMISSION_SET))
        .role(Role::new("arn:aws:iam::123456789012:role/pod").with_web_identity(TOKEN));
    let world = World::alice_at(sts).with_store().with_portal();
    world.write_sso_login("corp", &world.sts().log_in(3600, true));
    world.write_sso_login(
        "https://example.awsapps.com/start",
        &world.sts().log_in(3600, false),
    );
    let reader = "arn:aws:iam::123456789012:role/reader";
    world.write_console_login(CONSOLE, &world.sts().sign_in(reader, 900));
    let session = "aws_access_key_id = ASIA1\naws_secret_access_key = s\naws_session_token = t\n";
    let credentials = format!(
        "{}{}[pasted]\n{session}x_security_token_expires = 2099-01-01T00:00:00Z\n",
        world.keys("default"),
        world.keys("own-keys")
    );
    let world = world.config(CONFIG).credentials(credentials).file("token", TOKEN).file(
        "keys.json",
        r#"{"Version": 1, "AccessKeyId": "ASIA2", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2099-01-01T00:00:00Z"}"#,
    );
    for (profile, expected) in TABLE {
        world.awsmfa(["logout", "--all"]).any_stderr().run();
        let before = world.sts().calls().len();
        let code = world.code();
        let with_code = [profile, "-t", &code];
        let takes_code = expected.contains(&"GetSessionToken");
        world.session(match takes_code {
            true => &with_code,
            false => &with_code[..1],
        });
        let calls = world.sts().calls();
        let calls: Vec<&str> = calls[before..]
            .iter()
            .map(|call| call.action.as_str())
            .collect();
        assert_eq!(calls, expected, "{profile}");
        // And from the store, where it has an end: no call, no question.
        world.session(&[profile, "--no-input"]);
        assert_eq!(
            world.sts().calls().len(),
            before + expected.len(),
            "{profile}"
        );
    }
    let tagged = world.sts().calls();
    let tagged = tagged
        .iter()
        .find(|call| call.param("Tags.member.1.Key").is_some())
        .unwrap();
    assert_eq!(
        tagged.param("RoleArn"),
        Some("arn:aws:iam::123456789012:role/admin")
    );
}

/// What does not work ends with a line to write; once written, there is a plan.
#[test]
fn no_dead_end_without_a_line_that_solves_it() {
    let world = World::alice();
    let own = world.read(".aws/config");
    let refuses = |lines: &str, status: i32, stderr: &str| {
        std::fs::write(world.path(".aws/config"), format!("{own}{lines}")).unwrap();
        let ran = world
            .env_json(&["p", "--no-input"])
            .status(status)
            .any_stderr()
            .run();
        assert!(
            world.redacted(&ran.stderr).contains(stderr),
            "{}",
            ran.stderr
        );
    };
    let role = "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/reader\n";
    refuses(
        role,
        1,
        "hint: write source_profile = default beside line 4 of [HOME]/.aws/config: aws-vault takes it from [default], \
         no SDK does\n",
    );
    // The line written: now a code is needed, which nobody gives here.
    refuses(
        &format!("{role}source_profile = default\n"),
        5,
        "an MFA code is needed",
    );
    refuses(
        "[profile p]\ninclude_profile = q\n[profile q]\ninclude_profile = p\n",
        1,
        "awsmfa: include_profile goes round in a circle: p -> q -> p\n\
         hint: remove line 6 of [HOME]/.aws/config, or let it name another profile\n",
    );
    refuses(
        "[profile p]\ninclude_profile = defalt\n",
        1,
        "awsmfa: profile p names the include_profile defalt, and there is none\n\
         hint: change line 4 of [HOME]/.aws/config: did you mean default?\n",
    );
}

/// What aws-vault takes from `[default]`: the line to write, and its header.
#[test]
fn what_aws_vault_takes_from_default_is_named_with_the_line_and_its_header() {
    let partner = Role::new("arn:aws:iam::123456789012:role/partner").with_external_id("Ticket:7");
    let world = World::alice_at(LocalSts::builder().role(partner)).with_store();
    let keys = world.keys("p") + &world.keys("plain");
    let default = "[default]\nmfa_serial = arn:aws:iam::123456789012:mfa/alice\nexternal_id = Ticket:7\n\
        role_session_name = ann\nregion = eu-west-1\nduration_seconds = 900\n";
    let role =
        "[profile r]\nrole_arn = arn:aws:iam::123456789012:role/partner\nsource_profile = p\n";
    let world = world
        .config(format!("{default}[profile p]\n{role}"))
        .credentials(keys);
    let told = world.env_json(&["p", "--no-input"]).status(5);
    told.stderr(
        "awsmfa: no MFA device is known for profile p\n\
         hint: write mfa_serial = arn:aws:iam::123456789012:mfa/alice under [profile p] in [HOME]/.aws/config: \
         aws-vault takes it from [default], no SDK does; or give --serial-number\n",
    )
    .run();
    let told = world.env_json(&["r", "--no-input"]).status(3);
    let told = world.redacted(&told.any_stderr().run().stderr);
    assert!(
        told.ends_with(
            "\nhint: write mfa_serial = arn:aws:iam::123456789012:mfa/alice, and role_session_name = ann, \
             and external_id = Ticket:7 under [profile r] in [HOME]/.aws/config: \
             aws-vault takes it from [default], no SDK does; else check role_arn and the trust policy\n"
        ),
        "{told}"
    );
    let explain = ["env", "r", "--explain", "--no-input"];
    let told = world.awsmfa(explain).any_stderr().run().stderr;
    let told = world.redacted(&told);
    for line in [
        "mfa_serial = arn:aws:iam::123456789012:mfa/alice of [default], [HOME]/.aws/config:2",
        "external_id = Ticket:7 of [default], [HOME]/.aws/config:3",
        "role_session_name = ann of [default], [HOME]/.aws/config:4",
        "region = eu-west-1 of [default], [HOME]/.aws/config:5",
        "duration_seconds = 900 of [default], [HOME]/.aws/config:6",
    ] {
        let line = format!(
            "\n  not taken: {line}; aws-vault takes it, no SDK does: to have it, write it under [profile r]\n"
        );
        assert!(told.contains(&line), "{line}\n{told}");
    }
    // All of it written: a code is asked for, and the role is assumed.
    let written = default.replace("[default]\n", "");
    let world = world.config(format!("[profile p]\n{role}{written}"));
    world.session_for_a_code(&["r"]);
    let call = world.sts().calls().last().unwrap().clone();
    assert_eq!(call.param("ExternalId"), Some("Ticket:7"));
    assert_eq!(call.param("RoleSessionName"), Some("ann"));
    let told = world.awsmfa(explain).any_stderr().run().stderr;
    assert!(!told.contains("not taken"), "{told}");
}

#[test]
fn what_another_tool_reads_and_awsmfa_does_not_is_named_by_explain() {
    let world = World::alice();
    let config = world.read(".aws/config")
        + "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = default\n\
           parent_profile = default\nrole_duration = 3600\nregion = eu-west-1\n";
    let world = world.config(config);
    let explain = ["env", "p", "--explain", "--no-input"];
    let told = world.awsmfa(explain).any_stderr().run().stderr;
    let told = world.redacted(&told);
    assert_eq!(told.matches("not used: ").count(), 2, "{told}");
    for line in [
        "\n  not used: parent_profile of aws-vault, [HOME]/.aws/config:6: write include_profile\n",
        "\n  not used: role_duration of awsume, [HOME]/.aws/config:7: write duration_seconds\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
}
