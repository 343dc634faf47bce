//! The end of the chain: whose keys everything starts with. Pure: a `credential_process` is named
//! here and run by the command, and only where no stored session serves.

use std::fmt;
use std::path::PathBuf;

use super::login::{self, LoginOf};
use super::{login_lines, of_default, pasted};
use crate::aws_files::{AwsFiles, FoundProfile, rotated};
use crate::environment::Environment;
use crate::environment::session_here::SessionHere;
use crate::error::{Error, KeyOrigin, Location, Result};
use crate::model::kept_key::KeptKey;
use crate::model::session::{Credentials, Secret, Timestamp};

/// Where the first keys come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// Keys of the AWS files.
    Keys {
        /// The keys; with a token they are a session somebody pasted.
        credentials: Credentials,
        /// The profile they stand in.
        profile: String,
        /// The line of the access key id.
        location: Location,
        /// When the session ends, where the tool that wrote it says so.
        ends: Option<Timestamp>,
        /// After which key their sessions are named, where they came by a rotation; `None` is themselves.
        sessions_of: Option<String>,
    },
    /// Keys that were exported into this shell; with a token only where `credential_source` wants them.
    Environment(Credentials),
    /// A `credential_process`: what it gives is known once it has run.
    Process {
        /// The command line.
        command: String,
        /// The profile that names it.
        profile: String,
        /// Its line.
        location: Location,
    },
    /// A login at IAM Identity Center or the console: it gives a session without a question, while it lasts.
    Login(LoginOf),
    /// A key in the key store: its id is known, its secret only when a call is to be signed.
    KeyStore(KeptKey),
    /// A token that assumes the first role by itself, without any key.
    WebIdentity(WebIdentity),
}

/// A token of a web identity, as a profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebIdentity {
    /// Where the token is.
    pub token: TokenFrom,
    /// The profile that names it, and the role.
    pub profile: String,
    /// Its line.
    pub location: Location,
}

/// Where the token of a web identity comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFrom {
    /// `web_identity_token_file`.
    File(PathBuf),
    /// aws-vault's `web_identity_token_process`: a command that prints it.
    Process(String),
}

impl Source {
    /// The same without any key, for a message.
    pub fn origin(&self) -> KeyOrigin {
        match self {
            Source::Keys {
                profile, location, ..
            } => KeyOrigin::Profile {
                profile: profile.clone(),
                location: location.clone(),
            },
            Source::Environment(_) => KeyOrigin::Environment,
            Source::KeyStore(key) => KeyOrigin::KeyStore {
                profile: key.profile.clone(),
                place: key.place,
            },
            Source::Process { location, .. } => KeyOrigin::Process(location.clone()),
            Source::WebIdentity(identity) => match &identity.token {
                TokenFrom::File(path) => KeyOrigin::TokenFile(path.clone()),
                TokenFrom::Process(_) => KeyOrigin::Process(identity.location.clone()),
            },
            Source::Login(login) => KeyOrigin::Login {
                name: login.name(),
                remedy: login.remedy(),
            },
        }
    }

    /// The keys, where no process and no call has to be asked for them.
    pub fn credentials(&self) -> Option<&Credentials> {
        match self {
            Source::Keys { credentials, .. } | Source::Environment(credentials) => {
                Some(credentials)
            }
            Source::KeyStore(_)
            | Source::Process { .. }
            | Source::WebIdentity(_)
            | Source::Login(_) => None,
        }
    }

    /// Whether the keys are known to be a session, which can only assume roles, an hour each.
    pub fn is_session(&self) -> bool {
        matches!(self, Source::Login(_))
            || self
                .credentials()
                .is_some_and(|keys| keys.session_token.is_some())
    }

    /// Whose session it gives, where it gives one and says so.
    pub fn principal(&self) -> Option<&str> {
        match self {
            Source::Login(login) => Some(login.principal()),
            _ => None,
        }
    }

    /// In which account, where it gives a session and says so.
    pub fn account(&self) -> Option<&str> {
        match self {
            Source::Login(login) => login.account(),
            _ => None,
        }
    }

    /// The profile that the source stands in; `None` for the environment.
    pub fn profile(&self) -> Option<&str> {
        match self {
            Source::Keys { profile, .. }
            | Source::Process { profile, .. }
            | Source::WebIdentity(WebIdentity { profile, .. }) => Some(profile),
            Source::Login(login) => Some(&login.profile),
            Source::KeyStore(key) => Some(&key.profile),
            Source::Environment(_) => None,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Keys { location, .. } => write!(f, "{location}"),
            Source::Environment(_) => f.write_str("AWS_ACCESS_KEY_ID"),
            Source::KeyStore(key) => write!(f, "{}", key.place),
            Source::Process { location, .. } => write!(f, "credential_process, {location}"),
            Source::Login(login) => write!(f, "{}, {}", login.name(), login.location),
            Source::WebIdentity(WebIdentity { location, .. }) => {
                write!(f, "web_identity_token_file, {location}")
            }
        }
    }
}

