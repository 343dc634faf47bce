//! The terminal, and whether it may be asked. Never stdin or stdout: inside `$(…)` stdout is a pipe,
//! and in a pipeline stdin is somebody else's.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
#[cfg(unix)]
use std::{thread, time::Duration};

use zeroize::Zeroizing;

use super::streams::{self, Way};
use crate::error::{Error, NoTerminal, Result};
use crate::output::signals;
use crate::system::terminal_mode;

/// The device that is read from.
pub const INPUT: &str = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };
/// The device that is written to.
pub const OUTPUT: &str = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };
/// Longer than any code, serial number or yes.
const ANSWER_LIMIT: u64 = 4096;

/// A terminal that somebody sits at.
pub struct Terminal(Way);

impl Terminal {
    /// The terminal, if it may be asked: it opens, our process group is its foreground group (a
    /// background group would be stopped), and stdin or stderr is a terminal (so that a daemon that
    /// merely inherited one is not hung).
    pub fn open(no_input: bool) -> Result<Self> {
        let refuse = |why| Err(Error::NobodyToAsk { why });
        if no_input {
            return refuse(NoTerminal::NoInput);
        }
        // From here on a signal ends the question, and gives the terminal back.
        signals::watch()?;
        let tty = OpenOptions::new().read(true).write(true).open(INPUT).ok();
        let way = streams::way(streams::stdin(), streams::stderr(), tty.is_some());
        match (way, tty) {
            (Err(why), _) => refuse(why),
            (Ok(Way::Device), None) => refuse(NoTerminal::None),
            (Ok(Way::Device), Some(tty)) if !comes_to_foreground(&tty) => {
                refuse(NoTerminal::Background)
            }
            (Ok(Way::Device), Some(tty)) => {
                terminal_mode::remember(tty);
                Ok(Self(Way::Device))
            }
            (Ok(Way::Streams), _) => Ok(Self(Way::Streams)),
        }
    }

    /// The same for a question with an error of its own where nobody can be asked.
    pub fn open_or(no_input: bool, nobody: impl FnOnce(NoTerminal) -> Error) -> Result<Self> {
        Self::open(no_input).map_err(|error| match error {
            Error::NobodyToAsk { why } => nobody(why),
            error => error,
        })
    }

    /// Whether the terminal is a device, whose keys can be read one by one.
    pub fn is_device(&self) -> bool {
        self.0 == Way::Device
    }

    /// Asks without showing what is typed, but that something is. An empty answer, the end of the
    /// input and Ctrl-C cancel: rpassword cannot tell the first two apart.
    ///
    /// Echo goes off before the question appears. rpassword turns it off afterwards: a user who
    /// types (or pastes) at once would see the code, and a Ctrl-D would be lost (both measured).
    pub fn ask_hidden(&self, question: &str) -> Result<Zeroizing<String>> {
        if self.0 == Way::Streams {
            self.say("mintty will show the code as you type it")?;
            return self.ask(question).map(Zeroizing::new);
        }
        terminal_mode::without_echo();
        let answer = self
            .write(&format!("awsmfa: {question}"))
            .and_then(|()| read_hidden());
        terminal_mode::restore();
        answer
    }

    /// Asks for something that is no secret. An empty answer cancels.
    pub fn ask(&self, question: &str) -> Result<String> {
        match self.ask_or_empty(question)? {
            answer if answer.is_empty() => Err(Error::Interrupted),
            answer => Ok(answer),
        }
    }

    /// The same where Enter alone is an answer too; the end of the input cancels.
    pub fn ask_or_empty(&self, question: &str) -> Result<String> {
        self.write(&format!("awsmfa: {question}"))?;
        let answer = self.line()?;
        match answer.ends_with('\n') {
            true => Ok(answer.trim().to_owned()),
            false if answer.trim().is_empty() => Err(Error::Interrupted),
            false => Ok(answer.trim().to_owned()),
        }
    }

    /// Asks for a yes; Enter alone means yes. The end of the input cancels.
    pub fn confirm(&self, question: &str) -> Result<bool> {
        self.write(&format!("awsmfa: {question}"))?;
        match &*self.line()? {
            "" => Err(Error::Interrupted),
            answer => Ok(matches!(
                &*answer.trim().to_ascii_lowercase(),
                "" | "y" | "yes" | "はい"
            )),
        }
    }

    /// A line that is typed, with its end where it has one.
    fn line(&self) -> Result<String> {
        let line = match self.0 {
            Way::Streams => line_of(io::stdin().lock()),
            Way::Device => File::open(INPUT).and_then(line_of),
        };
        line.map_err(|error| Error::Terminal { error })
    }

    /// Says something to the user who is being asked.
    pub fn say(&self, sentence: &str) -> Result<()> {
        self.write(&format!("awsmfa: {sentence}\n"))
    }

    fn write(&self, text: &str) -> Result<()> {
        // A console decodes the bytes of a file by its code page, but std speaks UTF-16 to it.
        let by_stderr = self.0 == Way::Streams || (cfg!(windows) && io::stderr().is_terminal());
        let written = if by_stderr {
            io::stderr().lock().write_all(text.as_bytes())
        } else {
            OpenOptions::new()
                .write(true)
                .open(OUTPUT)
                .and_then(|mut output| output.write_all(text.as_bytes()))
        };
        written.map_err(|error| Error::Terminal { error })
    }
}

/// One line. Bytes that are not text become an answer that nobody expects.
fn line_of(input: impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    BufReader::new(input.take(ANSWER_LIMIT)).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn read_hidden() -> Result<Zeroizing<String>> {
    let config = rpassword::ConfigBuilder::new().password_feedback_mask('*');
    let config = on_terminal(config)?.build();
    match rpassword::read_password_with_config(config) {
        Ok(answer) if answer.is_empty() => Err(Error::Interrupted),
        Ok(answer) => Ok(Zeroizing::new(answer)),
        Err(error) if is_cancel(&error) => Err(Error::Interrupted),
        Err(error) => Err(Error::Terminal { error }),
    }
}

/// By its path rpassword would change the settings of its output as well, a second time: see [`terminal_mode::at_the_end`].
#[cfg(unix)]
fn on_terminal(config: rpassword::ConfigBuilder) -> Result<rpassword::ConfigBuilder> {
    let output = OpenOptions::new().write(true).open(OUTPUT);
    let output = output.map_err(|error| Error::Terminal { error })?;
    Ok(config.output_writer(output))
}

#[cfg(windows)]
fn on_terminal(config: rpassword::ConfigBuilder) -> Result<rpassword::ConfigBuilder> {
    Ok(config)
}

fn is_cancel(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof
    )
}

/// Whether the terminal is ours. Some shells (nushell) give it to a job that runs already, and that is waited for.
#[cfg(unix)]
fn comes_to_foreground(tty: &File) -> bool {
    let is_ours =
        || rustix::termios::tcgetpgrp(tty).is_ok_and(|group| group == rustix::process::getpgrp());
    for _ in 0..20 {
        if is_ours() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    is_ours()
}

#[cfg(windows)]
fn comes_to_foreground(_: &File) -> bool {
    true // Windows has no job control
}
