//! What aws-vault takes from `[default]` where a profile lacks it. No SDK does, and awsmfa does not: the user's other
//! tools would see another profile. Errors and `--explain` name the line to write. Pure.

use super::own_keys::has_keys;
use super::{Profile, Source};
use crate::aws_files::{AwsFiles, FoundProfile};
use crate::error::Location;

/// A setting of `[default]` that a profile lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The key.
    pub key: &'static str,
    /// The line to write into the profile.
    pub line: String,
    /// Where `[default]` has it.
    pub location: Location,
}

impl Lacking {
    /// Whether AWS may refuse the role for want of it.
    pub fn may_be_wanted_by_a_role(&self) -> bool {
        !["region", "duration_seconds"].contains(&self.key)
    }
}

/// What `[default]` has of a key, for a profile of another name.
pub fn value(files: &AwsFiles, profile: &str, key: &str) -> Option<String> {
    let default = files.profile("default").filter(|_| profile != "default")?;
    default.get(key).map(str::to_owned)
}

/// What would be another session if it came from `[default]`.
pub fn lacking(profile: &Profile, files: &AwsFiles) -> Vec<Lacking> {
    let role = profile.roles.last();
    let role = role.filter(|role| role.profile.as_deref() == Some(&profile.name));
    let with_keys =
        !profile.source.is_session() && !matches!(profile.source, Source::WebIdentity(_));
    let has_region = profile.region.is_some() || profile.endpoint.region_of_request().is_some();
    let lacks = [
        ("mfa_serial", with_keys && profile.serial.is_none()),
        (
            "role_session_name",
            role.is_some_and(|role| role.session_name.is_none()),
        ),
        (
            "external_id",
            role.is_some_and(|role| role.external_id.is_none()),
        ),
        (
            "duration_seconds",
            role.is_some() && profile.duration.is_none(),
        ),
        (
            "session_tags",
            role.is_some_and(|role| role.options.session_tags.is_empty()),
        ),
        (
            "source_identity",
            role.is_some_and(|role| role.options.source_identity.is_none()),
        ),
        ("region", !has_region),
    ];
    let Some(default) = files
        .profile("default")
        .filter(|_| profile.name != "default")
    else {
        return Vec::new();
    };
    let found = lacks.into_iter().filter(|(_, lacks)| *lacks);
    found
        .filter_map(|(key, _)| {
            Some(Lacking {
                key,
                line: format!("{key} = {}", default.get(key)?),
                location: default.location(key)?,
            })
        })
        .collect()
}

/// The source that aws-vault would take for a role that names none: the one that `[default]` names, or `[default]`
/// itself.
pub fn source(last: &FoundProfile, files: &AwsFiles) -> Option<String> {
    let default = files
        .profile("default")
        .filter(|_| last.name() != "default")?;
    let named = default.get("source_profile").map(str::to_owned);
    let itself = || {
        let gives_keys = [
            "credential_process",
            "sso_session",
            "sso_start_url",
            "login_session",
        ];
        let has = has_keys(&default) || gives_keys.iter().any(|key| default.get(key).is_some());
        has.then(|| "default".to_owned())
    };
    named.or_else(itself)
}

/// The one other profile that has keys, where there is only one.
pub fn only_one_with_keys(last: &FoundProfile, files: &AwsFiles) -> Option<String> {
    let mut with_keys = files.names().into_iter().filter(|name| {
        *name != last.name()
            && files
                .profile(name)
                .is_some_and(|profile| has_keys(&profile))
    });
    match (with_keys.next(), with_keys.next()) {
        (Some(name), None) => Some(name.to_owned()),
        _ => None,
    }
}
