//! Who answers: somebody at the terminal, or `--yes`. Questions go to the terminal itself; Ctrl-C and the end of the
//! input at any of them end the run, and what was not agreed to is not done.

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::mfa::terminal::Terminal;

/// Where questions go.
pub struct Desk {
    terminal: Result<Terminal>,
    yes: bool,
}

impl Desk {
    /// With `yes` every change is agreed to, and no terminal is needed until something has to be typed.
    pub fn open(yes: bool) -> Result<Self> {
        let terminal = Terminal::open_or(false, |why| Error::SetupWithoutTerminal { why, yes });
        match terminal {
            Err(error) if !yes => Err(error),
            terminal => Ok(Self { terminal, yes }),
        }
    }

    /// Whether a change is agreed to: Enter is yes.
    pub fn agrees(&self, question: &str) -> Result<bool> {
        if self.yes {
            return Ok(true);
        }
        loop {
            let answer = self.line(&format!("{question} [Y/n] "))?.to_lowercase();
            match answer.as_str() {
                "" | "y" | "yes" | "はい" => return Ok(true),
                "n" | "no" | "いいえ" => return Ok(false),
                _ => {}
            }
        }
    }

    /// Asks about something optional: Enter means no, and so does `--yes`.
    pub fn wants(&self, question: &str) -> Result<bool> {
        if self.yes {
            return Ok(false);
        }
        let answer = self.line(&format!("{question} [y/N] "))?.to_lowercase();
        Ok(matches!(answer.as_str(), "y" | "yes" | "はい"))
    }

    /// Whether every change is agreed to beforehand.
    pub fn is_yes(&self) -> bool {
        self.yes
    }

    /// Whether somebody is there to type something.
    pub fn has_terminal(&self) -> bool {
        self.terminal.is_ok()
    }

    /// A line as it was typed, without the blanks around it; empty where only Enter was pressed.
    pub fn line(&self, question: &str) -> Result<String> {
        self.terminal()?.ask_or_empty(question)
    }

    /// A line that is not shown.
    pub fn hidden(&self, question: &str) -> Result<Zeroizing<String>> {
        self.terminal()?.ask_hidden(question)
    }

    /// Who is asked; the error where nobody is there.
    pub fn terminal(&self) -> Result<&Terminal> {
        self.terminal.as_ref().map_err(|error| match error {
            Error::SetupWithoutTerminal { why, yes } => Error::SetupWithoutTerminal {
                why: *why,
                yes: *yes,
            },
            _ => Error::Internal("the terminal is neither there nor missing"),
        })
    }
}
