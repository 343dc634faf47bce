//! Which places there are on this machine, and what can go wrong with one.

use crate::environment::{Environment, words};
use crate::error::{Error, KeysError, NoTerminal, Result};
use crate::model::kept_key::Place;

/// What names the place.
pub const VARIABLE: &str = "AWSMFA_KEYS";

/// Why a place gives or takes no key.
#[derive(Debug)]
pub enum Trouble {
    /// This machine has no such place.
    NotThere(String),
    /// It would have to ask somebody, and cannot.
    Locked(NoTerminal),
    /// It refused, or broke.
    Failed(String),
    /// An error that has words already, such as Ctrl-C.
    Told(Box<Error>),
}

impl Trouble {
    /// The error that says so.
    pub fn of(self, place: Place) -> Error {
        match self {
            Trouble::NotThere(reason) | Trouble::Failed(reason) => {
                KeysError::Store { place, reason }.into()
            }
            Trouble::Locked(why) => KeysError::Locked { place, why }.into(),
            Trouble::Told(error) => *error,
        }
    }
}

/// The place that `AWSMFA_KEYS` names, where it names one. Case and blanks do not matter.
pub fn named(env: &Environment) -> Result<Option<Place>> {
    let Some(text) = env.path(VARIABLE) else {
        return Ok(None);
    };
    let word = words::plain(text);
    if word.is_empty() {
        return Ok(None);
    }
    let found = Place::ALL.into_iter().find(|place| place.name() == word);
    found.map(Some).ok_or_else(|| {
        KeysError::NoSuchPlace {
            text: text.to_string_lossy().into_owned(),
        }
        .into()
    })
}

/// The operating system's own place, which is the first choice where it is there.
pub const fn of_system() -> Place {
    if cfg!(target_os = "macos") {
        Place::Keychain
    } else if cfg!(windows) {
        Place::CredentialManager
    } else {
        Place::SecretService
    }
}
