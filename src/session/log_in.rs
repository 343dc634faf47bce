//! A login that has ended: the command that logs in is offered to a user at a terminal, and run there.

use std::io;
use std::process::{Command, Stdio};

use crate::error::{Error, Result};
use crate::mfa::terminal::Terminal;
use crate::model::request::Request;
use crate::output::stderr;
use crate::profile::login::LoginOf;

/// Offers the command and runs it. Where nobody can be asked, nobody wants it or it fails, the error stays what
/// it was.
pub fn offer(error: Error, login: &LoginOf, request: &Request) -> Result<()> {
    let Error::LoginEnded { .. } = error else {
        return Err(error);
    };
    let Some(words) = login.command() else {
        return Err(error);
    };
    let Ok(terminal) = Terminal::open(request.no_input || request.at_prompt) else {
        return Err(error);
    };
    let line = format!("aws {}", words.join(" "));
    let line = line.trim_end();
    terminal.say(&error.to_string())?;
    if !terminal.confirm(&format!("Run {line} now? [Y/n] "))? {
        return Err(error);
    }
    let mut command = Command::new("aws");
    command.args(words.iter().filter(|word| !word.is_empty()));
    // What it prints is for the person: our standard output is evaluated by a shell.
    command.stdin(Stdio::inherit()).stdout(io::stderr());
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(error),
        Err(cause) => {
            stderr::note(&format!("{line} cannot be run: {cause}"));
            Err(error)
        }
    }
}
