//! `mfa_process`: a command of the user's that prints the code, or does not.
#![cfg(unix)]
use std::time::Instant;

use crate::support::pty::Terminal;
use crate::support::transcript::NOTHING_TO_KEEP;
use crate::support::{World, shells};

fn env(command: &str) -> [&str; 5] {
    ["env", "--shell", "sh", "--mfa-process", command]
}

#[test]
fn the_first_line_of_its_output_is_the_code() {
    for ends in ["", "; echo more", "; exec 1>&-; echo chatter >/dev/null"] {
        let world = World::alice();
        let code = world.code();
        world
            .awsmfa(env(&format!("echo ' {code} '{ends}")))
            .any_stdout()
            .run();
        assert_eq!(
            world.sts().calls()[0].param("TokenCode"),
            Some(code.as_str())
        );
    }
}

#[test]
fn the_profile_may_name_it() {
    let world = World::alice();
    let config = format!(
        "{}mfa_process = cat $HOME/code\n",
        world.read(".aws/config")
    );
    let code = world.code();
    let world = world.config(config).file("code", code);
    world.awsmfa(["env", "--shell", "sh"]).any_stdout().run();
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn what_it_says_to_a_person_reaches_the_person() {
    let world = World::alice();
    let command = format!("echo touch the key >&2; echo {}", world.code());
    world
        .awsmfa(env(&command))
        .any_stdout()
        .stderr("touch the key\n")
        .run();
}

#[test]
fn one_that_fails_or_prints_rubbish_is_told_by_what_it_did() {
    for (command, reason) in [
        ("exit 3", "it ended with exit status: 3"),
        ("kill -9 $$", "it ended with signal: 9 (SIGKILL)"),
        ("echo 12345", "an MFA code has six digits, this has 5"),
        ("echo canary", "an MFA code is six digits and nothing else"),
        (":", "the MFA code is empty"),
        ("head -c 100000 /dev/zero", ""),
        ("printf '\\377'", ""),
    ] {
        let world = World::alice();
        let ran = world
            .awsmfa(env(command))
            .stdout(NOTHING_TO_KEEP)
            .any_stderr()
            .status(1)
            .run();
        assert!(ran.stderr.contains(reason), "{command}: {}", ran.stderr);
        assert!(ran.stderr.contains("\nhint: "), "{command}: {}", ran.stderr);
        assert_eq!(world.sts().calls().len(), 0, "{command}");
    }
}

/// The seed of the device stands in many a command line: `oathtool --totp -b SEED`.
#[test]
fn its_command_line_and_its_output_reach_no_message() {
    let world = World::alice();
    let ran = world
        .awsmfa(env("echo CANARYOUTPUT; : --totp -b CANARYSEED"))
        .stdout(NOTHING_TO_KEEP)
        .any_stderr()
        .status(1)
        .run();
    assert!(!ran.stderr.contains("CANARY"), "{}", ran.stderr);
}

/// It is not run again: a second code costs a touch, or a wait that nobody sees.
#[test]
fn a_refused_code_of_it_is_the_end() {
    let world = World::alice();
    let command = "echo run >> $HOME/runs; echo 000000";
    let ran = world
        .awsmfa(env(command))
        .stdout(NOTHING_TO_KEEP)
        .any_stderr()
        .status(3)
        .run();
    assert!(ran.stderr.contains("\nhint: "), "{}", ran.stderr);
    assert_eq!(world.read("runs"), "run\n");
    assert_eq!(world.sts().calls().len(), 1);
}

/// An agent that it starts may hold the pipe open for ever.
#[test]
fn a_process_that_it_leaves_behind_is_not_waited_for() {
    let world = World::alice();
    let code = world.code();
    let agent = "sleep 100 2>/dev/null & echo $! > $HOME/agent";
    world
        .awsmfa(env(&format!("{agent}; echo {code}")))
        .any_stdout()
        .run();
    let agent = world.read("agent");
    assert!(
        world
            .command("kill")
            .arg(agent.trim())
            .status()
            .unwrap()
            .success(),
        "it was ended"
    );
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn one_that_hangs_ends_with_the_key_that_ends_everything() {
    let Some(bash) = shells::named("bash") else {
        return;
    };
    let world = World::alice();
    let mut terminal = Terminal::shell(&world, bash);
    terminal.enter("awsmfa env --mfa-process 'echo its-turn >&2; exec sleep 1000' >$HOME/out");
    terminal.wait_for("\nits-turn");
    terminal.control('c');
    terminal.wait_for_prompt();
    assert!(
        terminal.run("echo status $?").contains("\nstatus 130\n"),
        "{}",
        terminal.text()
    );
    assert!(world.read("out").ends_with("false;\n"));
    assert!(!terminal.text().contains("awsmfa: "), "{}", terminal.text());
}

#[test]
#[ignore = "waits out the two minutes that it has; .ci/run runs it"]
fn one_that_hangs_is_ended_after_two_minutes() {
    let world = World::alice();
    let begin = Instant::now();
    let ran = world
        .awsmfa(env("exec sleep 150 2>/dev/null"))
        .patiently()
        .stdout(NOTHING_TO_KEEP);
    let ran = ran.any_stderr().status(1).run();
    assert!(
        (120..140).contains(&begin.elapsed().as_secs()),
        "{:?}",
        begin.elapsed()
    );
    assert!(ran.stderr.contains("120 seconds"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\nhint: "), "{}", ran.stderr);
}

/// Each round would start the command again, or wait for the lock of the round above until its time is over.
#[test]
fn one_that_asks_awsmfa_for_the_same_session_ends_at_the_second_round() {
    for with_store in [true, false] {
        for command in [
            "awsmfa credential-process",
            "awsmfa exec -- echo 123456",
            "awsmfa env",
        ] {
            let world = World::alice();
            let world = if with_store {
                world.with_store()
            } else {
                world
            };
            let config = format!("{}mfa_process = {command}\n", world.read(".aws/config"));
            let world = world.config(config);
            let begin = Instant::now();
            let test = world
                .awsmfa(["env", "--shell", "sh"])
                .stdout(NOTHING_TO_KEEP);
            let ran = test.any_stderr().status(1).run();
            let loops = "awsmfa: the command that prints the code for profile default asks awsmfa for that profile's \
                         session\nhint: ";
            assert!(ran.stderr.contains(loops), "{command}: {}", ran.stderr);
            assert!(begin.elapsed().as_secs() < 30, "{:?}", begin.elapsed());
            assert_eq!(world.sts().calls().len(), 0, "{command}");
        }
    }
}

/// Two profiles may need each other's sessions for their codes.
#[test]
fn nor_do_two_that_ask_for_each_other_go_round() {
    let world = World::alice();
    let serial = world.user().mfa_serial.clone();
    let one = |name: &str, other: &str| {
        format!(
            "[profile {name}]\nmfa_serial = {serial}\nregion = us-east-{}\nmfa_process = awsmfa exec {other} -- echo 123456\n",
            name.len()
        )
    };
    let world = world
        .config(one("x", "yy") + &one("yy", "x"))
        .credentials(world_keys());
    let test = world
        .awsmfa(["env", "--shell", "sh", "x"])
        .stdout(NOTHING_TO_KEEP);
    let ran = test.any_stderr().status(1).run();
    assert!(
        ran.stderr
            .contains("asks awsmfa for that profile's session"),
        "{}",
        ran.stderr
    );
}

fn world_keys() -> String {
    let keys = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n";
    format!("[x]\n{keys}[yy]\n{keys}")
}

/// Another profile's session is no loop.
#[test]
fn one_that_asks_awsmfa_for_another_session_gets_it() {
    let world = World::alice().env("AWSMFA_STORE", "file");
    let config = format!(
        "{}[profile other]\nmfa_serial = {}\nregion = eu-west-1\n",
        world.read(".aws/config"),
        world.user().mfa_serial
    );
    let keys = world.keys("default") + &world.keys("other");
    let world = world.config(config).credentials(keys);
    world.session_for_a_code(&["other"]);
    let command = format!("awsmfa exec other -- echo {}", world.code());
    world.awsmfa(env(&command)).any_stdout().run();
    assert_eq!(world.sts().calls().len(), 2);
}

/// What there is when the command ends counts, whoever still holds its output.
#[test]
fn a_code_without_a_line_end_is_read_at_the_end_of_the_command() {
    let world = World::alice();
    let code = world.code();
    let begin = Instant::now();
    let agent = "sleep 100 2>/dev/null & echo $! > $HOME/agent";
    let ran = world.awsmfa(env(&format!("{agent}; printf {code}")));
    ran.any_stdout().run();
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
    let world = World::alice();
    let ran = world.awsmfa(env("sleep 100 2>/dev/null & exit 0"));
    let ran = ran.stdout(NOTHING_TO_KEEP).any_stderr().status(1).run();
    assert!(
        ran.stderr.contains("the MFA code is empty"),
        "{}",
        ran.stderr
    );
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
}

/// PowerShell prints UTF-16 here and there.
#[test]
fn what_is_no_text_is_said_to_be_none() {
    for bytes in ["\\377\\3761\\0002\\000", "\\377"] {
        let world = World::alice();
        let ran = world.awsmfa(env(&format!("printf '{bytes}'")));
        let ran = ran.stdout(NOTHING_TO_KEEP).any_stderr().status(1).run();
        let told = "gave none: what it printed is not UTF-8 text\nhint: ";
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}
