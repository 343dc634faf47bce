//! `awsmfa env --renew`, as the hook runs it: the request behind the session in the shell, the same
//! identity or nothing.
#![cfg(unix)]
use std::thread;
use std::time::Duration;

use crate::support::hooked::{two_accounts, two_accounts_of};
use crate::support::sts::{LocalSts, clock};
use crate::support::{Test, World};

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

/// The variables that `awsmfa env` printed with these arguments.
fn loaded(world: &World, args: &[&str]) -> Vec<(String, String)> {
    let all = ["env", "--shell", "sh"].iter().chain(args).copied();
    variables(&world.awsmfa(all).any_stdout().any_stderr().run().stdout)
}

fn variables(text: &str) -> Vec<(String, String)> {
    let exports = text.split(" && command export ").skip(1);
    let pairs = exports.filter_map(|export| export.trim_end_matches(";\n").split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect()
}

/// The renewal of that session.
fn renewal<'w>(world: &'w World, session: &[(String, String)]) -> Test<'w> {
    let words = [
        "env",
        "--no-input",
        "--min-ttl",
        "10m",
        "--renew",
        "--shell",
        "sh",
    ];
    let run = world.awsmfa(words);
    session
        .iter()
        .fold(run, |run, (name, value)| run.env(name, value))
}

/// A laptop sleeps through the end of a role's session, which an hour is; the one behind it has twelve.
#[test]
fn a_session_that_has_ended_is_renewed_from_the_one_behind_it() {
    let world = two_accounts_of(LocalSts::builder().session_seconds_clock_offset(-899));
    world.log_in("a");
    let session = loaded(&world, &["a", "--role-arn", ROLE, "-d", "15m"]);
    let expires = session
        .iter()
        .find(|(name, _)| name == "AWSMFA_EXPIRES")
        .unwrap();
    let expires: i64 = expires.1.parse().unwrap();
    while clock::now() <= expires {
        thread::sleep(Duration::from_millis(10));
    }
    let text = renewal(&world, &session).any_stdout().run().stdout;
    assert!(text.contains("AWSMFA_PROFILE='a'"), "{text}");
    let actions: Vec<String> = world
        .sts()
        .calls()
        .into_iter()
        .map(|call| call.action)
        .collect();
    assert_eq!(actions, ["GetSessionToken", "AssumeRole", "AssumeRole"]);
}

#[test]
fn the_profile_variable_does_not_matter() {
    let world = two_accounts();
    let a = world.log_in("a");
    world.log_in("b");
    let session = loaded(&world, &["a"]);
    let run = renewal(&world, &session)
        .env("AWS_PROFILE", "b")
        .any_stdout()
        .any_stderr()
        .run();
    assert!(
        run.stdout.contains(&format!("AWS_ACCESS_KEY_ID='{a}'")),
        "{}",
        run.stdout
    );
}

#[test]
fn what_cannot_be_renewed_says_why() {
    let world = two_accounts();
    world.log_in("a");
    let session = loaded(&world, &["reader"]);
    let hint = "hint: run awsmfa use for a new one\n";
    let config = world.read(".aws/config");
    std::fs::write(
        world.path(".aws/config"),
        config.replace("role/reader", "role/admin"),
    )
    .unwrap();
    renewal(&world, &session)
        .any_stdout()
        .stderr(format!(
            "awsmfa: the session in this shell cannot be renewed: the profile means another identity now\n{hint}"
        ))
        .status(1)
        .run();
    renewal(&world, &[])
        .any_stdout()
        .stderr(format!(
            "awsmfa: the session in this shell cannot be renewed: there is none of awsmfa\n{hint}"
        ))
        .status(1)
        .run();
    world.any(&["logout", "--all"]).run();
    renewal(&world, &session)
        .any_stdout()
        .stderr(format!(
            "awsmfa: the session in this shell cannot be renewed: it is not stored\n{hint}"
        ))
        .status(1)
        .run();
    let calls = world.sts().calls().len();
    assert_eq!(calls, 2, "nothing was asked of AWS");
}

/// The session is that of a request, and that has a region.
#[test]
fn a_region_that_the_shell_has_by_now_does_not_matter() {
    let world = two_accounts();
    world.log_in("a");
    for region in [None, Some("us-east-2")] {
        let args = ["a", "--role-arn", ROLE];
        let mut run = world.awsmfa(["env", "--shell", "sh"].iter().chain(&args).copied());
        if let Some(region) = region {
            run = run.env("AWS_REGION", region);
        }
        let text = run.any_stdout().any_stderr().run().stdout;
        let session = variables(&text);
        renewal(&world, &session)
            .env("AWS_REGION", "eu-central-1")
            .any_stdout()
            .run();
    }
}

/// It may ask somebody to touch a key, and the code that could follow cannot be had.
#[test]
fn no_process_is_run_for_a_session_that_wants_a_code() {
    let world = two_accounts();
    let serial = world.user().mfa_serial.clone();
    let process = "touch $HOME/ran; exit 1";
    let config = format!("[profile p]\nmfa_serial = {serial}\ncredential_process = {process}\n");
    let world = world.config(config);
    let args = ["env", "p", "--shell", "sh", "--no-input", "--at-prompt"];
    world.awsmfa(args).any_stdout().any_stderr().status(5).run();
    assert!(!world.path("ran").exists());
}
