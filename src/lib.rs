//! awsmfa: short-lived, MFA-checked AWS credentials in the shell you are already in.
//!
//! The modules from the top of the house to its ground; each imports from those below it only.

mod command;

mod doctor;
mod hook;
mod setup;

mod session;

mod cli;
mod iam;
mod keys;
mod picker;
mod server;
mod store;
mod sts;

mod profile;

mod aws_files;

mod state;

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

use std::process::ExitCode;

use environment::Environment;
use output::{exit, stderr, stdout, trace, typed_codes};

/// The whole program: parses, runs, prints the one error and chooses the exit code.
pub fn main() -> ExitCode {
    exit::on_panic();
    let env = Environment::of_this_process();
    let line: Vec<_> = std::env::args_os().collect();
    if cli::completion::answer(&line) {
        return ExitCode::SUCCESS;
    }
    typed_codes::remember(&line);
    if trace::is_wanted(&env) {
        trace::start();
    }
    let result = match cli::parse(&line) {
        Ok(parsed) => command::run(parsed, &env),
        Err(mistake) => {
            command::evaluated_by(mistake.evaluated_by, &env);
            Err(mistake.error)
        }
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
