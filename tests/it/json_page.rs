//! `docs/json.md`, in both languages, names every field that the program prints, in the section of its command.
#![cfg(unix)]
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::World;
use crate::support::stored::Printed;

/// A profile that works, one with a problem, and a section that no SDK reads.
const CONFIG: &str = "\
[default]
mfa_serial = arn:aws:iam::123456789012:mfa/alice
[profile lost]
role_arn = arn:aws:iam::123456789012:role/lost
source_profile = nobody
[profile two words]
region = us-east-1
";

/// The names of all fields, at any depth.
fn fields(json: &Value, into: &mut BTreeSet<String>) {
    match json {
        Value::Object(object) => {
            into.extend(object.keys().cloned());
            object.values().for_each(|value| fields(value, into));
        }
        Value::Array(list) => list.iter().for_each(|value| fields(value, into)),
        _ => {}
    }
}

/// What stands between backquotes below the heading of a command.
fn named(page: &str, command: &str) -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(&page).unwrap();
    let heading = format!("## `awsmfa {command}`\n");
    let (_, below) = text
        .split_once(&heading)
        .unwrap_or_else(|| panic!("{} has no {heading}", page.display()));
    let section = below.split("\n## ").next().unwrap();
    section
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn it_has_every_field() {
    let world = World::alice().with_store().config(CONFIG);
    // The ignored section is told of on standard error.
    let test = world
        .env_json(&["--token-code", &world.code()])
        .any_stderr();
    let session = Printed::of(&test.run().stdout);
    world
        .awsmfa(["pin", "default"])
        .any_stdout()
        .any_stderr()
        .run();
    // How many fields each has, at least: an object that is null here would hide its own.
    for (command, least) in [
        ("status --json", 16),
        ("profiles --json", 17),
        ("keys list --json", 7),
        ("doctor --json", 6),
    ] {
        let test = world.awsmfa(command.split(' '));
        let test = test.env("AWS_ACCESS_KEY_ID", &session.access_key_id);
        let test = test.env("AWS_SECRET_ACCESS_KEY", &session.secret_access_key);
        let test = test.env("AWS_SESSION_TOKEN", &session.session_token);
        // The profile that cannot work is a finding of doctor's.
        let status = i32::from(command == "doctor --json");
        let ran = test.any_stdout().any_stderr().status(status).run();
        let mut printed = BTreeSet::new();
        fields(&serde_json::from_str(&ran.stdout).unwrap(), &mut printed);
        assert!(printed.len() >= least, "{command}: {printed:?}");
        for page in ["docs/json.md", "docs/ja/json.md"] {
            let missing: Vec<_> = printed.difference(&named(page, command)).cloned().collect();
            assert!(missing.is_empty(), "{page}: {command}: {missing:?}");
        }
    }
}
