//! The index of the key store: which profiles have their keys there and not in the files. It is read only when a
//! profile has no keys in the files, and holds no secret.

use std::cell::OnceCell;
use std::path::PathBuf;

use serde::Deserialize;

use crate::environment::Environment;
use crate::model::kept_key::KeptKey;
use crate::output::trace;
use crate::state::Directory;

/// The file, in the folder of the sessions.
pub const FILE: &str = "keys.json";

/// The index, maybe not read yet.
#[derive(Debug, Default)]
pub struct KeyIndex {
    folder: Option<(PathBuf, Option<PathBuf>)>,
    read: OnceCell<Vec<KeptKey>>,
}

/// The part of it that matters here.
#[derive(Deserialize)]
struct Keys {
    #[serde(default)]
    keys: Vec<KeptKey>,
}

impl KeyIndex {
    /// Nothing is read yet.
    pub fn of(env: &Environment) -> Self {
        Self {
            folder: Directory::locate(env).ok(),
            read: OnceCell::new(),
        }
    }

    /// The key of this profile. An index that cannot be read names none here; the commands that change it say
    /// what is wrong with it.
    pub fn key_of(&self, profile: &str) -> Option<&KeptKey> {
        let keys = self.read.get_or_init(|| self.load().unwrap_or_default());
        keys.iter().find(|key| key.profile == profile)
    }

    fn load(&self) -> Option<Vec<KeptKey>> {
        let (path, ignored) = self.folder.clone()?;
        let directory = Directory::at(path, ignored).ok()?;
        let bytes = directory.read(FILE)?;
        let read: Keys = serde_json::from_slice(&bytes).ok()?;
        trace::say(|| format!("keys: {} in {FILE}", read.keys.len()));
        Some(read.keys)
    }
}
