//! What `awsmfa doctor` looks at: each check is a function that looks and gives back what it found, with the command
//! that fixes it. No check changes anything or asks anybody, and but for [`online`] none opens a connection.

mod aws_files;
mod keys;
mod leftovers;
mod network;
pub mod online;
mod program;
mod sessions;
mod shell;

use std::fmt;

use serde::Serialize;

use crate::aws_files::AwsFiles;
use crate::environment::Environment;
use crate::error::Result;
use crate::model::session::Timestamp;
use crate::shell::Shell;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// As it should be.
    Good,
    /// It works, and could be better or safer.
    Warn,
    /// Something here does not work.
    Wrong,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Grade::Good => "good",
            Grade::Warn => "warn",
            Grade::Wrong => "wrong",
        })
    }
}

/// One thing that was found. No text of it holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub grade: Grade,
    /// What was looked at: one lower-case word or two.
    pub check: &'static str,
    /// What was seen, in one sentence without a full stop.
    pub found: String,
    /// The command to run or the line to change; `None` where there is nothing to do.
    pub mend: Option<String>,
}

impl Finding {
    fn good(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            grade: Grade::Good,
            check,
            found: found.into(),
            mend: None,
        }
    }

    fn warn(check: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            grade: Grade::Warn,
            check,
            found: found.into(),
            mend: Some(mend.into()),
        }
    }

    fn wrong(check: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            grade: Grade::Wrong,
            ..Self::warn(check, found, mend)
        }
    }
}

/// Where the checks look.
pub struct Place<'a> {
    /// The environment, with its surroundings.
    pub env: &'a Environment,
    /// The AWS files, or why they cannot be read.
    pub files: &'a Result<AwsFiles>,
    /// The shell that asked.
    pub shell: Shell,
    /// The text that `awsmfa hook direnv` prints.
    pub direnv_hook: String,
    /// The clock of this machine.
    pub now: Timestamp,
}

impl Place<'_> {
    /// What gets a session for this shell.
    fn switch(&self) -> String {
        self.by_hook("use", "env")
    }

    /// What takes every session out of this shell.
    fn off(&self) -> String {
        self.by_hook("off", "env --unset")
    }

    /// Without the hook its commands are not there.
    fn by_hook(&self, command: &str, env_command: &str) -> String {
        match shell::has_hook(self) {
            true => format!("run awsmfa {command}"),
            false => format!("run {}", self.shell.idiom(env_command)),
        }
    }
}

/// Every check that needs no network, in the order in which somebody would look.
pub fn examine(place: &Place) -> Vec<Finding> {
    let checks: [fn(&Place) -> Vec<Finding>; 7] = [
        program::check,
        shell::check,
        aws_files::check,
        keys::check,
        sessions::check,
        leftovers::check,
        network::check,
    ];
    checks.iter().flat_map(|check| check(place)).collect()
}
