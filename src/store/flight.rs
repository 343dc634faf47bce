//! Single flight: a lock per session, so that N processes ask once and call once. The lock is the
//! operating system's and dies with its holder.

use std::fs::{self, File, TryLockError};
use std::io::{Seek, Write};
use std::time::{Duration, Instant};

use super::directory::Directory;
use crate::error::Busy;
use crate::system::lock_file::is_current;

/// What the holder of a lock is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Somebody is at the question: it may take all day.
    Asking,
    /// AWS is: it takes seconds.
    Calling,
}

/// How long to wait for another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Until it is done, saying whom we wait for.
    Patiently,
    /// For one that calls, 3 seconds at most; never for one that asks.
    Briefly,
}

/// What waiting for a lock comes to.
pub enum Flown<T> {
    /// Another process has got what we wait for.
    There(T),
    /// It is ours to get.
    Ours(Flight),
}

/// The lock of one session, while held.
pub struct Flight {
    held: Option<Held>,
}

struct Held {
    lock: File,
    /// Where the stage is written: the lock file itself, but on Windows a locked file cannot be read.
    state: File,
    paths: Vec<std::path::PathBuf>,
    profile: String,
}

const BRIEFLY: Duration = Duration::from_secs(3);
const POLL: Duration = Duration::from_millis(15);
/// A shorter wait is over before it is read.
const WORTH_SAYING: Duration = Duration::from_millis(300);

impl Flight {
    /// A flight that excludes nobody: there is no store to share through.
    pub fn alone() -> Self {
        Self { held: None }
    }

    /// Takes the lock, and says on stderr for whom it waits. A process that can `find` what it waits for needs the
    /// lock no more: otherwise a hundred processes would take the lock one after the other and hold each other up.
    pub(super) fn begin<T>(
        directory: &Directory,
        name: &str,
        profile: &str,
        wait: Wait,
        mut find: impl FnMut() -> Option<T>,
    ) -> Result<Flown<T>, Busy> {
        let lock_name = format!("{name}.lock");
        let state_name = if cfg!(windows) {
            format!("{name}.holder")
        } else {
            lock_name.clone()
        };
        let started = Instant::now();
        let mut waited = false;
        loop {
            let Ok(lock) = directory.open_lock(&lock_name) else {
                return Ok(Flown::Ours(Self::alone())); // no lock, no store: each for itself
            };
            match lock.try_lock() {
                Ok(()) if is_current(&lock, &directory.path_of(&lock_name)) => {
                    let Ok(state) = directory.open_lock(&state_name) else {
                        return Ok(Flown::Ours(Self::alone()));
                    };
                    let mut paths = vec![directory.path_of(&lock_name)];
                    if state_name != lock_name {
                        paths.push(directory.path_of(&state_name));
                    }
                    let held = Held {
                        lock,
                        state,
                        paths,
                        profile: profile.to_owned(),
                    };
                    let mut flight = Self { held: Some(held) };
                    flight.now(Stage::Calling);
                    return Ok(Flown::Ours(flight));
                }
                Ok(()) => continue, // its last holder has removed it: take the new one
                Err(TryLockError::Error(_)) => return Ok(Flown::Ours(Self::alone())),
                Err(TryLockError::WouldBlock) => {}
            }
            let holder = read_state(directory, &state_name);
            match wait {
                Wait::Briefly if holder.contains(" asking ") || started.elapsed() > BRIEFLY => {
                    return Err(Busy { holder });
                }
                Wait::Patiently
                    if !waited && started.elapsed() > WORTH_SAYING && !holder.is_empty() =>
                {
                    crate::output::stderr::note(&format!("waiting for another awsmfa ({holder})"));
                    waited = true;
                }
                _ => {}
            }
            std::thread::sleep(POLL);
            if let Some(found) = find() {
                return Ok(Flown::There(found));
            }
        }
    }

    /// Writes down what is being done, for those who wait.
    pub fn now(&mut self, stage: Stage) {
        let Some(held) = &mut self.held else {
            return;
        };
        let stage = match stage {
            Stage::Asking => "asking",
            Stage::Calling => "calling",
        };
        let line = format!(
            "process {} {stage} for profile {}",
            std::process::id(),
            held.profile
        );
        let _ = held.state.set_len(0);
        let _ = held
            .state
            .rewind()
            .and_then(|()| held.state.write_all(line.as_bytes()));
    }
}

impl Drop for Flight {
    /// Removes the lock file while its lock is still held; a process that waits for it notices.
    fn drop(&mut self) {
        if let Some(held) = &self.held {
            for path in &held.paths {
                let _ = fs::remove_file(path);
            }
            let _ = held.lock.unlock();
        }
    }
}

/// Removes the lock files of processes that were killed: nobody holds their lock.
pub(super) fn remove_abandoned(directory: &Directory) {
    for file in directory.names().filter(|file| file.ends_with(".lock")) {
        if let Ok(lock) = directory.open_lock(&file)
            && lock.try_lock().is_ok()
            && is_current(&lock, &directory.path_of(&file))
        {
            directory.remove(&file);
            directory.remove(&file.replace(".lock", ".holder"));
        }
    }
}

/// What the holder wrote; not more than a line, and nothing that steers a terminal. Reading makes no
/// file: the holder may have finished and removed its own.
fn read_state(directory: &Directory, file: &str) -> String {
    let bytes = directory.read(file).unwrap_or_default();
    crate::text::sanitize::clean(&String::from_utf8_lossy(&bytes), &[])
}
