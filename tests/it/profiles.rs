//! `awsmfa profiles`: what there is, and what is wrong with it. It asks nobody and calls nobody.
#![cfg(unix)]

use std::process::Stdio;

use crate::support::World;
use crate::support::process::finish;
use crate::support::world::AWSMFA;

const CONFIG: &str = "\
[default]
mfa_serial = arn:aws:iam::123456789012:mfa/alice
region = eu-west-1
[profile admin]
role_arn = arn:aws:iam::210987654321:role/team/admin
source_profile = default
[profile lost]
role_arn = arn:aws:iam::123456789012:role/lost
source_profile = nobody
[profile two words]
region = us-east-1
";

fn world() -> World {
    World::alice().with_store().config(CONFIG)
}

#[test]
fn each_has_a_line() {
    let world = world();
    let code = world.code();
    world.env_json(&["-t", &code]).any_stderr().run();
    let calls = world.sts().calls().len();
    let ran = world.awsmfa(["profiles"]).any_stdout().any_stderr().run();
    // A second may have passed.
    let printed = ran.stdout.replace("11h 59m", "12h    ");
    let lines: Vec<Vec<&str>> = printed
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|w| !w.is_empty())
                .collect()
        })
        .collect();
    let serial = "arn:aws:iam::123456789012:mfa/alice";
    let keys = "~/.aws/credentials:2";
    assert_eq!(
        lines,
        [
            vec![
                "PROFILE",
                "ACCOUNT",
                "ROLE",
                "KEYS FROM",
                "MFA",
                "STORED",
                "PROBLEM"
            ],
            vec!["default", "123456789012", "-", keys, serial, "12h", "-"],
            vec!["admin", "210987654321", "admin", keys, serial, "-", "-"],
            vec![
                "lost",
                "-",
                "-",
                "-",
                "-",
                "-",
                "profile lost names the source_profile nobody, and there is none"
            ],
        ],
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr
            .contains("[profile two words] is ignored by every AWS SDK"),
        "{}",
        ran.stderr
    );
    assert_eq!(world.sts().calls().len(), calls);
}

#[test]
fn the_json_says_the_same_to_programs() {
    let world = world();
    let ran = world.awsmfa(["profiles", "--json"]).any_stdout().run();
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["version"], 1);
    let admin = &json["profiles"][1];
    assert_eq!(admin["profile"], "admin");
    assert_eq!(admin["role"], "arn:aws:iam::210987654321:role/team/admin");
    assert_eq!(admin["region"], "eu-west-1", "its source's");
    assert_eq!(admin["problem"], serde_json::Value::Null);
    let problem = &json["profiles"][2]["problem"];
    assert_eq!(
        problem["message"],
        "profile lost names the source_profile nobody, and there is none"
    );
    assert!(
        problem["hint"]
            .as_str()
            .unwrap()
            .starts_with("change line ")
    );
    assert_eq!(json["ignored"][0]["section"], "profile two words");
    let secret = &world.user().secret_access_key;
    assert!(!ran.stdout.contains(secret));
}

/// With a network that is dead, and nobody to ask.
#[test]
fn nobody_is_asked_and_nothing_is_called() {
    let world = world().env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    world.awsmfa(["profiles"]).any_stdout().any_stderr().run();
    assert!(world.stored().is_empty());
}

#[test]
fn without_any_it_says_so() {
    let world = World::new();
    world
        .awsmfa(["profiles"])
        .stderr("awsmfa: there is no profile at all\nhint: run aws configure, which writes [HOME]/.aws/config\n")
        .run();
}

const WRITTEN: &str = "\
# BEGIN awsmfa profiles (made by awsmfa profiles --write, taken out by awsmfa profiles --remove; changes in here are lost)
[profile default-mfa]
credential_process = [AWSMFA] credential-process default
region = eu-west-1
[profile admin-mfa]
credential_process = [AWSMFA] credential-process admin
region = eu-west-1
# END awsmfa profiles
";

fn written() -> String {
    CONFIG.to_owned() + &WRITTEN.replace("[AWSMFA]", AWSMFA)
}

