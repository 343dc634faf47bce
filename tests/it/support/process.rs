//! Running a program to its end, and no further than a deadline.

use std::io::{ErrorKind, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// No test waits longer for anything; far above what two busy cores need.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// What a program left behind, in full.
#[derive(Debug)]
pub struct Finished {
    /// Everything on standard output, where that was captured.
    pub stdout: String,
    /// Everything on standard error.
    pub stderr: String,
    /// The exit status; 128 and more for a signal, as a shell says it.
    pub status: i32,
}

/// Runs the command with this standard input. Both outputs are read until their end, so a process
/// left behind that holds them open fails the test too.
#[track_caller]
pub fn finish(command: &mut Command, stdin: &str) -> Finished {
    finish_within(DEADLINE, command, stdin)
}

/// The same, with a deadline of its own.
#[track_caller]
pub fn finish_within(deadline: Duration, command: &mut Command, stdin: &str) -> Finished {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut input = child.stdin.take().unwrap();
    let stdout = child.stdout.take().map(read_all);
    let stderr = read_all(child.stderr.take().unwrap());
    match input.write_all(stdin.as_bytes()) {
        // Many a run ends without reading what it is offered.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        other => other.unwrap(),
    }
    drop(input);
    let mut rest = |end: &Receiver<Vec<u8>>| match end
        .recv_timeout(deadline.saturating_sub(started.elapsed()))
    {
        Ok(bytes) => bytes,
        Err(_) => {
            let _ = child.kill();
            panic!("not at its end after {deadline:?}: {command:?}");
        }
    };
    let stdout = stdout.as_ref().map(&mut rest).unwrap_or_default();
    let stdout = String::from_utf8(stdout).unwrap();
    let stderr = String::from_utf8(rest(&stderr)).unwrap();
    Finished {
        stdout,
        stderr,
        status: status(child.wait().unwrap()),
    }
}

fn read_all(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (end, ended) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        let _ = end.send(bytes);
    });
    ended
}

fn status(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap()
}
