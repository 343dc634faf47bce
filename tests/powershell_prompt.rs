//! The prompt check of the hook in PowerShell: the end of a session, its renewal, the profile variable. The same
//! as `hook_session.rs` and `hook_profile.rs` ask of the other shells, without a terminal. Runs where `pwsh` (on
//! Windows also `powershell`) is, strict; a visible skip elsewhere.
#![allow(clippy::unwrap_used, reason = "what cannot happen may stop a test")]

mod support;

use support::hooked::{epoch_in, two_accounts, two_accounts_of};
use support::powershell::{HOOK, PROMPT, SHOW, powershells, run, run_noting};
use support::sts::{LocalSts, Step};

const FORGET: &str = "Remove-Item -Recurse -Force -LiteralPath $env:AWSMFA_STATE_DIR\n";
const TAKEN: &str = "awsmfa: AWS_PROFILE is unset, because the JavaScript SDK ignores the session beside it (--keep-profile keeps it)\n";
const GONE: &str = "awsmfa: the profile variable has changed, and there is no session of that profile: run awsmfa use";

/// A profile variable is set to this, or taken away, and the prompt comes.
fn profile(variable: &str, value: &str) -> String {
    let value = match value {
        "" => "$null".to_owned(),
        value => format!("'{value}'"),
    };
    format!("$env:{variable} = {value}\n{PROMPT}")
}

/// The end of the session is said to be there, this many seconds from now, and the prompt comes.
fn ends_in(seconds: i64) -> String {
    format!("$env:AWSMFA_EXPIRES = '{}'\n{PROMPT}", epoch_in(seconds))
}

#[test]
fn at_its_end_the_session_goes_and_before_that_one_line_says_when() {
    for shell in powershells() {
        let world = two_accounts().env("AWSMFA_STORE", "off");
        let code = world.code();
        let script = format!(
            "{HOOK}awsmfa use a -t {code}\n{PROMPT}{}{PROMPT}$global:_awsmfa_next = 0\n{}{SHOW}{PROMPT}",
            ends_in(540),
            ends_in(-1)
        );
        let told = run(shell, &world, &script);
        let expected = "awsmfa: the session ends in 9 min and cannot be renewed: run awsmfa use a\n\
                        awsmfa: the session has ended: run awsmfa use a\n[ ] 0\n";
        assert_eq!(told, expected, "{}", shell.name);
    }
}

/// What the session took away: the next command is to be for that account, or for none.
#[test]
fn at_its_end_a_session_gives_the_profile_variable_back() {
    for shell in powershells() {
        let world = two_accounts().env("AWS_PROFILE", "b");
        world.log_in("b");
        let script = format!(
            "{HOOK}awsmfa use\n{PROMPT}{FORGET}{}{SHOW}\"$env:AWS_PROFILE\"\n{PROMPT}",
            ends_in(-1)
        );
        let told = run_noting(shell, &world, &script, TAKEN);
        let expected = "awsmfa: the session has ended: run awsmfa use b\n[ ] 0\nb\n";
        assert_eq!(told, expected, "{}", shell.name);
    }
}

/// One that is there names the account already.
#[test]
fn at_its_end_a_session_leaves_the_profile_variable_that_brought_it() {
    for shell in powershells() {
        let world = two_accounts().env("AWS_PROFILE", "b");
        world.log_in("a");
        world.log_in("b");
        let script = format!(
            "{HOOK}awsmfa use\n{PROMPT}{}{FORGET}{}{SHOW}\"$env:AWS_PROFILE\"\n",
            profile("AWS_PROFILE", "a"),
            ends_in(-1)
        );
        let told = run_noting(shell, &world, &script, TAKEN);
        let expected = "awsmfa: the session has ended: run awsmfa use a\n[ ] 0\na\n";
        assert_eq!(told, expected, "{}", shell.name);
    }
}

/// An inherited variable is no number before it looks like one.
#[test]
fn an_end_that_is_no_plain_number_is_none() {
    for shell in powershells() {
        let world = two_accounts()
            .env("AWS_ACCESS_KEY_ID", "ASIA1")
            .env("AWSMFA_SESSION", "ASIA1:entry");
        let ends = "'0x1', '01', '1e3', '$(throw)', \"1`n\", '9999999999999'";
        let script = format!(
            "{HOOK}foreach ($end in {ends}) {{ $env:AWSMFA_EXPIRES = $end; $null = prompt; \"$env:AWS_ACCESS_KEY_ID\" }}\n"
        );
        let told = run(shell, &world, &script);
        assert_eq!(told, "ASIA1\n".repeat(6), "{}", shell.name);
    }
}

