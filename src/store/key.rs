//! The key of the store, where the operating system keeps such things: never in a file.

use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// 256 bits.
pub type Key = Zeroizing<[u8; 32]>;

/// Makes the key and gives it to the operating system. Under the store-wide lock.
pub fn create(description: &str) -> Result<Key, String> {
    let mut key = Key::default();
    SystemRandom::new()
        .fill(&mut *key)
        .map_err(|_| "no random numbers".to_owned())?;
    os::put(description, &key)?;
    // What cannot be read back is no key: some stores refuse silently.
    match find(description)? {
        Some(read) if read == key => Ok(key),
        _ => Err("a key that was put there cannot be read back".to_owned()),
    }
}

/// The key, `None` where there is none yet (or no longer, after a reboot), an error where the key
/// store cannot be used.
pub fn find(description: &str) -> Result<Option<Key>, String> {
    os::get(description)
}

/// Linux: the *user* keyring, seen by every session of this user until reboot. It is linked into our
/// *process* keyring first, which makes us its possessor: the session keyring may be of another
/// kind, revoked or missing (WSL, cron, `keyctl session`), and then has no way to it (measured).
#[cfg(target_os = "linux")]
mod os {
    use linux_keyutils::{KeyError, KeyRing, KeyRingIdentifier};

    use super::Key;

    fn user_keyring() -> Result<KeyRing, String> {
        let say = |error: KeyError| format!("kernel keyring: {error:?}");
        let user = KeyRing::from_special_id(KeyRingIdentifier::User, false).map_err(say)?;
        let process = KeyRing::from_special_id(KeyRingIdentifier::Process, true).map_err(say)?;
        process.link_keyring(user).map_err(say)?;
        Ok(user)
    }

    pub fn get(description: &str) -> Result<Option<Key>, String> {
        let found = match user_keyring()?.search(description) {
            Ok(found) => found,
            Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => {
                return Ok(None);
            }
            Err(error) => return Err(format!("kernel keyring: {error:?}")),
        };
        let mut key = Key::default();
        match found.read(&mut *key) {
            Ok(32) => Ok(Some(key)),
            Ok(_) => Ok(None),
            Err(error) => Err(format!("kernel keyring: {error:?}")),
        }
    }

    pub fn put(description: &str, key: &Key) -> Result<(), String> {
        match user_keyring()?.add_key(description, &**key) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("kernel keyring: {error:?}")),
        }
    }
}

/// macOS: Keychain. Windows: Credential Manager.
#[cfg(any(target_os = "macos", windows))]
mod os {
    use keyring::{Entry, Error};

    use super::Key;

    fn entry(description: &str) -> Result<Entry, String> {
        Entry::new("awsmfa", description).map_err(|error| error.to_string())
    }

    pub fn get(description: &str) -> Result<Option<Key>, String> {
        match entry(description)?
            .get_secret()
            .map(zeroize::Zeroizing::new)
        {
            Ok(secret) => Ok(<[u8; 32]>::try_from(&**secret).ok().map(Key::new)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    pub fn put(description: &str, key: &Key) -> Result<(), String> {
        entry(description)?
            .set_secret(&**key)
            .map_err(|error| error.to_string())
    }
}

/// Elsewhere nothing is stored.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod os {
    use super::Key;

    const NONE: &str = "this system has none that awsmfa knows";

    pub fn get(_: &str) -> Result<Option<Key>, String> {
        Err(NONE.to_owned())
    }

    pub fn put(_: &str, _: &Key) -> Result<(), String> {
        Err(NONE.to_owned())
    }
}
