//! A command of the user's (`mfa_process`, `credential_process`), run as every AWS tool runs one:
//! through the system's shell. Its stderr is the user's; its stdout never reaches a message.

use std::io::{self, BufRead, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// Long enough to find the key and touch it.
const TIMEOUT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(5);
/// What a command has to say is short: a code, or keys of which the token is the longest.
const LIMIT: usize = 64 * 1024;
/// What it may print beyond that before it is cut off: `yes` never ends.
const IGNORED: usize = 16 * LIMIT;

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

/// Runs the command with these variables added to its end, and hands what it has printed by then to `read`. The end
/// of the command counts and not that of its output: an agent that it starts may hold the pipe open for ever.
pub fn run<T>(
    command: &str,
    variables: &[(&str, &str)],
    talk: Talk,
    read: impl FnOnce(&mut dyn BufRead) -> Option<T>,
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
    let mut printed = Printed {
        kept: Zeroizing::new(Vec::with_capacity(LIMIT)),
        ignored: 0,
    };
    let Some(status) = wait(&mut child, &mut printed).map_err(because)? else {
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
    read(&mut printed.kept.as_slice())
        .ok_or_else(|| Failure::Because("it did not print what was expected".to_owned()))
}

/// What a command prints, as far as it is of interest.
struct Printed {
    /// Never grown beyond its capacity, so that no copy of a secret stays behind.
    kept: Zeroizing<Vec<u8>>,
    ignored: usize,
}

impl Printed {
    /// Keeps what there is room for. The rest is dropped, but a closed pipe would end the command with SIGPIPE;
    /// whether it may be closed after all.
    fn take(&mut self, chunk: &[u8]) -> bool {
        let room = LIMIT - self.kept.len();
        let (kept, ignored) = chunk.split_at(room.min(chunk.len()));
        self.kept.extend_from_slice(kept);
        self.ignored += ignored.len();
        self.ignored > IGNORED
    }
}

/// The status, or `None` at the deadline. What the command has written before its end is in the pipe then, and read.
#[cfg(unix)]
fn wait(child: &mut Child, printed: &mut Printed) -> io::Result<Option<ExitStatus>> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let deadline = Instant::now() + TIMEOUT;
    let mut output = child.stdout.take();
    if let Some(pipe) = &output {
        // Our end alone: the command's is not changed by this.
        fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
    }
    let mut chunk = Zeroizing::new([0; 4096]);
    loop {
        let status = child.try_wait()?;
        let read = output.as_mut().map(|pipe| pipe.read(&mut *chunk));
        match (read, status) {
            (Some(Ok(read @ 1..)), _) => {
                if printed.take(chunk.get(..read).unwrap_or_default()) {
                    output = None;
                }
            }
            (_, Some(status)) => return Ok(Some(status)),
            (Some(Ok(_)), None) => output = None,
            (Some(Err(error)), None) if error.kind() != io::ErrorKind::WouldBlock => {
                return Err(error);
            }
            (_, None) if Instant::now() > deadline => return Ok(None),
            (_, None) => thread::sleep(POLL),
        }
    }
}

/// The same; a pipe of Windows cannot be asked whether there is something in it, so a thread reads.
#[cfg(windows)]
fn wait(child: &mut Child, printed: &mut Printed) -> io::Result<Option<ExitStatus>> {
    use std::sync::mpsc;
    /// Long enough for the thread to read what is in the pipe.
    const LAST: Duration = Duration::from_millis(200);
    let deadline = Instant::now() + TIMEOUT;
    let (sender, receiver) = mpsc::channel();
    if let Some(mut pipe) = child.stdout.take() {
        thread::Builder::new().spawn(move || {
            let mut chunk = Zeroizing::new([0; 4096]);
            while let Ok(read @ 1..) = pipe.read(&mut *chunk) {
                let bytes = Zeroizing::new(chunk.get(..read).unwrap_or_default().to_vec());
                if sender.send(bytes).is_err() {
                    return;
                }
            }
        })?;
    }
    let mut receiver = Some(receiver);
    loop {
        let status = child.try_wait()?;
        let patience = if status.is_some() { LAST } else { POLL };
        let chunk = receiver
            .as_ref()
            .map(|chunks| chunks.recv_timeout(patience));
        match (status, chunk) {
            (_, Some(Ok(chunk))) => {
                if printed.take(&chunk) {
                    receiver = None;
                }
            }
            (Some(status), _) => return Ok(Some(status)),
            (None, _) if Instant::now() > deadline => return Ok(None),
            (None, Some(Err(mpsc::RecvTimeoutError::Timeout))) => {}
            (None, _) => thread::sleep(POLL),
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
