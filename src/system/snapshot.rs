//! A file as it was at one moment: its bytes, and what tells whether anybody has touched it since.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::bounded_read;

/// A file that was read, still open; or that there is none.
pub struct Snapshot {
    /// `None` where there is no file.
    pub file: Option<File>,
    /// What it held: it may be a secret.
    pub bytes: Zeroizing<Vec<u8>>,
    metadata: Option<Metadata>,
}

impl Snapshot {
    /// Reads the file. It must be one (not a pipe, not `/dev/null`), and the user's to write: renaming another
    /// file over it needs no such permission, so it is asked for here.
    pub fn take(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        bounded_read::never_waiting(&mut options);
        let file = match options.open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self {
                    file: None,
                    bytes: Zeroizing::default(),
                    metadata: None,
                });
            }
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(bounded_read::not_a_file());
        }
        let bytes = bounded_read::read_open(&file, metadata.len())?;
        Ok(Self {
            file: Some(file),
            bytes,
            metadata: Some(metadata),
        })
    }

    /// What the file was like, where there was one.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.metadata.as_ref()
    }

    /// Whether another program is probably writing it: many programs empty a file and write it anew a moment later.
    pub fn is_in_flux(&self, attempt: u32) -> bool {
        const EMPTIED: Duration = Duration::from_millis(250);
        const WRITTEN: Duration = Duration::from_millis(10);
        // A program that writes all the time is not waited for.
        const PATIENCE: u32 = 5;
        let modified = self.metadata.as_ref().map(Metadata::modified);
        let Some(age) = modified.and_then(|at| at.ok()?.elapsed().ok()) else {
            return false;
        };
        (self.bytes.is_empty() && age < EMPTIED) || (attempt < PATIENCE && age < WRITTEN)
    }

    /// Whether the path still leads to the same file with the same bytes, which nobody has written since. The
    /// bytes are compared as well: two writes may fall into one tick of the file system's clock.
    pub fn is_current(&self, path: &Path) -> io::Result<bool> {
        let now = Self::take(path)?;
        Ok(match (&self.metadata, &now.metadata) {
            (None, None) => true,
            (Some(then), Some(now_)) => untouched(then, now_) && *self.bytes == *now.bytes,
            _ => false,
        })
    }
}

#[cfg(unix)]
fn untouched(then: &Metadata, now: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |m: &Metadata| (m.dev(), m.ino(), m.size(), m.mtime(), m.mtime_nsec());
    of(then) == of(now)
}

#[cfg(windows)]
fn untouched(then: &Metadata, now: &Metadata) -> bool {
    use std::os::windows::fs::MetadataExt;
    let of = |m: &Metadata| (m.creation_time(), m.file_size(), m.last_write_time());
    of(then) == of(now)
}
