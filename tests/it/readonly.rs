//! All or nothing: a read-only variable, in whatever position, makes the evaluation fail and never
//! leaves a new key beside an old token. (bash goes on after a failed `unset`; measured.)

use std::collections::BTreeMap;

use crate::support::World;
use crate::support::shells::{self, Evaluated, Shell};

/// Every name that `env` unsets or sets, with what an older session of ours left there.
const BEFORE: [(&str, &str); 11] = [
    ("AWS_ACCESS_KEY_ID", "ASIAOLD"),
    ("AWS_SECRET_ACCESS_KEY", "old-key"),
    ("AWS_SESSION_TOKEN", "old-token"),
    ("AWS_SECURITY_TOKEN", "old-token"),
    ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z"),
    ("AWSMFA_PROFILE", "default"),
    ("AWSMFA_EXPIRES", "1577836800"),
    ("AWSMFA_SESSION", "ASIAOLD:0123"),
    ("AWSMFA_REGION", "us-west-2"),
    ("AWS_REGION", "us-west-2"),
    ("AWS_DEFAULT_REGION", "us-west-2"),
];
const PROFILES: [(&str, &str); 2] = [
    ("AWS_PROFILE", "default"),
    ("AWS_DEFAULT_PROFILE", "default"),
];

fn world() -> World {
    let world = World::alice();
    let config = format!(
        "[default]\nregion = eu-west-1\nmfa_serial = {}\n",
        world.user().mfa_serial
    );
    world.config(config)
}

fn posix_shells() -> impl Iterator<Item = Shell> {
    shells::all().filter(Shell::is_posix)
}

/// The failure is visible and no value of the new session is there.
#[track_caller]
fn assert_nothing_new(shell: Shell, ran: &Evaluated) {
    assert_ne!(ran.status, 0, "{}: {ran:#?}", shell.name);
    // A zsh that emulates sh ends the whole script at a special builtin's error.
    if shell.name == "zsh as sh" && ran.after.is_none() {
        return;
    }
    assert_eq!(ran.set(), BTreeMap::new(), "{}: {ran:#?}", shell.name);
}

#[test]
fn nothing_new_is_set_where_an_old_value_is_read_only() {
    for shell in posix_shells() {
        let mut world = world();
        for (name, value) in BEFORE.iter().chain(&PROFILES) {
            world.set(name, *value);
        }
        for (name, _) in BEFORE.iter().chain(&PROFILES) {
            let line = shell.line(&format!("awsmfa env -t {}", world.code()));
            let ran = shell.leniently(&world, &format!("readonly {name}"), &line);
            assert_nothing_new(shell, &ran);
        }
    }
}

#[test]
fn nothing_is_set_where_a_name_that_is_not_there_is_read_only() {
    for shell in posix_shells() {
        let world = world();
        for (name, _) in BEFORE {
            let line = shell.line(&format!("awsmfa env -t {}", world.code()));
            let ran = shell.leniently(&world, &format!("readonly {name}"), &line);
            assert_nothing_new(shell, &ran);
        }
    }
}

#[test]
fn a_strict_script_ends_at_a_read_only_variable() {
    for shell in posix_shells() {
        let world = world().env("AWS_SESSION_TOKEN", "old-token");
        let line = shell.line(&format!("awsmfa env -t {}", world.code()));
        let ran = shell.strictly(&world, "readonly AWS_SESSION_TOKEN", &line);
        assert_ne!(ran.status, 0, "{}: {ran:#?}", shell.name);
        assert!(ran.after.is_none(), "{}: {ran:#?}", shell.name);
    }
}

/// The user's own region is not ours to touch, read-only or not.
#[test]
fn a_read_only_region_of_the_user_is_no_obstacle() {
    for shell in posix_shells() {
        let world = world().env("AWS_REGION", "us-west-2");
        let line = shell.line(&format!("awsmfa env -t {}", world.code()));
        let ran = shell.strictly(&world, "readonly AWS_REGION", &line);
        assert_eq!(ran.status, 0, "{}: {ran:#?}", shell.name);
        assert!(
            !ran.set().keys().any(|name| name.ends_with("REGION")),
            "{}: {ran:#?}",
            shell.name
        );
    }
}

#[test]
fn a_failure_is_seen_where_a_variable_is_read_only() {
    for shell in posix_shells() {
        let world = world().env("AWS_SESSION_TOKEN", "old-token");
        for command in ["awsmfa env --no-input", "awsmfa env --no-such-flag"] {
            let ran = shell.leniently(&world, "readonly AWS_SESSION_TOKEN", &shell.line(command));
            assert_nothing_new(shell, &ran);
        }
    }
}

/// A name that only stands for another one: `unset` and `export` act on that, and a key would come without its token.
#[test]
fn a_name_that_stands_for_another_is_a_failure_in_bash() {
    let bashes = shells::all().filter(|shell| shell.says == "bash");
    for shell in bashes {
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWSMFA_SESSION",
        ] {
            let world = world();
            for line in shell.lines(&format!("awsmfa env -t {}", world.code())) {
                let prelude = format!("unset {name}; declare -n {name}=FOO; FOO=old\n");
                let ran = shell.leniently(&world, &prelude, &line);
                assert_nothing_new(shell, &ran);
            }
        }
    }
}
