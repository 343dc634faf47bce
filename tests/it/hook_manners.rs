//! The hook is a guest in somebody's shell: silent and strict, and nothing of the user's is changed by
//! it or changes it.
#![cfg(unix)]
use crate::support::World;
use crate::support::hooked::{Hooked, epoch_in, install, main_shells, shells, two_accounts};
use crate::support::shells::{Shell, named};

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
    for shell in main_shells() {
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
    for shell in main_shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run(&install(shell));
        let count = match shell.name {
            "bash" => "echo \"${PROMPT_COMMAND[*]}\" | grep -o _awsmfa_prompt | grep -c .",
            "zsh" => "echo $precmd_functions | grep -o _awsmfa_prompt | grep -c .",
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
fn evaluated_again_it_remembers_what_a_session_took_away() {
    for shell in shells() {
        let world = two_accounts().env("AWS_PROFILE", "a");
        let b = world.log_in("b");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use b");
        hooked.run(&install(shell));
        hooked.assert_holds(&b, "b");
        hooked.run("awsmfa off");
        hooked.assert_empty();
        assert_eq!(hooked.exported()["AWS_PROFILE"], "a", "{}", shell.name);
    }
}

#[test]
fn the_status_of_the_last_command_is_kept() {
    for shell in main_shells() {
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
            let set = shell.export("AWSMFA_EXPIRES", &expires);
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
fn the_users_aliases_and_functions_change_nothing() {
    for shell in main_shells() {
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
fn completion_works_on_the_function_too() {
    for shell in main_shells() {
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
