//! The subcommands, in the order of the help.

use std::ffi::OsString;

use clap::Subcommand;

use super::{
    CompletionsArgs, ConsoleArgs, CredentialProcessArgs, DoctorArgs, EnvArgs, ExecArgs, HookArgs,
    KeysArgs, LogoutArgs, OffArgs, PinArgs, ProfilesArgs, SetupArgs, StatusArgs, UnpinArgs,
    UseArgs, WriteArgs, help,
};

/// The subcommand by which `exec --server` starts its server.
pub const SERVE: &str = "serve-credentials";

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "one is made in a run")]
pub enum Command {
    /// Get a session and print the code that puts it into the shell
    #[command(after_help = help::IDIOMS)]
    Env(EnvArgs),

    /// Print the hook for a shell's start-up file
    #[command(after_help = help::HOOKS)]
    Hook(HookArgs),

    /// Switch this shell to a profile (needs the hook)
    #[command(after_help = help::USE)]
    Use(UseArgs),

    /// Take the session out of this shell (needs the hook)
    Off(OffArgs),

    /// Pin this directory to a profile: the hook switches to it there, and back
    #[command(after_help = help::PIN)]
    Pin(PinArgs),

    /// Take a directory's pin away
    Unpin(UnpinArgs),

    /// Run one command with a session, which this shell does not get
    #[command(
        after_help = help::EXEC,
        override_usage = "awsmfa exec [OPTIONS] [PROFILE] -- COMMAND [ARGUMENT]..."
    )]
    Exec(ExecArgs),

    /// Show what this shell and the store hold, and for how long
    Status(StatusArgs),

    /// Find your keys and your MFA device, write down what is missing, install the hook
    #[command(after_help = help::SETUP)]
    Setup(SetupArgs),

    /// Find what is wrong here, and the command that fixes it
    #[command(after_help = help::DOCTOR)]
    Doctor(DoctorArgs),

    /// List the profiles, where their keys come from and what is wrong with them
    #[command(after_help = help::PROFILES)]
    Profiles(ProfilesArgs),

    /// Open the AWS console, signed in as a role
    #[command(after_help = help::CONSOLE)]
    Console(ConsoleArgs),

    /// Forget stored sessions
    Logout(LogoutArgs),

    /// Keep long-term keys in the operating system's key store
    #[command(arg_required_else_help = true)]
    Keys(KeysArgs),

    /// Write a session into a profile of the AWS files
    #[command(after_help = help::WRITE)]
    Write(WriteArgs),

    /// Print a session as the credential_process of an AWS profile does
    #[command(after_help = help::CREDENTIAL_PROCESS)]
    CredentialProcess(CredentialProcessArgs),

    /// Print a completion script
    #[command(after_help = help::COMPLETIONS)]
    Completions(CompletionsArgs),

    /// Answer a command's SDKs (for exec --server)
    #[command(name = SERVE, hide = true)]
    Serve,

    /// Answer a shell's hook: the words behind `hooked`.
    #[command(skip)]
    Hooked(Vec<OsString>),

    /// Print this text: `--help` and `--version`.
    #[command(skip)]
    Show(String),
}
