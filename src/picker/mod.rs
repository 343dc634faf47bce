//! A list of profiles to pick from, on the terminal itself: standard output belongs to the shell that evaluates it.
//!
//! [`list`], [`keys`] and [`frame`] are pure: what is typed, what fits it, and how that looks. A terminal that cannot
//! move its cursor (mintty's pipe, `TERM=dumb`) gets the list line by line, and a number is typed.

mod by_line;
mod frame;
mod keys;
mod list;
mod screen;

use std::env;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::mfa::terminal::Terminal;
use crate::output::stderr;
use keys::{Key, Keys};
use list::List;
use screen::Screen;

/// A profile as the list shows it. The values are somebody else's text: [`frame`] takes out what steers a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The profile's name.
    pub name: String,
    /// Twelve digits, or nothing.
    pub account: String,
    /// The name of the role, or nothing.
    pub role: String,
    /// How long its stored session lasts, or what is wrong with it.
    pub state: String,
    /// Whether it can give a session.
    pub works: bool,
}

/// Lets somebody pick one; its place among `rows`. `at` is where the list begins. Escape is
/// [`Error::Interrupted`], as Ctrl-C at a question is.
pub fn pick(rows: &[Row], at: usize, terminal: &Terminal) -> Result<usize> {
    let moves_cursor = terminal.is_device() && (cfg!(windows) || term_moves_cursor());
    let screen = moves_cursor.then(Screen::open).flatten();
    match screen {
        Some(screen) => on_screen(rows, at, screen),
        None => by_line::pick(rows, terminal),
    }
}

fn term_moves_cursor() -> bool {
    env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb")
}

fn on_screen(rows: &[Row], at: usize, mut screen: Screen) -> Result<usize> {
    let color = !stderr::colors_are_refused();
    let lost = |error| Error::Terminal { error };
    let mut list = List::new(rows, at);
    let mut keys = Keys::default();
    let mut size = None;
    let mut has_changed = true;
    let mut silence = Silence::default();
    loop {
        let now = screen.size();
        if has_changed || size != Some(now) {
            let is_resized = size.is_some_and(|before| before != now);
            size = Some(now);
            screen
                .draw(&frame::frame(&mut list, now, color, is_resized))
                .map_err(lost)?;
        }
        let read = screen.read(&mut keys).map_err(lost)?;
        if silence.is_a_hangup(read) {
            return Err(Error::Interrupted);
        }
        has_changed = false;
        while let Some(key) = keys.next(read == 0 || screen::GIVES_WHOLE_KEYS) {
            has_changed = true;
            match key {
                Key::Enter => {
                    if let Some(picked) = list.picked() {
                        return Ok(picked);
                    }
                }
                Key::Cancel => return Err(Error::Interrupted),
                key => list.press(&key),
            }
        }
    }
}

/// A terminal that is gone answers at once, and for ever, that nothing was typed; one that is there takes its time.
struct Silence {
    since: Instant,
    answers: u32,
}

impl Default for Silence {
    fn default() -> Self {
        Self {
            since: Instant::now(),
            answers: 0,
        }
    }
}

impl Silence {
    fn is_a_hangup(&mut self, read: usize) -> bool {
        const SECOND: Duration = Duration::from_secs(1);
        const MORE_THAN_IN_A_SECOND: u32 = 20;
        if read > 0 || self.since.elapsed() > SECOND {
            *self = Self::default();
        }
        self.answers += u32::from(read == 0);
        self.answers > MORE_THAN_IN_A_SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The window is closed, and the program that started us made us ignore the signal that says so.
    #[test]
    fn a_terminal_that_is_gone_ends_the_list_and_a_quiet_one_does_not() {
        let mut gone = Silence::default();
        assert!((0..100).any(|_| gone.is_a_hangup(0)));
        let mut quiet = Silence::default();
        for _ in 0..100 {
            // A fifth of a second passes with each.
            quiet.since -= Duration::from_millis(200);
            assert!(!quiet.is_a_hangup(0));
        }
        let mut typed = Silence::default();
        assert!((0..1_000).all(|_| !typed.is_a_hangup(1)));
    }
}
