//! The hook is a guest in somebody's shell: silent, strict, quoted, no process at an idle prompt, no
//! secret in a trace, and nothing of the user's is changed by it or changes it.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what cannot happen may stop a test"
)]

mod support;

use std::fs;
use std::os::unix::fs::symlink;

use support::hooked::{Hooked, epoch_in, install, shells, two_accounts};
use support::pty::Terminal;
use support::shells::{Shell, named};
use support::{World, shells as table};

/// What each shell calls strict, switched on in a shell that is at work.
fn strict(shell: Shell) -> &'static str {
    match shell.name {
        "bash" => "set -euo pipefail -C; shopt -s nullglob extglob nocasematch; IFS=_",
        "zsh" => {
            "setopt err_exit no_unset pipe_fail no_clobber warn_create_global ksh_arrays sh_word_split \
             extended_glob null_glob; IFS=_"
        }
        _ => "true",
    }
}

#[test]
fn evaluated_twice_in_a_strict_script_it_is_silent() {
    for shell in shells() {
        let world = two_accounts();
        let check = if shell.name == "fish" {
            "_awsmfa_check"
        } else {
            "_awsmfa_prompt"
        };
        let line = install(shell);
        let ran = shell.script(
            &world,
            &format!("{}\n{line}\n{line}\n{check}\necho done\n", strict(shell)),
        );
        assert_eq!(
            (ran.stderr.as_str(), ran.stdout.as_str()),
            ("", "done\n"),
            "{}",
            shell.name
        );
    }
}

#[test]
fn evaluated_twice_there_is_one_hook_and_a_strict_shell_stays_usable() {
    for shell in shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run(&install(shell));
        let count = match shell.name {
            "bash" => "echo \"${PROMPT_COMMAND[*]}\" | grep -o _awsmfa_prompt | wc -l",
            "zsh" => "echo $precmd_functions | grep -o _awsmfa_prompt | wc -l",
            _ => "functions --handlers-type generic | grep -c 'fish_prompt _awsmfa_prompt'",
        };
        let ran = hooked.run(count);
        assert!(ran.contains("\n1\n"), "{}: {ran}", shell.name);
        hooked.run(strict(shell));
        hooked.run("awsmfa use a");
        hooked.assert_holds(&a, "a");
        hooked.export("AWS_PROFILE", "b");
        hooked.assert_holds(&b, "b");
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.assert_holds(&b, "b");
        hooked.unset("AWS_PROFILE");
        hooked.assert_holds(&a, "a");
        hooked.run("awsmfa off");
        hooked.assert_empty();
    }
}

#[test]
fn the_status_of_the_last_command_is_kept() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        let (fail, show) = match shell.name {
            "bash" => ("(exit 3) | (exit 4)", "echo was $? ${PIPESTATUS[*]}"),
            "zsh" => ("(exit 3) | (exit 4)", "echo was $? $pipestatus"),
            _ => (
                "sh -c 'exit 3' | sh -c 'exit 4'",
                "echo was $status $pipestatus",
            ),
        };
        // With nothing to do, and with a renewal to make.
        for expires in [epoch_in(9_000), epoch_in(100)] {
            hooked.export("AWSMFA_EXPIRES", &epoch_in(9_000));
            let set = support::hooked::export(shell, "AWSMFA_EXPIRES", &expires);
            hooked.terminal.enter(&format!("{set}; {fail}"));
            hooked.terminal.wait_for_prompt();
            let ran = hooked.run(show);
            let expected = "\nwas 4 3 4\n";
            assert!(ran.contains(expected), "{}: {ran}", shell.name);
        }
    }
}

