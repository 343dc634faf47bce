//! The first keys of a plan: those of the files, or what a `credential_process` gives, or a key of the key store. A
//! stored session needs none of them.

use serde::Deserialize;
use zeroize::Zeroizing;

use super::in_process;
use super::source_id::source_id;
use crate::aws_files::key_index::KeyIndex;
use crate::environment::Environment;
use crate::error::{Error, KeysError, Result};
use crate::keys::Places;
use crate::model::session::{Credentials, Secret, Session, Timestamp};
use crate::profile::{Source, pasted};
use crate::system::user_command::{self, Failure, Talk};

/// What everything starts with: long-term keys, or a session.
#[derive(Clone, Debug)]
pub struct FirstKeys {
    /// The keys; with a token they are a session.
    pub credentials: Credentials,
    /// When that session ends, where the source says so.
    pub ends: Option<Timestamp>,
}

impl FirstKeys {
    /// Whether they are a session.
    pub fn are_a_session(&self) -> bool {
        self.credentials.session_token.is_some()
    }

    /// The session that they are; refused where it is over, and where a shell could not be told.
    pub fn session(self, source: &Source, now: Timestamp) -> Result<Session> {
        let expiration = self.ends.unwrap_or(Timestamp::UNKNOWN);
        if expiration <= now {
            return Err(Error::SessionEnded {
                origin: source.origin(),
                seconds_ago: now.seconds_after(expiration),
            });
        }
        if let Some(part) = self.credentials.unsayable() {
            return Err(Error::SessionMalformed {
                origin: source.origin(),
                part,
            });
        }
        Ok(Session {
            credentials: self.credentials,
            expiration,
        })
    }
}

/// Refuses a profile that has one key in the files and one in the key store: which of them is meant? Only where
/// a call is about to be made; a run with a stored session does not look.
fn refuse_twice(source: &Source, env: &Environment) -> Result<()> {
    if let Source::Keys {
        profile,
        location,
        credentials,
        ..
    } = source
        && credentials.session_token.is_none()
        && let Some(key) = KeyIndex::of(env).key_of(profile)
    {
        return Err(KeysError::Twice {
            key: key.clone(),
            location: location.clone(),
        }
        .into());
    }
    Ok(())
}

/// The keys to start with. A process that is run for them may `talk` to the user, or not.
pub fn keys(source: &Source, talk: Talk, env: &Environment, no_input: bool) -> Result<FirstKeys> {
    refuse_twice(source, env)?;
    let given = |credentials: &Credentials, ends| FirstKeys {
        credentials: credentials.clone(),
        ends,
    };
    let (command, profile, location) = match source {
        Source::Keys {
            credentials, ends, ..
        } => return Ok(given(credentials, *ends)),
        Source::Environment(credentials) => return Ok(given(credentials, None)),
        Source::KeyStore(key) => {
            return Ok(given(&Places::of(env, no_input).credentials(key)?, None));
        }
        Source::WebIdentity(_) | Source::Login(_) => {
            return Err(Error::Internal("a token is no key"));
        }
        Source::Process {
            command,
            profile,
            location,
        } => (command, profile, location),
    };
    let failed = |reason: String| Error::CredentialProcess {
        profile: profile.clone(),
        reason,
        location: location.clone(),
    };
    let (name, asked) = in_process::awaiting(&source_id(source), env);
    let printed = user_command::run(command, &[(name, &asked)], talk, |output| {
        let mut values = serde_json::Deserializer::from_reader(output).into_iter::<Printed>();
        values.next()?.ok()
    });
    match printed {
        Ok(printed) => printed.keys().map_err(failed),
        Err(Failure::Interrupted) => Err(Error::Interrupted),
        Err(Failure::Because(reason)) => Err(failed(reason)),
    }
}

/// What a `credential_process` prints.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: u32,
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expiration: Option<String>,
}

impl Printed {
    fn keys(self) -> std::result::Result<FirstKeys, String> {
        if self.version != 1 {
            return Err(format!("it speaks version {}, not 1", self.version));
        }
        if !Credentials::is_access_key_id(&self.access_key_id) || self.secret_access_key.is_empty()
        {
            return Err("it printed no access key".to_owned());
        }
        let token = self.session_token.filter(|token| !token.is_empty());
        Ok(FirstKeys {
            credentials: Credentials {
                access_key_id: self.access_key_id,
                secret_access_key: Secret::new(&**self.secret_access_key),
                session_token: token.map(|token| Secret::new(&**token)),
            },
            ends: self.expiration.as_deref().and_then(pasted::parse),
        })
    }
}
