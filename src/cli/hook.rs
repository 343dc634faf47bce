//! The argument of `awsmfa hook`: what there is a hook for.

use clap::{Args, ValueEnum};

use super::evaluated_by::AT_START_UP;
use crate::shell::Shell;

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
