//! awsmfa: short-lived, MFA-checked AWS credentials in the shell you are already in.
//!
//! The modules from the top of the house to its ground; each imports from those below it only.

mod command;

mod doctor;
mod hook;

mod session;

mod cli;
#[allow(dead_code, reason = "the commands that call IAM come next")]
mod iam;
mod server;
mod store;
mod sts;

mod profile;

mod aws_files;

mod mfa;
mod output;

mod shell;

mod environment;

mod error;

mod model;

#[cfg(test)]
mod fuzz;
mod system;
mod text;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use cli::{errors, legacy};
use environment::Environment;
use error::Result;
use output::{exit, stderr, stdout, trace, typed_codes};

/// The whole program: parses, runs, prints the one error and chooses the exit code.
pub fn main() -> ExitCode {
    exit::on_panic();
    let env = Environment::of_this_process();
    let args: Vec<_> = std::env::args_os().collect();
    if command::completions::answer(&args) {
        return ExitCode::SUCCESS;
    }
    typed_codes::remember(&args);
    if trace::is_wanted(&env) {
        trace::start();
    }
    let result = match (hook::asked(&args), cli::Cli::plain(&args)) {
        (Some(words), _) => hook::answer(words, &env),
        (None, Some(cli)) => command::run(cli, &env),
        (None, None) => parse_and_run(&args, &env),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            stderr::error(&error);
            stdout::fail(error.exit_code(), &stderr::shown(&error.to_string()));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Any line, a wrong one too: whatever is wrong with it, the shell that evaluates must see it.
fn parse_and_run(args: &[OsString], env: &Environment) -> Result<()> {
    errors::expect_evaluation(args, env);
    match cli::Cli::try_parse_from(legacy::in_full(args)?) {
        Ok(cli) => command::run(cli, env),
        Err(refused) => errors::explain(&refused),
    }
}
