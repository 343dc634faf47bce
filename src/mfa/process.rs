//! `mfa_process`: a command of the user's that prints the code.

use zeroize::Zeroizing;

use super::TokenCode;
use crate::error::{Error, Result};
use crate::model::request::MfaProcess;
use crate::system::user_command::{self, Failure, Talk};

/// Runs the command with these variables added, and reads the code from its first line.
pub fn run(process: &MfaProcess, variables: &[(&str, &str)]) -> Result<TokenCode> {
    let failed = |reason: String| Error::MfaProcess {
        given_as: process.given_as.clone(),
        reason,
    };
    let line = user_command::run(&process.command, variables, Talk::Shown, |output| {
        let mut line = Zeroizing::new(Vec::new());
        output.read_until(b'\n', &mut line).ok()?;
        Some(line)
    });
    match line {
        Ok(line) => match std::str::from_utf8(&line) {
            Ok(line) => TokenCode::parse(line).map_err(|malformed| failed(malformed.to_string())),
            // Windows programs often print UTF-16.
            Err(_) => Err(failed("what it printed is not UTF-8 text".to_owned())),
        },
        Err(Failure::Interrupted) => Err(Error::Interrupted),
        Err(Failure::Because(reason)) => Err(failed(reason)),
    }
}
