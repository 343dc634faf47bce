//! The question on a real terminal: visible inside `$(…)`, taken back without a trace, and never put
//! to somebody who is not there.
#![cfg(unix)]
use crate::support::World;
use crate::support::pty::Terminal;
use crate::support::shells::{self, Shell};
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, User};

const QUESTION: &str =
    "awsmfa: MFA code for arn:aws:iam::123456789012:mfa/alice (profile default): ";

fn shells_with_a_terminal() -> impl Iterator<Item = Shell> {
    shells::all().filter(|shell| {
        let interactive = ["bash", "zsh", "dash", "ksh93", "mksh", "fish"];
        interactive.contains(&shell.name)
    })
}

/// Answers the question with a code that is right, and waits for what comes of it.
#[track_caller]
fn answer(world: &World, terminal: &mut Terminal) {
    terminal.wait_for(QUESTION);
    terminal.enter(&world.code());
    terminal.wait_for_prompt();
    terminal.run("env > $HOME/env");
    let loaded = world.read("env").contains("\nAWS_SESSION_TOKEN=");
    assert!(loaded, "{}", terminal.text());
}

/// bash at a terminal, for what does not depend on the shell.
fn bash(world: &World) -> Option<Terminal> {
    Some(Terminal::shell(world, shells::named("bash")?))
}

#[test]
fn the_question_is_seen_while_the_shell_captures_the_output() {
    for shell in shells_with_a_terminal() {
        for line in shell.lines("awsmfa env") {
            // A process substitution is a background job in zsh: there it never asks.
            if line.starts_with("source") {
                continue;
            }
            let world = World::alice();
            let mut terminal = Terminal::shell(&world, shell);
            terminal.enter(&line);
            terminal.wait_for(QUESTION);
            let code = world.code();
            terminal.enter(&code);
            terminal.wait_for_prompt();
            terminal.run("env > $HOME/env");
            let told = format!("{}: {line}: {}", shell.name, terminal.text());
            assert!(world.read("env").contains("\nAWS_SESSION_TOKEN="), "{told}");
            assert!(
                !terminal.text().contains(&code),
                "the code is shown: {told}"
            );
            assert_eq!(world.sts().calls().len(), 1, "{told}");
        }
    }
}

/// rpassword by itself leaves ECHO, ICANON and ISIG off in bash and dash (measured).
#[test]
fn cancelling_gives_the_terminal_back_as_it_was() {
    for shell in shells_with_a_terminal() {
        for key in ['c', 'd'] {
            let world = World::alice();
            let mut terminal = Terminal::shell(&world, shell);
            terminal.run("stty -a > $HOME/before");
            terminal.enter(&shell.line("awsmfa env"));
            terminal.wait_for(QUESTION);
            terminal.control(key);
            terminal.wait_for_prompt();
            terminal.run("stty -a > $HOME/after");
            assert_eq!(
                world.read("before"),
                world.read("after"),
                "{} Ctrl-{key}",
                shell.name
            );
            terminal.run("env > $HOME/env");
            assert!(
                !world.read("env").contains("AWS_SESSION_TOKEN"),
                "{} Ctrl-{key}",
                shell.name
            );
        }
    }
}

#[test]
fn cancelling_is_silent_and_ends_with_130() {
    for shell in shells_with_a_terminal() {
        for keys in ["\u{3}", "\u{4}", "\r", "12\u{3}"] {
            let world = World::alice();
            let mut terminal = Terminal::shell(&world, shell);
            terminal.enter("awsmfa env >$HOME/out 2>$HOME/err");
            terminal.wait_for(QUESTION);
            let begin = terminal.text().len();
            terminal.send(keys);
            terminal.wait_for_prompt();
            let shown = terminal.text();
            let shown = shown.get(begin..).unwrap();
            assert!(
                !shown.contains("awsmfa"),
                "{} {keys:?}: {shown:?}",
                shell.name
            );
            let ran = terminal.run(shell.syntax.status);
            assert!(
                ran.contains("\nwas 130\n"),
                "{} {keys:?}: {ran}",
                shell.name
            );
            assert_eq!(world.read("err"), "", "{} {keys:?}", shell.name);
            assert!(
                world.read("out").ends_with("false;\n"),
                "{} {keys:?}",
                shell.name
            );
            assert!(world.sts().calls().is_empty());
        }
    }
}

#[test]
fn a_code_of_the_wrong_shape_is_asked_for_again_and_sent_nowhere() {
    let world = World::alice();
    let Some(mut terminal) = bash(&world) else {
        return;
    };
    terminal.enter("awsmfa env >$HOME/out");
    for wrong in ["12345", "password"] {
        terminal.wait_for(QUESTION);
        terminal.enter(wrong);
    }
    terminal.wait_for("awsmfa: an MFA code is six digits and nothing else");
    terminal.wait_for(QUESTION);
    terminal.enter(&format!(" {} ", split(&world.code())));
    terminal.wait_for_prompt();
    assert_eq!(world.sts().calls().len(), 1);
    assert!(world.read("out").contains("AWS_SESSION_TOKEN="));
    assert!(!terminal.text().contains("password"));
}

