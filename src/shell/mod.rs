//! The shells that can be spoken to. A change of the environment is data ([`EnvPatch`]); a shell is
//! a way to say it. Pure.

mod ancestors;
pub mod cmd;
pub mod detect;
pub mod elvish;
pub mod fish;
mod idioms;
pub mod nushell;
pub mod posix;
pub mod powershell;
#[cfg(unix)]
#[cfg(test)]
mod round_trip;
pub mod startup;
pub mod tcsh;
pub mod told;
pub mod xonsh;

use clap::ValueEnum;
use zeroize::Zeroizing;

use crate::environment::patch::EnvPatch;
use crate::error::Result;

/// A family of shells with one syntax. Adding a variant makes the compiler list what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(clippy::enum_variant_names, reason = "PowerShell is its name")]
pub enum Shell {
    /// GNU bash, also as Git Bash and MSYS.
    Bash,
    /// zsh.
    Zsh,
    /// sh as POSIX has it: dash, busybox, ksh93, mksh.
    #[value(aliases = ["dash", "ash", "ksh", "ksh93", "mksh", "posix"])]
    Sh,
    /// fish 3.4 or later.
    Fish,
    /// Windows PowerShell 5.1 and PowerShell 7.
    #[value(name = "powershell", alias = "pwsh")]
    PowerShell,
    /// The Windows command prompt.
    Cmd,
    /// elvish 0.18 or later.
    Elvish,
    /// tcsh 6.
    #[value(alias = "csh")]
    Tcsh,
    /// xonsh 0.11 or later.
    Xonsh,
    /// nushell 0.114 or later.
    #[value(alias = "nu")]
    Nushell,
}

/// How the code ends, and so what status the shell sees: `eval "$(failing)"` returns 0 by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End<'a> {
    /// Status 0, unless the change cannot be made (a read-only variable).
    Success,
    /// Status 0 whatever happens: inside `.envrc` a failure makes direnv bring the outer keys back.
    Regardless,
    /// A status that is not 0, or the shell's exception.
    Failure {
        /// Our exit code, where the shell can carry it.
        code: u8,
        /// What went wrong, where the shell can carry it.
        message: &'a str,
    },
}

impl Shell {
    /// Says the change in this shell's language. The text works under every idiom that evaluates it:
    /// no comments, no blank lines, nothing that joining lines by a space would break.
    pub fn render(self, patch: &EnvPatch, end: End) -> Result<Zeroizing<String>> {
        match self {
            Shell::Bash | Shell::Zsh => Ok(posix::render("builtin", patch, end)),
            Shell::Sh => Ok(posix::render("command", patch, end)),
            Shell::Fish => Ok(fish::render(patch, end)),
            Shell::PowerShell => Ok(powershell::render(patch, end)),
            Shell::Cmd => cmd::render(patch, end),
            Shell::Elvish => Ok(elvish::render(patch, end)),
            Shell::Tcsh => tcsh::render(patch, end),
            Shell::Xonsh => Ok(xonsh::render(patch, end)),
            Shell::Nushell => Ok(nushell::render(patch, end)),
        }
    }

    /// As `--shell` takes it.
    pub fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// Room for the text of a change: growing would leave copies of secrets behind in freed memory.
fn buffer(patch: &EnvPatch) -> Zeroizing<String> {
    let names: usize = patch.unset.iter().map(|name| name.len()).sum();
    let values: usize = patch
        .set
        .iter()
        .map(|(name, value)| name.len() + value.expose().len())
        .sum();
    // 64 bytes of syntax around a name, and each of its occurrences in fish's three scopes.
    Zeroizing::new(String::with_capacity(
        64 * (1 + patch.unset.len() + patch.set.len()) + 4 * names + 2 * values,
    ))
}
