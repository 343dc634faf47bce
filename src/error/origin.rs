//! Where a value comes from: what the user would change if it is wrong. Errors name it, and some hints and decisions
//! depend on it.

use std::fmt;

use super::Location;

/// What names a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag, as it is typed.
    Flag(&'static str),
    /// The argument of the command.
    Argument,
    /// A variable of the environment.
    Variable(&'static str),
    /// A line of a file.
    Line(Location),
    /// A key of a profile whose line nobody knows.
    Key(&'static str),
    /// The pin of the directory.
    Pin,
    /// The partition of this ARN.
    PartitionOf(String),
    /// IAM, which is one for a whole partition.
    Iam(String),
    /// Somebody typed it when asked.
    Typed,
    /// IAM listed it.
    Found,
    /// An earlier answer, remembered.
    Remembered,
    /// The stored session that is renewed.
    StoredSession,
    /// Nothing: the AWS tools' own default.
    Default,
}

impl Origin {
    /// The line, where it is known, else the key.
    pub fn line(location: Option<Location>, key: &'static str) -> Self {
        location.map_or(Self::Key(key), Self::Line)
    }

    /// Whether the request or the shell that it came from named it, and no file did.
    pub fn is_of_request(&self) -> bool {
        matches!(self, Self::Flag(_) | Self::Variable(_))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag(name) | Self::Variable(name) | Self::Key(name) => name,
            Self::Line(location) => return location.fmt(f),
            Self::PartitionOf(arn) => return write!(f, "the partition of {arn}"),
            Self::Iam(partition) => return write!(f, "IAM of partition {partition}"),
            Self::Argument => "the argument",
            Self::Pin => "the pin of this directory",
            Self::Typed => "typed",
            Self::Found => "found by iam:ListMFADevices",
            Self::Remembered => "remembered",
            Self::StoredSession => "the stored session",
            Self::Default => "the default",
        })
    }
}
