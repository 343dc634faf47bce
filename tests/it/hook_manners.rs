//! The hook is a guest in somebody's shell: silent and strict, and nothing of the user's is changed by
//! it or changes it.
#![cfg(unix)]
use crate::support::World;
use crate::support::hooked::{Hooked, epoch_in, install, shells, two_accounts};
use crate::support::neighbours;
use crate::support::shells::Shell;

/// What each shell calls strict, switched on in a shell that is at work.
fn strict(shell: Shell) -> &'static str {
    match shell.name {
        "bash" => "set -euo pipefail -C; shopt -s nullglob extglob nocasematch; IFS=_",
        "zsh" => {
            "setopt err_exit no_unset pipe_fail no_clobber warn_create_global ksh_arrays sh_word_split \
             extended_glob null_glob; IFS=_"
        }
        "pwsh" => "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'",
        "tcsh" => "set noclobber rmstar; unset nonomatch",
        "xonsh" => "$RAISE_SUBPROC_ERROR = True",
        // The others have no options that make them stricter.
        _ => shell.syntax.nothing,
    }
}

#[test]
fn evaluated_twice_in_a_strict_script_it_is_silent() {
    for shell in shells() {
        let check = match shell.name {
            "bash" | "zsh" => "_awsmfa_prompt",
            "fish" => "_awsmfa_check",
            "pwsh" => "$null = prompt",
            "tcsh" => "source ~/.awsmfa.tcsh prompt",
            "xonsh" => "__import__('builtins')._awsmfa.prompt()",
            "nushell" => "do --env ($env.config.hooks.pre_prompt | last | get code)",
            // In a script it has no prompt, and so no hooks of one.
            "elvish" => continue,
            other => panic!("{other}"),
        };
        let world = two_accounts();
        let line = neighbours::ours(&world, shell);
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
            "bash" => "echo \"${PROMPT_COMMAND[*]}\" | grep -o _awsmfa_prompt | grep -c .",
            "zsh" => "echo $precmd_functions | grep -o _awsmfa_prompt | grep -c .",
            "fish" => "functions --handlers-type generic | grep -c 'fish_prompt _awsmfa_prompt'",
            "pwsh" => "\"$($global:_awsmfa_prompts.Count)\"",
            "elvish" => "echo (count $edit:before-readline)",
            "tcsh" => "alias precmd | grep -o '_awsmfa_file:q prompt' | grep -c .",
            "xonsh" => "print([on.__name__ for on in events.on_pre_prompt].count('awsmfa_prompt'))",
            "nushell" => {
                "print ($env.config.hooks.pre_prompt | where ($it.of? == awsmfa) | length)"
            }
            other => panic!("{other}"),
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
    for shell in shells() {
        let (fail, show, expected) = match shell.name {
            "bash" => (
                "(exit 3) | (exit 4)",
                "echo was $? ${PIPESTATUS[*]}",
                "was 4 3 4\n",
            ),
            "zsh" => (
                "(exit 3) | (exit 4)",
                "echo was $? $pipestatus",
                "was 4 3 4\n",
            ),
            "fish" => (
                "sh -c 'exit 3' | sh -c 'exit 4'",
                "echo was $status $pipestatus",
                "was 4 3 4\n",
            ),
            // What a command leaves there is an exception, and no variable.
            "elvish" => continue,
            _ => ("sh -c 'exit 4'", shell.syntax.status, "was 4\n"),
        };
        let world = two_accounts();
        world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        // With nothing to do, and with a renewal to make.
        for expires in [epoch_in(9_000), epoch_in(100)] {
            hooked.export("AWSMFA_EXPIRES", &epoch_in(9_000));
            let set = shell.export("AWSMFA_EXPIRES", &expires);
            hooked.terminal.enter(&format!("{set}; {fail}"));
            hooked.terminal.wait_for_prompt();
            let ran = hooked.run(show);
            assert!(ran.contains(expected), "{}: {ran}", shell.name);
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
            "fish" => "awsmfa completions fish | source",
            "elvish" => "eval (awsmfa completions elvish | slurp)",
            "nushell" => "ignore", // the hook brings it
            // PowerShell's host has no completion of its own here (completions.rs asks what it would offer), and for
            // the others there is no script.
            _ => continue,
        };
        let world = World::new().config("[profile marmalade]\n");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run(load);
        hooked.terminal.send("awsmfa use marm\t");
        hooked.terminal.wait_for("alade");
    }
}
