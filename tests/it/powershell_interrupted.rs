//! Ctrl-C in PowerShell while its hook waits for the program. A second runspace of the same process, which has
//! the same environment, is stopped as the host stops its own. Runs where `pwsh` (on Windows also
//! `powershell`) is; a visible skip elsewhere.
use std::time::Duration;

use crate::support::hooked::{two_accounts, two_accounts_of};
use crate::support::powershell::{HOOK, PROMPT, powershells, run};
use crate::support::sts::{LocalSts, Step};

const HOME: &str = if cfg!(windows) {
    "$env:USERPROFILE"
} else {
    "$env:HOME"
};
/// The names of a session that are still there.
const LEFT: &str = "@(Get-ChildItem Env: | Where-Object { $_.Name -match '^AWS_(ACC|SEC|SES|CRED)|^AWSMFA_(PRO|EXP|SES)' } | \
                    ForEach-Object { $_.Name }) -join ' '\n";

/// Runs a line in a runspace with the hook, and stops it once `seen` is true.
fn stopped(line: &str, seen: &str) -> String {
    format!(
        "$shell = [powershell]::Create()\n\
         $null = $shell.AddScript('Invoke-Expression (awsmfa hook powershell)').AddStatement().AddScript('{line}')\n\
         $null = $shell.BeginInvoke()\n\
         foreach ($wait in 1..3000) {{ if ({seen}) {{ 'stopped'; break }}; Start-Sleep -Milliseconds 10 }}\n\
         $shell.Stop()\n"
    )
}

/// The answer is lost, and the session that is there is of an account that nobody wants any more. The former one
/// lasts for less than the minute that it must have left to be brought back as it is.
#[test]
fn a_session_on_its_way_back_leaves_nothing() {
    for shell in powershells() {
        let world = &two_accounts_of(LocalSts::builder().session_seconds_clock_offset(-860));
        world.log_in("a");
        world.sts().next(Step::Pass);
        for _ in 0..8 {
            world.sts().next(Step::Hang);
        }
        let back = stopped(
            "$env:AWS_PROFILE = $null; $null = prompt",
            &format!("Test-Path -LiteralPath {HOME}/asked"),
        );
        let script = format!(
            "{HOOK}awsmfa use reader -d 15m --min-ttl 1s\n$env:AWS_PROFILE = 'a'\n{PROMPT}\"$env:AWSMFA_PROFILE\"\n{back}{LEFT}"
        );
        let told = std::thread::scope(|scope| {
            scope.spawn(|| {
                world.sts().wait_for_calls(3, Duration::from_secs(60));
                std::fs::write(world.path("asked"), "").unwrap();
            });
            run(shell, world, &script)
        });
        assert_eq!(told, "a\nstopped\n\n", "{}", shell.name);
    }
}

/// A command that gives no code stands for a question that nobody answers.
#[test]
fn a_question_that_is_cancelled_leaves_no_session_of_another_account() {
    let process = if cfg!(windows) {
        "echo > %USERPROFILE%\\asked & ping -n 20 127.0.0.1 > nul 2> nul"
    } else {
        "touch $HOME/asked; exec sleep 20 2> /dev/null"
    };
    for shell in powershells() {
        let world = two_accounts();
        world.log_in("a");
        let profile = "[profile nobody]\n";
        let with_process = format!("{profile}mfa_process = {process}\n");
        let config = world.read(".aws/config").replace(profile, &with_process);
        let world = world.config(config);
        let asked = stopped(
            "awsmfa use nobody",
            &format!("Test-Path -LiteralPath {HOME}/asked"),
        );
        let script = format!("{HOOK}awsmfa use a\n\"$env:AWSMFA_PROFILE\"\n{asked}{LEFT}");
        assert_eq!(
            run(shell, &world, &script),
            "a\nstopped\n\n",
            "{}",
            shell.name
        );
    }
}
