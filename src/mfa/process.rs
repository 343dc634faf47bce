//! `mfa_process`: a command of the user's that prints the code.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::TokenCode;
use crate::error::{Error, Result};

/// Long enough to find the key and touch it.
const TIMEOUT: Duration = Duration::from_secs(120);
/// A code and some decoration; more is no code.
const LIMIT: u64 = 4096;

/// Runs the command through the system's shell, as `credential_process` is run, and reads the code
/// from its first line. Its stderr is the user's; its stdout never reaches a message.
pub fn run(command: &str) -> Result<TokenCode> {
    let failed = |reason: String| Error::MfaProcess {
        command: command.to_owned(),
        reason,
    };
    let mut child = shell(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let Some(stdout) = child.stdout.take() else {
        return Err(Error::Internal("a pipe is missing"));
    };
    // A thread reads and a channel carries the end: a grandchild may hold the pipe open for ever.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = Zeroizing::new(String::new());
        let read = stdout.take(LIMIT).read_to_string(&mut output).is_ok();
        let _ = sender.send(read.then_some(output));
    });
    let Ok(output) = receiver.recv_timeout(TIMEOUT) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(failed(format!(
            "it printed nothing for {} seconds",
            TIMEOUT.as_secs()
        )));
    };
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    if !status.success() {
        return Err(failed(format!("it ended with {status}")));
    }
    let line = output
        .as_deref()
        .and_then(|o| o.lines().next())
        .unwrap_or_default();
    TokenCode::parse(line).map_err(|malformed| failed(malformed.to_string()))
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut shell = Command::new("cmd");
    // Not `arg`: cmd has quoting rules of its own, and the user wrote the line for cmd.
    shell.arg("/d").arg("/c").raw_arg(command);
    shell
}
