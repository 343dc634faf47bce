//! What `awsmfa setup` changed, written down beside the sessions, so that `--undo` takes out exactly that. It holds no
//! secret: keys that were typed are not undone.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::change::Difference;
use crate::store::Store;

/// The note's name in the store's folder.
const NOTE: &str = "setup.json";

/// One change of one file, as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The file.
    pub file: PathBuf,
    /// Whether it was made by the change.
    pub created: bool,
    at: usize,
    removed: Vec<u8>,
    inserted: Vec<u8>,
}

impl Made {
    /// The change of this file.
    pub fn new(file: &Path, created: bool, difference: &Difference) -> Self {
        Self {
            file: file.to_owned(),
            created,
            at: difference.at,
            removed: difference.removed.clone(),
            inserted: difference.inserted.clone(),
        }
    }

    /// What to reverse.
    pub fn difference(&self) -> Difference {
        Difference {
            at: self.at,
            removed: self.removed.clone(),
            inserted: self.inserted.clone(),
        }
    }
}

/// All that was changed and not undone, the oldest first. What cannot be read is nothing.
pub fn read(store: &Store) -> Vec<Made> {
    let note = store.note(NOTE).unwrap_or_default();
    serde_json::from_slice(&note).unwrap_or_default()
}

/// Writes the changes down; `false` where nothing can be kept here.
pub fn write(store: &Store, made: &[Made]) -> bool {
    serde_json::to_vec(made).is_ok_and(|bytes| store.keep_note(NOTE, &bytes))
}
