//! Nobody to ask: exit 5 at once, with what can be done about it. Nothing hangs and nothing is stopped.
#![cfg(unix)]
use crate::support;
use crate::support::pty::Terminal;
use crate::support::{World, process, shells};

/// bash at a terminal, for what does not depend on the shell.
fn bash(world: &World) -> Option<Terminal> {
    Some(Terminal::shell(world, shells::named("bash")?))
}

/// A daemon that merely inherited a terminal must not hang on it.
#[test]
fn nobody_is_asked_where_neither_input_nor_error_output_is_a_terminal() {
    let world = World::alice();
    let Some(mut terminal) = bash(&world) else {
        return;
    };
    let ran = terminal.run("awsmfa env >$HOME/out </dev/null 2>$HOME/err; echo status $?");
    assert!(ran.contains("\nstatus 5\n"), "{ran}");
    assert_eq!(
        world.read("err"),
        "awsmfa: an MFA code is needed and nobody can be asked: neither standard input nor standard error is a terminal\n\
         hint: give it with --token-code CODE, with --token-code - on standard input, or by an mfa_process in the profile\n"
    );
}

/// It would be stopped, and in zsh's `source <(…)` with no key left that reaches it (measured).
#[test]
fn a_background_job_fails_at_once_in_place_of_being_stopped() {
    let world = World::alice();
    let Some(mut terminal) = bash(&world) else {
        return;
    };
    let ran = terminal.run("awsmfa env >$HOME/out 2>$HOME/err & wait %1; echo status $?");
    assert!(ran.contains("\nstatus 5\n"), "{ran}");
    assert_eq!(
        world.read("err"),
        "awsmfa: an MFA code is needed and nobody can be asked: this is a background job, another one has the terminal\n\
         hint: bring the job to the foreground with fg\n"
    );
}

#[test]
fn a_process_substitution_of_zsh_never_asks() {
    let Some(zsh) = shells::named("zsh") else {
        return;
    };
    let world = World::alice();
    let mut terminal = Terminal::shell(&world, zsh);
    let ran = terminal.run("source <(awsmfa env 2>$HOME/err) && echo 'loaded' || echo 'fail''ed'");
    assert!(ran.contains("\nfailed\n"), "{ran}");
    assert!(
        world.read("err").contains("nobody can be asked"),
        "{}",
        world.read("err")
    );
}

#[test]
fn without_a_terminal_it_fails_at_once_and_names_the_ways_to_give_a_code() {
    if !shells::installed("setsid", true) {
        return;
    }
    let world = World::alice();
    let mut command = world.command("setsid");
    command.args(["-w", support::world::AWSMFA, "env", "--shell", "sh"]);
    let ran = process::finish(command.stdout(std::process::Stdio::piped()), "");
    assert_eq!(
        ran.stderr,
        "awsmfa: an MFA code is needed and nobody can be asked: there is no terminal\n\
         hint: give it with --token-code CODE, with --token-code - on standard input, or by an mfa_process in the profile\n"
    );
    assert_eq!(ran.status, 5);
    assert!(ran.stdout.ends_with("false;\n"));
}
