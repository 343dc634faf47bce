//! A session is renewed at the prompt by the request behind it: the same identity or nothing. The hooks of real shells
//! are in [`super::hook_session`]; here the program answers what a snippet asks.
#![cfg(unix)]
use std::thread;
use std::time::Duration;

use crate::support::asked::{at_prompt, loaded, variables};
use crate::support::hooked::{two_accounts, two_accounts_of};
use crate::support::sts::{LocalSts, clock};
use crate::support::{Test, World};

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

/// What the hook asks in the minutes in which it renews a session.
fn renewal<'w>(world: &'w World, session: &[(String, String)]) -> Test<'w> {
    at_prompt(world, session, 300)
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
    let text = at_prompt(&world, &session, -1).any_stdout().run().stdout;
    assert!(text.contains("set AWSMFA_PROFILE a\n"), "{text}");
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
        .run();
    assert!(
        run.stdout.contains(&format!("set AWS_ACCESS_KEY_ID {a}\n")),
        "{}",
        run.stdout
    );
}

#[test]
fn what_cannot_be_renewed_stays_and_is_said() {
    let world = two_accounts();
    world.log_in("a");
    let session = loaded(&world, &["reader"]);
    let stays = || {
        let said =
            "awsmfa: the session ends in 5 min and cannot be renewed: run awsmfa use reader\n";
        let run = renewal(&world, &session).any_stdout().stderr(said).run();
        let changes = run.stdout.lines().filter(|line| line.contains("set "));
        assert_eq!(changes.count(), 0, "{}", run.stdout);
    };
    let config = world.read(".aws/config");
    std::fs::write(
        world.path(".aws/config"),
        config.replace("role/reader", "role/admin"),
    )
    .unwrap();
    stays();
    // Without a session of awsmfa there is nothing to do, and nothing to say.
    let run = renewal(&world, &[]).any_stdout().run();
    assert!(run.stdout.ends_with("next 0\npins 0\nend\n"), "{run:?}");
    std::fs::write(world.path(".aws/config"), config).unwrap();
    world.any(&["logout", "--all"]).run();
    stays();
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
        let key = &session.iter().find(|(name, _)| name == "AWS_ACCESS_KEY_ID");
        let expected = format!("set AWS_ACCESS_KEY_ID {}\n", key.unwrap().1);
        let renewed = renewal(&world, &session).env("AWS_REGION", "eu-central-1");
        let text = renewed.any_stdout().run().stdout;
        assert!(text.contains(&expected), "{text}");
    }
}

/// The process may ask for the touch of a key, and nobody can give the code that would have to follow.
#[test]
fn no_process_is_run_for_a_session_that_wants_a_code() {
    // So short that the stored session does not do.
    let world = two_accounts_of(LocalSts::builder().session_seconds_clock_offset(-400));
    let (serial, keys) = (world.user().mfa_serial.clone(), world.user());
    let process = format!(
        "touch $HOME/ran; echo '{{\"Version\": 1, \"AccessKeyId\": \"{}\", \"SecretAccessKey\": \"{}\"}}'\n",
        keys.access_key_id, keys.secret_access_key
    );
    let config = format!(
        "[profile p]\nmfa_serial = {serial}\ncredential_process = sh {}\n",
        world.path("process.sh").display()
    );
    let world = world.file("process.sh", process).config(config);
    let code = world.code();
    let session = loaded(&world, &["p", "-d", "15m", "-t", &code]);
    std::fs::remove_file(world.path("ran")).unwrap();
    let said = "awsmfa: the session ends in 5 min and cannot be renewed: run awsmfa use p\n";
    let run = renewal(&world, &session).any_stdout();
    run.stderr(said).run();
    assert!(!world.path("ran").exists());
}
