//! The signals that end a process. `eval` takes an empty output for a success and goes on with the session that
//! the shell had, so none of them may end this one with nothing said, and none may leave the terminal without echo.

#[cfg(unix)]
use std::io;
use std::process;

#[cfg(unix)]
use crate::error::Error;
use crate::error::Result;
use crate::output::exit;
use crate::output::stdout;

/// A signal ends the process as it should, but first gives the terminal back as it was and makes the failure
/// visible to `eval`. A thread of its own: the main one may be reading a terminal or a socket.
///
/// Called where waiting begins (a question, a lock, a call), since the thread costs a tenth of what a run with a
/// stored session takes: before that a signal finds a process that is over in a millisecond.
#[cfg(unix)]
pub fn watch() -> Result<()> {
    use std::sync::OnceLock;
    static REFUSED: OnceLock<Option<i32>> = OnceLock::new();
    let refused = REFUSED.get_or_init(|| {
        let started = start();
        started.err().map(|error| error.raw_os_error().unwrap_or(0))
    });
    match refused {
        None => Ok(()),
        Some(errno) => Err(Error::NoThread {
            error: io::Error::from_raw_os_error(*errno),
        }),
    }
}

#[cfg(unix)]
fn start() -> io::Result<()> {
    use signal_hook::iterator::Signals;

    exit::watch_the_clock()?;
    let mut signals = Signals::new::<_, i32>([])?;
    for signal in deadly().filter(|signal| !is_ignored(*signal)) {
        // glibc and musl keep two or three real-time signals for themselves, and refuse them.
        let _ = signals.add_signal(signal);
    }
    std::thread::Builder::new().spawn(move || {
        if let Some(signal) = signals.forever().next() {
            crate::system::terminal_mode::at_the_end();
            let code = u8::try_from(128 + signal).unwrap_or(1);
            stdout::fail(code, "interrupted");
            process::exit(code.into());
        }
    })?;
    Ok(())
}

/// Every signal whose default action ends a process. A person types SIGINT and SIGQUIT (Ctrl-\), a limit raises
/// SIGXCPU, and anybody may send any other. Left out are SIGKILL, which nobody can catch, and SIGSEGV, SIGILL and
/// SIGFPE, after which nothing can go on. SIGPIPE is ignored from the start; of SIGXFSZ see [`survive_file_limit`].
#[cfg(unix)]
fn deadly() -> impl Iterator<Item = i32> {
    use signal_hook::consts::signal as s;
    let everywhere = [
        s::SIGHUP,
        s::SIGINT,
        s::SIGQUIT,
        s::SIGTERM,
        s::SIGABRT,
        s::SIGALRM,
        s::SIGBUS,
        s::SIGPROF,
        s::SIGSYS,
        s::SIGTRAP,
        s::SIGUSR1,
        s::SIGUSR2,
        s::SIGVTALRM,
        s::SIGXCPU,
    ];
    everywhere.into_iter().chain(of_this_system())
}

/// The real-time ones among them, which end a process like any other.
#[cfg(target_os = "linux")]
fn of_this_system() -> impl Iterator<Item = i32> {
    use rustix::process::Signal;
    let named = [Signal::STKFLT, Signal::IO, Signal::POWER];
    named.into_iter().map(Signal::as_raw).chain(32..=64)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn of_this_system() -> impl Iterator<Item = i32> {
    std::iter::empty()
}

/// Has a write beyond the limit for files (`ulimit -f`) fail with an error in place of ending the process by
/// SIGXFSZ: there is a session even where it cannot be stored. Called before the first file is written; it
/// starts no thread.
#[cfg(unix)]
pub fn survive_file_limit() {
    use signal_hook::consts::SIGXFSZ;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    if !is_ignored(SIGXFSZ) {
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
    }
}

/// Windows knows no such limit.
#[cfg(windows)]
pub fn survive_file_limit() {}

/// Whether the process that started us made us ignore it: `nohup`, a script's `&` and `trap ''` do. It stays
/// ignored, in the command of `exec` too, which a handler would undo.
#[cfg(target_os = "linux")]
fn is_ignored(signal: i32) -> bool {
    use std::sync::OnceLock;
    // A bit each, SIGHUP the lowest.
    static IGNORED: OnceLock<u64> = OnceLock::new();
    let ignored = IGNORED.get_or_init(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or_default()
    });
    ignored & (1 << (signal - 1)) != 0
}

