//! A command of the user's (`mfa_process`, `credential_process`), run as every AWS tool runs one:
//! through the system's shell. Its stderr is the user's; its stdout never reaches a message.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Long enough to find the key and touch it.
const TIMEOUT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(5);
/// What a command has to say is short: a code, or keys of which the token is the longest.
const LIMIT: u64 = 64 * 1024;
/// What it may print beyond that before it is cut off: `yes` never ends.
const IGNORED: u64 = 16 * LIMIT;

/// Where what the command says on standard error goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    /// To the user, as it is.
    Shown,
    /// Nowhere: somebody waits for a prompt.
    Dropped,
}

/// Why nothing came of a command.
pub enum Failure {
    /// Ctrl-C ended it.
    Interrupted,
    /// In words, to follow a colon.
    Because(String),
}

/// Runs the command with these variables added and hands its output to `read`, which stops at what it
/// came for and not at the end of the file: an agent that the command starts may hold the pipe open
/// for ever.
pub fn run<T: Send + 'static>(
    command: &str,
    variables: &[(&str, &str)],
    talk: Talk,
    read: impl FnOnce(&mut dyn BufRead) -> Option<T> + Send + 'static,
) -> Result<T, Failure> {
    let because = |error: io::Error| Failure::Because(error.to_string());
    let mut command = shell(command);
    if talk == Talk::Dropped {
        command.stderr(Stdio::null());
    }
    let mut child = command
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(because)?;
    let deadline = Instant::now() + TIMEOUT;
    // A thread reads and a channel carries what it found: the command may never print anything.
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut output = BufReader::new(stdout);
            let _ = sender.send(read(&mut output.by_ref().take(LIMIT)));
            // What it prints beyond that is nobody's, but a closed pipe would end it with SIGPIPE.
            let _ = io::copy(&mut output.take(IGNORED), &mut io::sink());
        });
    }
    let found = receiver.recv_timeout(TIMEOUT);
    let Some(status) = wait_until(&mut child, deadline) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(Failure::Because(format!(
            "it did not end within {} seconds",
            TIMEOUT.as_secs()
        )));
    };
    if was_interrupted(status) {
        return Err(Failure::Interrupted);
    }
    if !status.success() {
        return Err(Failure::Because(format!("it ended with {status}")));
    }
    found
        .ok()
        .flatten()
        .ok_or_else(|| Failure::Because("it did not print what was expected".to_owned()))
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
