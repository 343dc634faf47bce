//! The key of the store, where the operating system keeps such things: never in a file.

use std::sync::{Mutex, PoisonError};

use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// 256 bits.
pub type Key = Zeroizing<[u8; 32]>;

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing can be put there, as in a login by SSH.
    #[cfg(target_os = "macos")]
    #[error("the keychain is locked; run security unlock-keychain")]
    Locked,
    /// There is a key, and this program does not get it. The next key that is made replaces it.
    #[cfg(target_os = "macos")]
    #[error("the keychain is locked, or it keeps the key from this version of awsmfa")]
    Unreadable,
    /// The system's reason.
    #[error("{0}")]
    Unusable(String),
}

/// The key of a store, got from the operating system once in a process and not once for each entry.
#[derive(Default)]
pub struct Once(Mutex<Option<Result<Key, Failure>>>);

impl Once {
    /// As [`find`]. That there is none yet is not remembered: a process that waits for another finds the key
    /// that the other has made.
    pub fn find(&self, description: &str) -> Result<Option<Key>, Failure> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            *known = find(description).transpose();
        }
        known.clone().transpose()
    }

    /// As [`find`] and [`create`], whatever was there before. Under the store-wide lock.
    pub fn find_or_create(&self, description: &str) -> Result<Key, Failure> {
        let result = match find(description) {
            Ok(Some(key)) => Ok(key),
            Ok(None) => create(description),
            #[cfg(target_os = "macos")]
            Err(Failure::Unreadable) => create(description),
            Err(failure) => Err(failure),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(result.clone());
        result
    }
}

/// Makes the key and gives it to the operating system.
fn create(description: &str) -> Result<Key, Failure> {
    let unusable = |reason: &str| Failure::Unusable(reason.to_owned());
    let mut key = Key::default();
    SystemRandom::new()
        .fill(&mut *key)
        .map_err(|_| unusable("no random numbers"))?;
    os::put(description, &key)?;
    // What cannot be read back is no key: some stores refuse silently.
    match find(description)? {
        Some(read) if read == key => Ok(key),
        _ => Err(unusable("a key that was stored there cannot be read back")),
    }
}

/// The key, `None` where there is none yet (or no longer, after a reboot), an error where the key
/// store cannot be used.
fn find(description: &str) -> Result<Option<Key>, Failure> {
    os::get(description)
}

#[cfg(target_os = "linux")]
pub use os::user_keyring;

/// Linux: the *user* keyring, seen by every session of this user until reboot. It is linked into our
/// *process* keyring first, which makes us its possessor: the session keyring may be of another
/// kind, revoked or missing (WSL, cron, `keyctl session`), and then has no way to it (measured).
#[cfg(target_os = "linux")]
mod os {
    use linux_keyutils::{KeyError, KeyRing, KeyRingIdentifier};

    use super::{Failure, Key};

    fn say(error: KeyError) -> Failure {
        Failure::Unusable(format!("kernel keyring: {error:?}"))
    }

    /// The user keyring, which this process possesses from here on.
    pub fn user_keyring() -> Result<KeyRing, Failure> {
        let user = KeyRing::from_special_id(KeyRingIdentifier::User, false).map_err(say)?;
        let process = KeyRing::from_special_id(KeyRingIdentifier::Process, true).map_err(say)?;
        process.link_keyring(user).map_err(say)?;
        Ok(user)
    }

    pub fn get(description: &str) -> Result<Option<Key>, Failure> {
        let found = match user_keyring()?.search(description) {
            Ok(found) => found,
            Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => {
                return Ok(None);
            }
            Err(error) => return Err(say(error)),
        };
        let mut key = Key::default();
        match found.read(&mut *key) {
            Ok(32) => Ok(Some(key)),
            Ok(_) => Ok(None),
            Err(error) => Err(say(error)),
        }
    }

    pub fn put(description: &str, key: &Key) -> Result<(), Failure> {
        match user_keyring()?.add_key(description, &**key) {
            Ok(_) => Ok(()),
            Err(error) => Err(say(error)),
        }
    }
}

/// macOS: Keychain.
#[cfg(target_os = "macos")]
use super::keychain as os;

/// Windows: Credential Manager.
#[cfg(windows)]
mod os {
    use keyring::{Entry, Error};

    use super::{Failure, Key};

    fn say(error: Error) -> Failure {
        Failure::Unusable(error.to_string())
    }

    pub fn get(description: &str) -> Result<Option<Key>, Failure> {
        let entry = Entry::new("awsmfa", description).map_err(say)?;
        match entry.get_secret().map(zeroize::Zeroizing::new) {
            Ok(secret) => Ok(<[u8; 32]>::try_from(&**secret).ok().map(Key::new)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(say(error)),
        }
    }

    pub fn put(description: &str, key: &Key) -> Result<(), Failure> {
        let entry = Entry::new("awsmfa", description).map_err(say)?;
        entry.set_secret(&**key).map_err(say)
    }
}

/// Elsewhere nothing is stored.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod os {
    use super::{Failure, Key};

    fn none() -> Failure {
        Failure::Unusable("this system has none that awsmfa knows".to_owned())
    }

    pub fn get(_: &str) -> Result<Option<Key>, Failure> {
        Err(none())
    }

    pub fn put(_: &str, _: &Key) -> Result<(), Failure> {
        Err(none())
    }
}
