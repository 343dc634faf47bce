//! Whose keys are not in the files: the index of the key store, read when a profile without keys is met, and not
//! before. It holds no secret.

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

/// What of it matters here.
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
