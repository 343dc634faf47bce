//! Whoever starts the tests may have them ignore signals: a script's `cargo test &` does with SIGINT, `nohup` with
//! SIGHUP. What is ignored stays ignored in every program that a test starts, and a signal that it sends would do nothing.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

/// From now on the programs that are started have these signals as a shell's own would. A handler does not outlive
/// the start of a program, as being ignored does; one that only notes the signal leaves the tests as they were.
pub fn reset_for_children() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            if mask.unwrap_or(0) & (1 << (signal - 1)) != 0 {
                let noted = Arc::new(AtomicBool::new(false));
                signal_hook::flag::register(signal, noted).unwrap();
            }
        }
    });
}
