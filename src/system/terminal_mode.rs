//! Gives the terminal back as it was, also when a signal ends the process in the middle of a question.

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    use crate::system::screen;
    use rustix::termios::{
        InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };

    static BEFORE: Mutex<Option<(File, Termios)>> = Mutex::new(None);

    /// Notes the terminal's settings, once.
    pub fn remember(tty: File) {
        if let (Ok(settings), Ok(mut before)) = (tcgetattr(&tty), BEFORE.lock()) {
            before.get_or_insert((tty, settings));
        }
    }

    /// What is typed from here on is neither shown nor interpreted, as rpassword wants it. What was
    /// typed before stays.
    pub fn without_echo() {
        let _ = set(|settings| {
            settings.local_modes -=
                LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
            settings.special_codes[SpecialCodeIndex::VMIN] = 1;
            settings.special_codes[SpecialCodeIndex::VTIME] = NOT_YET;
        });
    }

    /// From here on each key arrives when it is pressed, as it is and unseen; a read gives up after a fifth of a second.
    /// Whether the terminal takes that.
    pub fn key_by_key() -> bool {
        set(|settings| {
            settings.input_modes -=
                InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::IXON;
            settings.local_modes -= LocalModes::ECHO
                | LocalModes::ECHONL
                | LocalModes::ICANON
                | LocalModes::ISIG
                | LocalModes::IEXTEN;
            settings.special_codes[SpecialCodeIndex::VMIN] = 0;
            settings.special_codes[SpecialCodeIndex::VTIME] = 2;
        })
    }

    /// A time between two bytes, which means nothing while one byte is enough. rpassword sets it to 0: so it tells
    /// that rpassword's own change of the settings is still to come.
    const NOT_YET: u8 = 1;

    /// Restores what [`remember`] noted.
    pub fn restore() {
        let _ = set(|_| ());
    }

    /// The same for a thread that ends the process while the main thread may be about to read. Its change of the
    /// settings would otherwise come after this, and the shell would be left without echo (measured: a signal in
    /// the millisecond in which the question appears).
    pub fn at_the_end() {
        const LONGEST: Duration = Duration::from_secs(1);
        screen::end_for_good();
        let begin = Instant::now();
        while is_about_to_read() && begin.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_millis(1));
        }
        restore();
    }

    fn is_about_to_read() -> bool {
        let Ok(before) = BEFORE.lock() else {
            return false;
        };
        let settings = before.as_ref().and_then(|(tty, _)| tcgetattr(tty).ok());
        settings.is_some_and(|settings| {
            !settings.local_modes.contains(LocalModes::ECHO)
                && settings.special_codes[SpecialCodeIndex::VTIME] == NOT_YET
        })
    }

    /// Changes what [`remember`] noted; whether the terminal took it.
    fn set(change: impl Fn(&mut Termios)) -> bool {
        if let Ok(before) = BEFORE.lock()
            && let Some((tty, settings)) = before.as_ref()
        {
            let mut settings = settings.clone();
            change(&mut settings);
            return tcsetattr(tty, OptionalActions::Now, &settings).is_ok();
        }
        false
    }
}

/// A console keeps its mode when a program ends: after Ctrl-C at the question PowerShell would start the
/// next program without echo.
#[cfg(windows)]
mod windows {
    use std::fs::File;
    use std::sync::Mutex;

    use winapi_util::console;

    use crate::system::screen;

    static BEFORE: Mutex<Option<(File, u32)>> = Mutex::new(None);

    /// Notes the console's mode, once.
    pub fn remember(tty: File) {
        if let (Ok(mode), Ok(mut before)) = (console::mode(&tty), BEFORE.lock()) {
            before.get_or_insert((tty, mode));
        }
    }

    /// A console echoes what is read, not what arrives: rpassword is early enough.
    pub fn without_echo() {}

    /// From here on each key arrives when it is pressed, as a terminal elsewhere would send it. Whether the console
    /// takes that: one before Windows 10 does not.
    pub fn key_by_key() -> bool {
        const PROCESSED_LINE_ECHO: u32 = 1 | 2 | 4;
        const VIRTUAL_TERMINAL_INPUT: u32 = 0x200;
        if let Ok(before) = BEFORE.lock()
            && let Some((tty, mode)) = before.as_ref()
        {
            let mode = mode & !PROCESSED_LINE_ECHO | VIRTUAL_TERMINAL_INPUT;
            return console::set_mode(tty, mode).is_ok();
        }
        false
    }

    /// Restores what [`remember`] noted, whoever asks.
    pub fn at_the_end() {
        screen::end_for_good();
        restore();
    }

    /// Restores what [`remember`] noted.
    pub fn restore() {
        if let Ok(before) = BEFORE.lock()
            && let Some((tty, mode)) = before.as_ref()
        {
            let _ = console::set_mode(tty, *mode);
        }
    }
}

#[cfg(unix)]
pub use unix::{at_the_end, key_by_key, remember, restore, without_echo};
#[cfg(windows)]
pub use windows::{at_the_end, key_by_key, remember, restore, without_echo};
