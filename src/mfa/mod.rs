//! The token code: its shape, where it comes from, and how often somebody may be asked.

mod process;
mod streams;
pub mod terminal;

use std::fmt;
use std::io::{self, BufRead, IsTerminal, Read};

use zeroize::Zeroizing;

use crate::error::{Error, Malformed, Result};
use crate::model::request::{CodeArgument, MfaProcess};
use crate::model::session::Secret;
use terminal::Terminal;

/// Exactly six ASCII digits. A secret for 30 seconds.
#[derive(Clone, Debug)]
pub struct TokenCode(Secret);

impl TokenCode {
    /// Reads a code as authenticator apps show it: spaces around it and one inside are dropped.
    pub fn parse(text: &str) -> std::result::Result<Self, Malformed> {
        let text = Zeroizing::new(text.trim().replacen(' ', "", 1));
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return match text.len() {
                6 => Ok(Self(Secret::new(&**text))),
                length => Err(Malformed::Length(length)),
            };
        }
        if text.chars().all(char::is_numeric) {
            return Err(Malformed::OtherDigits);
        }
        // Modhex: the letters that sit on the same keys of every keyboard layout.
        if text.len() == 44 && text.bytes().all(|b| b"cbdefghijklnrtuv".contains(&b)) {
            return Err(Malformed::YubiKey);
        }
        Err(Malformed::NotDigits)
    }

    /// The six digits, for the one request that carries them.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Where codes come from, and how many more may be asked for.
pub enum CodeSource {
    /// `--token-code`: one code, given.
    Given(CodeArgument),
    /// `mfa_process`: a command, run once, with a variable that says for what.
    Process(MfaProcess, (&'static str, String)),
    /// The terminal, this many more times.
    Terminal(Terminal, u8),
}

/// In all: a wrong shape and a refusal count alike.
const ASKINGS: u8 = 3;

impl fmt::Display for CodeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("--token-code"),
            Self::Process(process, _) => write!(f, "the command of {}", process.given_as),
            Self::Terminal(..) => f.write_str("the terminal"),
        }
    }
}

impl CodeSource {
    /// Chooses in the order `--token-code`, `mfa_process`, terminal.
    pub fn choose(
        argument: Option<&CodeArgument>,
        mfa_process: Option<(&MfaProcess, (&'static str, String))>,
        no_input: bool,
    ) -> Result<Self> {
        // Typed at a terminal it would be seen: there `-` is a question like any other.
        let at_terminal =
            matches!(argument, Some(CodeArgument::Stdin)) && io::stdin().is_terminal();
        if at_terminal && !no_input {
            return Ok(Self::Terminal(Terminal::open(no_input)?, ASKINGS));
        }
        if let Some(argument) = argument {
            return Ok(Self::Given(argument.clone()));
        }
        if let Some((process, says)) = mfa_process {
            return Ok(Self::Process(process.clone(), says));
        }
        Ok(Self::Terminal(Terminal::open(no_input)?, ASKINGS))
    }

    /// Whether the next code may take long: a person or a command gives it.
    pub fn takes_time(&self) -> bool {
        !matches!(self, Self::Given(_))
    }

    /// The next code; `question` says whose and what for.
    pub fn next(&mut self, question: &str) -> Result<TokenCode> {
        match self {
            Self::Given(CodeArgument::Typed(code)) => {
                TokenCode::parse(code.expose()).map_err(|malformed| Error::CodeShape { malformed })
            }
            Self::Given(CodeArgument::Stdin) => from_stdin(),
            Self::Process(process, (name, value)) => process::run(process, &[(name, value)]),
            Self::Terminal(terminal, left) => loop {
                *left = left.saturating_sub(1);
                match TokenCode::parse(&terminal.ask_hidden(question)?) {
                    Ok(code) => return Ok(code),
                    Err(malformed) if *left == 0 => return Err(Error::CodeShape { malformed }),
                    Err(malformed) => terminal.say(&malformed.to_string())?,
                }
            },
        }
    }

    /// After a refusal: whether the user can be asked again. If so, the user has been told why.
    pub fn ask_again(&self) -> bool {
        match self {
            Self::Terminal(terminal, left) if *left > 0 => terminal
                .say("AWS refused the code: it is wrong, expired or already used; a code works once, wait for the next")
                .is_ok(),
            _ => false,
        }
    }
}

/// A line longer than this holds no code, and `/dev/zero` never ends one.
const LINE_LIMIT: u64 = 1024;

fn from_stdin() -> Result<TokenCode> {
    let mut line = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .take(LINE_LIMIT)
        .read_line(&mut line)
        .map_err(|_| Error::CodeShape {
            malformed: Malformed::NotDigits,
        })?;
    TokenCode::parse(&line).map_err(|malformed| Error::CodeShape { malformed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits_with_the_spaces_that_apps_show() {
        for right in ["123456", " 123456\r\n", "123 456", "000000"] {
            assert!(TokenCode::parse(right).is_ok(), "{right}");
        }
        assert_eq!(TokenCode::parse("123 456").unwrap().expose(), "123456");
    }

    #[test]
    fn what_is_wrong_with_a_code_is_said_without_the_code() {
        for (text, malformed) in [
            ("12345", Malformed::Length(5)),
            ("1234567", Malformed::Length(7)),
            ("", Malformed::Length(0)),
            ("12 34 56", Malformed::NotDigits),
            ("abcdef", Malformed::NotDigits),
            ("-12345", Malformed::NotDigits),
            ("١٢٣٤٥٦", Malformed::OtherDigits),
            ("１２３４５６", Malformed::OtherDigits),
            (
                "cccccckdvvulgjvtkjdhtlrbjjctggdihuevikehtlil",
                Malformed::YubiKey,
            ),
        ] {
            assert_eq!(TokenCode::parse(text).unwrap_err(), malformed, "{text}");
        }
        assert!(!format!("{:?}", TokenCode::parse("123456")).contains("123456"));
    }
}
