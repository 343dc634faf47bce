//! The file of a lock: opened without following a link, and known again, since its last holder may have removed it
//! while another process waited for it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a lock file, private and made where there is none.
pub fn open(path: &Path) -> io::Result<File> {
    without_links()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

/// Whether the lock file is still the one at its path: its last holder may have removed it.
#[cfg(unix)]
pub fn is_current(lock: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (lock.metadata(), path.symlink_metadata()) {
        (Ok(ours), Ok(there)) => ours.ino() == there.ino() && ours.dev() == there.dev(),
        _ => false,
    }
}

/// A file whose name was taken away lives on while it is open, and another may have the name by now.
#[cfg(windows)]
pub fn is_current(lock: &File, path: &Path) -> bool {
    use winapi_util::file::information;
    let there = OpenOptions::new().read(true).open(path);
    match (information(lock), there.and_then(information)) {
        (Ok(ours), Ok(there)) => {
            ours.file_index() == there.file_index()
                && ours.volume_serial_number() == there.volume_serial_number()
        }
        _ => false,
    }
}

/// Opens no link, waits for no pipe, and what it makes is private.
#[cfg(unix)]
pub fn without_links() -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    options.mode(0o600).custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(windows)]
pub fn without_links() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process that waited gets the lock of a file that has no name any more, while another file has that name.
    #[test]
    fn a_lock_file_that_was_removed_and_made_anew_is_not_the_one_that_was_waited_for() {
        if !crate::system::replace::names_go_at_once() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let waited_for = open(&path).unwrap();
        assert!(is_current(&waited_for, &path));
        std::fs::remove_file(&path).unwrap();
        assert!(!is_current(&waited_for, &path));
        let _made_anew = open(&path).unwrap();
        assert!(!is_current(&waited_for, &path));
    }
}
