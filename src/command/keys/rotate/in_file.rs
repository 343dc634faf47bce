//! The two keys of a rotation in the AWS file where the old one stands. Each change is one edit, after which both are
//! still there.

use zeroize::Zeroizing;

use crate::aws_files::edit::Unwritten;
use crate::aws_files::sections::FileKind;
use crate::aws_files::write::{self, Patience};
use crate::aws_files::{AwsFiles, rotated};
use crate::command::keys::in_files;
use crate::environment::Environment;
use crate::error::{Error, KeysError, Location, Result};
use crate::model::session::Credentials;
use crate::profile::long_term_keys;

/// The section of one profile.
pub struct InFile<'e> {
    profile: String,
    env: &'e Environment,
    no_input: bool,
    kind: FileKind,
    /// The line of the key's id.
    pub location: Location,
}

impl<'e> InFile<'e> {
    /// Looks whether the key's lines could be replaced.
    pub fn of(
        profile: &str,
        keys: &Credentials,
        location: &Location,
        files: &AwsFiles,
        env: &'e Environment,
        no_input: bool,
    ) -> Result<Self> {
        let lines = in_files::lines(profile, keys, files)?;
        let in_config = lines.iter().filter(|line| line.in_config).count();
        let kind = match in_config {
            0 => FileKind::Credentials,
            all if all == lines.len() => FileKind::Config,
            _ => {
                let profile = profile.to_owned();
                return Err(KeysError::InBothFiles { profile }.into());
            }
        };
        Ok(Self {
            profile: profile.to_owned(),
            env,
            no_input,
            kind,
            location: location.clone(),
        })
    }

    /// The key that stands beside the one that is used, where it is this one.
    pub fn find(&self, access_key_id: &str) -> Result<Option<Credentials>> {
        let spare = self.spare(&AwsFiles::read(self.env)?);
        Ok(spare.filter(|spare| spare.access_key_id == access_key_id))
    }

    fn spare(&self, files: &AwsFiles) -> Option<Credentials> {
        let profile = files.profile(&self.profile)?;
        rotated::spare(|key| profile.own(key))
    }

    /// Writes a new key beside the one that is used.
    pub fn keep(&self, new: &Credentials) -> Result<()> {
        self.edit(|text| self.with_spare(text, new))
    }

    /// Has the two change places.
    pub fn switch(&self, old: &Credentials, new: &Credentials) -> Result<()> {
        self.edit(|text| self.switched(text, old, new))
    }

    /// Takes this key out, where it is the one beside the key that is used.
    pub fn forget(&self, access_key_id: &str) -> Result<()> {
        if self.find(access_key_id)?.is_none() {
            return Ok(());
        }
        self.edit(|text| {
            rotated::without_spare(self.kind, text, &self.profile)
                .ok_or(Error::Internal("the section cannot be read"))
        })
    }

    /// The file with the new key for every profile that has the old one, which becomes the spare one. Somebody may
    /// have edited it since: what is not as it was left is not touched.
    fn switched(
        &self,
        text: &str,
        old: &Credentials,
        new: &Credentials,
    ) -> Result<Zeroizing<String>> {
        let files = AwsFiles::with(self.kind, text, self.env)?;
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
        let mut text = self.with_spare(text, old)?;
        for name in files.names() {
            let Some(profile) = files.profile(name) else {
                continue;
            };
            if profile.own("aws_access_key_id") != Some(&old.access_key_id) {
                continue;
            }
            let first = rotated::sessions_of(profile.own(rotated::LINE), &old.access_key_id);
            let first = first.as_deref().unwrap_or(&old.access_key_id);
            text = rotated::with_key(self.kind, &text, name, new, first)
                .map_err(|why| self.unwritten(why))?;
        }
        Ok(text)
    }

    fn with_spare(&self, text: &str, spare: &Credentials) -> Result<Zeroizing<String>> {
        rotated::with_spare(self.kind, text, &self.profile, spare)
            .map_err(|why| self.unwritten(why))
    }

    fn edit(&self, change: impl FnMut(&str) -> Result<Zeroizing<String>>) -> Result<()> {
        let patience = Patience::of(self.no_input);
        write::edit(self.kind, self.env, patience, change).map(drop)
    }

    fn unwritten(&self, why: Unwritten) -> Error {
        let at = |line| Location {
            path: self.location.path.clone(),
            line,
        };
        match why {
            Unwritten::Syntax(error) => Error::FileSyntax {
                location: at(error.line),
                reason: error.reason,
            },
            Unwritten::Continued { line } => Error::Continued { location: at(line) },
        }
    }
}
