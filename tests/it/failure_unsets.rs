//! What a failure takes out of the shell: every session, whoever put it there, with three exceptions;
//! inside `.envrc` without one. (The next program must not go on with another account's keys.)

use crate::support;
use std::collections::BTreeSet;

use crate::support::World;
use crate::support::shells::{self, Evaluated, Shell};

const SESSION: [&str; 5] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
];
/// Without `AWSMFA_PROFILE`: it is all that is left of a profile variable that a session took away.
/// `AWS_VAULT` is the mark by which prompts show the session.
const OURS: [&str; 4] = [
    "AWSMFA_EXPIRES",
    "AWSMFA_SESSION",
    "AWSMFA_REGION",
    "AWS_VAULT",
];
const USERS: [(&str, &str); 4] = [
    ("AWS_PROFILE", "default"),
    ("AWS_DEFAULT_PROFILE", "default"),
    ("AWS_REGION", "us-west-2"),
    ("AWS_DEFAULT_REGION", "eu-west-1"),
];

/// Every shell, because each has its own way to unset.
fn each_shell(test: impl Fn(Shell)) {
    shells::all().for_each(test);
}

/// Loads a session of the default profile, then fails at this.
#[track_caller]
fn fails_after_a_session(world: &World, shell: Shell, command: &str) -> Evaluated {
    let load = shell.line(&format!("awsmfa env -t {}", world.code()));
    let ran = shell.leniently(world, &load, &shell.line(command));
    assert_ne!(ran.status, 0, "{}: {command}: {ran:#?}", shell.name);
    assert!(
        ran.before.contains_key("AWSMFA_SESSION"),
        "{}: {ran:#?}",
        shell.name
    );
    ran
}

#[track_caller]
fn assert_gone(ran: &Evaluated, names: &[&str]) {
    let gone = ran.unset();
    let there: BTreeSet<&str> = ran.before.keys().map(String::as_str).collect();
    let expected = names
        .iter()
        .copied()
        .filter(|name| there.contains(name))
        .collect();
    assert_eq!(gone, expected, "{ran:#?}");
}

#[test]
fn a_mistyped_code_costs_nothing_while_the_session_is_good() {
    each_shell(|shell| {
        let world = World::alice();
        for command in [
            "awsmfa env -t 000000",
            "awsmfa env --no-input --refresh",
            "awsmfa env -t 12345",
        ] {
            let ran = fails_after_a_session(&world, shell, command);
            assert_gone(&ran, &[]);
        }
    });
}

#[test]
fn the_session_of_another_request_goes() {
    each_shell(|shell| {
        let world = World::alice();
        let config = world.read(".aws/config")
            + "[profile dev]\nsource_profile = default\nrole_arn = arn:aws:iam::123456789012:role/reader\n";
        let world = world.config(config);
        for command in [
            "awsmfa env -t 000000 --region eu-west-1",
            "awsmfa env -t 000000 --serial-number GAHT12345678",
            "awsmfa env -p dev --external-id wrong --role-arn arn:aws:iam::210987654321:role/partner -t 000000",
            "awsmfa env -p nobody",
            "awsmfa env --no-such-flag",
        ] {
            let ran = fails_after_a_session(&world, shell, command);
            assert_gone(&ran, &[&SESSION[..], &OURS].concat());
        }
    });
}

#[test]
fn our_session_goes_when_it_is_over_or_was_replaced() {
    each_shell(|shell| {
        let world = World::alice();
        for (name, value) in [
            ("AWSMFA_EXPIRES", "1577836800"),
            ("AWS_ACCESS_KEY_ID", "ASIAOTHER"),
            ("AWSMFA_EXPIRES", "0x7fffffff"),
        ] {
            let load = shell.line(&format!("awsmfa env -t {}", world.code()));
            let change = shell.export(name, value);
            let line = shell.line("awsmfa env -t 000000");
            let ran = shell.leniently(&world, &format!("{load}\n{change}"), &line);
            assert_gone(&ran, &[&SESSION[..], &OURS].concat());
        }
    });
}

#[test]
fn a_session_of_another_tool_goes() {
    each_shell(|shell| {
        let mut world = World::alice();
        for name in SESSION {
            world.set(name, "another");
        }
        let ran = shell.leniently(&world, "", &shell.line("awsmfa env -t 000000"));
        assert_ne!(ran.status, 0);
        assert_gone(&ran, &SESSION);
    });
}

/// They may be the user's only copy.
#[test]
fn long_term_keys_stay() {
    each_shell(|shell| {
        let world = World::alice()
            .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "long-term")
            .env("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z");
        let ran = shell.leniently(&world, "", &shell.line("awsmfa env -t 000000"));
        assert_ne!(ran.status, 0);
        assert_gone(&ran, &["AWS_CREDENTIAL_EXPIRATION"]);
    });
}

/// Or the next try would go to another account.
#[test]
fn the_users_own_profile_and_region_stay() {
    each_shell(|shell| {
        let mut world = World::alice().env("AWS_SESSION_TOKEN", "another");
        for (name, value) in USERS {
            world.set(name, value);
        }
        let ran = shell.leniently(&world, "", &shell.line("awsmfa env -t 000000"));
        assert_ne!(ran.status, 0);
        assert_gone(&ran, &["AWS_SESSION_TOKEN"]);
    });
}

