//! Gives the terminal back as it was, also when a signal ends the process in the middle of a question.

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
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
        set(|settings| {
            settings.local_modes -=
                LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
            settings.special_codes[SpecialCodeIndex::VMIN] = 1;
            settings.special_codes[SpecialCodeIndex::VTIME] = NOT_YET;
        });
    }

    /// A time between two bytes, which means nothing while one byte is enough. rpassword sets it to 0: so it tells
    /// that rpassword's own change of the settings is still to come.
    const NOT_YET: u8 = 1;

    /// Restores what [`remember`] noted.
    pub fn restore() {
        set(|_| ());
    }

    /// The same for whoever ends the process while the main thread may be about to read. Its change of the settings
    /// would otherwise come after this, and the shell would be left without echo (measured: a signal in the
    /// millisecond in which the question appears).
    pub fn at_the_end() {
        const LONGEST: Duration = Duration::from_secs(1);
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

/// A console keeps its mode when a program ends: after Ctrl-C at the question PowerShell would start the
/// next program without echo.
#[cfg(windows)]
mod windows {
    use std::fs::File;
    use std::sync::Mutex;

    use winapi_util::console;

    static BEFORE: Mutex<Option<(File, u32)>> = Mutex::new(None);

    /// Notes the console's mode, once.
    pub fn remember(tty: File) {
        if let (Ok(mode), Ok(mut before)) = (console::mode(&tty), BEFORE.lock()) {
            before.get_or_insert((tty, mode));
        }
    }

    /// A console echoes what is read, not what arrives: rpassword is early enough.
    pub fn without_echo() {}

    /// Restores what [`remember`] noted, whoever asks.
    pub fn at_the_end() {
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
pub use unix::{at_the_end, remember, restore, without_echo};
#[cfg(windows)]
pub use windows::{at_the_end, remember, restore, without_echo};
