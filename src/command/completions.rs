//! Completion: `awsmfa completions SHELL` prints a script that calls the program back at each TAB, so
//! that the profiles of the AWS files are offered as they are at that moment.

use std::ffi::OsString;

use clap::{Command, CommandFactory};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use crate::cli::{Cli, CompletionsArgs};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::profile::files::AwsFiles;
use crate::stdout;

/// The variable by which the script calls back; clap's own `COMPLETE` could be anybody's.
const VARIABLE: &str = "AWSMFA_COMPLETE";

/// Runs the command. The script calls the program by its name, and so through the hook's function.
pub fn run(args: &CompletionsArgs) -> Result<()> {
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

/// Answers the script, if it is the script that calls; whether it was.
pub fn answer(args: &[OsString]) -> bool {
    let asked = std::env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty());
    if !asked || args.is_empty() {
        return false;
    }
    let current_dir = std::env::current_dir().ok();
    // Whatever is wrong with a half-typed line, a TAB prints no error into it.
    let answered = CompleteEnv::with_factory(with_profiles)
        .var(VARIABLE)
        .try_complete(args.iter().cloned(), current_dir.as_deref());
    answered.unwrap_or(true)
}

/// The command line, with the names of the profiles wherever one is wanted.
fn with_profiles() -> Command {
    let mut command = Cli::command();
    command.build(); // a subcommand's arguments are not there before
    let subcommands: Vec<String> = command
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect();
    subcommands.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |subcommand| {
            let is_profile =
                |id: &str| matches!(id, "profile" | "profile_argument" | "to" | "words");
            subcommand.mut_args(|arg| match is_profile(arg.get_id().as_str()) {
                true => arg.add(ArgValueCandidates::new(profiles)),
                false => arg,
            })
        })
    })
}

/// The profiles of the AWS files, in their order; none where the files cannot be read.
fn profiles() -> Vec<CompletionCandidate> {
    let env = Environment::of_this_process();
    match AwsFiles::read(&env) {
        Ok(files) => files
            .names()
            .into_iter()
            .map(CompletionCandidate::new)
            .collect(),
        Err(_) => Vec::new(),
    }
}
