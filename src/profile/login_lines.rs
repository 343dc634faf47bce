//! The lines that a login at IAM Identity Center needs, and the error where one is missing: with its value, where
//! `[default]` has that. Pure.

use super::of_default;
use crate::aws_files::{AwsFiles, FoundProfile};
use crate::error::{Error, Location, Result};
use crate::text::suggest::nearest;

/// What names the role at IAM Identity Center.
pub const ROLE_KEYS: [&str; 2] = ["sso_account_id", "sso_role_name"];

/// Refuses a profile that names account or role of IAM Identity Center, and neither where to log in nor anything else.
pub fn refuse_half(profile: &FoundProfile, files: &AwsFiles) -> Result<()> {
    if !ROLE_KEYS.iter().any(|key| profile.get(key).is_some()) {
        return Ok(());
    }
    let of_default = of_default::value(files, profile.name(), "sso_session");
    let (missing, of_default) = match of_default {
        Some(session) => ("sso_session", Some(session)),
        None => ("sso_start_url", None),
    };
    Err(incomplete(profile, missing, of_default, files))
}

/// Start URL and region of a `[sso-session …]`.
pub fn of_session(
    name: &str,
    profile: &FoundProfile,
    files: &AwsFiles,
) -> Result<(String, String, Option<Location>)> {
    let Some(session) = files.sso_session(name) else {
        return Err(Error::SsoSessionUnknown {
            profile: profile.name().to_owned(),
            session: name.to_owned(),
            similar: nearest(name, files.sso_sessions())
                .into_iter()
                .map(str::to_owned)
                .collect(),
            location: profile.location("sso_session"),
        });
    };
    let value = |key: &'static str| {
        session
            .get(key)
            .map(str::to_owned)
            .ok_or_else(|| Error::LoginIncomplete {
                section: format!("[sso-session {name}]"),
                missing: key,
                of_default: None,
                profile: profile.name().to_owned(),
                location: session.location.clone(),
            })
    };
    Ok((value("sso_start_url")?, value("sso_region")?, None))
}

/// The value of a line.
pub fn required(profile: &FoundProfile, key: &'static str, files: &AwsFiles) -> Result<String> {
    let found = profile.get(key).map(str::to_owned);
    found.ok_or_else(|| incomplete(profile, key, None, files))
}

fn incomplete(
    profile: &FoundProfile,
    missing: &'static str,
    of_default: Option<String>,
    files: &AwsFiles,
) -> Error {
    Error::LoginIncomplete {
        section: format!("profile {}", profile.name()),
        missing,
        of_default: of_default.or_else(|| of_default::value(files, profile.name(), missing)),
        profile: profile.name().to_owned(),
        location: profile.header().unwrap_or_default(),
    }
}
