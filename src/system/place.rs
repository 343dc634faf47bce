//! Where a file is that is to be replaced: the file behind the links, its folder, and whether it can be replaced at
//! all.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::snapshot::Snapshot;
use super::{likeness, owner, replace};

/// The file that a path leads to, which need not exist, through any links.
pub struct Place {
    /// The file itself.
    pub path: PathBuf,
    folder: PathBuf,
}

impl Place {
    /// Follows the links and makes sure of the folder.
    pub fn behind(path: &Path) -> io::Result<Self> {
        // As many as Linux follows.
        const MOST_LINKS: usize = 40;
        let mut path = path.to_owned();
        let mut folder = folder_of(&path);
        for _ in 0..MOST_LINKS {
            let Ok(link) = fs::read_link(&path) else {
                let place = Self { path, folder };
                place.make_folder()?;
                return Ok(place);
            };
            path = folder.join(link);
            folder = folder_of(&path);
        }
        Err(io::Error::other(
            "it is a link that leads round in a circle",
        ))
    }

    fn make_folder(&self) -> io::Result<()> {
        if self.folder.is_dir() {
            return Ok(());
        }
        owner::may_create_in(&self.folder)?;
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)
    }

    /// A hidden name in the same folder.
    pub fn beside(&self, what: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".awsmfa-");
        name.push(what);
        self.folder.join(name)
    }

    /// Finds out whether the file can be replaced by one of these bytes, without doing it: a new file is made that
    /// is like it, and removed again.
    pub fn rehearse(&self, before: &Snapshot, bytes: &[u8]) -> io::Result<()> {
        self.may_be_renamed_over(before)?;
        self.prepare(before, bytes).map(drop)
    }

    /// The new file, whole and on the disk, under a name of its own.
    pub fn prepare(&self, before: &Snapshot, bytes: &[u8]) -> io::Result<NamedTempFile> {
        if before.file.is_none() {
            owner::may_create_in(&self.folder)?;
        }
        let prefix = self.beside("tmp-");
        let prefix = prefix.file_name().unwrap_or_default();
        let new = replace::begin(tempfile::Builder::new().prefix(prefix), &self.folder)?;
        match (&before.file, before.metadata()) {
            #[cfg(target_os = "linux")]
            (Some(old), Some(metadata)) => likeness::give(old, metadata, new.as_file())?,
            #[cfg(not(target_os = "linux"))]
            (Some(_), Some(metadata)) => {
                likeness::give(&self.path, metadata, new.as_file(), new.path())?;
            }
            // A volume without access control lists keeps nothing private.
            #[cfg(windows)]
            _ => super::private::make(new.path()).unwrap_or_default(),
            #[cfg(not(windows))]
            _ => {}
        }
        new.as_file().write_all(bytes)?;
        replace::sync(new.as_file())?;
        Ok(new)
    }

    /// Makes a renaming last, should the machine lose its power.
    #[cfg(unix)]
    pub fn sync(&self) {
        let _ = fs::File::open(&self.folder).and_then(|folder| folder.sync_all());
    }

    /// A process that was killed while writing left its file; under the lock no other is being written.
    pub fn remove_leftovers(&self) {
        let prefix = self.beside("tmp-");
        let prefix = prefix.file_name().unwrap_or_default().as_encoded_bytes();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if entry.file_name().as_encoded_bytes().starts_with(prefix) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// What only a renaming would find out. A file that was mounted by itself (into a container) cannot be
    /// renamed over, nor one that `chattr` has made immutable, nor somebody else's in a folder like `/tmp`.
    #[cfg(target_os = "linux")]
    fn may_be_renamed_over(&self, before: &Snapshot) -> io::Result<()> {
        use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
        use std::os::unix::fs::MetadataExt;
        let Some(file) = before.metadata() else {
            return Ok(());
        };
        let refused = |why: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        if let Ok(told) = statx(CWD, &self.path, AtFlags::empty(), StatxFlags::empty()) {
            if told.stx_attributes.contains(StatxAttributes::MOUNT_ROOT) {
                return refused(
                    "it is mounted by itself, so that no other file can take its place",
                );
            }
            let fixed = StatxAttributes::IMMUTABLE | StatxAttributes::APPEND;
            if told.stx_attributes.intersects(fixed) {
                return refused("chattr has made it immutable or append-only");
            }
        }
        let folder = fs::metadata(&self.folder)?;
        let me = rustix::process::geteuid();
        let is_sticky = folder.mode() & 0o1000 != 0;
        if is_sticky && !me.is_root() && ![file.uid(), folder.uid()].contains(&me.as_raw()) {
            return refused(
                "it belongs to another user, in a folder where only its owner may replace it",
            );
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    fn may_be_renamed_over(&self, _: &Snapshot) -> io::Result<()> {
        Ok(())
    }
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
