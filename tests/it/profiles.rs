//! `awsmfa profiles`: what there is, and what is wrong with it. It asks nobody and calls nobody.
#![cfg(unix)]

use crate::support::World;

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
