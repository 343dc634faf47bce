//! awsmfa: short-lived, MFA-checked AWS credentials in the shell you are already in.
//!
//! `main` parses, runs, prints the one error and chooses the exit code; [`command`] is the program.

mod cli;
mod command;
mod drop_in;
mod ending;
mod environment;
mod error;
mod foreign;
mod inherited;
mod json;
mod lock;
mod mfa;
mod near;
mod patch;
mod plan;
mod private;
mod process;
mod profile;
mod replace;
mod request;
mod session;
mod shell;
mod stderr;
mod stdout;
mod store;
mod sts;
mod usage;

use std::process::ExitCode;

use clap::Parser;

use environment::Environment;

fn main() -> ExitCode {
    ending::on_panic();
    let env = Environment::of_this_process();
    let args: Vec<_> = std::env::args_os().collect();
    if command::completions::answer(&args) {
        return ExitCode::SUCCESS;
    }
    usage::expect_evaluation(&args, &env);
    let result = drop_in::in_full(&args).and_then(|args| match cli::Cli::try_parse_from(&args) {
        Ok(cli) => command::run(cli, &env),
        Err(refused) => usage::explain(&refused),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            stderr::error(&error);
            stdout::fail(error.exit_code(), &foreign::printable(&error.to_string()));
            ExitCode::from(error.exit_code())
        }
    }
}
