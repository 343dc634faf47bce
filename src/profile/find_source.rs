//! The end of the chain: where the keys come from that everything starts with. Pure.

use super::login;
use super::own_keys::keys;
use super::source::{Source, TokenFrom, WebIdentity};
use super::{login_lines, of_default, pasted};
use crate::aws_files::{AwsFiles, FoundProfile, rotated};
use crate::environment::Environment;
use crate::environment::session_here::SessionHere;
use crate::error::{Error, Result};
use crate::model::session::Credentials;

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

#[cfg(test)]
#[path = "find_source_tests.rs"]
mod tests;
