//! A lock between processes: a file beside what it guards. The lock is the operating system's and dies
//! with its holder; the holder removes the file, and a process that waited for it notices.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::lock_file::{is_current, open, without_links};

/// A lock, while held.
pub struct Lock {
    file: File,
    path: PathBuf,
}

/// How long to wait for the holder of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Until it is done.
    Endless,
    /// Three seconds: nobody is there who could look after it.
    Short,
}

/// Why there is no lock.
#[derive(Debug)]
pub enum NotTaken {
    /// Another process has it: which one, as it says itself.
    Held(String),
    /// The system's reason.
    Io(io::Error),
}

const SHORT: Duration = Duration::from_secs(3);
/// A shorter wait is over before it is read.
const WORTH_SAYING: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_millis(10);
/// A lock file that the system does not guard may be left over from a process that was killed.
const UNGUARDED: Duration = Duration::from_secs(10);

impl Patience {
    /// Without anybody to ask there is nobody to wait for ever either.
    pub fn of(no_input: bool) -> Self {
        match no_input {
            true => Patience::Short,
            false => Patience::Endless,
        }
    }
}

impl Lock {
    /// Takes the lock. The file is made where there is none. If it has to wait for longer than a second,
    /// `told` is called once, with the process that it waits for.
    pub fn take(
        path: PathBuf,
        patience: Patience,
        told: &mut dyn FnMut(&str),
    ) -> Result<Self, NotTaken> {
        let mut wait = Wait::new(patience, told);
        loop {
            let file = open(&path)?;
            match file.try_lock() {
                Ok(()) if is_current(&file, &path) => return Ok(Self::held(file, path)),
                Ok(()) => continue, // its last holder has removed it: take the new one
                Err(TryLockError::WouldBlock) => wait.once(&holder(&path))?,
                Err(TryLockError::Error(error)) if has_no_locks(&error) => {
                    // No process can hold it, so that it is in nobody's way.
                    let _ = fs::remove_file(&path);
                    return Self::by_existence(path, wait);
                }
                Err(TryLockError::Error(error)) => {
                    let _ = fs::remove_file(&path);
                    return Err(NotTaken::Io(error));
                }
            }
        }
    }

    /// A file system without locks (some network ones, and FUSE): there the file that only one process can
    /// make is the lock. It outlives a holder that is killed, so that nobody waits for it for long.
    fn by_existence(mut path: PathBuf, mut wait: Wait) -> Result<Self, NotTaken> {
        path.as_mut_os_string().push("-here");
        loop {
            match without_links().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self::held(file, path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if wait.started.elapsed() > UNGUARDED {
                        return Err(NotTaken::Io(io::Error::other(format!(
                            "another awsmfa seems to be writing it; if none is running, remove {}",
                            path.display()
                        ))));
                    }
                    wait.once(&holder(&path))?;
                }
                Err(error) => return Err(NotTaken::Io(error)),
            }
        }
    }

    /// The lock is ours: says so to the processes that wait.
    fn held(mut file: File, path: PathBuf) -> Self {
        // Root may be at work in another user's folder: a lock that is left there must not lock that user out.
        #[cfg(unix)]
        if rustix::process::geteuid().is_root()
            && let Some(Ok(folder)) = path.parent().map(fs::metadata)
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            let _ = fchown(&file, Some(folder.uid()), Some(folder.gid()));
        }
        let _ = file.set_len(0);
        let _ = write!(file, "process {}", std::process::id());
        Self { file, path }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

/// Waiting, and saying so once.
struct Wait<'t> {
    started: Instant,
    patience: Patience,
    told: Option<&'t mut dyn FnMut(&str)>,
}

impl<'t> Wait<'t> {
    fn new(patience: Patience, told: &'t mut dyn FnMut(&str)) -> Self {
        Self {
            started: Instant::now(),
            patience,
            told: Some(told),
        }
    }

    fn once(&mut self, holder: &str) -> Result<(), NotTaken> {
        let waited = self.started.elapsed();
        if self.patience == Patience::Short && waited > SHORT {
            return Err(NotTaken::Held(holder.to_owned()));
        }
        if waited > WORTH_SAYING
            && let Some(told) = self.told.take()
        {
            told(holder);
        }
        std::thread::sleep(POLL);
        Ok(())
    }
}

/// What the holder wrote into the lock file. Windows lets nobody read a file that is locked.
fn holder(path: &Path) -> String {
    let mut text = String::new();
    let read = without_links()
        .read(true)
        .open(path)
        .and_then(|file| file.take(100).read_to_string(&mut text));
    match read {
        Ok(_) if !text.is_empty() => text,
        _ => "another process".to_owned(),
    }
}

/// Whether it is the file system that knows no locks: NFS without its lock service says ENOLCK, others ENOSYS or
/// EOPNOTSUPP.
fn has_no_locks(error: &io::Error) -> bool {
    #[cfg(unix)]
    let by_number = {
        use rustix::io::Errno;
        let number = error.raw_os_error();
        [Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOTSUP]
            .iter()
            .any(|errno| number == Some(errno.raw_os_error()))
    };
    #[cfg(not(unix))]
    let by_number = false;
    by_number || error.kind() == io::ErrorKind::Unsupported
}

impl From<io::Error> for NotTaken {
    fn from(error: io::Error) -> Self {
        NotTaken::Io(error)
    }
}
