//! The exit code of each error, as the documentation has them.

use std::io;

use super::Error;

impl Error {
    /// The documented exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::InFile { error, .. } => error.exit_code(),
            Error::Keys(error) => error.exit_code(),
            Error::Usage { .. } => 2,
            Error::Refused(_)
            | Error::RoleWithoutMfa { .. }
            | Error::RoleLacksOfDefault { .. }
            | Error::LoginRefused { .. }
            | Error::SigninRefused { .. } => 3,
            Error::NoAnswer { .. }
            | Error::TooSlow { .. }
            | Error::NotSts { .. }
            | Error::NotSignin { .. } => 4,
            Error::NobodyToAsk { .. }
            | Error::ProfileToPick { .. }
            | Error::SetupWithoutTerminal { .. }
            | Error::SessionEnded { .. }
            | Error::LoginEnded { .. }
            | Error::SerialUnknown { .. }
            | Error::Busy(_)
            | Error::BeingWritten { .. } => 5,
            // As shells number them: 126 for what cannot be executed, 127 for what is not there.
            Error::Command { error, .. } if error.kind() == io::ErrorKind::NotFound => 127,
            Error::Command { .. } => 126,
            Error::Interrupted => 130,
            _ => 1,
        }
    }
}
