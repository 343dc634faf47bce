//! The hook shows no secret, runs nothing that the environment holds, and starts no process at a
//! prompt with nothing to do.
#![cfg(unix)]
use std::fs;

use crate::support::hooked::{Hooked, epoch_in, install, nothing, shells, two_accounts};
use crate::support::pty::Terminal;
use crate::support::shells as table;

#[test]
fn a_trace_shows_no_secret() {
    for shell in shells() {
        // elvish and nushell have no trace.
        if ["elvish", "nushell"].contains(&shell.name) {
            continue;
        }
        let world = two_accounts();
        world.log_in("a");
        world.log_in("b");
        let secrets: Vec<_> = ["a", "b"]
            .iter()
            .map(|profile| world.session(&[profile]))
            .collect();
        let mut hooked = Hooked::start(&world, shell);
        let (on, traced, off) = match shell.name {
            "fish" => ("set -g fish_trace 1", "> true", "set -eg fish_trace"),
            "tcsh" => ("set echo verbose", "\n:\n", "unset echo verbose"),
            // Before each line, and each value that a variable gets.
            "pwsh" => ("Set-PSDebug -Trace 2", ">>>> $null = 0", "Set-PSDebug -Off"),
            "zsh" => ("set -xv", "> true", "set +xv"),
            "xonsh" => (
                "$XONSH_TRACE_SUBPROC = True; __xonsh__.execer.debug_level = 1",
                "TRACE SUBPROC: ",
                "$XONSH_TRACE_SUBPROC = False",
            ),
            _ => ("set -xv", "+ true", "set +xv"),
        };
        hooked.run(on);
        hooked.run("awsmfa use a");
        hooked.export("AWS_PROFILE", "b");
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.unset("AWS_PROFILE");
        let ran = match shell.name {
            "xonsh" => hooked.run("echo it"),
            _ => hooked.idle(),
        };
        assert!(ran.contains(traced), "tracing is not on: {ran}");
        let text = hooked.terminal.text();
        for session in secrets {
            assert!(!text.contains(&session.secret_access_key), "{text}");
            assert!(!text.contains(&session.session_token[..40]), "{text}");
        }
        hooked.run(off);
        assert!(hooked.holds().0.is_some(), "nothing was loaded at all");
    }
}

#[test]
fn an_inherited_end_that_is_no_number_runs_nothing() {
    for shell in shells() {
        for text in [
            "a[$(touch x)]",
            "$(touch x)",
            "1\n(touch x)",
            "09",
            "9999999999999",
        ] {
            let world = two_accounts()
                .env("AWS_ACCESS_KEY_ID", "ASIA1")
                .env("AWSMFA_SESSION", "ASIA1:entry")
                .env("AWSMFA_EXPIRES", text);
            let mut hooked = Hooked::start(&world, shell);
            hooked.idle();
            assert!(!world.path("work/x").exists(), "{} ran {text}", shell.name);
            assert_eq!(hooked.exported()["AWS_ACCESS_KEY_ID"], "ASIA1");
        }
    }
}

/// Counted by the system: no process and no program at a prompt with nothing to do.
#[test]
fn an_idle_prompt_starts_no_process() {
    if !table::installed("strace", true) {
        return;
    }
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        let (program, args) = shell.interactive(&world);
        let log = world.path("strace");
        let mut words = vec![
            "-f",
            "-e",
            "trace=process",
            "-o",
            log.to_str().unwrap(),
            &program,
        ];
        words.extend(args);
        let mut terminal = Terminal::shell_under(&world, shell, "strace", &words);
        for line in [&install(shell), "awsmfa use a", nothing(shell)] {
            terminal.run(line);
        }
        let idle = started(&log);
        for _ in 0..5 {
            terminal.run(nothing(shell));
        }
        assert_eq!(started(&log), idle, "{}", shell.name);
        terminal.run("/bin/true");
        assert!(started(&log) > idle, "{}: nothing is counted", shell.name);
    }
}

/// Processes and programs that were started; a thread is none.
fn started(log: &std::path::Path) -> usize {
    let text = fs::read_to_string(log).unwrap();
    let starts = |line: &&str| {
        ["fork(", "clone(", "clone3(", "execve("]
            .iter()
            .any(|call| line.contains(call))
            && !line.contains("CLONE_THREAD")
    };
    text.lines().filter(starts).count()
}
