//! The terminal, and whether it may be asked. Never stdin or stdout: inside `$(…)` stdout is a pipe,
//! and in a pipeline stdin is somebody else's.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal, Write};

use zeroize::Zeroizing;

use crate::error::{Error, NoTerminal, Result};

#[cfg(not(windows))]
const INPUT: &str = "/dev/tty";
#[cfg(not(windows))]
const OUTPUT: &str = "/dev/tty";
#[cfg(windows)]
const INPUT: &str = "CONIN$";
#[cfg(windows)]
const OUTPUT: &str = "CONOUT$";

/// A terminal that somebody sits at.
pub struct Terminal(());

impl Terminal {
    /// The terminal, if it may be asked: it opens, our process group is its foreground group (a
    /// background group would be stopped), and stdin or stderr is a terminal (so that a daemon that
    /// merely inherited one is not hung).
    pub fn open(no_input: bool) -> Result<Self> {
        let refuse = |why| Err(Error::NobodyToAsk { why });
        if no_input {
            return refuse(NoTerminal::NoInput);
        }
        let Ok(tty) = OpenOptions::new().read(true).write(true).open(INPUT) else {
            return refuse(NoTerminal::None);
        };
        if !(io::stdin().is_terminal() || io::stderr().is_terminal()) {
            return refuse(NoTerminal::Redirected);
        }
        if !in_foreground(&tty) {
            return refuse(NoTerminal::Background);
        }
        restore::remember(tty);
        Ok(Self(()))
    }

    /// Asks without showing what is typed, but that something is. An empty answer, the end of the
    /// input and Ctrl-C cancel: rpassword cannot tell the first two apart.
    ///
    /// Echo goes off before the question appears. rpassword turns it off after, and whoever types at
    /// once (or pastes) would see the code, and a Ctrl-D would be swallowed (both measured).
    pub fn ask_hidden(&self, question: &str) -> Result<Zeroizing<String>> {
        restore::without_echo();
        let answer = self
            .write(&format!("awsmfa: {question}"))
            .and_then(|()| read_hidden());
        restore::now();
        answer
    }

    /// Asks for something that is no secret.
    pub fn ask(&self, question: &str) -> Result<String> {
        self.write(&format!("awsmfa: {question}"))?;
        let mut answer = String::new();
        File::open(INPUT)
            .and_then(|input| BufReader::new(input).read_line(&mut answer))
            .map_err(|error| Error::Terminal { error })?;
        match answer.trim() {
            "" => Err(Error::Interrupted),
            answer => Ok(answer.to_owned()),
        }
    }

    /// Says something to whoever is being asked.
    pub fn say(&self, sentence: &str) -> Result<()> {
        self.write(&format!("awsmfa: {sentence}\n"))
    }

    fn write(&self, text: &str) -> Result<()> {
        OpenOptions::new()
            .write(true)
            .open(OUTPUT)
            .and_then(|mut output| output.write_all(text.as_bytes()))
            .map_err(|error| Error::Terminal { error })
    }
}

fn read_hidden() -> Result<Zeroizing<String>> {
    let config = rpassword::ConfigBuilder::new()
        .password_feedback_mask('*')
        .build();
    match rpassword::read_password_with_config(config) {
        Ok(answer) if answer.is_empty() => Err(Error::Interrupted),
        Ok(answer) => Ok(Zeroizing::new(answer)),
        Err(error) if is_cancel(&error) => Err(Error::Interrupted),
        Err(error) => Err(Error::Terminal { error }),
    }
}

fn is_cancel(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof
    )
}

#[cfg(unix)]
fn in_foreground(tty: &File) -> bool {
    rustix::termios::tcgetpgrp(tty).is_ok_and(|group| group == rustix::process::getpgrp())
}

#[cfg(not(unix))]
fn in_foreground(_: &File) -> bool {
    true // Windows has no job control
}

/// Gives the terminal back as it was, also when a signal ends the process in the middle of a question.
#[cfg(unix)]
pub mod restore {
    use std::fs::File;
    use std::sync::Mutex;

    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };

    static BEFORE: Mutex<Option<(File, Termios)>> = Mutex::new(None);

    /// Notes the terminal's settings, once.
    pub(super) fn remember(tty: File) {
        if let (Ok(settings), Ok(mut before)) = (tcgetattr(&tty), BEFORE.lock()) {
            before.get_or_insert((tty, settings));
        }
    }

    /// What is typed from here on is neither shown nor interpreted, as rpassword wants it. What was
    /// typed before stays.
    pub(super) fn without_echo() {
        set(|settings| {
            settings.local_modes -=
                LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
            settings.special_codes[SpecialCodeIndex::VMIN] = 1;
            settings.special_codes[SpecialCodeIndex::VTIME] = 0;
        });
    }

    /// Restores what [`remember`] noted.
    pub fn now() {
        set(|_| ());
    }

    fn set(change: impl Fn(&mut Termios)) {
        if let Ok(before) = BEFORE.lock()
            && let Some((tty, settings)) = before.as_ref()
        {
            let mut settings = settings.clone();
            change(&mut settings);
            let _ = tcsetattr(tty, OptionalActions::Now, &settings);
        }
    }
}

/// A console belongs to Windows, which restores nothing and loses nothing: rpassword does its part.
#[cfg(not(unix))]
pub mod restore {
    pub(super) fn remember(_: std::fs::File) {}

    pub(super) fn without_echo() {}

    pub(super) fn now() {}
}
