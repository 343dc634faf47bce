//! Completion: `awsmfa completions SHELL` prints a script that calls the program back at each TAB, so
//! that the profiles of the AWS files are offered as they are at that moment.

use clap_complete::env::Shells;

use crate::cli::CompletionsArgs;
use crate::cli::completion::VARIABLE;
use crate::error::{Error, Result};
use crate::output::stdout;

/// clap_complete's own knows nothing of the characters at which readline splits words.
const BASH: &str = include_str!("../../completions/awsmfa.bash");

/// Runs the command. The script calls the program by its name, and so through the hook's function.
pub fn run(args: &CompletionsArgs) -> Result<()> {
    if args.shell == clap_complete::Shell::Bash {
        return stdout::write(BASH);
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
