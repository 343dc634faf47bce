//! Stored sessions: one file each, encrypted with a key that lives only in the operating system's
//! key store. The only writer of session files.
//!
//! Whatever cannot be read as ours (corrupt, empty, foreign, sealed by a lost key, not authentic) is
//! absent, never an error that stops somebody: the cost of a lost session is one code.

mod clean;
mod entry;
mod flight;
#[cfg(test)]
mod fuzz;
pub mod key;
#[cfg(target_os = "macos")]
mod keychain;
mod list;
mod name;
mod notes;
pub mod pins;
mod seal;

pub use entry::{Header, Renewal};
pub use flight::{Flight, Flown, Stage, Wait};
pub use name::{entry_name, source_name};

use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::environment::words::{self, StoreMode as Mode};
use crate::error::Busy;
use crate::model::session::{Session, Timestamp};
use crate::output::trace;
use crate::state::{self as directory, Directory, Refusal as DirectoryRefusal};
use key::Key;
use pins::{Pin, Pins};
use seal::Sealing;

/// Why nothing is stored, for the one line that says so.
#[derive(Debug, thiserror::Error)]
pub enum NotStored {
    /// The folder is not safe to use.
    #[error("{0}")]
    Directory(String),
    /// The operating system has no key store for us.
    #[error(
        "the operating system's key store cannot be used ({0}); AWSMFA_STORE=file keeps sessions in plain files"
    )]
    NoKeyStore(key::Failure),
    /// In a login by SSH.
    #[cfg(target_os = "macos")]
    #[error("{}", key::Failure::Locked)]
    Locked,
    /// Writing failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Why no session can be stored, and what to do about it.
pub struct Unusable {
    /// The reason, as a part of a sentence.
    pub reason: String,
    /// The way out.
    pub mend: &'static str,
}

/// The store of this user.
pub struct Store {
    mode: Mode,
    directory: Result<Directory, DirectoryRefusal>,
    key: key::Once,
}

impl Store {
    /// Opens the store as `AWSMFA_STORE` wants it. Nothing is created
    /// and nothing read but the folder's own properties.
    pub fn open(env: &Environment) -> Self {
        let mode = words::STORE.checked(env);
        if mode == Mode::Off {
            return Self::off();
        }
        let directory = Directory::find(env);
        trace::say(|| match &directory {
            Ok(directory) => {
                let form = match mode {
                    Mode::Encrypted => "encrypted",
                    Mode::File | Mode::Off => "plain",
                };
                format!("store: {form}, in {}", directory.path_of("").display())
            }
            Err(refusal) => format!("store: none, {refusal}"),
        });
        Self {
            mode,
            directory,
            key: key::Once::default(),
        }
    }

