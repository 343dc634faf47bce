//! The ends that `main` does not choose: a panic, a time limit. (Signals are in [`super::signals`].)

use std::panic;
use std::process;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::output::stderr;
use crate::output::stdout;

/// A panic is a bug. It is reported by its place alone: its text may quote what was being handled.
pub fn on_panic() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(
            || "an unknown place".to_owned(),
            |l| format!("{}:{}", l.file(), l.line()),
        );
        let sentence = format!("internal error at {place}");
        stderr::note(&sentence);
        stderr::hint(
            "this is a bug in awsmfa; report this line and the command you ran, without any code or key",
        );
        stdout::fail(1, &sentence);
        process::exit(1);
    }));
}

/// Ends the process after this time, whatever it waits for: a lock, a name server, a call. Its locks
/// go with it, as after a signal.
pub fn after(time: Duration) -> Result<()> {
    // `std::thread::spawn` panics where the system gives no thread.
    let started = std::thread::Builder::new().spawn(move || {
        std::thread::sleep(time);
        let error = Error::TooSlow {
            seconds: time.as_secs(),
        };
        stderr::error(&error);
        stdout::fail(error.exit_code(), &error.to_string());
        process::exit(error.exit_code().into());
    });
    match started {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::NoThread { error }),
    }
}
