//! The one place that writes `~/.aws/config` and `~/.aws/credentials`: whole or not at all, one writer at
//! a time, and nothing of the file changes but what was asked for: its mode, its owner and a link to
//! somebody's dotfiles stay.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::edit::{self, Existing};
use super::read::AwsFile;
use super::sections::FileKind;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::system::lock::Lock;
#[cfg(windows)]
use crate::system::private;
use crate::system::replace;

/// Puts values into the profile's section of one file and gives back the file's path.
pub fn put(
    kind: FileKind,
    env: &Environment,
    profile: &str,
    values: &[(&str, &str)],
    existing: Existing,
) -> Result<PathBuf> {
    let path = AwsFile::read(kind, env)?.path;
    let unwritable = |error| Error::Unwritable {
        path: path.clone(),
        error,
    };
    let target = Target::behind(&path).map_err(unwritable)?;
    let _lock = Lock::take(target.beside("lock")).map_err(unwritable)?;
    // Read again: whoever had the lock before us may have written.
    let file = AwsFile::read(kind, env)?;
    let text = edit::put(kind, &file.text, profile, values, existing)
        .map_err(|error| file.syntax(error))?;
    if *text != *file.text {
        target.replace(text.as_bytes()).map_err(unwritable)?;
    }
    Ok(file.path)
}

/// Whether the file can be written, for whoever has a code to lose if it cannot.
pub fn check(kind: FileKind, env: &Environment) -> Result<()> {
    let path = AwsFile::read(kind, env)?.path;
    let checked = Target::behind(&path).and_then(|target| {
        target.metadata()?;
        Lock::take(target.beside("lock")).map(drop) // made where the new file will be
    });
    checked.map_err(|error| Error::Unwritable { path, error })
}

/// The file that a path leads to, which need not exist, through any links.
struct Target {
    path: PathBuf,
    folder: PathBuf,
}

impl Target {
    /// Follows the links and makes sure of the folder.
    fn behind(path: &Path) -> io::Result<Self> {
        let mut path = path.to_owned();
        let mut folder = folder_of(&path);
        // A loop of links ended in the reading.
        while let Ok(link) = fs::read_link(&path) {
            path = folder.join(link);
            folder = folder_of(&path);
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(Self { path, folder })
    }

    /// A hidden name in the same folder.
    fn beside(&self, what: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".awsmfa-");
        name.push(what);
        self.folder.join(name)
    }

    /// Replaces the file: readers see the old bytes or the new ones, after a power cut too.
    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let metadata = self.metadata()?;
        self.remove_leftovers();
        let prefix = self.beside("tmp-");
        let prefix = prefix.file_name().unwrap_or_default();
        let mut temporary = replace::begin(tempfile::Builder::new().prefix(prefix), &self.folder)?;
        #[cfg(windows)]
        match metadata {
            Some(_) => private::copy(&self.path, temporary.path())?,
            // A volume without access control lists keeps nothing private.
            None => private::make(temporary.path()).unwrap_or_default(),
        }
        temporary.write_all(bytes)?;
        if let Some(metadata) = &metadata {
            keep_owner_and_mode(temporary.as_file(), metadata)?;
        }
        replace::sync(temporary.as_file())?;
        replace::finish(temporary, &self.path)?;
        #[cfg(unix)]
        let _ = File::open(&self.folder).and_then(|folder| folder.sync_all());
        Ok(())
    }

    /// `None` for a file that is not there. One that is must be a file (not `/dev/null`, not a pipe), and
    /// the user's to write: renaming needs no such permission, so it is asked for.
    fn metadata(&self) -> io::Result<Option<Metadata>> {
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.is_file() => {
                OpenOptions::new().append(true).open(&self.path)?;
                Ok(Some(metadata))
            }
            Ok(_) => Err(io::Error::other("it is not a regular file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A process that was killed while writing left its file; under the lock no other is being written.
    fn remove_leftovers(&self) {
        let prefix = self.beside("tmp-");
        let prefix = prefix.file_name().unwrap_or_default().as_encoded_bytes();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if entry.file_name().as_encoded_bytes().starts_with(prefix) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A file that root edits stays its user's, one of a shared group stays the group's, and its mode stays. A new
/// file has the group of its folder on macOS, and in a folder with the set-group-ID bit: where the group of
/// before is not ours to give, that other group gets none of its rights.
#[cfg(unix)]
fn keep_owner_and_mode(file: &File, before: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let now = file.metadata()?;
    let mut mode = before.permissions();
    if now.uid() != before.uid() {
        fchown(file, Some(before.uid()), None)?;
    }
    if now.gid() != before.gid() {
        match fchown(file, None, Some(before.gid())) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                mode.set_mode(mode.mode() & !0o070);
            }
            result => result?,
        }
    }
    file.set_permissions(mode)
}

/// Whoever made the new file owns it: only an administrator could give it away.
#[cfg(windows)]
fn keep_owner_and_mode(file: &File, before: &Metadata) -> io::Result<()> {
    file.set_permissions(before.permissions())
}
