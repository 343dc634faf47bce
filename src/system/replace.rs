//! Replacing a file: readers see the old bytes or the new ones, whatever process dies in between.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Makes the file that will be put in place: new, in the same folder, private, removed again if anything
/// fails.
#[cfg(unix)]
pub fn begin(builder: &Builder, folder: &Path) -> io::Result<NamedTempFile> {
    builder.tempfile_in(folder)
}

/// Puts it there.
#[cfg(unix)]
pub fn finish(temporary: NamedTempFile, target: &Path) -> io::Result<()> {
    match temporary.persist(target) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.error),
    }
}

/// Makes sure that the bytes outlive a power cut. macOS has a call of its own for that, which a volume of
/// another system (SMB, FUSE) need not know; the ordinary one is then the most that can be had.
pub fn sync(file: &File) -> io::Result<()> {
    match file.sync_all() {
        #[cfg(unix)]
        Err(error) if is_unknown_to_the_volume(&error) => Ok(rustix::fs::fsync(file)?),
        result => result,
    }
}

#[cfg(unix)]
fn is_unknown_to_the_volume(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let error = error.raw_os_error().map(Errno::from_raw_os_error);
    matches!(
        error,
        Some(Errno::NOTSUP | Errno::NOTTY | Errno::INVAL | Errno::NOSYS)
    )
}

/// Puts it where no file is yet; `false` where one has come.
#[cfg(unix)]
pub fn add(temporary: NamedTempFile, target: &Path) -> io::Result<bool> {
    match temporary.persist_noclobber(target) {
        Ok(_) => Ok(true),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        // FAT knows neither hard links nor a renaming that replaces nothing.
        Err(failed) => finish(failed.file, target).map(|()| true),
    }
}

/// Puts it there and gives what it replaced the temporary name, until that is dropped; `None` where the system
/// cannot exchange two names, and has replaced the file.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub fn exchange(temporary: NamedTempFile, target: &Path) -> io::Result<Option<NamedTempFile>> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, temporary.path(), CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(Some(temporary)),
        // EPERM: an old sandbox that does not know the call; where it is the folder, the renaming says so too.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP | Errno::PERM) => {
            finish(temporary, target).map(|()| None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The same.
#[cfg(not(any(target_os = "linux", target_vendor = "apple", windows)))]
pub fn exchange(temporary: NamedTempFile, target: &Path) -> io::Result<Option<NamedTempFile>> {
    finish(temporary, target).map(|()| None)
}

/// Puts it there; `false` where a program has the old file open and does not share its deletion.
#[cfg(windows)]
pub fn once(temporary: NamedTempFile, target: &Path) -> io::Result<bool> {
    match std::fs::rename(temporary.into_temp_path(), target) {
        Err(error) if is_in_use(&error) => Ok(false),
        result => result.map(|()| true),
    }
}

/// Makes the file that will be put in place. tempfile would mark it as temporary, which Windows takes for leave not to
/// write it to disk.
#[cfg(windows)]
pub fn begin(builder: &Builder, folder: &Path) -> io::Result<NamedTempFile> {
    builder.make_in(folder, |path| {
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create_new(true).open(path)
    })
}

/// Puts it there. A program that has the old file open and shares its deletion, as we do, is no obstacle.
/// The AWS CLI does not share it (Python's `open`), so that its reading has to be waited for.
#[cfg(windows)]
pub fn finish(temporary: NamedTempFile, target: &Path) -> io::Result<()> {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
    const POLL: std::time::Duration = std::time::Duration::from_millis(20);
    let started = std::time::Instant::now();
    // Closed, and removed when this is dropped: after the renaming there is nothing to remove.
    let temporary = temporary.into_temp_path();
    loop {
        match std::fs::rename(&temporary, target) {
            Err(error) if is_in_use(&error) && started.elapsed() < PATIENCE => {
                std::thread::sleep(POLL);
            }
            result => return result,
        }
    }
}

/// `ERROR_SHARING_VIOLATION`; `ERROR_ACCESS_DENIED` is what `MoveFileEx` makes of it for the target.
#[cfg(windows)]
fn is_in_use(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(5 | 32))
}

/// Windows 10 (1709) takes a name away at once, as Unix does, also while a program has the file open. Wine 8
/// does not, and what needs it is a visible skip there.
#[cfg(test)]
pub fn names_go_at_once() -> bool {
    let is_wine = std::env::var_os("WINEPREFIX").is_some();
    if is_wine {
        let _ = io::Write::write_all(
            &mut io::stderr(),
            b"SKIPPED: names of open files under Wine\n",
        );
    }
    !is_wine
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;

    fn replace(target: &Path, text: &str) -> io::Result<()> {
        let mut temporary = begin(&Builder::new(), target.parent().unwrap())?;
        temporary.write_all(text.as_bytes())?;
        finish(temporary, target)
    }

    #[cfg(unix)]
    #[test]
    fn a_volume_that_cannot_do_it_is_told_from_a_disk_that_fails() {
        let error = |number: rustix::io::Errno| io::Error::from_raw_os_error(number.raw_os_error());
        assert!(is_unknown_to_the_volume(&error(rustix::io::Errno::NOTSUP)));
        assert!(!is_unknown_to_the_volume(&error(rustix::io::Errno::IO)));
        assert!(!is_unknown_to_the_volume(&io::Error::other("no number")));
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"text").unwrap();
        sync(&file).unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_program_that_reads_the_old_file_reads_on() {
        if !names_go_at_once() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a file");
        replace(&target, "old").unwrap();
        let reader = fs::File::open(&target).unwrap();
        replace(&target, "new").unwrap();
        assert_eq!(io::read_to_string(reader).unwrap(), "old");
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(names(folder.path()), ["a file"]);
    }

    /// Python opens its files so, and with it the AWS CLI.
    #[cfg(windows)]
    #[test]
    fn a_program_that_does_not_share_the_file_is_waited_for_and_then_told_of() {
        use std::os::windows::fs::OpenOptionsExt;
        const READ_AND_WRITE: u32 = 3;
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("credentials");
        replace(&target, "old").unwrap();
        let mut options = fs::OpenOptions::new();
        let options = options.read(true).share_mode(READ_AND_WRITE);
        let reader = options.open(&target).unwrap();
        assert!(is_in_use(&replace(&target, "new").unwrap_err()));
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(names(folder.path()), ["credentials"]);
        let writer = std::thread::spawn({
            let target = target.clone();
            move || replace(&target, "new")
        });
        drop(reader);
        writer.join().unwrap().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
    }
}
