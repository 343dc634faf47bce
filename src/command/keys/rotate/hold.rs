//! Where the two keys of a rotation are kept meanwhile: in a place for keys, or in the AWS file where the old one
//! stands. Each change is one write, after which both are still there.

use super::in_file::InFile;
use crate::aws_files::AwsFiles;
use crate::environment::Environment;
use crate::error::{KeyOrigin, KeysError, Result};
use crate::keys::Places;
use crate::keys::index::{Index, IndexFile};
use crate::model::kept_key::Place;
use crate::model::session::{Credentials, Timestamp};
use crate::profile::{Profile, Source};

/// Where they are.
enum Where<'e> {
    Place(Place),
    File(InFile<'e>),
}

/// The keys of one profile.
pub struct Hold<'e> {
    profile: String,
    places: Places<'e>,
    is_in: Where<'e>,
    /// The key that the profile uses now.
    pub used: Credentials,
}

impl<'e> Hold<'e> {
    /// Finds the profile's key and opens the place where it is, so that a locked place is known before a key is made.
    pub fn open(
        profile: &Profile,
        files: &AwsFiles,
        kept: &Index,
        env: &'e Environment,
        no_input: bool,
    ) -> Result<Self> {
        let name = &profile.name;
        let owner = profile.source.profile().unwrap_or(name);
        if owner != name {
            return Err(KeysError::OfSource {
                profile: name.clone(),
                source_profile: owner.to_owned(),
            }
            .into());
        }
        let mut places = Places::of(env, no_input);
        let (is_in, used) = match &profile.source {
            Source::KeyStore(key) => (Where::Place(key.place), places.credentials(key)?),
            Source::Keys {
                credentials,
                location,
                ..
            } if credentials.session_token.is_none() => {
                if let Some(entry) = kept.of(name) {
                    return Err(KeysError::Twice {
                        key: entry.key.clone(),
                        location: location.clone(),
                    }
                    .into());
                }
                let in_file = InFile::of(name, credentials, location, files, env, no_input)?;
                (Where::File(in_file), credentials.clone())
            }
            _ => {
                let profile = name.clone();
                return Err(KeysError::NothingToRotate { profile }.into());
            }
        };
        let hold = Self {
            profile: name.clone(),
            places,
            is_in,
            used,
        };
        hold.refuse_shared(files, kept)?;
        Ok(hold)
    }

    /// The place; `None` for the AWS files.
    pub fn place(&self) -> Option<Place> {
        match self.is_in {
            Where::Place(place) => Some(place),
            Where::File(_) => None,
        }
    }

    /// Where it is, for a message.
    pub fn shown(&self) -> String {
        match &self.is_in {
            Where::Place(place) => place.to_string(),
            Where::File(file) => file.location.path.display().to_string(),
        }
    }

    /// The same, of a key that signs.
    pub fn origin(&self) -> KeyOrigin {
        let profile = self.profile.clone();
        match &self.is_in {
            Where::Place(place) => KeyOrigin::KeyStore {
                profile,
                place: *place,
            },
            Where::File(file) => KeyOrigin::Profile {
                profile,
                location: file.location.clone(),
            },
        }
    }

    /// A profile with the same key in another place would be left with one that is inactive.
    fn refuse_shared(&self, files: &AwsFiles, kept: &Index) -> Result<()> {
        let id = &self.used.access_key_id;
        let shared = |profile: &str, found: String, in_file: &str| {
            Err(KeysError::SharedElsewhere {
                profile: profile.to_owned(),
                found,
                in_file: in_file.to_owned(),
            }
            .into())
        };
        for name in files.names() {
            let Some(other) = files.profile(name) else {
                continue;
            };
            let location = other.location("aws_access_key_id").unwrap_or_default();
            let is_here = match &self.is_in {
                Where::Place(_) => false,
                Where::File(file) => location.path == file.location.path,
            };
            if other.own("aws_access_key_id") == Some(id) && !is_here {
                return shared(name, location.to_string(), name);
            }
        }
        for entry in kept.keys.iter().filter(|e| e.key.access_key_id == *id) {
            if self.place() != Some(entry.key.place) {
                let found = entry.key.place.to_string();
                return shared(&entry.key.profile, found, &self.profile);
            }
        }
        Ok(())
    }

    /// A key that is kept here, the used one or the spare one.
    pub fn find(&mut self, access_key_id: &str) -> Result<Option<Credentials>> {
        if self.used.access_key_id == access_key_id {
            return Ok(Some(self.used.clone()));
        }
        match self.is_in {
            Where::Place(place) => {
                let secret = self.places.get(place, access_key_id)?;
                Ok(secret.map(|secret_access_key| Credentials {
                    access_key_id: access_key_id.to_owned(),
                    secret_access_key,
                    session_token: None,
                }))
            }
            Where::File(ref file) => file.find(access_key_id),
        }
    }

    /// Keeps a new key beside the one that is used.
    pub fn keep(&mut self, new: &Credentials) -> Result<()> {
        match &self.is_in {
            Where::Place(place) => self.places.put(*place, &self.profile, new),
            Where::File(file) => file.keep(new),
        }
    }

    /// From here on the new key is the profile's. The old one stays beside it.
    pub fn use_new(&mut self, new: &Credentials, index: &IndexFile) -> Result<()> {
        let old = self.used.clone();
        match &self.is_in {
            Where::Place(place) => index.change(|index| {
                let (old, new) = (&old.access_key_id, &new.access_key_id);
                index.replace_key(*place, old, new, Timestamp::now());
            })?,
            Where::File(file) => file.switch(&old, new)?,
        }
        self.used = new.clone();
        Ok(())
    }

    /// Forgets a key that is not used. One that is not here is forgotten already.
    pub fn forget(&mut self, access_key_id: &str) -> Result<()> {
        match &self.is_in {
            Where::Place(place) => self.places.remove(*place, access_key_id),
            Where::File(file) => file.forget(access_key_id),
        }
    }
}
