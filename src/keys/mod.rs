//! Long-term keys outside the AWS files: in the operating system's key store, or in a file under a passphrase.
//!
//! A place keeps secrets by access key id; the [`index`] beside the sessions says which profile's key is where. A
//! place is opened when a secret is wanted and not before: a run with a stored session opens none.

mod age_format;
#[cfg(target_os = "linux")]
mod dbus;
pub mod index;
#[cfg(any(target_os = "macos", windows))]
mod os;
mod passphrase_file;
mod place;
mod rest;
#[cfg(target_os = "linux")]
mod secret_service;

use crate::environment::Environment;
use crate::error::{KeysError, Result};
use crate::model::kept_key::{KeptKey, Place};
use crate::model::session::{Credentials, Secret};
use crate::output::trace;
use passphrase_file::PassphraseFile;
use place::Trouble;

/// Every place of this machine. Each is opened once, when it is first needed.
pub struct Places<'e> {
    env: &'e Environment,
    no_input: bool,
    #[cfg(target_os = "linux")]
    secret_service: Option<secret_service::SecretService>,
    file: Option<PassphraseFile>,
}

impl<'e> Places<'e> {
    /// Nothing is opened yet. Under `no_input` nothing ever asks: no dialog, no passphrase.
    pub fn of(env: &'e Environment, no_input: bool) -> Self {
        Self {
            env,
            no_input,
            #[cfg(target_os = "linux")]
            secret_service: None,
            file: None,
        }
    }

    /// The place for a new key: the one that `AWSMFA_KEYS` names, else the first that is there.
    pub fn choose(&mut self) -> Result<Place> {
        if let Some(place) = place::named(self.env)? {
            self.check(place).map_err(|trouble| trouble.of(place))?;
            return Ok(place);
        }
        let first = place::of_system();
        match self.check(first) {
            Ok(()) => Ok(first),
            Err(trouble) => {
                trace::say(|| format!("keys: not in {first}: {trouble:?}"));
                Ok(Place::File)
            }
        }
    }

    fn check(&mut self, place: Place) -> std::result::Result<(), Trouble> {
        match place {
            #[cfg(target_os = "linux")]
            Place::SecretService => match self.secret_service()?.has_collection() {
                true => Ok(()),
                false => Err(Trouble::NotThere("it has no default keyring".to_owned())),
            },
            Place::File => Ok(()),
            #[cfg(any(target_os = "macos", windows))]
            place if place == place::of_system() => Ok(()),
            _ => Err(not_here()),
        }
    }

    /// The secret of a key; `None` where the place has none.
    pub fn get(&mut self, place: Place, access_key_id: &str) -> Result<Option<Secret>> {
        trace::say(|| format!("keys: open {place} for {access_key_id}"));
        let got = match place {
            #[cfg(target_os = "linux")]
            Place::SecretService => self.secret_service().and_then(|s| s.get(access_key_id)),
            Place::File => self.file().and_then(|file| file.get(access_key_id)),
            #[cfg(any(target_os = "macos", windows))]
            place if place == place::of_system() => self.os().get(access_key_id),
            _ => Err(not_here()),
        };
        got.map_err(|trouble| trouble.of(place))
    }

    /// Keeps a key and reads it back, since a place may report success and keep nothing.
    pub fn put(&mut self, place: Place, profile: &str, keys: &Credentials) -> Result<()> {
        let (id, secret) = (&keys.access_key_id, &keys.secret_access_key);
        let put = match place {
            #[cfg(target_os = "linux")]
            Place::SecretService => self
                .secret_service()
                .and_then(|service| service.put(id, profile, secret)),
            Place::File => self.file().and_then(|file| file.put(id, profile, secret)),
            #[cfg(any(target_os = "macos", windows))]
            place if place == place::of_system() => self.os().put(id, secret),
            _ => Err(not_here()),
        };
        put.map_err(|trouble| trouble.of(place))?;
        match self.get(place, id)? {
            Some(read) if read == *secret => Ok(()),
            _ => Err(KeysError::Store {
                place,
                reason: "a key that was stored there cannot be read back".to_owned(),
            }
            .into()),
        }
    }

    /// Forgets a key.
    pub fn remove(&mut self, place: Place, access_key_id: &str) -> Result<()> {
        let removed = match place {
            #[cfg(target_os = "linux")]
            Place::SecretService => self.secret_service().and_then(|s| s.remove(access_key_id)),
            Place::File => self.file().and_then(|file| file.remove(access_key_id)),
            #[cfg(any(target_os = "macos", windows))]
            place if place == place::of_system() => self.os().remove(access_key_id),
            _ => Err(not_here()),
        };
        removed.map_err(|trouble| trouble.of(place))
    }

    /// The keys of a profile, to sign a call with.
    pub fn credentials(&mut self, key: &KeptKey) -> Result<Credentials> {
        match self.get(key.place, &key.access_key_id)? {
            Some(secret_access_key) => Ok(Credentials {
                access_key_id: key.access_key_id.clone(),
                secret_access_key,
                session_token: None,
            }),
            None => Err(KeysError::Gone { key: key.clone() }.into()),
        }
    }

    #[cfg(target_os = "linux")]
    fn secret_service(
        &mut self,
    ) -> std::result::Result<&mut secret_service::SecretService, Trouble> {
        if self.secret_service.is_none() {
            let opened = secret_service::SecretService::open(self.env, !self.no_input)?;
            self.secret_service = Some(opened);
        }
        self.secret_service.as_mut().ok_or_else(not_here)
    }

    fn file(&mut self) -> std::result::Result<&mut PassphraseFile, Trouble> {
        if self.file.is_none() {
            self.file = Some(PassphraseFile::of(self.env, self.no_input)?);
        }
        self.file.as_mut().ok_or_else(not_here)
    }

    #[cfg(any(target_os = "macos", windows))]
    fn os(&self) -> os::OsStore {
        os::OsStore::open(!self.no_input)
    }
}

fn not_here() -> Trouble {
    Trouble::NotThere("this system has none".to_owned())
}
