//! The subcommands and their flags.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::evaluated_by::{AT_ANY_TIME, AT_START_UP};
use super::exec_line::WithProfile;
use super::{EnvArgs, KeysArgs, SessionArgs, SessionFlags, help};
use crate::shell::Shell;

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

    /// Find what is wrong here, and the command that mends it
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

#[derive(Args, Debug)]
pub struct HookArgs {
    /// bash, zsh, fish, powershell, cmd, elvish, tcsh, xonsh, nushell, or direnv for `use awsmfa` in .envrc
    #[arg(id = AT_START_UP, value_enum, value_name = "SHELL", hide_possible_values = true)]
    pub shell: Hook,
}

/// What there is a hook for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hook {
    /// bash 3.2 or later
    Bash,
    /// zsh
    Zsh,
    /// fish 3.6 or later
    Fish,
    /// Windows PowerShell 5.1 and PowerShell 7
    #[value(name = "powershell", alias = "pwsh")]
    PowerShell,
    /// A batch file for the Windows command prompt
    Cmd,
    /// elvish 0.18 or later
    Elvish,
    /// tcsh 6
    #[value(alias = "csh")]
    Tcsh,
    /// xonsh 0.11 or later
    Xonsh,
    /// nushell 0.114 or later
    #[value(alias = "nu")]
    Nushell,
    /// `use awsmfa` for .envrc
    Direnv,
}

impl Hook {
    /// The shell that evaluates the snippet; `None` where the one that asks does something else with it.
    pub fn shell(self) -> Option<Shell> {
        match self {
            Hook::Bash => Some(Shell::Bash),
            Hook::Zsh => Some(Shell::Zsh),
            Hook::Fish => Some(Shell::Fish),
            Hook::PowerShell => Some(Shell::PowerShell),
            Hook::Cmd => Some(Shell::Cmd),
            Hook::Elvish => Some(Shell::Elvish),
            Hook::Tcsh => Some(Shell::Tcsh),
            Hook::Xonsh => Some(Shell::Xonsh),
            Hook::Nushell => Some(Shell::Nushell),
            Hook::Direnv => None,
        }
    }
}

#[derive(Args, Debug)]
pub struct UseArgs {
    /// Leave AWS_PROFILE and AWS_DEFAULT_PROFILE as they are
    #[arg(long)]
    pub keep_profile: bool,

    #[command(flatten)]
    pub session: SessionArgs,

    /// The hook asks, and evaluates what is printed
    #[arg(id = AT_ANY_TIME, long = "shell", hide = true)]
    pub shell: Option<Shell>,
}

#[derive(Args, Debug)]
pub struct OffArgs {
    /// The hook asks, and evaluates what is printed
    #[arg(id = AT_ANY_TIME, long = "shell", hide = true)]
    pub shell: Option<Shell>,
}

#[derive(Args, Debug)]
pub struct PinArgs {
    /// The profile of the AWS files [default: the shell's]
    #[arg(value_name = "PROFILE")]
    pub profile: Option<String>,
}

#[derive(Args, Debug)]
pub struct UnpinArgs {
    /// The directory [default: this one]
    #[arg(value_name = "DIRECTORY", value_hint = clap::ValueHint::DirPath)]
    pub directory: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct ExecArgs {
    /// Leave AWS_PROFILE and AWS_DEFAULT_PROFILE as they are
    #[arg(long)]
    pub keep_profile: bool,

    /// Hand out sessions for as long as the command runs, in place of one in its environment
    #[arg(long, conflicts_with = "keep_profile")]
    pub server: bool,

    #[command(flatten)]
    pub flags: SessionFlags,

    /// The command, after an optional profile
    #[arg(
        value_name = "[PROFILE] -- COMMAND",
        trailing_var_arg = true,
        allow_hyphen_values = true,
        required = true
    )]
    pub words: Vec<OsString>,

    /// The line as it reads with the first word as the profile, where that may be meant.
    #[arg(skip)]
    pub with_profile: Option<WithProfile>,
}

#[derive(Args, Debug)]
pub struct WriteArgs {
    #[command(flatten)]
    pub session: SessionArgs,

    /// The profile to write the session into
    #[arg(
        long,
        alias = "mfa-profile-name",
        value_name = "NAME",
        default_value = "mfa"
    )]
    pub to: String,

    /// Say nothing after a success
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Args, Debug)]
pub struct CredentialProcessArgs {
    #[command(flatten)]
    pub session: SessionArgs,
}

#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// bash, zsh, fish, powershell or elvish
    #[arg(id = AT_START_UP, value_enum, value_name = "SHELL", hide_possible_values = true)]
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub struct StatusArgs {
    /// Print JSON, in the form that docs/json.md documents
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// Print JSON, in the form that docs/json.md documents
    #[arg(long)]
    pub json: bool,

    /// Ask AWS too: whether STS is in reach, how far the clock is off, how old the keys are
    #[arg(long)]
    pub online: bool,

    /// The shell to look at [default: the one that asks]
    #[arg(long, hide_possible_values = true)]
    pub shell: Option<Shell>,
}

#[derive(Args, Debug)]
pub struct LogoutArgs {
    /// The profile whose sessions to forget [default: AWS_PROFILE, else default]
    #[arg(value_name = "PROFILE", conflicts_with = "all")]
    pub profile: Option<String>,

    /// Forget every stored session
    #[arg(long)]
    pub all: bool,
}

#[derive(Args, Debug)]
pub struct ProfilesArgs {
    /// Print JSON
    #[arg(long, conflicts_with_all = ["write", "remove"])]
    pub json: bool,

    /// Write a profile NAME-mfa for each that has a session to give, for SDKs, editors and notebooks
    #[arg(long, conflicts_with = "remove")]
    pub write: bool,

    /// Take them out again
    #[arg(long)]
    pub remove: bool,
}

#[derive(Args, Debug)]
pub struct ConsoleArgs {
    /// The page to begin with: s3, ec2, lambda
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,

    /// Print the address, which signs in whoever has it, in place of opening it
    #[arg(long)]
    pub print: bool,

    #[command(flatten)]
    pub session: SessionArgs,
}

#[derive(Args, Debug)]
pub struct SetupArgs {
    /// The profile of the AWS files [default: AWS_PROFILE, else default]
    #[arg(value_name = "PROFILE")]
    pub profile: Option<String>,

    /// Make every change without asking
    #[arg(long, short)]
    pub yes: bool,

    /// Take out again what setup put into files
    #[arg(long, conflicts_with_all = ["profile", "yes"])]
    pub undo: bool,

    /// The shell whose start-up file gets the hook [default: the one that asks]
    #[arg(long, hide_possible_values = true)]
    pub shell: Option<Shell>,
}