#[test]
fn the_users_own_hooks_still_run_and_see_the_status() {
    let cases = [
        (
            "bash",
            "PROMPT_COMMAND='saw=$?:${PIPESTATUS[*]};'",
            "PROMPT_COMMAND=${PROMPT_COMMAND%;}",
        ),
        (
            "bash",
            "PROMPT_COMMAND=('saw=$?:${PIPESTATUS[*]}' 'true;')",
            "true",
        ),
        (
            "zsh",
            "precmd() { saw=$?:$pipestatus; }; other() { also=$?; }; precmd_functions+=(other)",
            "true",
        ),
    ];
    for (name, before, after) in cases {
        let Some(shell) = named(name) else {
            continue;
        };
        let world = two_accounts();
        let mut hooked = Hooked::without_hook(&world, shell);
        hooked.run(before);
        hooked.run(&install(shell));
        hooked.run(after);
        hooked.terminal.enter("(exit 3) | (exit 4)");
        hooked.terminal.wait_for_prompt();
        hooked.terminal.enter("mine=$saw; echo was $mine");
        hooked.terminal.wait_for("was 4:3 4");
        assert!(
            !hooked.terminal.text().contains("syntax error"),
            "{}",
            hooked.terminal.text()
        );
        if name == "zsh" {
            hooked.terminal.wait_for_prompt();
            let ran = hooked.run("chpwd() { moved=yes; }; cd /; echo it $moved $also");
            assert!(ran.contains("\nit yes 0\n"), "{ran}");
        }
    }
}

#[test]
fn a_trace_shows_no_secret() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        world.log_in("b");
        let secrets: Vec<_> = ["a", "b"]
            .iter()
            .map(|profile| world.session(&[profile]))
            .collect();
        let mut hooked = Hooked::start(&world, shell);
        hooked.run(if shell.name == "fish" {
            "set -g fish_trace 1"
        } else {
            "set -xv"
        });
        hooked.run("awsmfa use a");
        hooked.export("AWS_PROFILE", "b");
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.unset("AWS_PROFILE");
        let ran = hooked.run("true");
        let traced = if shell.name == "fish" {
            "> true"
        } else {
            "+ true"
        };
        assert!(
            ran.contains(traced) || ran.contains("> true"),
            "tracing is still on: {ran}"
        );
        let text = hooked.terminal.text();
        for session in secrets {
            assert!(!text.contains(&session.secret_access_key), "{text}");
            assert!(!text.contains(&session.session_token[..40]), "{text}");
        }
        hooked.run(if shell.name == "fish" {
            "set -eg fish_trace"
        } else {
            "set +xv"
        });
        assert!(hooked.holds().0.is_some(), "nothing was loaded at all");
    }
}

#[test]
fn the_users_aliases_and_functions_change_nothing() {
    for shell in shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::without_hook(&world, shell);
        for name in ["export", "unset", "date", "cd"] {
            let wrong = match shell.name {
                "fish" => format!("function {name}; echo WRONG; end"),
                _ => format!("function {name} {{ echo WRONG; }}"),
            };
            hooked.run(&wrong);
        }
        hooked.run("alias awsmfa='echo WRONG'");
        let line = install(shell).replace("awsmfa hook", "command awsmfa hook");
        let mut shown = hooked.run(&line);
        for name in ["date", "cd", "unset"] {
            shown += &hooked.run(&format!("alias {name}='echo WRONG'"));
        }
        let begin = hooked.terminal.text().len();
        hooked.run("awsmfa use a");
        hooked.assert_holds(&a, "a");
        hooked.export("AWS_PROFILE", "b");
        hooked.assert_holds(&b, "b");
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.assert_holds(&b, "b");
        hooked.run("awsmfa off");
        hooked.assert_empty();
        let text = hooked.terminal.text();
        assert!(!text[begin..].contains("WRONG"), "{text}");
        assert!(!shown.contains("error"), "{shown}");
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
            hooked.run("true");
            assert!(!world.path("work/x").exists(), "{} ran {text}", shell.name);
            assert_eq!(hooked.exported()["AWS_ACCESS_KEY_ID"], "ASIA1");
        }
    }
}

#[test]
fn completion_works_on_the_function_too() {
    for shell in shells() {
        let load = match shell.name {
            "bash" => "source /dev/stdin <<< \"$(awsmfa completions bash)\"",
            "zsh" => {
                "autoload -Uz compinit && compinit -u -D && eval \"$(awsmfa completions zsh)\""
            }
            _ => "awsmfa completions fish | source",
        };
        let world = World::new().config("[profile marmalade]\n");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run(load);
        hooked.terminal.send("awsmfa use marm\t");
        hooked.terminal.wait_for("marmalade");
    }
}

