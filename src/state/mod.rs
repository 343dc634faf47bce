//! The folder of awsmfa's own files (sessions, the index of keys), and the files in it: private from the moment they
//! exist, written whole or not at all, never reached through a link.

mod refusal;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::output::stderr;
use crate::system::lock_file;
use crate::system::owner;
use crate::system::replace;
pub use refusal::Refusal;

/// Larger than any entry; a file beyond it is not ours and is not read.
const FILE_LIMIT: u64 = 64 * 1024;
/// How a temporary file begins; its process id follows.
const TEMPORARY: &str = "tmp-";

/// A folder that has passed the checks, or that does not exist yet.
pub struct Directory {
    path: PathBuf,
    /// `XDG_STATE_HOME`, where it is relative: the XDG specification says to ignore it.
    ignored: Option<PathBuf>,
}

impl Directory {
    /// `AWSMFA_STATE_DIR`, else `%LOCALAPPDATA%\awsmfa`, else `$XDG_STATE_HOME/awsmfa`, else
    /// `~/.local/state/awsmfa`.
    pub fn find(env: &Environment) -> Result<Self, Refusal> {
        let (path, ignored) = Self::locate(env)?;
        Self::at(path, ignored)
    }

    /// Where it is, or will be, and the relative path that was ignored.
    pub fn locate(env: &Environment) -> Result<(PathBuf, Option<PathBuf>), Refusal> {
        let absolute = |name| Some(Path::new(env.path(name)?)).filter(|path| path.is_absolute());
        let mut ignored = None;
        let path = if let Some(path) = env.path("AWSMFA_STATE_DIR") {
            match Path::new(path).is_absolute() {
                true => PathBuf::from(path),
                false => return Err(Refusal::Relative(path.into())),
            }
        } else if let Some(local) = absolute("LOCALAPPDATA").filter(|_| cfg!(windows)) {
            local.join("awsmfa")
        } else if let Some(state) = absolute("XDG_STATE_HOME") {
            state.join("awsmfa")
        } else {
            ignored = env.path("XDG_STATE_HOME").map(PathBuf::from);
            let home = env.home();
            let home = home.map_err(|error| Refusal::Nowhere(error.to_string()))?;
            home.join(".local/state/awsmfa")
        };
        Ok((path, ignored))
    }

    /// The folder at this path, if it is safe to use.
    pub fn at(path: PathBuf, ignored: Option<PathBuf>) -> Result<Self, Refusal> {
        let directory = Self { path, ignored };
        match fs::symlink_metadata(&directory.path) {
            Ok(metadata) => directory.check(&metadata).map(|()| directory),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(directory),
            Err(error) => Err(Refusal::Io(directory.path, error)),
        }
    }

    fn check(&self, metadata: &fs::Metadata) -> Result<(), Refusal> {
        if !metadata.is_dir() {
            return Err(Refusal::NotAFolder(self.path.clone()));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            if metadata.uid() != rustix::process::geteuid().as_raw() {
                return Err(Refusal::Foreign(self.path.clone()));
            }
            if metadata.mode() & 0o077 != 0 {
                return Err(Refusal::Open(self.path.clone()));
            }
        }
        #[cfg(windows)]
        match crate::system::private::is_ours(&self.path) {
            Ok(true) => {}
            Ok(false) => return Err(Refusal::Open(self.path.clone())),
            Err(error) => return Err(Refusal::Io(self.path.clone(), error)),
        }
        Ok(())
    }

