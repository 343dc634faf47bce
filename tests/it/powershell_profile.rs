//! The hook in PowerShell follows the profile variable, as `hook_profile.rs` asks of the other shells, without a
//! terminal. Runs where `pwsh` (on Windows also `powershell`) is, strict; a visible skip elsewhere.
use crate::support::hooked::two_accounts;
use crate::support::powershell::{
    FORGET, GONE, HOOK, PROMPT, SHOW, TAKEN, ends_in, powershells, profile, run, run_noting,
};
use crate::support::sts::Step;

/// The role is not stored, so it takes a call; for a minute no other is made, though AWS would answer now. (The
/// policy's own test has the minute.)
#[test]
fn a_dead_network_is_met_once_a_minute_also_by_the_profile_variable() {
    for shell in powershells() {
        let world = two_accounts();
        let a = world.log_in("a");
        world.sts().next(Step::Html(200));
        let try_reader = profile("AWS_PROFILE", "reader") + SHOW;
        let back = profile("AWS_PROFILE", "") + SHOW;
        let script = format!("{HOOK}awsmfa use a\n{PROMPT}{try_reader}{back}{try_reader}{back}");
        let told = run(shell, &world, &script);
        let nothing_and_back = format!("{GONE} reader\n[ ] 0\n[a {a}] 0\n");
        let expected = nothing_and_back.repeat(2);
        assert_eq!(told, expected, "{}", shell.name);
        assert_eq!(world.sts().calls().len(), 2, "{}", shell.name);
    }
}

#[test]
fn it_follows_the_profile_variable_and_comes_back() {
    for shell in powershells() {
        for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
            let world = two_accounts();
            let (a, b) = (world.log_in("a"), world.log_in("b"));
            let script = format!(
                "{HOOK}awsmfa use a\n{PROMPT}{}{SHOW}\"$env:{variable}\"\n{}{SHOW}{}{SHOW}{}{SHOW}{}{SHOW}",
                profile(variable, "b"),
                ends_in(-1),
                profile(variable, "nobody"),
                profile(variable, "b"),
                profile(variable, ""),
            );
            let told = run(shell, &world, &script);
            let expected =
                format!("[b {b}] 0\nb\n[b {b}] 0\n{GONE} nobody\n[ ] 0\n[b {b}] 0\n[a {a}] 0\n");
            assert_eq!(told, expected, "{} {variable}", shell.name);
        }
    }
}

#[test]
fn a_value_at_load_is_no_request_and_neither_is_one_without_a_session() {
    for shell in powershells() {
        let world = two_accounts().env("AWS_PROFILE", "b");
        world.log_in("a");
        world.log_in("b");
        let script = format!("{HOOK}{PROMPT}{SHOW}{}{SHOW}", profile("AWS_PROFILE", "a"));
        assert_eq!(
            run(shell, &world, &script),
            "[ ] 0\n[ ] 0\n",
            "{}",
            shell.name
        );
    }
}

#[test]
fn a_former_session_that_does_not_come_back_leaves_nothing_of_itself() {
    for shell in powershells() {
        let world = two_accounts();
        world.log_in("a");
        world.log_in("b");
        let script = format!(
            "{HOOK}awsmfa use a\n{PROMPT}{}{FORGET}{}{SHOW}\"[$env:AWSMFA_SESSION]\"\n",
            profile("AWS_PROFILE", "b"),
            profile("AWS_PROFILE", "")
        );
        let told = run(shell, &world, &script);
        let expected = "awsmfa: the session that the profile variable brought is gone with it: run awsmfa use\n[ ] 0\n[]\n";
        assert_eq!(told, expected, "{}", shell.name);
    }
}

#[test]
fn a_nested_shell_knows_what_to_come_back_to() {
    for shell in powershells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let inner = format!("{HOOK}{SHOW}{}{SHOW}", profile("AWS_PROFILE", ""));
        let world = world.file("work/inner.ps1", inner);
        let (program, _) = shell.interactive(&world);
        let args = shell.strict.join(" ");
        let script = format!(
            "{HOOK}awsmfa use a\n{PROMPT}{}& '{program}' {args} ./inner.ps1\n{PROMPT}{SHOW}",
            profile("AWS_PROFILE", "b")
        );
        let told = run(shell, &world, &script);
        let expected = format!("[b {b}] 0\n[a {a}] 0\n[b {b}] 0\n");
        assert_eq!(told, expected, "{}", shell.name);
    }
}

#[test]
fn loaded_again_it_remembers_what_use_and_env_took_away() {
    for shell in powershells() {
        for line in ["awsmfa use", &shell.line("awsmfa env")] {
            let world = two_accounts().env("AWS_PROFILE", "a");
            world.log_in("a");
            let script = format!(
                "{HOOK}{PROMPT}{line}\n{PROMPT}{HOOK}awsmfa off\n{SHOW}\"$env:AWS_PROFILE\"\n"
            );
            let told = run_noting(shell, &world, &script, TAKEN);
            assert_eq!(told, "[ ] 0\na\n", "{}", shell.name);
        }
    }
}

/// It takes the variable away, and asks for what is there already.
#[test]
fn what_use_and_env_put_there_stays_when_the_variable_goes() {
    for shell in powershells() {
        for line in ["awsmfa use", &shell.line("awsmfa env")] {
            let world = two_accounts();
            world.log_in("a");
            let b = world.log_in("b");
            let script = format!(
                "{HOOK}awsmfa use a\n{PROMPT}{}{line}\n{PROMPT}{PROMPT}{SHOW}",
                profile("AWS_PROFILE", "b")
            );
            let told = run_noting(shell, &world, &script, TAKEN);
            assert_eq!(told, format!("[b {b}] 0\n"), "{}", shell.name);
        }
    }
}

/// A locked-down machine: see `it_works_in_constrained_language_mode`.
#[test]
fn in_constrained_language_mode_it_follows_comes_back_and_ends() {
    for shell in powershells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let show = "\"[$env:AWSMFA_PROFILE $env:AWS_ACCESS_KEY_ID]\"\n";
        let script = format!(
            "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n{HOOK}awsmfa use a\n{PROMPT}{}{show}{}{show}{FORGET}{}{show}",
            profile("AWS_PROFILE", "b"),
            profile("AWS_PROFILE", ""),
            ends_in(-1)
        );
        let told = run(shell, &world, &script);
        let ended = "awsmfa: the session has ended: run awsmfa use a\n[ ]\n";
        let expected = format!("[b {b}]\n[a {a}]\n{ended}");
        assert_eq!(told, expected, "{}", shell.name);
    }
}
