//! The ends that `main` does not choose: a panic, a signal.

use std::panic;
use std::process;
#[cfg(windows)]
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

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
        let sentence = format!("internal error at {place}");
        stderr::note(&sentence);
        stderr::hint(
            "this is a bug in awsmfa; report this line and the command you ran, without any code or key",
        );
        stdout::fail(1, &sentence);
        process::exit(1);
    }));
}

/// SIGINT, SIGTERM and SIGHUP end the process as they should, but first give the terminal back as
/// it was and make the failure visible to `eval`. A thread of its own: the main one may be reading
/// a terminal or a socket.
///
/// Called where waiting begins (a question, a lock, a call), since the thread costs a tenth of what a
/// run with a stored session takes: before that a signal finds a process that is over in a millisecond.
#[cfg(unix)]
pub fn on_signals() {
    static STARTED: std::sync::Once = std::sync::Once::new();
    STARTED.call_once(watch);
}

#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let ignored = ignored_signals();
    let watched = [SIGINT, SIGTERM, SIGHUP]
        .into_iter()
        .filter(|signal| ignored & (1 << (signal - 1)) == 0);
    let Ok(mut signals) = Signals::new(watched) else {
        return;
    };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            crate::mfa::terminal::restore::now();
            let code = u8::try_from(128 + signal).unwrap_or(1);
            stdout::fail(code, "interrupted");
            process::exit(code.into());
        }
    });
}

/// The signals that whoever started us has us ignore, a bit each, SIGHUP the lowest: `nohup`, a script's
/// `&` and `trap ''` do. They stay ignored, in the command of `exec` too, which a handler would undo.
#[cfg(target_os = "linux")]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

/// Only `sigaction` could tell, which no safe interface offers.
#[cfg(all(unix, not(target_os = "linux")))]
fn ignored_signals() -> u64 {
    0
}

/// Ends the process after this time, whatever it waits for: a lock, a name server, a call. Its locks
/// go with it, as after a signal.
pub fn after(time: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(time);
        let error = Error::TooSlow {
            seconds: time.as_secs(),
        };
        stderr::error(&error);
        stdout::fail(error.exit_code(), &error.to_string());
        process::exit(error.exit_code().into());
    });
}

/// Ctrl-C ends the process the same way; Windows runs the handler on a thread of its own.
#[cfg(windows)]
pub fn on_signals() {
    static STARTED: std::sync::Once = std::sync::Once::new();
    STARTED.call_once(|| {
        let _ = ctrlc::set_handler(|| {
            if LEFT_TO_A_COMMAND.load(Ordering::SeqCst) {
                return;
            }
            crate::mfa::terminal::restore::now();
            stdout::fail(130, "interrupted");
            process::exit(130);
        });
    });
}

#[cfg(windows)]
static LEFT_TO_A_COMMAND: AtomicBool = AtomicBool::new(false);

/// Leaves Ctrl-C to the command that we run and that gets it as well. There is one handler in a process,
/// and the call for the session may have set it.
#[cfg(windows)]
pub fn leave_ctrl_c_to_the_command() {
    LEFT_TO_A_COMMAND.store(true, Ordering::SeqCst);
    on_signals();
}