    /// Makes the folder, private whatever the umask or the folder above, if it is not there.
    pub fn create(&self) -> Result<(), Refusal> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        if !self.path.is_dir() {
            owner::may_create_in(&self.path).map_err(|_| Refusal::NotOurHome(self.path.clone()))?;
            if let Some(ignored) = &self.ignored {
                stderr::note(&format!(
                    "XDG_STATE_HOME is {ignored:?}, which is not an absolute path: sessions are kept in {}",
                    self.path.display()
                ));
            }
            builder
                .create(&self.path)
                .map_err(|error| Refusal::Io(self.path.clone(), error))?;
            // What comes of it is checked below.
            #[cfg(windows)]
            let _ = crate::system::private::make(&self.path);
        }
        // Another process may have put something else there in the meantime.
        let metadata = fs::symlink_metadata(&self.path)
            .map_err(|error| Refusal::Io(self.path.clone(), error))?;
        self.check(&metadata)
    }

    /// Names this store among the keys of the user: a store that was moved starts anew.
    pub fn description(&self) -> String {
        format!("awsmfa:{}", self.path.display())
    }

    /// A file's bytes, or `None` for what is not a plain, private, small file of ours.
    pub fn read(&self, file: &str) -> Option<Vec<u8>> {
        let opened = lock_file::without_links()
            .read(true)
            .open(self.path.join(file))
            .ok()?;
        let metadata = opened.metadata().ok()?;
        if !metadata.is_file() || metadata.len() > FILE_LIMIT || !is_private(&metadata) {
            return None;
        }
        let length = usize::try_from(metadata.len()).unwrap_or_default();
        let mut bytes = Vec::with_capacity(length + 1);
        opened.take(FILE_LIMIT).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Replaces a file: readers see the old bytes or the new ones.
    pub fn write(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        self.replace(file, bytes, |_| Ok(()))
    }

    /// The same, and on the disk when it returns: for what cannot be had again.
    pub fn write_durably(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        self.replace(file, bytes, File::sync_all)?;
        #[cfg(unix)]
        let _ = File::open(&self.path).and_then(|folder| folder.sync_all());
        Ok(())
    }

    fn replace(
        &self,
        file: &str,
        bytes: &[u8],
        settle: impl Fn(&File) -> io::Result<()>,
    ) -> io::Result<()> {
        let prefix = format!("{TEMPORARY}{}-", std::process::id());
        let mut temporary = replace::begin(tempfile::Builder::new().prefix(&prefix), &self.path)?;
        temporary.write_all(bytes)?;
        settle(temporary.as_file())?;
        replace::finish(temporary, &self.path.join(file))
    }

    /// Forgets a file; one that is not there is forgotten already.
    pub fn remove(&self, file: &str) {
        let _ = fs::remove_file(self.path.join(file));
    }

    /// The names of what is in the folder.
    pub fn names(&self) -> impl Iterator<Item = String> + use<> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok())
    }

    /// Opens a lock file, made where there is none.
    pub fn open_lock(&self, file: &str) -> io::Result<File> {
        lock_file::open(&self.path.join(file))
    }

    /// Where a file of the folder is.
    pub fn path_of(&self, file: &str) -> PathBuf {
        self.path.join(file)
    }

    /// Removes the temporary files of processes that are no more: they were killed while writing.
    pub fn remove_leftovers(&self) {
        for file in self.names() {
            if let Some(rest) = file.strip_prefix(TEMPORARY)
                && !is_being_written(rest, &self.path.join(&file))
            {
                self.remove(&file);
            }
        }
    }
}

#[cfg(unix)]
fn is_private(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o077 == 0
}

#[cfg(windows)]
fn is_private(_: &fs::Metadata) -> bool {
    true // its list is the folder's, which was checked
}

/// Whether the process that made this temporary file (its name goes on with the id) still lives.
#[cfg(unix)]
fn is_being_written(rest: &str, _: &Path) -> bool {
    let id = rest.split('-').next().and_then(|id| id.parse().ok());
    // EPERM would be a process of somebody else: alive.
    id.and_then(rustix::process::Pid::from_raw)
        .is_some_and(|id| rustix::process::test_kill_process(id) != Err(rustix::io::Errno::SRCH))
}

/// Writing takes milliseconds; an hour old is abandoned.
#[cfg(windows)]
fn is_being_written(_: &str, path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|m| m.modified());
    modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age.as_secs() < 3_600))
}
