//! Standard error: prompts aside, everything that is said to a person.

use std::io::{self, Write};

use crate::error::Error;

/// One line, `awsmfa: …`. Nobody may be listening, and that is no failure.
pub fn note(sentence: &str) {
    line(&format!("awsmfa: {sentence}"));
}

/// One line, `hint: …`.
pub fn hint(sentence: &str) {
    line(&format!("hint: {sentence}"));
}

/// The text as it is.
pub fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The one error of a run, with its hint.
pub fn error(error: &Error) {
    if !error.is_silent() {
        note(&error.to_string());
        if let Some(text) = error.hint() {
            hint(&text);
        }
    }
}