#[test]
fn a_region_of_ours_goes_with_its_session() {
    each_shell(|shell| {
        let world = support::example::world();
        let ran = fails_after_a_session(&world, shell, "awsmfa env -p nobody");
        let regions = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        assert_gone(&ran, &[&SESSION[..], &OURS, &regions].concat());
    });
}

/// A failing `.envrc` makes direnv bring the outer account's keys back (measured): there all goes, long-term
/// keys too, the status is 0, and only stderr tells.
#[test]
fn inside_envrc_all_goes_and_the_status_is_0() {
    let Some(bash) = shells::named("bash") else {
        return;
    };
    for token in [None, Some("outer-token")] {
        for command in [
            "awsmfa env -t 000000",
            "awsmfa env --no-such-flag",
            "awsmfa env -p nobody",
        ] {
            let mut world = World::alice()
                .env("DIRENV_IN_ENVRC", "1")
                .env("AWS_ACCESS_KEY_ID", "AKIAOUTER")
                .env("AWS_SECRET_ACCESS_KEY", "outer-key");
            if let Some(token) = token {
                world.set("AWS_SESSION_TOKEN", token);
            }
            let ran = bash.strictly(&world, "", &bash.line(command));
            assert_eq!(ran.status, 0, "{command}: {ran:#?}");
            assert!(
                ran.stderr.starts_with("awsmfa: "),
                "{command}: {}",
                ran.stderr
            );
            assert_gone(&ran, &[&SESSION[..], &OURS].concat());
        }
    }
}

/// The first failure after a session that a profile variable chose: the next try is for that profile.
#[test]
fn the_profile_of_the_session_stays_the_one_of_the_next_try() {
    each_shell(|shell| {
        let world = World::alice();
        let text = world.read(".aws/config") + "[profile dev]\nregion = eu-west-1\n";
        let keys = world.keys("default") + &world.keys("dev");
        let world = world.config(text).credentials(keys);
        for command in [
            "awsmfa env --refresh -t 000000",
            "awsmfa env --no-such-flag",
        ] {
            let load = shell.line(&format!(
                "awsmfa env -p dev --serial-number {} -t {}",
                world.user().mfa_serial,
                world.code()
            ));
            let ran = shell.leniently(&world, &load, &shell.line(command));
            assert_ne!(ran.status, 0, "{}: {ran:#?}", shell.name);
            let after = ran.after.as_ref().unwrap();
            assert_eq!(after.get("AWSMFA_PROFILE").map(String::as_str), Some("dev"));
        }
    });
}

#[test]
fn inside_envrc_the_profile_stays_where_it_is_asked_to() {
    let Some(bash) = shells::named("bash") else {
        return;
    };
    let world = World::alice()
        .env("DIRENV_IN_ENVRC", "1")
        .env("AWS_PROFILE", "dev");
    for (command, stays) in [
        ("awsmfa env --keep-profile -t 000000", true),
        ("awsmfa env --keep-profile --no-such-flag", true),
        ("awsmfa env -t 000000", false),
    ] {
        let ran = bash.strictly(&world, "", &bash.line(command));
        assert_eq!(!ran.unset().contains("AWS_PROFILE"), stays, "{ran:#?}");
    }
}

/// A mistyped `env` too, and one with a word that is no text.
#[test]
fn a_line_without_a_subcommand_fails_visibly() {
    each_shell(|shell| {
        let world = World::alice().env("AWS_SESSION_TOKEN", "another");
        for command in [
            "awsmfa",
            "awsmfa --profile=dev",
            "awsmfa --bogus",
            "awsmfa -p status",
        ] {
            let ran = shell.leniently(&world, "", &shell.line(command));
            assert_ne!(ran.status, 0, "{}: {command}: {ran:#?}", shell.name);
            assert_gone(&ran, &["AWS_SESSION_TOKEN"]);
        }
    });
}

#[test]
fn direnv_does_not_bring_the_outer_keys_back() {
    if !shells::installed("direnv", true) {
        return;
    }
    let world = World::alice()
        .env("AWS_ACCESS_KEY_ID", "AKIAOUTER")
        .env("AWS_SECRET_ACCESS_KEY", "outer-key")
        .env("AWS_SESSION_TOKEN", "outer-token")
        .file("work/.envrc", "eval \"$(awsmfa env --no-input)\"\n");
    assert!(
        world
            .command("direnv")
            .arg("allow")
            .output()
            .unwrap()
            .status
            .success()
    );
    let ran = world
        .command("direnv")
        .args(["exec", ".", "env"])
        .output()
        .unwrap();
    let (env, told) = (
        String::from_utf8(ran.stdout).unwrap(),
        String::from_utf8(ran.stderr).unwrap(),
    );
    assert!(
        !env.contains("outer-") && !env.contains("AKIAOUTER"),
        "{env}\n{told}"
    );
    assert!(told.contains("awsmfa: "), "{told}");
}
