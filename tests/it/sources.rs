//! Keys from elsewhere than the files: a process, this shell, a token. Used where they can serve,
//! refused with the reason where they cannot, and never asked while a stored session serves.
#![cfg(unix)]
use crate::support;
use crate::support::World;
use crate::support::stored::Printed;
use crate::support::sts::{LocalSts, Role};

const READER: &str = "arn:aws:iam::123456789012:role/reader";
const ADMIN: &str = "arn:aws:iam::123456789012:role/admin";
const TOKEN: &str = "eyJhbGciOiJub25lIn0.e30.web-identity";

/// What a `credential_process` prints.
fn printed(id: &str, secret: &str, token: Option<&str>) -> String {
    let token = token.map_or(String::new(), |t| format!(r#", "SessionToken": "{t}""#));
    format!(r#"{{"Version": 1, "AccessKeyId": "{id}", "SecretAccessKey": "{secret}"{token}}}"#)
}

/// A profile `work` and two roles on it. Its process prints `keys.json` and leaves a trace in `ran`.
fn with_process(world: World, keys: &str) -> World {
    let process = world.path("process.sh");
    let home = world.path("");
    let serial = world.user().mfa_serial.clone();
    world
        .credentials("")
        .file("keys.json", keys)
        .file(
            "process.sh",
            format!("echo x >>{0}/ran; cat {0}/keys.json\n", home.display()),
        )
        .config(format!(
            "[profile work]\ncredential_process = sh {}\nmfa_serial = {serial}\n\
             [profile reader]\nrole_arn = {READER}\nsource_profile = work\n\
             [profile admin]\nrole_arn = {ADMIN}\nsource_profile = work\n\
             [profile admin-12h]\nrole_arn = {ADMIN}\nsource_profile = work\nduration_seconds = 43200\n",
            process.display()
        ))
}

/// alice's long-term keys, by a process.
fn world() -> World {
    let world = World::alice().with_store();
    let user = world.user().clone();
    with_process(
        world,
        &printed(&user.access_key_id, &user.secret_access_key, None),
    )
}

/// A session, by a process.
fn world_of_a_session() -> World {
    let world = World::alice().with_store();
    let session = world.session_for_a_code(&["--no-cache"]);
    let Printed {
        access_key_id,
        secret_access_key,
        session_token,
        ..
    } = session;
    with_process(
        world,
        &printed(&access_key_id, &secret_access_key, Some(&session_token)),
    )
}

/// How often the process has run.
fn runs(world: &World) -> usize {
    std::fs::read_to_string(world.path("ran")).map_or(0, |text| text.lines().count())
}

fn actions(world: &World) -> Vec<String> {
    world
        .sts()
        .calls()
        .into_iter()
        .map(|call| call.action)
        .collect()
}

#[test]
fn long_term_keys_of_a_process_are_a_source_like_any_other() {
    let world = world();
    let first = world.session_for_a_code(&["work"]);
    world.session(&["reader", "--no-input"]);
    world.session(&["admin", "--no-input"]);
    assert_eq!(
        actions(&world),
        ["GetSessionToken", "AssumeRole", "AssumeRole"]
    );
    assert_eq!(world.session(&["work", "--no-input"]), first);
    assert_eq!(runs(&world), 1, "a stored session runs no process");
    world.session_for_a_code(&["admin-12h"]);
    assert_eq!(runs(&world), 2);
}

#[test]
fn explain_and_logout_run_no_process() {
    let world = world();
    world.session_for_a_code(&["admin"]);
    let explain = ["env", "reader", "--explain", "--no-input"];
    let told = world.awsmfa(explain).any_stderr().run().stderr;
    let keys = "keys: those that the credential_process of profile work gives, [HOME]/.aws/config:2; \
                it runs only if nothing stored serves\n";
    assert!(world.redacted(&told).contains(keys), "{told}");
    assert!(
        told.contains("stored: the MFA session of the user"),
        "{told}"
    );
    world
        .awsmfa(["logout", "admin"])
        .stderr("awsmfa: 2 stored sessions forgotten\n")
        .run();
    assert_eq!(runs(&world), 1);
}

#[test]
fn a_session_of_a_process_assumes_roles_without_a_code() {
    let world = world_of_a_session();
    let role = world.session(&["admin", "--no-input"]);
    assert_eq!(actions(&world), ["GetSessionToken", "AssumeRole"]);
    assert_eq!(world.session(&["admin", "--no-input"]), role);
    assert_eq!(runs(&world), 1);
}

/// It is put into the shell as it is: no code, no call.
#[test]
fn a_session_of_a_process_is_the_session_of_its_profile() {
    let world = world_of_a_session();
    let before = world.sts().calls().len();
    // Whether a device is named or not: only the process knows what it gives.
    let config = world.read(".aws/config");
    for config in [&config, &config.replace("mfa_serial", "# mfa_serial")] {
        let world = &world;
        std::fs::write(world.path(".aws/config"), config).unwrap();
        let keys: serde_json::Value = serde_json::from_str(&world.read("keys.json")).unwrap();
        let ran = world.awsmfa(["env", "work", "--shell", "sh", "--no-input"]);
        let code = ran.any_stdout().run().stdout;
        for name in ["AccessKeyId", "SecretAccessKey", "SessionToken"] {
            assert!(
                code.contains(keys[name].as_str().unwrap()),
                "{name}: {code}"
            );
        }
        // Nobody says when it ends: botocore would refuse it beside a wrong end.
        assert!(!code.contains("export AWS_CREDENTIAL_EXPIRATION"), "{code}");
        assert!(code.contains("AWSMFA_EXPIRES='253402300799'"), "{code}");
    }
    let long = world.env_json(&["admin-12h", "-t", "123456"]).status(1);
    let told = long.any_stderr().run().stderr;
    assert!(told.contains("(role chaining)"), "{told}");
    assert_eq!(world.sts().calls().len(), before, "no call at all");
    assert!(world.stored().is_empty(), "what has no end is not kept");
}

/// Its end is known: it is stored, shown, used for roles, and the process runs again only after it.
#[test]
fn a_session_of_a_process_that_names_its_end_is_stored_until_then() {
    let world = world_of_a_session();
    let keys = world.read("keys.json");
    let until = |moment| keys.replace('}', &format!(r#", "Expiration": "{moment}"}}"#));
    let world = world.file("keys.json", until("2099-01-01T00:00:00Z"));
    let first = world.session(&["work", "--no-input"]);
    assert_eq!(first.expiration, "2099-01-01T00:00:00+00:00");
    assert_eq!(world.session(&["work", "--no-input"]), first);
    assert_eq!(runs(&world), 1, "a stored session runs no process");
    let status = world.status_json();
    assert_eq!(status["store"][0]["kind"], "source");
    assert_eq!(status["store"][0]["profile"], "work");
    assert_eq!(status["store"][0]["expires"], "2099-01-01T00:00:00Z");
    world.session(&["admin", "--no-input"]);
    assert_eq!(runs(&world), 1, "its roles are assumed with what is stored");
    world
        .awsmfa(["logout", "work"])
        .stderr("awsmfa: 1 stored session forgotten\n")
        .run();
    let world = world.file("keys.json", until("2020-01-01T00:00:00Z"));
    let told = world.env_json(&["work", "--no-input"]).status(5);
    let told = told.any_stderr().run().stderr;
    assert!(
        world.redacted(&told).starts_with(
            "awsmfa: the session in the answer of credential_process ([HOME]/.aws/config:2) ended "
        ),
        "{told}"
    );
}

/// A process without a device that gives long-term keys: now the device is asked for, and the process runs once.
#[test]
fn a_process_that_gives_long_term_keys_makes_the_device_necessary() {
    let world = world();
    let config = world.read(".aws/config");
    let world = world.config(config.replace("mfa_serial", "# mfa_serial"));
    let ran = world.assert_asks(&["work", "-t", "123456"]);
    assert!(
        ran.stderr
            .starts_with("awsmfa: no MFA device is known for profile work\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(runs(&world), 1);
    let serial = world.user().mfa_serial.clone();
    world.session_for_a_code(&["work", "--serial-number", &serial]);
    assert_eq!(runs(&world), 2);
}

/// Session keys that somebody pasted, or a tool wrote, under a name that nobody else has.
fn world_of_pasted_keys(more: &str) -> (World, Printed) {
    let world = World::alice().with_store();
    let session = world.session_for_a_code(&["--no-cache"]);
    let Printed {
        access_key_id,
        secret_access_key,
        session_token,
        ..
    } = &session;
    let world = world.credentials(format!(
        "[work]\naws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\n\
         aws_session_token = {session_token}\n{more}"
    ));
    let config = format!("[profile admin]\nrole_arn = {ADMIN}\nsource_profile = work\n");
    (world.config(config), session)
}

#[test]
fn pasted_session_keys_are_put_into_the_shell_and_assume_roles() {
    let (world, session) =
        world_of_pasted_keys("x_security_token_expires = 2099-01-01T09:00:00+09:00\n");
    let printed = world.session(&["work", "--no-input"]);
    assert_eq!(printed.access_key_id, session.access_key_id);
    assert_eq!(printed.session_token, session.session_token);
    assert_eq!(printed.expiration, "2099-01-01T00:00:00+00:00");
    world.session(&["admin", "--no-input"]);
    assert_eq!(actions(&world), ["GetSessionToken", "AssumeRole"]);
    let (world, session) = world_of_pasted_keys("");
    let ran = world
        .awsmfa(["credential-process", "work"])
        .any_stdout()
        .run();
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["SessionToken"], *session.session_token);
    assert_eq!(json.get("Expiration"), None, "nobody knows it");
}

#[test]
fn pasted_session_keys_that_have_ended_are_named_with_what_to_do() {
    let (world, _) = world_of_pasted_keys("expiration = 2020-01-01 00:00:00\n");
    for profile in ["work", "admin"] {
        let ran = world.env_json(&[profile, "--no-input"]).status(5);
        let told = world.redacted(&ran.any_stderr().run().stderr);
        assert!(
            told.starts_with(
                "awsmfa: the session in profile work ([HOME]/.aws/credentials:2) ended "
            ),
            "{told}"
        );
        assert!(told.contains("\nhint: let the tool that wrote it write a new one, or run aws configure --profile work"), "{told}");
    }
    assert_eq!(actions(&world), ["GetSessionToken"]);
}

#[test]
fn a_process_that_gives_no_keys_is_named_with_its_line_and_what_it_did() {
    for (keys, reason) in [
        ("", "it did not print what was expected"),
        ("{}", "it did not print what was expected"),
        (
            r#"{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "s"}"#,
            "it speaks version 2, not 1",
        ),
        (
            r#"{"Version": 1, "AccessKeyId": "a b", "SecretAccessKey": "canary"}"#,
            "it printed no access key",
        ),
    ] {
        let world = with_process(World::alice().with_store(), keys);
        let ran = world.env_json(&["work", "-t", "123456"]).status(1);
        ran.stderr(format!(
            "awsmfa: the credential_process of profile work gave no keys: {reason}\n\
             hint: run the command of line 2 of [HOME]/.aws/config by hand: \
             it must print the JSON of credential_process, \"Version\": 1\n"
        ))
        .run();
        assert_eq!(world.sts().connections(), 0);
    }
    let world = World::alice()
        .config("[default]\ncredential_process = exit 3\n")
        .credentials("");
    let ran = world
        .env_json(&["--serial-number", "GAHT12345678"])
        .status(1);
    let told = ran.any_stderr().run().stderr;
    assert!(
        told.contains("gave no keys: it ended with exit status: 3"),
        "{told}"
    );
}

/// `credential_process = awsmfa credential-process work` in profile work itself.
#[test]
fn a_process_that_is_awsmfa_for_the_same_profile_is_found_out() {
    let world = World::alice().credentials("").config(
        "[profile work]\ncredential_process = awsmfa credential-process work --no-input\n\
         mfa_serial = arn:aws:iam::123456789012:mfa/alice\n",
    );
    let told = world
        .env_json(&["work", "-t", "123456"])
        .status(1)
        .any_stderr()
        .run()
        .stderr;
    assert!(
        told.starts_with(
            "awsmfa: the credential_process of profile work asks awsmfa for profile work again\n"
        ),
        "{told}"
    );
}

/// awsmfa as the source of a role profile that only the AWS tools know about: no loop.
#[test]
fn a_process_that_is_awsmfa_for_another_profile_is_a_source() {
    let world = World::alice().with_store();
    let serial = world.user().mfa_serial.clone();
    let world = world.config(format!(
        "[default]\nmfa_serial = {serial}\n\
         [profile session]\ncredential_process = awsmfa credential-process default --no-input\n\
         [profile reader]\nrole_arn = {READER}\nsource_profile = session\n"
    ));
    world.session_for_a_code(&[]);
    world.session(&["reader", "--no-input"]);
    assert_eq!(actions(&world), ["GetSessionToken", "AssumeRole"]);
}

#[test]
fn credential_source_takes_the_keys_of_this_shell_but_never_ours() {
    let world = World::alice().credentials("").config(format!(
        "[profile reader]\nrole_arn = {READER}\ncredential_source = Environment\n"
    ));
    let user = world.user().clone();
    let with_keys = |args: &[&str]| {
        let test = world.env_json(args);
        let test = test.env("AWS_ACCESS_KEY_ID", &user.access_key_id);
        test.env("AWS_SECRET_ACCESS_KEY", &user.secret_access_key)
    };
    with_keys(&["reader"]).any_stderr().run();
    assert_eq!(actions(&world), ["AssumeRole"]);
    let ours =
        with_keys(&["reader"]).env("AWSMFA_SESSION", &format!("{}:entry", user.access_key_id));
    ours.stderr(
        "awsmfa: profile reader takes its keys from the environment, and there is a session that awsmfa got\n\
         hint: run awsmfa off and export your own keys again, or replace line 3 of [HOME]/.aws/config \
         by source_profile = a profile with an access key\n",
    )
    .status(1)
    .run();
    let none = world
        .env_json(&["reader"])
        .status(1)
        .any_stderr()
        .run()
        .stderr;
    assert!(
        none.contains("takes its keys from the environment, and there are none\n"),
        "{none}"
    );
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn the_role_of_a_machine_is_left_to_the_tools_that_use_it() {
    for source in ["Ec2InstanceMetadata", "EcsContainer"] {
        let world = World::alice().config(format!(
            "[profile reader]\nrole_arn = {READER}\ncredential_source = {source}\n"
        ));
        world
            .env_json(&["reader"])
            .stderr(format!(
                "awsmfa: profile reader gets its keys by {source}, which awsmfa does not use\n\
                 hint: the role of a machine has no MFA device, and every AWS tool there uses this profile \
                 without awsmfa; to use it elsewhere, replace line 3 of [HOME]/.aws/config by source_profile = \
                 a profile with an access key\n"
            ))
            .status(1)
            .run();
    }
}

/// A role for a token, and one that it may assume.
fn web_identity_world() -> World {
    let pod = Role::new("arn:aws:iam::123456789012:role/pod")
        .with_web_identity(TOKEN)
        .with_max_session(43_200);
    let next = Role::new("arn:aws:iam::210987654321:role/next")
        .trusting("arn:aws:iam::123456789012:role/pod");
    let world = World::alice_at(LocalSts::builder().role(pod).role(next)).with_store();
    let token = world.path("token").display().to_string();
    world.file("token", format!("{TOKEN}\n")).credentials("").config(format!(
        "[profile pod]\nrole_arn = arn:aws:iam::123456789012:role/pod\nweb_identity_token_file = {token}\n\
         [profile next]\nrole_arn = arn:aws:iam::210987654321:role/next\nsource_profile = pod\n\
         [profile user]\nweb_identity_token_file = {token}\n"
    ))
}

#[test]
fn a_web_identity_is_the_first_step_of_a_chain() {
    let world = web_identity_world();
    world.session(&["pod", "--no-input", "-d", "12h"]);
    let call = world.sts().calls()[0].clone();
    assert_eq!(call.param("WebIdentityToken"), Some(TOKEN));
    assert_eq!(call.param("DurationSeconds"), Some("43200"));
    assert_eq!(call.header("authorization"), None, "nothing to sign with");
    world.session(&["next", "--no-input"]);
    assert_eq!(actions(&world), ["AssumeRoleWithWebIdentity", "AssumeRole"]);
    assert!(
        world
            .files_with(TOKEN)
            .iter()
            .all(|file| file.ends_with("token"))
    );
    let long = world
        .env_json(&["next", "--no-input", "-d", "2h"])
        .status(1);
    let told = long.any_stderr().run().stderr;
    assert!(told.contains("(role chaining)"), "{told}");
}

#[test]
fn a_web_identity_that_cannot_serve_says_why() {
    let world = web_identity_world();
    let told = world
        .env_json(&["user"])
        .status(1)
        .any_stderr()
        .run()
        .stderr;
    assert!(
        told.starts_with("awsmfa: profile user has a web_identity_token_file and no role_arn\n"),
        "{told}"
    );
    let world = world.file("token", "another-token");
    let told = world.env_json(&["pod"]).status(3).any_stderr().run().stderr;
    assert!(
        told.contains("Not authorized to perform sts:AssumeRoleWithWebIdentity"),
        "{told}"
    );
    assert!(!told.contains("another-token"), "{told}");
    std::fs::remove_file(world.path("token")).unwrap();
    let told = world.env_json(&["pod"]).status(1).any_stderr().run().stderr;
    assert!(
        world
            .redacted(&told)
            .starts_with("awsmfa: the web identity token in [HOME]/token cannot be used: "),
        "{told}"
    );
}

/// A secret in the place of the id would travel in the clear, and come back in AWS's answer.
#[test]
fn a_pair_of_keys_that_is_swapped_in_the_environment_is_not_sent() {
    let world = World::new()
        .local_sts()
        .env("AWS_SECRET_ACCESS_KEY", "AKIAIOSFODNN7EXAMPLE");
    for id in [
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMIAK7MDENGAbPxRfiCYEXAMPLEKEY",
    ] {
        world
            .awsmfa([
                "env",
                "--shell",
                "sh",
                "-t",
                "123456",
                "--serial-number",
                "GAHT12345678",
            ])
            .env("AWS_ACCESS_KEY_ID", id)
            .stdout(support::transcript::NOTHING_TO_KEEP)
            .stderr(
                "awsmfa: AWS_ACCESS_KEY_ID is not an access key id\n\
                 hint: it is about 20 letters and digits and begins with AKIA\n",
            )
            .status(1)
            .run();
    }
    assert_eq!(world.sts().calls().len(), 0);
}
