//! Completion: `awsmfa completions SHELL` prints a script that calls the program back at each TAB, so
//! that the profiles of the AWS files are offered as they are at that moment.

use clap_complete::env::Shells;

use crate::cli::CompletionsArgs;
use crate::cli::completion::VARIABLE;
use crate::error::{Error, Result};
use crate::output::stdout;

/// clap_complete's own knows nothing of the characters at which readline splits words.
const BASH: &str = include_str!("../../completions/awsmfa.bash");

/// clap_complete's own evaluates the line that is being typed, and so runs what stands in it at a TAB (seen).
const POWERSHELL: &str = include_str!("../../completions/_awsmfa.ps1");

/// Runs the command. The script calls the program by its name, and so through the hook's function.
pub fn run(args: &CompletionsArgs) -> Result<()> {
    match args.shell {
        clap_complete::Shell::Bash => return stdout::write(BASH),
        clap_complete::Shell::PowerShell => return stdout::write(POWERSHELL),
        _ => {}
    }
    let shells = Shells::builtins();
    let name = args.shell.to_string();
    let completer = shells
        .completer(&name)
        .ok_or(Error::Internal("a shell has no completer"))?;
    let mut script = Vec::new();
    completer
        .write_registration(VARIABLE, "awsmfa", "awsmfa", "awsmfa", &mut script)
        .map_err(|error| Error::Output { error })?;
    let script = String::from_utf8(script).map_err(|_| Error::Internal("the script is no text"))?;
    stdout::write(&script)
}
