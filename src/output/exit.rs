//! The ends that `main` does not choose: a panic, a time limit. (Signals are in [`super::signals`].)

use std::io;
use std::panic;
use std::process;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::output::stderr;
use crate::output::stdout;

/// A panic is a bug. It is reported by its place alone: its text may quote what was being handled.
pub fn on_panic() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(
            || "an unknown place".to_owned(),
            |l| format!("{}:{}", l.file(), l.line()),
        );
        crate::system::terminal_mode::at_the_end();
        let sentence = format!("internal error at {place}");
        stderr::note(&sentence);
        stderr::hint(
            "this is a bug in awsmfa; report this line and the command you ran, without any code or key",
        );
        stdout::fail(1, &sentence);
        process::exit(1);
    }));
}

static ENDS: OnceLock<(Instant, Duration)> = OnceLock::new();

/// Ends the process after this time, whatever it waits for: a lock, a name server, a call. Its locks
/// go with it, as after a signal. The thread that watches begins where waiting does
/// ([`super::signals::watch`]): a run with a stored session waits for nothing.
pub fn after(time: Duration) {
    ENDS.get_or_init(|| (Instant::now(), time));
}

/// Begins to watch the clock, where [`after`] was called.
pub fn watch_the_clock() -> io::Result<()> {
    let Some((started, time)) = ENDS.get().copied() else {
        return Ok(());
    };
    // `std::thread::spawn` panics where the system gives no thread.
    std::thread::Builder::new().spawn(move || {
        std::thread::sleep(time.saturating_sub(started.elapsed()));
        let error = Error::TooSlow {
            seconds: time.as_secs(),
        };
        stderr::error(&error);
        stdout::fail(error.exit_code(), &error.to_string());
        process::exit(error.exit_code().into());
    })?;
    Ok(())
}
