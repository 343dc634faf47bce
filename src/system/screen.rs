//! Something drawn on the terminal below the line that the user is on, which goes without a trace: also when a signal
//! ends the process in the middle of it. The code that draws leaves the cursor on the first line of what it draws.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Mutex;

/// From the first line on nothing is left; lines wrap again, and the cursor and the colours are as always.
const CLEAN: &str = "\r\x1b[J\x1b[?7h\x1b[?25h\x1b[0m";

static DRAWN_ON: Mutex<Option<File>> = Mutex::new(None);

/// Draws on this terminal from here on.
pub fn begin(terminal: File) {
    if let Ok(mut drawn_on) = DRAWN_ON.lock() {
        *drawn_on = Some(terminal);
    }
}

/// Draws, whole or not at all where the end comes from another thread.
pub fn draw(text: &str) -> io::Result<()> {
    match DRAWN_ON.lock().as_deref_mut() {
        Ok(Some(terminal)) => terminal.write_all(text.as_bytes()),
        _ => Ok(()),
    }
}

/// Takes away what is drawn.
pub fn end() {
    if let Ok(mut drawn_on) = DRAWN_ON.lock()
        && let Some(mut terminal) = drawn_on.take()
    {
        let _ = terminal.write_all(CLEAN.as_bytes());
    }
}

/// The same for a thread that ends the process: the thread that draws must not draw once more, so it waits for ever.
pub fn end_for_good() {
    if let Ok(mut drawn_on) = DRAWN_ON.lock() {
        if let Some(mut terminal) = drawn_on.take() {
            let _ = terminal.write_all(CLEAN.as_bytes());
        }
        std::mem::forget(drawn_on);
    }
}
