//! `mfa_process`: a command of the user's that prints the code.

use zeroize::Zeroizing;

use super::TokenCode;
use crate::error::{Error, Result};
use crate::model::request::MfaProcess;
use crate::system::user_command::{self, Failure, Talk};

/// Runs the command and reads the code from its first line.
pub fn run(process: &MfaProcess) -> Result<TokenCode> {
    let failed = |reason: String| Error::MfaProcess {
        given_as: process.given_as.clone(),
        reason,
    };
    let line = user_command::run(&process.command, &[], Talk::Shown, |output| {
        let mut line = Zeroizing::new(String::new());
        // What is no text is no code, and said so below.
        let _ = output.read_line(&mut line);
        Some(line)
    });
    match line {
        Ok(line) => TokenCode::parse(&line).map_err(|malformed| failed(malformed.to_string())),
        Err(Failure::Interrupted) => Err(Error::Interrupted),
        Err(Failure::Because(reason)) => Err(failed(reason)),
    }
}
