//! `mfa_process`: a command of the user's that prints the code.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::TokenCode;
use crate::error::{Error, Result};
use crate::request::MfaProcess;

/// Long enough to find the key and touch it.
const TIMEOUT: Duration = Duration::from_secs(120);
/// A code and some decoration; more is no code.
const LIMIT: u64 = 4096;
const POLL: Duration = Duration::from_millis(5);

/// Runs the command through the system's shell, as `credential_process` is run, and reads the code
/// from its first line. Its stderr is the user's; its stdout never reaches a message.
pub fn run(process: &MfaProcess) -> Result<TokenCode> {
    let failed = |reason: String| Error::MfaProcess {
        given_as: process.given_as.clone(),
        reason,
    };
    let mut child = shell(&process.command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let Some(stdout) = child.stdout.take() else {
        return Err(Error::Internal("a pipe is missing"));
    };
    let deadline = Instant::now() + TIMEOUT;
    // A thread reads and a channel carries the line: the command may never print one. Not to the end
    // of the file: an agent that the command starts may hold the pipe open for ever.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = Zeroizing::new(String::new());
        let read = BufReader::new(stdout.take(LIMIT)).read_line(&mut line);
        let _ = sender.send(read.map(|_| line));
    });
    let line = receiver.recv_timeout(TIMEOUT);
    let Some(status) = wait_until(&mut child, deadline) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(failed(format!(
            "it did not end within {} seconds",
            TIMEOUT.as_secs()
        )));
    };
    if was_interrupted(status) {
        return Err(Error::Interrupted);
    }
    if !status.success() {
        return Err(failed(format!("it ended with {status}")));
    }
    let line = match &line {
        Ok(Ok(line)) => line.as_str(),
        _ => "",
    };
    TokenCode::parse(line).map_err(|malformed| failed(malformed.to_string()))
}

/// The status, or `None` at the deadline. The standard library has no wait with a time limit.
fn wait_until(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Ctrl-C reaches the command as it reaches us; its end is then the same cancelling.
#[cfg(unix)]
fn was_interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(signal_hook::consts::SIGINT) || status.code() == Some(130)
}

#[cfg(not(unix))]
fn was_interrupted(_: ExitStatus) -> bool {
    false
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