/// What the last profile of the chain names, else long-term keys in the environment. Keys of its own
/// come first, as in the SDKs.
pub fn of(
    chain: &[FoundProfile],
    env: &Environment,
    name: &str,
    files: &AwsFiles,
) -> Result<Source> {
    if let Some(last) = chain.last()
        && let Some(source) = named(last, env, files)?
    {
        return Ok(source);
    }
    if let Some(key) = files.kept_key(chain.last().map_or(name, FoundProfile::name)) {
        return Ok(Source::KeyStore(key.clone()));
    }
    if let Some(last) = chain.last()
        && last.get("role_arn").is_some()
        && SessionHere(env).long_term_keys().is_none()
    {
        return Err(Error::RoleWithoutSource {
            profile: last.name().to_owned(),
            of_default: of_default::source(last, files),
            only_one: of_default::only_one_with_keys(last, files),
            location: last.location("role_arn"),
        });
    }
    match SessionHere(env).long_term_keys() {
        Some(credentials) => of_environment(credentials),
        None => Err(Error::NoCredentials {
            profile: chain.last().map_or(name, FoundProfile::name).to_owned(),
            credentials_file: files.credentials_path().to_owned(),
            session_in_shell: SessionHere(env).has_session(),
        }),
    }
}

fn of_environment(credentials: Credentials) -> Result<Source> {
    let secret = credentials.secret_access_key.expose();
    if !secret.bytes().all(Credentials::may_hold) {
        return Err(Error::NotAKey {
            key: "AWS_SECRET_ACCESS_KEY",
            location: None,
        });
    }
    if Credentials::is_access_key_id(&credentials.access_key_id) {
        return Ok(Source::Environment(credentials));
    }
    Err(Error::AccessKeyId {
        given_as: "AWS_ACCESS_KEY_ID",
        location: None,
    })
}

/// The source that this profile names itself.
fn named(last: &FoundProfile, env: &Environment, files: &AwsFiles) -> Result<Option<Source>> {
    let profile = last.name().to_owned();
    let location = |key| last.location(key).unwrap_or_default();
    if let Some(credentials) = keys(last)? {
        return Ok(Some(Source::Keys {
            sessions_of: rotated::sessions_of(last.get(rotated::LINE), &credentials.access_key_id),
            credentials,
            profile,
            location: location("aws_access_key_id"),
            ends: pasted::ends(last),
        }));
    }
    if let Some(named) = last.get("credential_source") {
        return of_credential_source(named, last, env).map(Some);
    }
    let token = match last.get("web_identity_token_file") {
        Some(file) => Some((
            TokenFrom::File(env.expand_home(file.as_ref())?),
            "web_identity_token_file",
        )),
        None => last.get("web_identity_token_process").map(|command| {
            (
                TokenFrom::Process(command.to_owned()),
                "web_identity_token_process",
            )
        }),
    };
    if let Some((token, key)) = token {
        let location = location(key);
        if last.get("role_arn").is_none() {
            return Err(Error::WebIdentityWithoutRole { profile, location });
        }
        return Ok(Some(Source::WebIdentity(WebIdentity {
            token,
            profile,
            location,
        })));
    }
    if let Some(login) = login::of(last, env, files)? {
        return Ok(Some(Source::Login(login)));
    }
    if let Some(command) = last.get("credential_process") {
        return Ok(Some(Source::Process {
            command: command.to_owned(),
            profile,
            location: location("credential_process"),
        }));
    }
    if let Some(login) = login::of_granted(last, env, files)? {
        return Ok(Some(Source::Login(login)));
    }
    login_lines::refuse_half(last, files)?;
    Ok(None)
}

/// `Environment` means the keys of this shell, a session too, but never ours: the role would be assumed
/// with what an earlier run put there.
fn of_credential_source(named: &str, last: &FoundProfile, env: &Environment) -> Result<Source> {
    const KEY: &str = "credential_source";
    match named {
        "Environment" => match SessionHere(env).keys_of_others() {
            Some(credentials) => of_environment(credentials),
            None => Err(Error::CredentialSourceEmpty {
                profile: last.name().to_owned(),
                ours: SessionHere(env).our_entry().is_some(),
                location: last.location(KEY),
            }),
        },
        // They have no MFA to give, and every SDK on such a machine uses the role without us.
        "Ec2InstanceMetadata" => Err(unsupported(last, KEY, "Ec2InstanceMetadata")),
        "EcsContainer" => Err(unsupported(last, KEY, "EcsContainer")),
        _ => Err(unsupported(last, KEY, KEY)),
    }
}

fn unsupported(last: &FoundProfile, key: &'static str, by: &'static str) -> Error {
    Error::SourceUnsupported {
        profile: last.name().to_owned(),
        by,
        location: last.location(key),
    }
}

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

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
