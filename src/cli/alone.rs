//! The commands that run again and again, parsed by their own grammar alone. Pure.
//!
//! To build the whole tree of subcommands, ask it and take it apart was a third of the instructions
//! of a run with a stored session (callgrind) and 40 pages of memory, each of which costs a page fault.

use std::ffi::OsString;
use std::mem::ManuallyDrop;

use clap::{Args, Parser};

use super::{Cli, Command};

impl Cli {
    /// Parses the words. What a grammar alone does not take, help too, is for the whole, which knows
    /// the words for it.
    pub fn of_words(words: &[OsString]) -> Result<Self, clap::Error> {
        // A flag of the whole, which `exec` alone would take for the command to run.
        let is_of_whole = words.iter().any(|word| word == "--verbose");
        let subcommand = words.get(1).filter(|_| !is_of_whole);
        let command = match subcommand.and_then(|word| word.to_str()) {
            Some("env") => alone(words).map(Command::Env),
            Some("exec") => alone(words).map(Command::Exec),
            Some("credential-process") => alone(words).map(Command::CredentialProcess),
            Some("hook") => alone(words).map(Command::Hook),
            _ => None,
        };
        match command {
            Some(command) => Ok(Self {
                command,
                verbose: false,
            }),
            None => Self::try_parse_from(words),
        }
    }
}

fn alone<A: Args>(words: &[OsString]) -> Option<A> {
    // Left to the end of the process: taking it apart costs a quarter of what parsing does.
    let mut grammar = ManuallyDrop::new(A::augment_args(clap::Command::new("awsmfa")));
    let mut matches = grammar.try_get_matches_from_mut(words.get(1..)?).ok()?;
    A::from_arg_matches_mut(&mut matches).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grammar_alone_reads_what_the_whole_one_reads() {
        for line in [
            "env",
            "env dev --shell fish -d 1h --keep-profile --no-input",
            "env -p=dev --format json --duration-seconds 900 -t -",
            "env --region -x --renew --at-prompt --min-ttl 10m",
            "env --token-code --verbose",
            "env --verbose dev",
            "env -- -strange",
            "env one two",
            "env one --profile two",
            "env --shell tcsh",
            "env --shel",
            "env --help",
            "env -V",
            "exec dev -- aws --version",
            "exec --no-input -- env --verbose",
            "exec --verbose --no-input -- true",
            "exec -t 123456 --verbose dev -- true",
            "exec aws s3 ls --verbose",
            "exec --",
            "exec",
            "credential-process --profile dev --role-arn arn",
            "credential-process --format json",
            "hook bash",
            "hook powershell --verbose",
            "hook tcsh",
        ] {
            let words = ["awsmfa"].into_iter().chain(line.split(' '));
            let words: Vec<OsString> = words.map(OsString::from).collect();
            let said = |parsed: Result<Cli, clap::Error>| match parsed {
                Ok(cli) => format!("{cli:?}"),
                Err(refused) => refused.to_string(),
            };
            let whole = said(Cli::try_parse_from(&words));
            assert_eq!(said(Cli::of_words(&words)), whole, "{line}");
        }
    }
}
