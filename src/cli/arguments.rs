//! The flags of the subcommands that have few. Those of `env`, `hook` and `keys` are in files of their own, and those
//! of every session in [`super::session`].

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::evaluated_by::{AT_ANY_TIME, AT_START_UP};
use super::exec_line::WithProfile;
use super::{SessionArgs, SessionFlags};
use crate::shell::Shell;

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

    /// Print the address in place of opening it; it signs in anybody who has it
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
