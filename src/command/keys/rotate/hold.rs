//! Where the two keys of a rotation are kept meanwhile: in a place for keys, or in the AWS file where the old one
//! stands. Each change is one write, after which both are still there.

use std::path::PathBuf;

use crate::aws_files::edit::Unwritten;
use crate::aws_files::sections::FileKind;
use crate::aws_files::write::{self, Patience};
use crate::aws_files::{AwsFiles, rotated};
use crate::command::keys::in_files;
use crate::environment::Environment;
use crate::error::{Error, KeyOrigin, KeysError, Location, Result};
use crate::keys::Places;
use crate::keys::index::{Index, IndexFile};
use crate::model::kept_key::Place;
use crate::model::session::{Credentials, Timestamp};
use crate::profile::{Profile, Source, long_term_keys};

/// Where they are.
enum Where {
    Place(Place),
    File(FileKind, Location),
}

/// The keys of one profile.
pub struct Hold<'e> {
    profile: String,
    env: &'e Environment,
    no_input: bool,
    places: Places<'e>,
    is_in: Where,
    /// The key that the profile uses now.
    pub used: Credentials,
}

impl<'e> Hold<'e> {
    /// Finds the profile's key and opens where it is: what is locked is known before anything is made.
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
                let lines = in_files::lines(name, credentials, files)?;
                let in_config = lines.iter().filter(|line| line.in_config).count();
                let kind = match in_config {
                    0 => FileKind::Credentials,
                    all if all == lines.len() => FileKind::Config,
                    _ => {
                        let profile = name.clone();
                        return Err(KeysError::InBothFiles { profile }.into());
                    }
                };
                (Where::File(kind, location.clone()), credentials.clone())
            }
            _ => {
                let profile = name.clone();
                return Err(KeysError::NothingToRotate { profile }.into());
            }
        };
        let hold = Self {
            profile: name.clone(),
            env,
            no_input,
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
            Where::File(..) => None,
        }
    }

    /// Where it is, for a message.
    pub fn shown(&self) -> String {
        match &self.is_in {
            Where::Place(place) => place.to_string(),
            Where::File(_, location) => location.path.display().to_string(),
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
            Where::File(_, location) => KeyOrigin::Profile {
                profile,
                location: location.clone(),
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
                Where::File(_, of_used) => location.path == of_used.path,
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
            Where::File(..) => {
                let files = AwsFiles::read(self.env)?;
                let spare = self.spare(&files);
                Ok(spare.filter(|spare| spare.access_key_id == access_key_id))
            }
        }
    }

    fn spare(&self, files: &AwsFiles) -> Option<Credentials> {
        let profile = files.profile(&self.profile)?;
        rotated::spare(|key| profile.own(key))
    }

    /// Keeps a new key beside the one that is used.
    pub fn keep(&mut self, new: &Credentials) -> Result<()> {
        match &self.is_in {
            Where::Place(place) => self.places.put(*place, &self.profile, new),
            Where::File(kind, _) => {
                let kind = *kind;
                self.edit(kind, |text| {
                    rotated::with_spare(kind, text, &self.profile, new)
                        .map_err(|why| self.unwritten(why))
                })
            }
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
            Where::File(kind, _) => {
                let kind = *kind;
                self.edit(kind, |text| self.switched(kind, text, &old, new))?;
            }
        }
        self.used = new.clone();
        Ok(())
    }

    /// The file with the new key for every profile that has the old one, which becomes the spare one. Somebody may
    /// have edited it since: what is not as it was left is not touched.
    fn switched(
        &self,
        kind: FileKind,
        text: &str,
        old: &Credentials,
        new: &Credentials,
    ) -> Result<zeroize::Zeroizing<String>> {
        let files = AwsFiles::with(kind, text, self.env)?;
        let own = files.profile(&self.profile);
        let as_left = own.as_ref().map(long_term_keys).transpose()?.flatten() == Some(old.clone())
            && self.spare(&files).as_ref() == Some(new);
        if !as_left {
            let location = own.and_then(|own| own.location("aws_access_key_id"));
            return Err(KeysError::Differs {
                profile: self.profile.clone(),
                location: location.unwrap_or_default(),
            }
            .into());
        }
        let mut text = rotated::with_spare(kind, text, &self.profile, old)
            .map_err(|why| self.unwritten(why))?;
        for name in files.names() {
            let Some(profile) = files.profile(name) else {
                continue;
            };
            if profile.own("aws_access_key_id") != Some(&old.access_key_id) {
                continue;
            }
            let first = rotated::sessions_of(profile.own(rotated::LINE), &old.access_key_id);
            let first = first.as_deref().unwrap_or(&old.access_key_id);
            text = rotated::with_key(kind, &text, name, new, first)
                .map_err(|why| self.unwritten(why))?;
        }
        Ok(text)
    }

    /// Forgets a key that is not used. One that is not here is forgotten already.
    pub fn forget(&mut self, access_key_id: &str) -> Result<()> {
        match &self.is_in {
            Where::Place(place) => self.places.remove(*place, access_key_id),
            Where::File(kind, _) => {
                let kind = *kind;
                let files = AwsFiles::read(self.env)?;
                if self
                    .spare(&files)
                    .is_none_or(|s| s.access_key_id != access_key_id)
                {
                    return Ok(());
                }
                self.edit(kind, |text| {
                    rotated::without_spare(kind, text, &self.profile)
                        .ok_or(Error::Internal("the section cannot be read"))
                })
            }
        }
    }

    fn edit(
        &self,
        kind: FileKind,
        change: impl FnMut(&str) -> Result<zeroize::Zeroizing<String>>,
    ) -> Result<()> {
        write::edit(kind, self.env, Patience::of(self.no_input), change).map(drop)
    }

    fn unwritten(&self, why: Unwritten) -> Error {
        let path: PathBuf = match &self.is_in {
            Where::File(_, location) => location.path.clone(),
            Where::Place(_) => PathBuf::new(),
        };
        let (line, reason) = match why {
            Unwritten::Syntax(error) => (error.line, error.reason),
            Unwritten::Continued { line } => {
                let location = Location { path, line };
                return Error::Continued { location };
            }
        };
        Error::FileSyntax {
            location: Location { path, line },
            reason,
        }
    }
}
