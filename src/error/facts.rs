//! The facts that errors are made of. They are below the code that finds them, so that imports go down only.

use std::fmt;
use std::path::PathBuf;

/// A line of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The file, as the user would open it.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

/// What kept an answer away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The server's certificate is of an authority that is not trusted here.
    Certificate,
    /// It is no longer or not yet valid by this machine's clock.
    CertificateDate,
    /// It is for another name: somebody else answers.
    CertificateName,
    /// The proxy refused, or is none.
    Proxy,
    /// The name has no address.
    Dns,
    /// The server says that it cannot answer at the moment.
    Overloaded,
    /// Anything else on the way.
    Network,
}

/// Why nobody can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTerminal {
    /// There is none.
    None,
    /// `--no-input`.
    NoInput,
    /// Neither stdin nor stderr is the terminal.
    Redirected,
    /// Another process group has it.
    Background,
    /// mintty's pipe is only one of stdin and stderr.
    Mintty,
}

/// A section that every SDK ignores, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The header as written.
    pub written: String,
    /// Where it stands.
    pub location: Location,
    /// Why no SDK reads it.
    pub reason: &'static str,
}

/// Why a text is no code. The text itself is never kept: a mistyped code may be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Digits, but this many.
    Length(usize),
    /// Digits of another script, as an input method types them.
    OtherDigits,
    /// The 44 letters that a YubiKey types when touched.
    YubiKey,
    /// Something else.
    NotDigits,
}

/// Another process has not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// What its lock file says: process, stage, profile.
    pub holder: String,
}

impl fmt::Display for NoTerminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoTerminal::None => "there is no terminal",
            NoTerminal::NoInput => "--no-input forbids it",
            NoTerminal::Redirected => "neither standard input nor standard error is a terminal",
            NoTerminal::Background => "this is a background job, another one has the terminal",
            NoTerminal::Mintty => {
                "under mintty both standard input and standard error must be the terminal"
            }
        })
    }
}

impl NoTerminal {
    /// What to do where only somebody at a terminal can answer.
    pub fn hint(self) -> &'static str {
        match self {
            NoTerminal::None | NoTerminal::Redirected => "run it again on a terminal",
            NoTerminal::NoInput => "run it again on a terminal, without --no-input",
            NoTerminal::Background => "bring the job to the foreground with fg",
            NoTerminal::Mintty => "run it again behind winpty",
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::Length(0) => f.write_str("the MFA code is empty"),
            Malformed::Length(1) => f.write_str("an MFA code has six digits, this has 1"),
            Malformed::Length(n) => write!(f, "an MFA code has six digits, this has {n}"),
            Malformed::OtherDigits => f.write_str("the MFA code is in digits other than 0-9"),
            Malformed::YubiKey => {
                f.write_str("that is what a YubiKey types when touched, not a six-digit MFA code")
            }
            Malformed::NotDigits => f.write_str("an MFA code is six digits and nothing else"),
        }
    }
}
