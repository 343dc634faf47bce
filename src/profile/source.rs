//! Whose keys everything starts with: a plain type. A `credential_process` is named here and run by
//! [`crate::session`], and only where no stored session serves.

use std::fmt;
use std::path::PathBuf;

use super::login::LoginOf;
use crate::error::{KeyOrigin, Location};
use crate::model::kept_key::KeptKey;
use crate::model::session::{Credentials, Timestamp};

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
