//! The subcommands, one file each.

mod completions;
mod console;
mod credential_process;
mod doctor;
mod env;
mod exec;
mod hook;
mod keys;
mod logout;
mod off;
mod profiles;
mod serve;
mod setup;
mod status;
mod use_profile;
mod write;

use crate::cli::{Command, EvaluatedBy, Parsed};
use crate::environment::{Environment, words};
use crate::error::Result;
use crate::hook::pinning;
use crate::output::{self, Evaluated, stdout, trace};
use crate::shell::{Shell, detect};

/// Runs the subcommand.
pub fn run(parsed: Parsed, env: &Environment) -> Result<()> {
    let shell = evaluated_by(parsed.evaluated_by, env);
    if parsed.verbose {
        trace::start();
    }
    trace::say(|| {
        let (version, system) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS);
        format!("{version} on {system}; set: {}", env.names().join(" "))
    });
    // A start-up file must not stop for a wrong setting, the doctor tells of it with all the rest, and the hook goes on.
    let goes_on = matches!(
        parsed.command,
        Command::Hook(_) | Command::Completions(_) | Command::Doctor(_) | Command::Hooked(_)
    );
    if !goes_on {
        words::check(env)?;
    }
    match parsed.command {
        Command::Env(args) => env::run(&args, shell, env),
        Command::Setup(args) => setup::run(&args, env),
        Command::Doctor(args) => doctor::run(&args, env),
        Command::Status(args) => status::run(&args, env),
        Command::Hook(args) => hook::run(args.shell),
        Command::Pin(args) => pinning::pin(&args, env),
        Command::Unpin(args) => pinning::unpin(&args, env),
        Command::Use(args) => use_profile::run(args, shell, env),
        Command::Off(_) => off::run(env),
        Command::Exec(args) => exec::run(args, env),
        Command::Keys(args) => keys::run(&args, env),
        Command::Write(args) => write::run(&args, env),
        Command::CredentialProcess(args) => credential_process::run(&args, env),
        Command::Completions(args) => completions::run(&args),
        Command::Logout(args) => logout::run(&args, env),
        Command::Profiles(args) => profiles::run(&args, env),
        Command::Console(args) => console::run(&args, env),
        Command::Serve => serve::run(env),
        Command::Hooked(words) => crate::hook::answer(&words, env),
        Command::Show(text) => stdout::write(&text),
    }
}

/// From here on a failure prints code that fails, in the language of the shell that evaluates it, which is found
/// where the line does not name it.
pub fn evaluated_by(by: Option<EvaluatedBy>, env: &Environment) -> Option<Shell> {
    let by = by?;
    let shell = by.shell.unwrap_or_else(|| detect::asking(env));
    output::evaluated_by(Evaluated {
        shell,
        env: env.clone(),
        entry: None,
        keep_profile: by.keep_profile || words::KEEP_PROFILE.checked(env),
        status_only: by.at_start_up,
        of_hook: None,
    });
    Some(shell)
}
