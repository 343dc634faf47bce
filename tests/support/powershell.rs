//! PowerShell with the hook. There is no terminal here: a script asks for its prompt as the host does.

use super::shells::{SHELLS, Shell};
use super::{Finished, World};

/// Every PowerShell that is here.
pub fn powershells() -> Vec<Shell> {
    let rows = SHELLS.iter().copied();
    let rows = rows.filter(|shell| shell.says == "powershell");
    rows.filter(Shell::is_here).collect()
}

pub const STRICT: &str = "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'\n";
pub const HOOK: &str = "Invoke-Expression (awsmfa hook powershell)\n";
/// Lets the prompt check see what has changed.
pub const PROMPT: &str = "$null = prompt\n";
/// Prints the session of this shell, and how many errors PowerShell has noted.
pub const SHOW: &str = "\"[$env:AWSMFA_PROFILE $env:AWS_ACCESS_KEY_ID] $($Error.Count)\"\n";

/// Runs a script that must succeed, silently but for standard output: the host's lines are there too.
#[track_caller]
pub fn run(shell: Shell, world: &World, script: &str) -> String {
    run_noting(shell, world, script, "")
}

/// The same where the program has something to say.
#[track_caller]
pub fn run_noting(shell: Shell, world: &World, script: &str, note: &str) -> String {
    let Finished {
        stdout,
        stderr,
        status,
    } = shell.script(world, &format!("{STRICT}{script}"));
    assert_eq!(status, 0, "{}: {stdout}{stderr}", shell.name);
    let stderr = stderr.replace("\r\n", "\n");
    assert_eq!(stderr, note, "{}: {stdout}", shell.name);
    stdout.replace("\r\n", "\n")
}
