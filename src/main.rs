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
#[cfg(test)]
mod fuzz;
mod inherited;
mod json;
mod limited;
mod lock;
mod mfa;
mod near;
mod patch;
mod plan;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod pow;
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
mod trace;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use environment::Environment;
use error::Result;

/// musl's own gives every few kilobytes back to the system, and takes them again.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    ending::on_panic();
    let env = Environment::of_this_process();
    let args: Vec<_> = std::env::args_os().collect();
    if command::completions::answer(&args) {
        return ExitCode::SUCCESS;
    }
    if trace::is_wanted(&env) {
        trace::start();
    }
    let result = match cli::Cli::plain(&args) {
        Some(cli) => command::run(cli, &env),
        None => parse_and_run(&args, &env),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            stderr::error(&error);
            stdout::fail(error.exit_code(), &foreign::printable(&error.to_string()));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Any line, a wrong one too: whatever is wrong with it, the shell that evaluates must see it.
fn parse_and_run(args: &[OsString], env: &Environment) -> Result<()> {
    usage::expect_evaluation(args, env);
    match cli::Cli::try_parse_from(drop_in::in_full(args)?) {
        Ok(cli) => command::run(cli, env),
        Err(refused) => usage::explain(&refused),
    }
}