    /// How sessions are kept here, or why they are not. The folder and the key are looked at, not made.
    pub fn usable(&self) -> Result<&'static str, Unusable> {
        let unusable = |reason: String, mend| Err(Unusable { reason, mend });
        match (&self.directory, self.mode) {
            (_, Mode::Off) => unusable("AWSMFA_STORE is off".to_owned(), "unset AWSMFA_STORE"),
            (Err(refusal), _) => unusable(
                refusal.to_string(),
                "set AWSMFA_STATE_DIR to a folder of your own",
            ),
            (Ok(_), Mode::File) => Ok("in plain files that only you can read"),
            (Ok(directory), Mode::Encrypted) => match self.key.find(&directory.description()) {
                Ok(_) => Ok("encrypted, with a key in the operating system's key store"),
                Err(failure) => unusable(
                    failure.to_string(),
                    "set AWSMFA_STORE=file to keep sessions in plain files that only you can read",
                ),
            },
        }
    }

    /// A store that holds nothing and writes nothing.
    pub fn off() -> Self {
        Self {
            mode: Mode::Off,
            directory: Err(DirectoryRefusal::Nowhere(String::new())),
            key: key::Once::default(),
        }
    }

    /// The session stored under this name, if it can be read, is authentic and has not ended.
    pub fn read(&self, name: &str, now: Timestamp) -> Option<(Header, Session)> {
        let directory = self.directory.as_ref().ok()?;
        let bytes = directory.read(&entry::file_name(name))?;
        let sealing = match self.mode {
            Mode::Encrypted => Sealing::Key(self.key.find(&directory.description()).ok()??),
            Mode::File | Mode::Off => Sealing::Plain,
        };
        let (header, session) = entry::decode(name, &bytes, &sealing)?;
        (header.expiration > now).then_some((header, session))
    }

    /// What the entry of this name says, also where its session has ended.
    pub fn header(&self, name: &str) -> Option<Header> {
        Some(self.read(name, Timestamp(0))?.0)
    }

    /// What to ask again for the session of this name, also where it has ended: a laptop sleeps
    /// through the end of a role's session, and the session behind it is still good.
    pub fn renewal(&self, name: &str) -> Option<Renewal> {
        Some(self.header(name)?.renewal)
    }

    /// Where the session of this name is, or will be.
    pub fn path_of(&self, name: &str) -> Option<PathBuf> {
        let directory = self.directory.as_ref().ok()?;
        Some(directory.path_of(&entry::file_name(name)))
    }

    /// Stores a session. The error is for the user to know, not to fail by.
    pub fn write(&self, name: &str, header: &Header, session: &Session) -> Result<(), NotStored> {
        let directory = match (&self.directory, self.mode) {
            (_, Mode::Off) => return Ok(()),
            (Ok(directory), _) => directory,
            (Err(refusal), _) => return Err(NotStored::Directory(refusal.to_string())),
        };
        directory
            .create()
            .map_err(|refusal| NotStored::Directory(refusal.to_string()))?;
        let sealing = match self.mode {
            Mode::Encrypted => Sealing::Key(self.key(directory)?),
            Mode::File | Mode::Off => Sealing::Plain,
        };
        let bytes =
            entry::encode(name, header, session, &sealing).map_err(std::io::Error::other)?;
        directory.write(&entry::file_name(name), &bytes)?;
        clean::clean(directory, &sealing);
        Ok(())
    }

    /// Forgets a session.
    pub fn remove(&self, name: &str) {
        if let Ok(directory) = &self.directory {
            directory.remove(&entry::file_name(name));
        }
    }

    /// Takes the lock of a session, and waits for the process that has it as `wait` allows.
    pub fn fly<T>(
        &self,
        name: &str,
        profile: &str,
        wait: Wait,
        find: impl FnMut() -> Option<T>,
    ) -> Result<Flown<T>, Busy> {
        match &self.directory {
            Ok(directory) if directory.create().is_ok() => {
                Flight::begin(directory, name, profile, wait, find)
            }
            _ => Ok(Flown::Ours(Flight::alone())),
        }
    }

    /// The pin of the directory that this process is in.
    pub fn pin_here(&self, env: &Environment) -> Option<Pin> {
        let pins = match &self.directory {
            Ok(directory) => Pins::read_from(directory),
            Err(_) => Pins::read(env), // sessions may not be wanted, and pins be there
        };
        let here = (!pins.is_empty()).then(pins::here).flatten()?;
        pins.of(Path::new(&here)).cloned()
    }

    fn key(&self, directory: &Directory) -> Result<Key, NotStored> {
        let description = directory.description();
        if let Ok(Some(key)) = self.key.find(&description) {
            return Ok(key);
        }
        // Two profiles at once on an empty store must not make two keys.
        let _lock = Flight::begin(directory, "store", "any", Wait::Patiently, || None::<()>);
        self.key
            .find_or_create(&description)
            .map_err(|failure| match failure {
                #[cfg(target_os = "macos")]
                key::Failure::Locked => NotStored::Locked,
                other => NotStored::NoKeyStore(other),
            })
    }
}
