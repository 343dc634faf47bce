//! Standard error: prompts aside, everything that is said to a person.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::environment::Environment;
use crate::error::Error;
use crate::output::typed_codes;
use crate::text::sanitize;

static IS_SILENT: AtomicBool = AtomicBool::new(false);

/// From now on nothing is said: not every shell's hook can send it elsewhere (tcsh cannot, and PowerShell
/// 5.1 makes an error of each line that it is told to drop).
pub fn silence() {
    IS_SILENT.store(true, Ordering::Relaxed);
}

/// One line, `awsmfa: …`. Nobody may be listening, and that is no failure.
pub fn note(sentence: &str) {
    line(&format!("awsmfa: {sentence}"));
}

/// The same although [`silence`] was called, for what must not be missed.
pub fn note_in_silence(sentence: &str) {
    write(&format!("awsmfa: {sentence}"));
}

/// A line although [`silence`] was called.
pub fn line_in_silence(text: &str) {
    write(text);
}

/// One line, `hint: …`.
pub fn hint(sentence: &str) {
    line(&format!("hint: {sentence}"));
}

/// A line of a list. File names, profile names and values of the environment are quoted in what is
/// said here, and may hold anything: what steers a terminal is dropped.
pub fn line(text: &str) {
    if IS_SILENT.load(Ordering::Relaxed) {
        return;
    }
    write(text);
}

fn write(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", shown(text));
}

/// The text as it may be said anywhere: nothing in it steers a terminal, and no code that was typed.
pub fn shown(text: &str) -> String {
    sanitize::printable(&typed_codes::hide(text))
}

/// Once, and with the reason: a variable that vanishes is a riddle.
pub fn profile_is_taken(env: &Environment) {
    let set: Vec<&str> = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]
        .into_iter()
        .filter(|n| env.var(n).is_some())
        .collect();
    if !set.is_empty() {
        note(&format!(
            "{} unset, because the JavaScript SDK ignores the session beside it (--keep-profile keeps it)",
            match set[..] {
                [one] => format!("{one} is"),
                _ => format!("{} are", set.join(" and ")),
            }
        ));
    }
}

/// Whether somebody refused colours, on whatever terminal: <https://no-color.org>.
pub fn colors_are_refused() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|told| !told.is_empty())
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