/// The branches for bash 3.2 (macOS) and 4, run by the bash that is here: neither has `EPOCHSECONDS`, and
/// the older one counts its own seconds, which a user may set.
#[test]
fn an_older_bash_has_a_clock_too() {
    let Some(shell) = named("bash") else {
        return;
    };
    for (major, minor) in [("3", "2"), ("4", "2")] {
        let world = two_accounts().env("AWSMFA_STORE", "off");
        let mut hooked = Hooked::without_hook(&world, shell);
        let older = format!("s/BASH_VERSINFO\\[0]/{major}/g; s/BASH_VERSINFO\\[1]/{minor}/g");
        hooked.run("PROMPT_COMMAND=('saw=$?' 'never=run')");
        hooked.run("unset EPOCHSECONDS");
        hooked.run(&format!("eval \"$(awsmfa hook bash | sed '{older}')\""));
        let code = world.code();
        hooked.run(&format!("awsmfa use a -t {code}"));
        let ran = hooked.run("SECONDS=0");
        assert!(!ran.contains("awsmfa:"), "{ran}");
        let ran = hooked.export("AWSMFA_EXPIRES", &epoch_in(540));
        assert!(ran.contains("the session ends in 9 min"), "{ran}");
        hooked.run("SECONDS=100000; _awsmfa_next=0");
        assert!(
            hooked.holds().0.is_some(),
            "a clock that was set ended it: {major}"
        );
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.assert_empty();
    }
}

/// Its path is written into the snippet as the shell found it: a link stays a link.
#[test]
fn the_path_of_the_program_is_quoted_and_its_links_are_kept() {
    for shell in shells() {
        let world = two_accounts();
        let folder = world.path("it's a \"$HOME\" `id` 山田\\n");
        fs::create_dir(&folder).unwrap();
        symlink(support::world::AWSMFA, folder.join("awsmfa")).unwrap();
        let path = format!("{}:/usr/bin:/bin", folder.display());
        let world = world.env("PATH", path);
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("set -gx PATH /usr/bin /bin 2>/dev/null; PATH=/usr/bin:/bin true");
        let ran = hooked.run("awsmfa --version; printf '<%s>' \"$_awsmfa_bin\"");
        assert!(
            ran.contains(concat!("\nawsmfa ", env!("CARGO_PKG_VERSION"))),
            "{ran}"
        );
        let shown = format!("<{}>", folder.join("awsmfa").display());
        assert!(ran.contains(&shown), "{}: {ran}", shell.name);
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
        let (program, args) = shell.interactive();
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
        let mut terminal = Terminal::start(&world, "strace", &words);
        terminal.wait_for_prompt();
        for line in [&install(shell), "awsmfa use a", "true"] {
            terminal.run(line);
        }
        let idle = started(&log);
        for _ in 0..5 {
            terminal.run("true");
        }
        assert_eq!(started(&log), idle, "{}", shell.name);
        terminal.run("command true; /bin/true");
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

/// Says that it is skipped where there is none: the snippet is as FACTS measured it.
#[test]
fn powershell_loads_it_in_every_idiom_that_evaluates() {
    let Some(shell) = named("pwsh") else {
        return;
    };
    let world = two_accounts();
    for idiom in [
        "Invoke-Expression (awsmfa hook powershell)",
        "awsmfa hook powershell | Out-String | Invoke-Expression",
    ] {
        let ran = shell.script(
            &world,
            &format!(
                "Set-StrictMode -Version Latest\n{idiom}\n{idiom}\nprompt | Out-Null\nawsmfa off\n"
            ),
        );
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn the_snippets_lint_as_they_lie() {
    let world = World::new();
    let folder = format!("{}/shell", env!("CARGO_MANIFEST_DIR"));
    let lints: [(&str, &[&str], &[&str]); 5] = [
        (
            "shellcheck",
            &["--enable=all"],
            &["awsmfa.bash", "awsmfa.direnv.sh"],
        ),
        (
            "shfmt",
            &["-i", "2", "-ci", "-d"],
            &["awsmfa.bash", "awsmfa.direnv.sh"],
        ),
        ("zsh", &["-n"], &["awsmfa.zsh"]),
        ("fish", &["--no-execute"], &["awsmfa.fish"]),
        ("fish_indent", &["--check"], &["awsmfa.fish"]),
    ];
    for (program, args, files) in lints {
        if !table::installed(program, true) {
            continue;
        }
        let mut command = world.command(program);
        command
            .args(args)
            .args(files.iter().map(|file| format!("{folder}/{file}")));
        let output = command.output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8_lossy(&told);
        assert!(output.status.success(), "{program}: {told}");
    }
}
