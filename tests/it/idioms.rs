//! Every idiom in every shell as a strict script has it: a session that works, exactly the managed variables,
//! and an end at a failure. (Which values arrive, and what a failure leaves, is in `matrix.rs`.)

use std::collections::{BTreeMap, BTreeSet};

use crate::support::shells::{Evaluated, Shell};
use crate::support::sts::client::{self, Credentials};
use crate::support::{World, shells};

/// What `env` sets, for a profile that names no region.
const SET: [&str; 8] = [
    "AWSMFA_EXPIRES",
    "AWSMFA_PROFILE",
    "AWSMFA_SESSION",
    "AWS_ACCESS_KEY_ID",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_VAULT",
];

/// A shell in which somebody worked before: another tool's session, and what keeps ours from working.
fn used_world() -> World {
    World::alice()
        .env("AWS_ACCESS_KEY_ID", "ASIASTALE")
        .env("AWS_SECRET_ACCESS_KEY", "stale-key")
        .env("AWS_SESSION_TOKEN", "stale-token")
        .env("AWS_SECURITY_TOKEN", "stale-token")
        .env("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z")
        .env("AWS_DEFAULT_PROFILE", "default")
}

/// The environment's session, which must be one that STS accepts as alice's.
#[track_caller]
fn assert_works(world: &World, set: &BTreeMap<&str, &str>) {
    let credentials = Credentials {
        access_key_id: set["AWS_ACCESS_KEY_ID"].to_owned(),
        secret_access_key: set["AWS_SECRET_ACCESS_KEY"].to_owned(),
        session_token: Some(set["AWS_SESSION_TOKEN"].to_owned()),
    };
    let url = world.sts().url();
    let reply = client::call(url, "us-east-1", &credentials, "GetCallerIdentity", &[]).unwrap();
    assert_eq!(
        reply.text("Arn"),
        Some(world.user().arn().as_str()),
        "{}",
        reply.body
    );
}

#[track_caller]
fn assert_session(world: &World, shell: Shell, line: &str, ran: &Evaluated) {
    let told = format!("{}: {line}: {ran:#?}", shell.name);
    assert_eq!(ran.status, 0, "{told}");
    let set = ran.set();
    assert_eq!(set.keys().copied().collect::<Vec<_>>(), SET, "{told}");
    assert_eq!(
        ran.unset(),
        BTreeSet::from(["AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN"]),
        "{told}"
    );
    assert_eq!(set["AWSMFA_PROFILE"], "default");
    let (key, entry) = set["AWSMFA_SESSION"].split_once(':').unwrap();
    assert_eq!(key, set["AWS_ACCESS_KEY_ID"]);
    assert!(
        !entry.is_empty() && entry.bytes().all(|b| b.is_ascii_alphanumeric()),
        "{entry}"
    );
    assert_works(world, &set);
}

#[test]
fn every_idiom_sets_exactly_the_managed_variables() {
    for shell in shells::all() {
        let world = used_world();
        for line in shell.lines("awsmfa env --token-code $CODE") {
            let line = line.replace("$CODE", &world.code());
            let ran = shell.strictly(&world, "", &line);
            assert_session(&world, shell, &line, &ran);
        }
    }
}

#[test]
fn the_shell_can_be_named_in_place_of_being_found() {
    for shell in shells::all() {
        let world = used_world();
        let line = shell.line(&format!(
            "awsmfa env --shell {} -t {}",
            shell.says,
            world.code()
        ));
        let ran = shell.strictly(&world, "", &line);
        assert_session(&world, shell, &line, &ran);
    }
}

/// `$SHELL` is the login shell, not the one that asks.
#[test]
fn the_login_shell_is_not_the_shell_that_asks() {
    for shell in shells::all() {
        let login = if shell.says == "fish" {
            "/bin/bash"
        } else {
            "/usr/bin/fish"
        };
        let world = used_world().env("SHELL", login);
        let line = shell.line(&format!("awsmfa env -t {}", world.code()));
        let ran = shell.strictly(&world, "", &line);
        assert_session(&world, shell, &line, &ran);
    }
}

#[test]
fn a_second_session_replaces_the_first() {
    for shell in shells::all() {
        let world = used_world();
        let first = shell.line(&format!("awsmfa env -t {}", world.code()));
        let second = shell.line(&format!("awsmfa env -t {}", world.code()));
        let ran = shell.strictly(&world, &first, &second);
        assert_eq!(ran.status, 0, "{}: {ran:#?}", shell.name);
        assert_eq!(ran.unset(), BTreeSet::new(), "{}", shell.name);
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWSMFA_SESSION",
        ] {
            assert!(
                ran.set().contains_key(name),
                "{}: {name}: {ran:#?}",
                shell.name
            );
        }
        assert_works(
            &world,
            &ran.after
                .unwrap()
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect(),
        );
    }
}

#[test]
fn the_region_of_the_profile_comes_along() {
    for shell in shells::all() {
        let world = World::alice();
        let config = format!(
            "[default]\nregion = eu-west-1\nmfa_serial = {}\n",
            world.user().mfa_serial
        );
        let world = world.config(config);
        let line = shell.line(&format!("awsmfa env -t {}", world.code()));
        let ran = shell.strictly(&world, "", &line);
        let regions = ["AWSMFA_REGION", "AWS_DEFAULT_REGION", "AWS_REGION"];
        let mut expected = [&SET[..], &regions].concat();
        expected.sort_unstable();
        let set = ran.set();
        assert_eq!(
            set.keys().copied().collect::<Vec<_>>(),
            expected,
            "{}: {ran:#?}",
            shell.name
        );
        assert!(
            regions.iter().all(|name| set[name] == "eu-west-1"),
            "{set:?}"
        );
        assert_eq!(world.sts().calls()[0].region, "eu-west-1");
    }
}

#[test]
fn a_strict_script_ends_at_a_failure() {
    for shell in shells::all() {
        let world = used_world();
        for line in shell.lines("awsmfa env --no-input") {
            // The bare pipe into Invoke-Expression only reports, whatever we print (measured).
            if line.ends_with("env --no-input | Invoke-Expression") {
                continue;
            }
            let ran = shell.strictly(&world, "", &line);
            assert_ne!(ran.status, 0, "{}: {line}: {ran:#?}", shell.name);
            assert!(ran.after.is_none(), "{}: {line}: {ran:#?}", shell.name);
        }
    }
}

/// A user's function named `export` saw the secrets of other tools (measured).
#[test]
fn functions_of_the_user_are_stepped_over() {
    for shell in ["bash", "zsh"].into_iter().filter_map(shells::named) {
        let world = used_world();
        let functions = "export() { echo stolen \"$@\" >&2; }; unset() { export; }; eval ''";
        for line in shell.lines("awsmfa env -t $CODE") {
            let line = line.replace("$CODE", &world.code());
            let ran = shell.strictly(&world, functions, &line);
            assert_session(&world, shell, &line, &ran);
            assert!(
                !ran.stderr.contains("stolen"),
                "{}: {}",
                shell.name,
                ran.stderr
            );
        }
    }
}
