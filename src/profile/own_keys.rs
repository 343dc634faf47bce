//! The keys that stand in a profile itself, and whether they can be keys at all. Pure.

use crate::aws_files::FoundProfile;
use crate::error::{Error, Result};
use crate::model::session::{Credentials, Secret};

/// Whether the profile has a key of its own, in the files or in the key store.
pub fn has_keys(profile: &FoundProfile) -> bool {
    has_keys_in_files(profile) || profile.kept_key().is_some()
}

/// Whether a key stands in the files, or half of one.
fn has_keys_in_files(profile: &FoundProfile) -> bool {
    profile.get("aws_access_key_id").is_some() || profile.get("aws_secret_access_key").is_some()
}

/// The keys that stand in the profile itself; with a token they are a session.
pub fn keys(profile: &FoundProfile) -> Result<Option<Credentials>> {
    if !has_keys_in_files(profile) {
        return Ok(None);
    }
    let value = |key: &'static str| {
        key_value(profile, key)?.ok_or_else(|| Error::HalfOfAKey {
            profile: profile.name().to_owned(),
            missing: key,
            location: profile.location("aws_access_key_id"),
        })
    };
    let id = value("aws_access_key_id")?;
    if !Credentials::is_access_key_id(id) {
        return Err(Error::AccessKeyId {
            given_as: "aws_access_key_id",
            location: profile.location("aws_access_key_id"),
        });
    }
    Ok(Some(Credentials {
        access_key_id: id.to_owned(),
        secret_access_key: Secret::new(value("aws_secret_access_key")?),
        session_token: key_value(profile, "aws_session_token")?.map(Secret::new),
    }))
}

/// A value that signs, if it could be one. AWS would say of any other that the signature is wrong, and after a code
/// was spent.
fn key_value<'p>(profile: &'p FoundProfile, key: &'static str) -> Result<Option<&'p str>> {
    let Some(value) = profile.get(key) else {
        return Ok(None);
    };
    if let Some(location) = profile.continued(key) {
        return Err(Error::KeyContinued { key, location });
    }
    match value.bytes().all(Credentials::may_hold) || key == "aws_access_key_id" {
        true => Ok(Some(value)),
        false => Err(Error::NotAKey {
            key,
            location: profile.location(key),
        }),
    }
}