/// As authenticator apps show it.
fn split(code: &str) -> String {
    let (left, right) = code.split_at(3);
    format!("{left} {right}")
}

#[test]
fn three_codes_of_a_wrong_shape_are_the_end() {
    let world = World::alice();
    let Some(mut terminal) = bash(&world) else {
        return;
    };
    terminal.enter("awsmfa env >$HOME/out");
    for _ in 0..3 {
        terminal.wait_for(QUESTION);
        terminal.enter("1234567");
        terminal.wait_for("awsmfa: an MFA code has six digits, this has 7");
    }
    terminal.wait_for("hint: ");
    terminal.wait_for_prompt();
    assert!(terminal.run("echo status $?").contains("\nstatus 1\n"));
    assert!(world.sts().calls().is_empty());
}

#[test]
fn a_refused_code_is_asked_for_again_up_to_three_times() {
    let world = World::alice();
    let Some(mut terminal) = bash(&world) else {
        return;
    };
    terminal.enter("awsmfa env >$HOME/out");
    let used = world.code();
    for again in ["AWS refused the code: ", "AWS refused the code: ", "hint: "] {
        terminal.wait_for(QUESTION);
        terminal.enter(if world.sts().calls().is_empty() {
            "000000"
        } else {
            "000001"
        });
        terminal.wait_for(again);
    }
    terminal.wait_for_prompt();
    assert!(
        terminal.run("echo status $?").contains("\nstatus 3\n"),
        "{}",
        terminal.text()
    );
    assert_eq!(world.sts().calls().len(), 3);
    // And one that is right at the second asking.
    terminal.enter("awsmfa env >$HOME/out");
    terminal.wait_for(QUESTION);
    terminal.enter("000002");
    terminal.wait_for(QUESTION);
    terminal.enter(&used);
    terminal.wait_for_prompt();
    assert!(
        terminal.run("echo status $?").contains("\nstatus 0\n"),
        "{}",
        terminal.text()
    );
    assert_eq!(world.sts().calls().len(), 5);
}

#[test]
fn a_redirected_input_or_error_output_does_not_keep_it_from_asking() {
    for redirection in ["</dev/null", "2>$HOME/err", "<&-"] {
        let world = World::alice();
        let Some(mut terminal) = bash(&world) else {
            return;
        };
        terminal.enter(&format!("eval \"$(awsmfa env {redirection})\""));
        answer(&world, &mut terminal);
    }
}

#[test]
fn a_signal_during_the_question_gives_the_terminal_back_and_fails_visibly() {
    for (signal, status) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        let world = World::alice();
        let Some(mut terminal) = bash(&world) else {
            return;
        };
        terminal.run("stty -a > $HOME/before");
        // The shell that waits notes the number of the process that it becomes.
        terminal.enter("(sh -c 'echo $PPID' > $HOME/pid; exec awsmfa env --shell sh >$HOME/out)");
        terminal.wait_for(QUESTION);
        let pid = world.read("pid");
        let killed = world
            .command("kill")
            .args([&format!("-{signal}"), pid.trim()])
            .status()
            .unwrap();
        assert!(killed.success());
        terminal.wait_for_prompt();
        let ran = terminal.run("echo status $?");
        assert!(
            ran.contains(&format!("\nstatus {status}\n")),
            "{signal}: {}",
            terminal.text()
        );
        terminal.run("stty -a > $HOME/after");
        assert_eq!(world.read("before"), world.read("after"), "{signal}");
        assert!(
            world.read("out").ends_with("false;\n"),
            "{signal}: {:?}",
            world.read("out")
        );
    }
}

#[test]
fn an_unknown_serial_number_is_asked_for() {
    let alice = User::new(ALICES_ACCOUNT, "alice").without("iam:ListMFADevices");
    let world = World::alice_at(LocalSts::builder().user(alice)).config("");
    let Some(mut terminal) = bash(&world) else {
        return;
    };
    terminal.enter("eval \"$(awsmfa env)\"");
    terminal.wait_for("awsmfa: ARN of the MFA device for profile default [");
    terminal.enter(&world.user().mfa_serial);
    terminal.wait_for(QUESTION);
    terminal.enter(&world.code());
    terminal.wait_for("Save this device as mfa_serial under [default] in ");
    terminal.enter("");
    terminal.wait_for_prompt();
    terminal.run("env > $HOME/env");
    let loaded = world.read("env").contains("\nAWS_SESSION_TOKEN=");
    assert!(loaded, "{}", terminal.text());
}

/// Typed at a terminal it would be seen.
#[test]
fn a_code_of_standard_input_is_asked_for_where_that_is_a_terminal() {
    let world = World::alice();
    let Some(mut terminal) = bash(&world) else {
        return;
    };
    terminal.enter("eval \"$(awsmfa env -t -)\"");
    answer(&world, &mut terminal);
}
