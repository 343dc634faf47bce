//! The prompt check of the hook in PowerShell: the end of a session, its renewal, a dead network, as
//! `hook_session.rs` asks of the other shells, without a terminal. Runs where `pwsh` (on
//! Windows also `powershell`) is, strict; a visible skip elsewhere.
use crate::support::hooked::{two_accounts, two_accounts_of};
use crate::support::powershell::{
    FORGET, HOOK, PROMPT, SHOW, TAKEN, ends_in, powershells, profile, run, run_noting,
};
use crate::support::sts::{LocalSts, Step};

#[test]
fn at_its_end_the_session_goes_and_before_that_one_line_says_when() {
    for shell in powershells() {
        let world = two_accounts().env("AWSMFA_STORE", "off");
        let code = world.code();
        let script = format!(
            "{HOOK}awsmfa use a -t {code}\n{PROMPT}{}{PROMPT}{}{SHOW}{PROMPT}",
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
        let again = "$global:_awsmfa_memory = '0'; $global:_awsmfa_seen = $null\n";
        let key = "$env:AWS_ACCESS_KEY_ID -ceq $key\n";
        let script = format!(
            "{HOOK}awsmfa use reader -d 15m --min-ttl 1s\n$key = $env:AWS_ACCESS_KEY_ID\n{PROMPT}{PROMPT}{key}\
             {again}{PROMPT}{key}"
        );
        let told = run(shell, &world, &script);
        let line = "min and cannot be renewed: run awsmfa use reader\nTrue\nFalse\n";
        assert!(told.ends_with(line), "{}: {told}", shell.name);
        assert_eq!(told.matches("awsmfa: ").count(), 1, "{told}");
        assert_eq!(world.sts().calls().len(), 4, "{}", shell.name);
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
        let a = world.log_in("a");
        world.log_in("b");
        let script = format!(
            "{HOOK}awsmfa use a\n{PROMPT}$global:_awsmfa_bin += '-is-gone'\n{}{SHOW}{}{SHOW}",
            profile("AWS_PROFILE", "b"),
            ends_in(-1)
        );
        let told = run(shell, &world, &script);
        let stays = format!("[a {a}] 0\nawsmfa: the session has ended, and there is no awsmfa at ");
        assert!(told.starts_with(&stays), "{}: {told}", shell.name);
        assert!(
            told.ends_with("-is-gone any more\n[ ] 0\n"),
            "{}: {told}",
            shell.name
        );
    }
}