#[test]
fn a_session_that_another_terminal_renewed_is_taken_from_the_store() {
    for shell in powershells() {
        let world = two_accounts();
        let key = world.log_in("a");
        let script = format!(
            "{HOOK}awsmfa use a\n$end = $env:AWSMFA_EXPIRES\n{}{SHOW}$env:AWSMFA_EXPIRES -ceq $end\n",
            ends_in(-1)
        );
        let told = run(shell, &world, &script);
        assert_eq!(told, format!("[a {key}] 0\nTrue\n"), "{}", shell.name);
    }
}

/// Every session of this STS has less than ten minutes, so each is due at once. The first renewal meets an
/// answer of somebody else.
#[test]
fn a_dead_network_is_met_once_a_minute() {
    for shell in powershells() {
        let world = two_accounts_of(LocalSts::builder().session_seconds_clock_offset(-400));
        world.log_in("a");
        world.sts().next(Step::Pass);
        world.sts().next(Step::Html(200));
        let again = "$global:_awsmfa_next = 0\n";
        let key = "$env:AWS_ACCESS_KEY_ID -ceq $key\n";
        let script = format!(
            "{HOOK}awsmfa use reader -d 15m --min-ttl 1s\n$key = $env:AWS_ACCESS_KEY_ID\n{PROMPT}{PROMPT}{again}{PROMPT}{key}\
             {again}$global:_awsmfa_unreachable = 0\n{PROMPT}{key}"
        );
        let told = run(shell, &world, &script);
        let line = "min and cannot be renewed: run awsmfa use reader\nTrue\nFalse\n";
        assert!(told.ends_with(line), "{}: {told}", shell.name);
        assert_eq!(told.matches("awsmfa: ").count(), 1, "{told}");
        assert_eq!(world.sts().calls().len(), 4, "{}", shell.name);
    }
}

/// The role is not stored, so it takes a call; for a minute no other is made, though AWS would answer now.
#[test]
fn a_dead_network_is_met_once_a_minute_also_by_the_profile_variable() {
    for shell in powershells() {
        let world = two_accounts();
        let a = world.log_in("a");
        world.sts().next(Step::Html(200));
        let try_reader = profile("AWS_PROFILE", "reader") + SHOW;
        let back = profile("AWS_PROFILE", "") + SHOW;
        let script = format!(
            "{HOOK}awsmfa use a\n{PROMPT}{try_reader}{back}{try_reader}{back}$global:_awsmfa_unreachable = 0\n{}\"$env:AWSMFA_PROFILE\"\n",
            profile("AWS_PROFILE", "reader")
        );
        let told = run(shell, &world, &script);
        let nothing_and_back = format!("{GONE} reader\n[ ] 0\n[a {a}] 0\n");
        let expected = format!("{}reader\n", nothing_and_back.repeat(2));
        assert_eq!(told, expected, "{}", shell.name);
        assert_eq!(world.sts().calls().len(), 3, "{}", shell.name);
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
fn keys_of_another_tool_are_never_touched() {
    for shell in powershells() {
        let world = two_accounts();
        world.log_in("a");
        world.log_in("b");
        let held = "\"$env:AWS_ACCESS_KEY_ID $env:AWS_SECRET_ACCESS_KEY $env:AWS_SESSION_TOKEN $env:AWSMFA_SESSION\"";
        let script = format!(
            "{HOOK}awsmfa use a\n{PROMPT}$env:AWS_ACCESS_KEY_ID = 'AKIAOTHERTOOL'\n$before = {held}\n{}{}{}{held} -ceq $before\n",
            ends_in(-1),
            profile("AWS_PROFILE", "b"),
            profile("AWS_PROFILE", "")
        );
        assert_eq!(run(shell, &world, &script), "True\n", "{}", shell.name);
    }
}

/// Upgrading or removing the program must not leave a session behind that nobody ends.
#[test]
fn without_the_program_only_the_end_is_kept() {
    for shell in powershells() {
        let world = two_accounts();
        world.log_in("a");
        let script = format!(
            "{HOOK}awsmfa use a\n{PROMPT}$global:_awsmfa_bin += '-is-gone'\n{}{SHOW}",
            ends_in(-1)
        );
        let expected = "awsmfa: the session has ended: run awsmfa use a\n[ ] 0\n";
        assert_eq!(run(shell, &world, &script), expected, "{}", shell.name);
    }
}

#[test]
fn loaded_again_it_remembers_what_use_and_env_took_away() {
    for shell in powershells() {
        for line in ["awsmfa use", &shell.line("awsmfa env")] {
            let world = two_accounts().env("AWS_PROFILE", "a");
            world.log_in("a");
            let script =
                format!("{HOOK}{line}\n{PROMPT}{HOOK}awsmfa off\n{SHOW}\"$env:AWS_PROFILE\"\n");
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
