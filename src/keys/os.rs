//! macOS's Keychain and Windows's Credential Manager: one entry for each access key.

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::place::Trouble;
use crate::error::NoTerminal;
use crate::model::session::Secret;

/// The operating system's store.
pub struct OsStore {
    /// Whether a dialog may be raised.
    may_ask: bool,
}

impl OsStore {
    /// Nothing is opened yet.
    pub fn open(may_ask: bool) -> Self {
        Self { may_ask }
    }

    /// The secret of a key, `None` where there is none.
    pub fn get(&self, access_key_id: &str) -> Result<Option<Secret>, Trouble> {
        let _quiet = self.quiet();
        match entry(access_key_id)?.get_secret().map(Zeroizing::new) {
            Ok(secret) => {
                let secret = std::str::from_utf8(&secret)
                    .map_err(|_| Trouble::Failed("its entry is not text".to_owned()))?;
                Ok(Some(Secret::new(secret)))
            }
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(self.trouble(&error)),
        }
    }

    /// Keeps a key, in place of the same one.
    pub fn put(&self, access_key_id: &str, secret: &Secret) -> Result<(), Trouble> {
        let _quiet = self.quiet();
        entry(access_key_id)?
            .set_secret(secret.expose().as_bytes())
            .map_err(|error| self.trouble(&error))
    }

    /// Forgets a key; one that is not there is forgotten already.
    pub fn remove(&self, access_key_id: &str) -> Result<(), Trouble> {
        let _quiet = self.quiet();
        match entry(access_key_id)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(self.trouble(&error)),
        }
    }

    /// While it is held, the Keychain fails in place of raising a dialog.
    #[cfg(target_os = "macos")]
    fn quiet(&self) -> Option<impl Drop> {
        use security_framework::os::macos::keychain::SecKeychain;
        match self.may_ask {
            true => None,
            false => SecKeychain::disable_user_interaction().ok(),
        }
    }

    /// Credential Manager has no dialogs.
    #[cfg(windows)]
    fn quiet(&self) -> Option<std::convert::Infallible> {
        None
    }

    fn trouble(&self, error: &Error) -> Trouble {
        match error {
            // macOS: errSecInteractionNotAllowed.
            Error::NoStorageAccess(_) if !self.may_ask => Trouble::Locked(NoTerminal::NoInput),
            error => Trouble::Failed(error.to_string()),
        }
    }
}

fn entry(access_key_id: &str) -> Result<Entry, Trouble> {
    Entry::new("awsmfa access key", access_key_id)
        .map_err(|error| Trouble::Failed(error.to_string()))
}
