//! The subcommands, one file each, and what those share that get a session.

pub mod completions;
mod console;
mod credential_process;
mod doctor;
mod env;
mod exec;
mod hook;
mod logout;
mod profiles;
mod serve;
mod status;
mod use_off;
mod write;

use crate::cli::{Cli, Command};
use crate::environment::{Environment, words};
use crate::error::Result;
use crate::hook::pinning;
use crate::output::trace;

/// Runs the subcommand.
pub fn run(cli: Cli, env: &Environment) -> Result<()> {
    if cli.verbose {
        trace::start();
    }
    trace::say(|| {
        let (version, system) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS);
        format!("{version} on {system}; set: {}", env.names().join(" "))
    });
    // What a shell evaluates must see a wrong setting as a failure, a start-up file must not stop for one, and the
    // doctor tells of it with all the rest.
    let leaves_it_to_the_command = matches!(
        cli.command,
        Command::Env(_)
            | Command::Use(_)
            | Command::Hook(_)
            | Command::Completions(_)
            | Command::Doctor(_)
    );
    if !leaves_it_to_the_command {
        words::check(env)?;
    }
    match cli.command {
        Command::Env(args) => env::run(&args, env),
        Command::Doctor(args) => doctor::run(&args, env),
        Command::Status(args) => status::run(&args, env),
        Command::Hook(args) => hook::run(args.shell),
        Command::Use(args) => use_off::use_profile(args, env),
        Command::Off => use_off::off(env),
        Command::Pin(args) => pinning::pin(&args, env),
        Command::Unpin(args) => pinning::unpin(&args, env),
        Command::Exec(args) => exec::run(&args, env),
        Command::Write(args) => write::run(&args, env),
        Command::CredentialProcess(args) => credential_process::run(&args, env),
        Command::Completions(args) => completions::run(&args),
        Command::Logout(args) => logout::run(&args, env),
        Command::Profiles(args) => profiles::run(&args, env),
        Command::Console(args) => console::run(&args, env),
        Command::Serve => serve::run(env),
    }
}
