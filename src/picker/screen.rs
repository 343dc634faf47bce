//! The terminal while the list is on it: keys arrive one by one, unseen, and it is as it was when this goes.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};

use super::keys::Keys;
use crate::mfa::terminal::{INPUT, OUTPUT};
use crate::system::{screen, terminal_mode};

/// Whether a key never comes in two reads. (A terminal on the other side of a network may send an arrow so; a console's
/// read ends with a key.)
pub const GIVES_WHOLE_KEYS: bool = cfg!(windows);

/// The size of a terminal that does not tell its size.
const USUAL: (usize, usize) = (24, 80);

/// The terminal.
pub struct Screen {
    input: File,
    output: File,
    #[cfg(windows)]
    output_mode: u32,
}

impl Screen {
    /// `None` where this terminal has no keys to give one by one, or draws nothing but lines.
    pub fn open() -> Option<Self> {
        let open = |path| OpenOptions::new().read(true).write(true).open(path).ok();
        let (input, output) = (open(INPUT)?, open(OUTPUT)?);
        #[cfg(windows)]
        let output_mode = moving_cursor(&output)?;
        let drawn_on = output.try_clone().ok()?;
        if !terminal_mode::key_by_key() {
            terminal_mode::restore();
            return None;
        }
        screen::begin(drawn_on);
        Some(Self {
            input,
            output,
            #[cfg(windows)]
            output_mode,
        })
    }

    /// Rows and columns.
    #[cfg(unix)]
    pub fn size(&self) -> (usize, usize) {
        match rustix::termios::tcgetwinsize(&self.output) {
            Ok(size) if size.ws_row > 0 && size.ws_col > 0 => {
                (size.ws_row.into(), size.ws_col.into())
            }
            _ => USUAL,
        }
    }

    /// Rows and columns.
    #[cfg(windows)]
    pub fn size(&self) -> (usize, usize) {
        let Ok(info) = winapi_util::console::screen_buffer_info(&self.output) else {
            return USUAL;
        };
        let window = info.window_rect();
        let length = |first: i16, last: i16| usize::try_from(last - first + 1).unwrap_or(1);
        (
            length(window.top, window.bottom),
            length(window.left, window.right),
        )
    }

    /// Draws from the first line on, and leaves the cursor there.
    pub fn draw(&self, text: &str) -> io::Result<()> {
        screen::draw(text)
    }

    /// Waits for keys, not for long: how many bytes came.
    pub fn read(&mut self, keys: &mut Keys) -> io::Result<usize> {
        let mut bytes = [0; 256];
        let read = self.input.read(&mut bytes)?;
        keys.put(bytes.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        screen::end();
        terminal_mode::restore();
        #[cfg(windows)]
        let _ = winapi_util::console::set_mode(&self.output, self.output_mode);
    }
}

/// Has a console obey what moves the cursor; the mode that it had. A console before Windows 10 cannot.
#[cfg(windows)]
fn moving_cursor(output: &File) -> Option<u32> {
    const PROCESSED_OUTPUT: u32 = 1;
    const VIRTUAL_TERMINAL_PROCESSING: u32 = 4;
    let before = winapi_util::console::mode(output).ok()?;
    let wanted = before | PROCESSED_OUTPUT | VIRTUAL_TERMINAL_PROCESSING;
    winapi_util::console::set_mode(output, wanted).ok()?;
    Some(before)
}
