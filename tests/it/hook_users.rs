//! What users have in their shells already: hooks of their own, which run as before, and aliases and functions with the
//! names of commands, which the hook does not run.
#![cfg(unix)]
use crate::support::hooked::{Hooked, epoch_in, install, shells, two_accounts};
use crate::support::neighbours;
use crate::support::shells::named;

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
        // (What PowerShell's prompt sees: powershell_prompt.rs. The others tell their hooks no status.)
        (
            "fish",
            "function own --on-event fish_prompt; set -g saw \"$status:$pipestatus\"; end",
            "function late --on-event fish_prompt; set -g saw \"$saw$status\"; end",
        ),
        ("tcsh", "alias precmd 'set saw = $status'", "true"),
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
        let (fail, show, expected) = match name {
            "fish" => (
                "sh -c 'exit 3' | sh -c 'exit 4'",
                "echo was $saw",
                "was 4:3 44",
            ),
            "tcsh" => ("sh -c 'exit 4'", "echo was $saw", "was 4"),
            _ => (
                "(exit 3) | (exit 4)",
                "mine=$saw; echo was $mine",
                "was 4:3 4",
            ),
        };
        hooked.terminal.enter(fail);
        hooked.terminal.wait_for_prompt();
        hooked.terminal.enter(show);
        hooked.terminal.wait_for(expected);
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
    for shell in shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::without_hook(&world, shell);
        let (function, alias) = match shell.name {
            "bash" | "zsh" => ("function {} { echo WRONG; }", "alias {}='echo WRONG'"),
            "fish" => ("function {}; echo WRONG; end", "alias {}='echo WRONG'"),
            "pwsh" => (
                "function {} { echo WRONG }",
                "Set-Alias -Force -Option AllScope {} Write-Output",
            ),
            "elvish" => ("fn {} {|@a| echo WRONG }", "fn {} {|@a| echo WRONG }"),
            "tcsh" => (":", "alias {} 'echo WRONG'"),
            "xonsh" => (
                "{} = lambda *_: print('WRONG')",
                "aliases['{}'] = 'echo WRONG'",
            ),
            "nushell" => ("def {} [...words] { print WRONG }", "alias {} = echo WRONG"),
            other => panic!("{other}"),
        };
        // A keyword of nushell cannot be anybody's function.
        let so_many = if shell.says == "nushell" { 3 } else { 4 };
        for name in &["cd", "unset", "date", "export"][..so_many] {
            hooked.run(&function.replace("{}", name));
        }
        hooked.run(&alias.replace("{}", "awsmfa"));
        let line = match shell.is_posix() || shell.says == "fish" {
            true => install(shell).replace("awsmfa hook", "command awsmfa hook"),
            false => neighbours::load_ours(&world, shell),
        };
        let mut shown = hooked.run(&line);
        // In tcsh nothing steps over an alias of a builtin command.
        let so_many = if shell.says == "tcsh" { 2 } else { 3 };
        for name in &["date", "cd", "unset"][..so_many] {
            shown += &hooked.run(&alias.replace("{}", name));
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
        // elvish finds faults with a line while it is typed.
        assert!(
            shell.says == "elvish" || !shown.contains("error"),
            "{shown}"
        );
    }
}
