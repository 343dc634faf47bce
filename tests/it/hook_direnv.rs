//! `use awsmfa` and `eval "$(awsmfa env)"` in an `.envrc`, with the real direnv.
#![cfg(unix)]
use crate::support;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use crate::support::World;
use crate::support::hooked::{Hooked, two_accounts};
use crate::support::neighbours::{self, direnv};
use crate::support::process::finish;
use crate::support::shells::Shell;

const USE: &str = "use awsmfa";
const EVAL: &str = "eval_awsmfa";

/// A home with direnv and our library for it, a directory of profile `a` and one of the other.
fn with_direnv(header: &str, how: &str, other: &str) -> Option<World> {
    if !support::shells::installed("direnv", true) {
        return None;
    }
    let world = two_accounts();
    let library = world.any(&["hook", "direnv"]).run().stdout;
    let line = |profile: &str| match how {
        USE => format!("{header}use awsmfa {profile}\n"),
        _ => format!("{header}eval \"$(awsmfa env --profile {profile})\"\n"),
    };
    let world = world
        .file(".config/direnv/lib/awsmfa.sh", library)
        .file("work/one/.envrc", line("a"))
        .file("work/two/.envrc", line(other))
        .file("work/out/readme", "");
    for directory in ["work/one", "work/two"] {
        let allowed = world
            .command("direnv")
            .arg("allow")
            .arg(world.path(directory))
            .output();
        assert!(allowed.unwrap().status.success());
    }
    Some(world)
}

fn start<'w>(world: &'w World, shell: Shell, with_hook: bool) -> Hooked<'w> {
    let mut lines = vec![direnv().lines(world, shell)];
    if with_hook {
        lines.push(neighbours::ours(world, shell));
    }
    neighbours::start(world, shell, &lines)
}

#[test]
fn each_directory_holds_its_own_account_and_leaving_restores_what_was_there() {
    for shell in direnv().shells() {
        for (header, how, with_hook) in [
            ("", USE, true),
            ("strict_env\n", USE, false),
            ("strict_env\n", EVAL, true),
        ] {
            let Some(world) = with_direnv(header, how, "b") else {
                return;
            };
            let (a, b) = (world.log_in("a"), world.log_in("b"));
            let world = world
                .env("AWS_ACCESS_KEY_ID", "AKIAMINE")
                .env("AWS_SECRET_ACCESS_KEY", "mine");
            let mut hooked = start(&world, shell, with_hook);
            hooked.run("cd one");
            hooked.assert_holds(&a, "a");
            hooked.run("cd ../two");
            hooked.assert_holds(&b, "b");
            hooked.run("cd ../out");
            let restored = hooked.exported();
            assert_eq!(restored["AWS_ACCESS_KEY_ID"], "AKIAMINE");
            assert!(!restored.contains_key("AWS_SESSION_TOKEN"));
        }
    }
}

#[test]
fn a_failing_second_account_leaves_no_key_of_the_first_and_says_so() {
    for shell in direnv().shells() {
        for how in [USE, EVAL] {
            let Some(world) = with_direnv("strict_env\n", how, "gone") else {
                return;
            };
            let a = world.log_in("a");
            let mut hooked = start(&world, shell, true);
            hooked.run("cd one");
            hooked.assert_holds(&a, "a");
            let ran = hooked.run("cd ../two");
            assert!(ran.contains("there is no profile gone"), "{ran}");
            if how == USE {
                assert!(ran.contains("use awsmfa gone: no session"), "{ran}");
            }
            hooked.assert_empty();
            hooked.run("cd ../one");
            hooked.assert_holds(&a, "a");
        }
    }
}

#[test]
fn a_session_that_another_terminal_gets_loads_the_directory() {
    for shell in direnv().shells() {
        let Some(world) = with_direnv("", USE, "b --no-input") else {
            return;
        };
        let mut hooked = start(&world, shell, false);
        let ran = hooked.run("cd two");
        assert!(ran.contains("use awsmfa b --no-input: no session"), "{ran}");
        hooked.assert_empty();
        let b = world.log_in("b");
        hooked.idle();
        hooked.assert_holds(&b, "b");
        let code = world.sts().user("bob").fresh_code();
        let renewed = world
            .session(&["b", "--refresh", "--token-code", &code])
            .access_key_id;
        // direnv compares whole seconds, and a test is faster.
        let later = SystemTime::now() + Duration::from_secs(2);
        fs::File::open(world.entry())
            .unwrap()
            .set_modified(later)
            .unwrap();
        hooked.idle();
        hooked.assert_holds(&renewed, "b");
    }
}

/// As an editor's plugin runs it.
#[test]
fn without_a_terminal_it_asks_nobody_and_leaves_no_key() {
    if !support::shells::installed("setsid", true) {
        return;
    }
    let Some(world) = with_direnv("", USE, "b") else {
        return;
    };
    let world = world
        .env("AWS_ACCESS_KEY_ID", "AKIAOUTER")
        .env("AWS_SECRET_ACCESS_KEY", "outer");
    let mut command = world.command("setsid");
    command
        .args(["-w", "direnv", "exec"])
        .arg(world.path("work/two"))
        .arg("env");
    let ran = finish(command.stdout(Stdio::piped()), "");
    assert!(ran.stderr.contains("nobody can be asked"), "{}", ran.stderr);
    assert!(!ran.stdout.contains("AWS_ACCESS_KEY_ID"), "{}", ran.stdout);
}

#[test]
fn a_program_that_is_gone_leaves_no_key_of_another_account() {
    let Some(world) = with_direnv("", USE, "b") else {
        return;
    };
    let library = world
        .read(".config/direnv/lib/awsmfa.sh")
        .replace("/awsmfa'", "/awsmfa-is-gone'");
    let world = world
        .file(".config/direnv/lib/awsmfa.sh", library)
        .env("AWS_ACCESS_KEY_ID", "AKIAOUTER")
        .env("AWS_SECRET_ACCESS_KEY", "outer");
    let mut command = world.command("direnv");
    command.arg("exec").arg(world.path("work/two")).arg("env");
    let ran = finish(command.stdout(Stdio::piped()), "");
    assert!(
        ran.stderr.contains("use awsmfa b: no session"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stdout.contains("AWS_ACCESS_KEY_ID"), "{}", ran.stdout);
}

#[test]
fn tracing_an_envrc_shows_no_secret() {
    let Some(world) = with_direnv("set -xv\n", USE, "b") else {
        return;
    };
    world.log_in("b");
    let session = world.session(&["b"]);
    let mut command = world.command("direnv");
    command.arg("exec").arg(world.path("work/two")).arg("env");
    let ran = finish(command.stdout(Stdio::piped()), "");
    assert!(
        ran.stdout.contains(&session.session_token),
        "{}",
        ran.stderr
    );
    assert!(
        !ran.stderr.contains(&session.session_token),
        "{}",
        ran.stderr
    );
    assert!(
        !ran.stderr.contains(&session.secret_access_key),
        "{}",
        ran.stderr
    );
}
