//! PowerShell with the hook. There is no terminal here: a script asks for its prompt as the host does.

use super::hooked::epoch_in;
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
pub const FORGET: &str = "Remove-Item -Recurse -Force -LiteralPath $env:AWSMFA_STATE_DIR\n";
pub const TAKEN: &str = "awsmfa: AWS_PROFILE is unset, because the JavaScript SDK ignores the session beside it (--keep-profile keeps it)\n";
pub const GONE: &str = "awsmfa: the profile variable has changed, and there is no session of that profile: run awsmfa use";

/// A profile variable is set to this, or taken away, and the prompt comes.
pub fn profile(variable: &str, value: &str) -> String {
    let value = match value {
        "" => "$null".to_owned(),
        value => format!("'{value}'"),
    };
    format!("$env:{variable} = {value}\n{PROMPT}")
}

/// The end of the session is said to be there, this many seconds from now, and the prompt comes.
pub fn ends_in(seconds: i64) -> String {
    format!("$env:AWSMFA_EXPIRES = '{}'\n{PROMPT}", epoch_in(seconds))
}

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