#[test]
fn a_block_is_written_kept_in_step_and_taken_out_without_a_trace() {
    let world = world();
    for _ in 0..2 {
        world
            .awsmfa(["profiles", "--write"])
            .stderr(
                "awsmfa: [HOME]/.aws/config holds 2 profiles for SDKs: default-mfa, admin-mfa\n\
                 awsmfa: lost has none: run awsmfa profiles to see what is wrong with it\n",
            )
            .run();
        assert_eq!(world.read(".aws/config"), written());
    }
    // A profile of another name, and one that the user wrote behind the block.
    let later = "[profile later]\nregion = x\n";
    let config = written().replace("[profile admin]", "[profile boss]") + later;
    let world = world.config(config);
    world.awsmfa(["profiles", "--write"]).any_stderr().run();
    let config = world.read(".aws/config");
    assert!(
        config.contains("[profile boss-mfa]") && !config.contains("admin-mfa"),
        "{config}"
    );
    world
        .awsmfa(["profiles", "--remove"])
        .stderr("awsmfa: 2 profiles taken out of [HOME]/.aws/config\n")
        .run();
    let before = CONFIG.replace("[profile admin]", "[profile boss]") + later;
    assert_eq!(world.read(".aws/config"), before);
    world
        .awsmfa(["profiles", "--remove"])
        .stderr("awsmfa: [HOME]/.aws/config holds none of awsmfa's profiles\n")
        .run();
    assert_eq!(world.read(".aws/config"), before);
}

#[test]
fn a_profile_that_asks_awsmfa_and_a_name_that_is_taken_get_none() {
    let config = "[default]\nmfa_serial = arn:aws:iam::123456789012:mfa/alice\n\
         [profile default-mfa]\nrole_arn = arn:aws:iam::123456789012:role/mine\nsource_profile = mine\n\
         [profile mine]\ncredential_process = awsmfa credential-process default\n\
         [profile over]\nrole_arn = arn:aws:iam::123456789012:role/over\nsource_profile = mine\n";
    let world = world().config(config);
    world
        .awsmfa(["profiles", "--write"])
        .stderr(
            "awsmfa: no profile has a session to give, and [HOME]/.aws/config holds none for SDKs\n\
             awsmfa: default has none: default-mfa is a profile of your own\n",
        )
        .run();
    assert_eq!(world.read(".aws/config"), config);
}

#[test]
fn a_damaged_mark_is_refused_and_nothing_changes() {
    let damaged = written().replace("# END awsmfa profiles\n", "");
    let world = world().config(&damaged);
    for flag in ["--write", "--remove"] {
        world
            .awsmfa(["profiles", flag])
            .stderr(
                "awsmfa: [HOME]/.aws/config:12: the mark that ends the block is missing\n\
                 hint: nothing was changed: go to line 12 of [HOME]/.aws/config, \
                 and remove by hand the marks and the lines that awsmfa wrote between them\n",
            )
            .status(1)
            .run();
        assert_eq!(world.read(".aws/config"), damaged);
    }
}

/// A name that looks like a flag; an SDK starts the line without a PATH of ours.
#[test]
fn the_line_of_a_strange_name_works_and_fifty_clients_at_once_cause_one_call() {
    let world = world().config(
        CONFIG
            .replace("profile admin", "profile -h")
            .replace("210987654321:role/team/admin", "123456789012:role/admin"),
    );
    let code = world.code();
    world.env_json(&["-t", &code]).any_stderr().run();
    world.awsmfa(["profiles", "--write"]).any_stderr().run();
    let config = world.read(".aws/config");
    let line = config
        .lines()
        .find(|line| line.ends_with("--profile=-h"))
        .unwrap();
    let line = line.strip_prefix("credential_process = ").unwrap();
    let before = world.sts().calls().len();
    let script =
        format!("PATH=/nowhere; i=0; while [ $i -lt 50 ]; do {line} & i=$((i+1)); done; wait");
    let mut command = world.command("sh");
    let ran = finish(command.args(["-c", &script]).stdout(Stdio::piped()), "");
    assert_eq!(
        ran.stdout.matches("\"SessionToken\"").count(),
        50,
        "{}",
        ran.stderr
    );
    assert_eq!(world.sts().calls().len(), before + 1);
}
