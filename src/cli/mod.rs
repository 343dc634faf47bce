//! The command line, read here and nowhere else: [`parse`] says what to do, or what is wrong and which shell has
//! to see it. `--help`, the man page ([`man`]) and the completions are made of the same definitions.

mod arguments;
mod commands;
pub mod completion;
mod env;
mod errors;
mod evaluated_by;
mod exec_line;
mod fast_path;
mod help;
mod hook;
mod keys;
mod legacy;
#[cfg(test)]
mod man;
#[cfg(test)]
mod pages;
mod request;
mod session;

use std::ffi::OsString;

use clap::Parser;

pub use arguments::{
    CompletionsArgs, ConsoleArgs, CredentialProcessArgs, DoctorArgs, ExecArgs, LogoutArgs, OffArgs,
    PinArgs, ProfilesArgs, SetupArgs, StatusArgs, UnpinArgs, UseArgs, WriteArgs,
};
pub use commands::{Command, SERVE};
pub use env::{EnvArgs, Format};
pub use evaluated_by::EvaluatedBy;
pub use exec_line::WithProfile;
pub use hook::{Hook, HookArgs};
pub use keys::{KeysArgs, KeysCallArgs, KeysCommand, KeysListArgs, KeysQuietArgs, KeysRotateArgs};
pub use session::{SessionArgs, SessionFlags};

use crate::error::{Error, Result};
use crate::text::suggest::nearest;

/// Short-lived, MFA-checked AWS credentials in the shell you are already in
#[derive(Debug, Parser)]
#[command(
    name = "awsmfa",
    version,
    arg_required_else_help = true,
    max_term_width = 100,
    help_template = help::OVERVIEW,
    after_help = help::START
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// Say on standard error what is read, decided and asked, without any secret (also AWSMFA_LOG=1)
    #[arg(long, global = true)]
    pub verbose: bool,
}

/// The subcommand of the snippets. clap does not know it: nobody types it, and it must cost nothing.
const HOOKED: &str = "hooked";

/// A line that means something.
#[derive(Debug)]
pub struct Parsed {
    /// What to do.
    pub command: Command,
    /// The shell that evaluates what is printed.
    pub evaluated_by: Option<EvaluatedBy>,
    /// `--verbose`.
    pub verbose: bool,
}

/// A line that means nothing.
#[derive(Debug)]
pub struct Mistake {
    /// What is wrong with it.
    pub error: Error,
    /// The shell that has to see it.
    pub evaluated_by: Option<EvaluatedBy>,
}

/// The one reader of the command line, whose first word is the program. Acts on nothing.
pub fn parse(line: &[OsString]) -> std::result::Result<Parsed, Box<Mistake>> {
    if let [_, command, words @ ..] = line
        && command == HOOKED
    {
        return Ok(Parsed::of(Command::Hooked(words.to_vec()), false));
    }
    if let Some(command) = fast_path::parse(line) {
        return Ok(Parsed::of(command, false));
    }
    let parsed = legacy::in_full(line).and_then(|line| by_clap(&line));
    parsed.map_err(|error| {
        Box::new(Mistake {
            error,
            evaluated_by: evaluated_by::of_words(line),
        })
    })
}

/// Any line with a subcommand.
fn by_clap(line: &[OsString]) -> Result<Parsed> {
    let parsed = match Cli::try_parse_from(line) {
        Ok(cli) => Parsed::of(cli.command, cli.verbose),
        Err(refused) => Parsed::of(errors::explain(&refused, line)?, false),
    };
    exec_line::read(line, parsed)
}

impl Parsed {
    fn of(command: Command, verbose: bool) -> Self {
        Self {
            evaluated_by: command.evaluated_by(),
            command,
            verbose,
        }
    }
}

impl Cli {
    /// The subcommand that a word was probably meant to be.
    pub fn subcommand_near(word: &str) -> Option<String> {
        let cli = <Self as clap::CommandFactory>::command();
        let names = cli.get_subcommands().map(clap::Command::get_name);
        nearest(word, names).first().map(|name| (*name).to_owned())
    }

    /// The flag of a subcommand that a word was probably meant to be, without its hyphens.
    pub fn flag_near(subcommand: &str, word: &str) -> Option<String> {
        let cli = <Self as clap::CommandFactory>::command();
        let flags = cli.find_subcommand(subcommand)?.get_arguments();
        let names = flags.filter_map(clap::Arg::get_long);
        let similar = nearest(word.trim_start_matches('-'), names);
        similar.first().map(|name| (*name).to_owned())
    }
}