/// The same where only `sigaction` could tell, which no safe interface offers.
#[cfg(all(unix, not(target_os = "linux")))]
fn is_ignored(signal: i32) -> bool {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use std::sync::OnceLock;
    // Those that `nohup`, a script's `&` and `trap ''` are about.
    const ASKED: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
    static IGNORED: OnceLock<Vec<i32>> = OnceLock::new();
    let ignored = || IGNORED.get_or_init(|| ignored_by_a_child(&ASKED));
    ASKED.contains(&signal) && ignored().contains(&signal)
}

/// A child ignores what we do: one is started for each signal, all at once, and sends it to itself.
#[cfg(any(all(test, target_os = "linux"), all(unix, not(target_os = "linux"))))]
fn ignored_by_a_child(signals: &[i32]) -> Vec<i32> {
    use std::process::{Command, Stdio};
    let start = |signal: &i32| {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("ulimit -c 0; kill -{signal} $$")]);
        let shell = shell.stdin(Stdio::null()).stdout(Stdio::null());
        Some((*signal, shell.stderr(Stdio::null()).spawn().ok()?))
    };
    let children: Vec<_> = signals.iter().filter_map(start).collect();
    let ignored = children.into_iter().filter_map(|(signal, mut child)| {
        let status = child.wait().ok()?;
        status.success().then_some(signal)
    });
    ignored.collect()
}

/// Ctrl-C ends the process the same way; Windows runs the handler on a thread of its own.
#[cfg(windows)]
pub fn watch() -> Result<()> {
    use std::sync::atomic::Ordering;
    static STARTED: std::sync::Once = std::sync::Once::new();
    STARTED.call_once(|| {
        let _ = exit::watch_the_clock();
        let _ = ctrlc::set_handler(|| {
            if LEFT_TO_A_COMMAND.load(Ordering::SeqCst) {
                return;
            }
            crate::system::terminal_mode::at_the_end();
            stdout::fail(130, "interrupted");
            process::exit(130);
        });
    });
    Ok(())
}

#[cfg(windows)]
static LEFT_TO_A_COMMAND: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// Leaves Ctrl-C to the command that we run and that gets it as well. There is one handler in a process,
/// and the call for the session may have set it.
#[cfg(windows)]
pub fn leave_ctrl_c_to_the_command() {
    LEFT_TO_A_COMMAND.store(true, std::sync::atomic::Ordering::SeqCst);
    let _ = watch();
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Run again below by a shell that ignores a signal.
    #[test]
    fn what_a_child_ignores_is_what_we_ignore() {
        let signals = [1, 2, 3, 15];
        let ignored = ignored_by_a_child(&signals);
        let ours: Vec<i32> = signals
            .into_iter()
            .filter(|signal| is_ignored(*signal))
            .collect();
        assert_eq!(ignored, ours);
        if let Ok(expected) = std::env::var("IGNORED_BY_THE_TEST") {
            assert!(ignored.iter().any(|signal| signal.to_string() == expected));
            return;
        }
        let own = std::env::current_exe().unwrap();
        let line = "trap '' TERM; \"$0\" output::signals::tests::what_a_child_ignores_is_what_we_ignore --exact";
        let mut shell = process::Command::new("/bin/sh");
        shell
            .args(["-c", line])
            .arg(own)
            .env("IGNORED_BY_THE_TEST", "15");
        let ran = shell.output().unwrap();
        let told = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(ran.status.success() && told.contains("1 passed"), "{told}");
    }
}
