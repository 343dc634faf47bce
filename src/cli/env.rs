//! The flags of `awsmfa env`.

use clap::{Args, ValueEnum};

use super::SessionArgs;
use super::evaluated_by::AT_ANY_TIME;
use crate::shell::Shell;

#[derive(Args, Debug, Default)]
pub struct EnvArgs {
    /// bash, zsh, sh, fish, powershell, cmd, elvish, tcsh, xonsh, nushell [default: the one that asks]
    #[arg(id = AT_ANY_TIME, long = "shell", value_enum, value_name = "SHELL", hide_possible_values = true)]
    pub shell: Option<Shell>,

    /// What to print: shell (code), json (as aws sts does), dotenv (for docker), github-actions
    #[arg(long, value_enum, default_value_t = Format::Shell, hide_possible_values = true)]
    pub format: Format,

    /// Print code that takes the session out of the shell, and get no session
    #[arg(long, conflicts_with = "format")]
    pub unset: bool,

    /// Leave AWS_PROFILE and AWS_DEFAULT_PROFILE as they are
    #[arg(long)]
    pub keep_profile: bool,

    /// Print the secrets even though standard output is a terminal
    #[arg(long)]
    pub reveal: bool,

    #[command(flatten)]
    pub session: SessionArgs,

    /// Print where the session of this request is stored, and do nothing else (for direnv)
    #[arg(long, hide = true)]
    pub where_stored: bool,
}

/// What `env` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Code for a shell
    #[default]
    Shell,
    /// The JSON that `aws sts get-session-token` prints
    Json,
    /// NAME=value lines, for docker run --env-file
    Dotenv,
    /// For the later steps of a GitHub Actions job
    GithubActions,
}
