//! `awsmfa completions SHELL`: the script that completes our command line.

use clap::CommandFactory;

use crate::cli::{Cli, CompletionsArgs};
use crate::error::{Error, Result};
use crate::stdout;

/// Runs the command.
pub fn run(args: &CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "awsmfa", &mut script);
    let script = String::from_utf8(script).map_err(|_| Error::Internal("the script is no text"))?;
    stdout::write(&script)
}
