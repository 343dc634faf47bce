//! `awsmfa credential-process`: what SDKs read, for fifty of them at once, and never round in a circle.
#![cfg(unix)]
use std::collections::BTreeSet;
use std::process::Stdio;

use crate::support::pty::Terminal;
use crate::support::sts::Step;
use crate::support::{World, example, process, shells, world::AWSMFA};

const QUESTION: &str =
    "awsmfa: MFA code for arn:aws:iam::123456789012:mfa/alice (profile default): ";

#[test]
fn it_prints_version_1_with_the_expiration() {
    let world = World::alice();
    world.sts().next(Step::AnswerWith(example::issued()));
    let code = world.code();
    world
        .awsmfa(["credential-process", "-t", &code])
        .stdout(
            "{\n    \"Version\": 1,\n    \"AccessKeyId\": \"ASIAIOSFODNN7EXAMPLE\",\n    \
             \"SecretAccessKey\": \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\",\n    \
             \"SessionToken\": \"IQoJb3JpZ2luX2VjEK//+token==\",\n    \
             \"Expiration\": \"2099-12-31T23:59:59Z\"\n}\n",
        )
        .run();
}

#[test]
fn a_failure_prints_nothing_on_standard_output() {
    let world = World::alice();
    for (args, status) in [
        (["credential-process", "-t", "000000"], 3),
        (["credential-process", "-t", "00000"], 1),
        (["credential-process", "--bogus", "x"], 2),
        (["credential-process", "nobody", "--no-input"], 1),
    ] {
        world
            .awsmfa(args)
            .any_stderr()
            .stdout("")
            .status(status)
            .run();
    }
}

/// An SDK reads standard output and swallows standard error; standard input is still the terminal.
#[test]
fn it_asks_on_the_terminal_although_both_outputs_are_taken() {
    if !shells::installed("sh", true) {
        return;
    }
    let world = World::alice();
    let script = "awsmfa credential-process >$HOME/out 2>$HOME/err; echo status $?";
    let mut terminal = Terminal::start(&world, "sh", &["-c", script]);
    terminal.wait_for(QUESTION);
    terminal.enter(&world.code());
    terminal.wait_for("status 0");
    assert!(
        world.read("out").contains("\"Version\": 1"),
        "{}",
        world.read("out")
    );
    assert_eq!(world.read("err"), "");
}

#[test]
fn without_a_terminal_it_ends_at_once_with_5() {
    if !shells::installed("setsid", true) {
        return;
    }
    let world = World::alice();
    let mut command = world.command("setsid");
    command.args(["-w", AWSMFA, "credential-process"]);
    let ran = process::finish(command.stdout(Stdio::piped()), "");
    assert_eq!((ran.status, ran.stdout.as_str()), (5, ""), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("there is no terminal"),
        "{}",
        ran.stderr
    );
}

/// Terraform starts one for each provider.
#[test]
fn fifty_at_once_ask_once_and_call_once() {
    let world = World::alice().with_store();
    // A shell's background job gets /dev/null for its input; an SDK hands its own terminal on.
    let script = "i=0; while [ $i -lt 50 ]; do \
                  awsmfa credential-process </dev/tty >$HOME/out.$i 2>$HOME/err.$i & \
                  i=$((i + 1)); done; wait; echo all-done";
    let mut terminal = Terminal::start(&world, "sh", &["-c", script]);
    terminal.wait_for(QUESTION);
    terminal.enter(&world.code());
    terminal.wait_for("all-done");
    let outputs: BTreeSet<String> = (0..50).map(|i| world.read(&format!("out.{i}"))).collect();
    assert_eq!(outputs.len(), 1, "{outputs:?}");
    assert!(outputs.first().unwrap().contains("\"Version\": 1"));
    assert_eq!(terminal.text().matches(QUESTION).count(), 1);
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn a_profile_that_asks_awsmfa_for_itself_is_told_so() {
    let world = World::new().local_sts();
    let config = format!(
        "[profile circle]\nmfa_serial = {}\ncredential_process = {AWSMFA} credential-process circle\n",
        world.user().mfa_serial
    );
    let world = world.config(config);
    let ran = world
        .awsmfa(["credential-process", "circle", "-t", "123456"])
        .any_stderr()
        .status(1)
        .run();
    assert!(
        ran.stderr.contains(
            "the credential_process of profile circle asks awsmfa for profile circle again"
        ),
        "{}",
        ran.stderr
    );
    assert!(world.sts().calls().is_empty());
}
