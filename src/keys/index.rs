//! Which profile's key is where: a file beside the sessions, without any secret. It is all that a run with a
//! stored session reads of the key store.

use std::fs::File;

use serde::{Deserialize, Serialize};

use crate::aws_files::key_index::FILE;
use crate::environment::Environment;
use crate::error::{Error, KeysError, Result};
use crate::model::kept_key::{KeptKey, Place, TakenLine};
use crate::model::session::Timestamp;
use crate::state::Directory;
use crate::system::lock_file::is_current;

const LOCK: &str = "keys.lock";

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Index {
    /// One for each profile.
    pub keys: Vec<Entry>,
    /// Rotations that have not ended.
    pub rotations: Vec<Rotation>,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Whose, which and where.
    #[serde(flatten)]
    pub key: KeptKey,
    /// Since when it is there.
    pub since: Timestamp,
    /// How its lines looked in the files, for `keys export`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<TakenLine>,
}

/// A rotation: what `keys rotate` has to know if it was interrupted, and afterwards which key it replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// The profile that was named.
    pub profile: String,
    /// Where its keys are; `None` for the AWS files.
    pub place: Option<Place>,
    /// The key that is to go.
    pub old: String,
    /// When the new one was asked for.
    pub started: Timestamp,
    /// The new key, once it is stored.
    pub new: Option<String>,
    /// Whether the new key is the one that is used, and the old one inactive.
    #[serde(default)]
    pub is_done: bool,
}

/// The index on the disk.
pub struct IndexFile {
    directory: Directory,
}

/// Held while somebody changes keys.
pub struct Locked {
    _lock: File,
}

impl IndexFile {
    /// The one beside this user's sessions.
    pub fn of(env: &Environment) -> Result<Self> {
        match Directory::find(env) {
            Ok(directory) => Ok(Self { directory }),
            Err(refusal) => Err(unusable(refusal)),
        }
    }

    /// What it says; empty where there is none.
    pub fn read(&self) -> Result<Index> {
        let Some(bytes) = self.directory.read(FILE) else {
            return match self.directory.path_of(FILE).exists() {
                true => Err(self.damaged("it is too long, or not this user's alone")),
                false => Ok(Index::default()),
            };
        };
        serde_json::from_slice(&bytes).map_err(|error| self.damaged(&error.to_string()))
    }

    /// Replaces it; on the disk when this returns.
    pub fn write(&self, index: &Index) -> Result<()> {
        let text = serde_json::to_vec_pretty(index)
            .map_err(|_| Error::Internal("the index of keys cannot be written"))?;
        self.directory.create().map_err(unusable)?;
        self.directory
            .write_durably(FILE, &text)
            .map_err(|error| Error::Unwritable {
                path: self.directory.path_of(FILE),
                error,
            })
    }

    /// Changes it; only under [`IndexFile::lock`].
    pub fn change(&self, change: impl FnOnce(&mut Index)) -> Result<()> {
        let mut index = self.read()?;
        let before = index.clone();
        change(&mut index);
        match index == before {
            true => Ok(()),
            false => self.write(&index),
        }
    }

    /// Waits until nobody else changes keys.
    pub fn lock(&self) -> Result<Locked> {
        self.directory.create().map_err(unusable)?;
        let path = self.directory.path_of(LOCK);
        loop {
            let lock = self.directory.open_lock(LOCK);
            let lock = lock.and_then(|lock| lock.lock().map(|()| lock));
            let lock = lock.map_err(|error| Error::Unwritable {
                path: path.clone(),
                error,
            })?;
            if is_current(&lock, &path) {
                return Ok(Locked { _lock: lock });
            }
        }
    }

    fn damaged(&self, reason: &str) -> Error {
        KeysError::Index {
            path: self.directory.path_of(FILE),
            reason: reason.to_owned(),
        }
        .into()
    }
}

fn unusable(refusal: impl std::fmt::Display) -> Error {
    KeysError::NoIndex {
        reason: refusal.to_string(),
    }
    .into()
}

impl Index {
    /// The key of a profile.
    pub fn of(&self, profile: &str) -> Option<&Entry> {
        self.keys.iter().find(|entry| entry.key.profile == profile)
    }

    /// Whether a profile needs this item of the key store.
    pub fn needs(&self, place: Place, access_key_id: &str) -> bool {
        let uses = |e: &Entry| e.key.place == place && e.key.access_key_id == access_key_id;
        self.keys.iter().any(uses)
    }

    /// Whether another profile needs the same item of the key store.
    pub fn is_shared(&self, key: &KeptKey) -> bool {
        let others = self.keys.iter().filter(|e| e.key.profile != key.profile);
        { others }.any(|e| (e.key.place, &e.key.access_key_id) == (key.place, &key.access_key_id))
    }

    /// Puts an entry in place of the profile's.
    pub fn put(&mut self, entry: Entry) {
        self.remove(&entry.key.profile.clone());
        self.keys.push(entry);
        self.keys.sort_by(|a, b| a.key.profile.cmp(&b.key.profile));
    }

    /// The rotation that replaces, or has replaced, this key, or has made it.
    pub fn rotation_of(&self, access_key_id: &str) -> Option<&Rotation> {
        let mut rotations = self.rotations.iter();
        rotations.find(|r| r.old == access_key_id || r.new.as_deref() == Some(access_key_id))
    }

    /// The same, as long as it has not ended: until then nothing else may move the key.
    pub fn unfinished(&self, access_key_id: &str) -> Option<&Rotation> {
        self.rotation_of(access_key_id).filter(|r| !r.is_done)
    }

    /// Notes how far a rotation is, in place of what was noted of this one and of the profile's one before.
    pub fn put_rotation(&mut self, rotation: Rotation) {
        self.rotations
            .retain(|r| r.old != rotation.old && r.profile != rotation.profile);
        self.rotations.push(rotation);
    }

    /// Forgets the rotation of this old key.
    pub fn drop_rotation(&mut self, old: &str) {
        self.rotations.retain(|r| r.old != old);
    }

    /// Puts another key in the place of one, for every profile that has it there. They keep their sessions.
    pub fn replace_key(&mut self, place: Place, old: &str, new: &str, now: Timestamp) {
        let uses = |e: &&mut Entry| e.key.place == place && e.key.access_key_id == old;
        for entry in self.keys.iter_mut().filter(uses) {
            entry.key.sessions_of = Some(entry.key.sessions_id().to_owned());
            entry.key.access_key_id = new.to_owned();
            entry.since = now;
        }
    }

    /// Forgets the profile's entry.
    pub fn remove(&mut self, profile: &str) {
        self.keys.retain(|entry| entry.key.profile != profile);
    }
}
