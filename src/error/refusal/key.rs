//! The key that signed a refused call: where it comes from, and how a better one gets there. Pure.

use std::fmt;
use std::path::PathBuf;

use crate::error::Location;
use crate::error::kept_key::Place;

/// For a user who has pasted a session over the only copy of the long-term keys.
pub const LONG_TERM_KEYS_ARE_LOST: &str = "if they are lost, create new ones in the AWS console: \
     IAM, Users, your name, Security credentials, Create access key";

/// An access key without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// The last four characters of its id.
    pub ends_in: String,
    /// Whether its id is one of a session: those begin with `ASIA`.
    pub is_temporary: bool,
    /// Where it comes from.
    pub origin: KeyOrigin,
}

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// A profile of the AWS files.
    Profile {
        /// Its name.
        profile: String,
        /// The line of the access key id.
        location: Location,
    },
    /// `AWS_ACCESS_KEY_ID`.
    Environment,
    /// The `credential_process` of this line.
    Process(Location),
    /// No key: the token of a web identity, in this file.
    TokenFile(PathBuf),
    /// A login: where, and what to do once it is over.
    Login {
        /// What it is a login at.
        name: &'static str,
        /// The command that logs in.
        remedy: String,
    },
    /// The key store, for this profile.
    KeyStore {
        /// The profile.
        profile: String,
        /// Where its key is.
        place: Place,
    },
    /// A session that awsmfa got, on the way to a role.
    OurSession,
}

impl KeyOrigin {
    /// Where it stands, for a message.
    pub fn place(&self) -> String {
        match self {
            KeyOrigin::Profile { profile, location } => format!("profile {profile} ({location})"),
            KeyOrigin::Environment => "the environment".to_owned(),
            KeyOrigin::Process(location) => {
                format!("the answer of credential_process ({location})")
            }
            KeyOrigin::TokenFile(path) => path.display().to_string(),
            KeyOrigin::Login { name, .. } => format!("the login at {name}"),
            KeyOrigin::KeyStore { place, .. } => place.to_string(),
            KeyOrigin::OurSession => "the store".to_owned(),
        }
    }
}

impl SigningKey {
    /// Keeps of the id what may be shown.
    pub fn new(access_key_id: &str, origin: KeyOrigin) -> Self {
        let shown = access_key_id.len().saturating_sub(4);
        Self {
            ends_in: access_key_id.get(shown..).unwrap_or_default().to_owned(),
            is_temporary: access_key_id.starts_with("ASIA"),
            origin,
        }
    }

    /// Whether AWS cannot know it because it was pasted without its token.
    pub fn lost_its_token(&self) -> bool {
        let was_pasted = matches!(
            self.origin,
            KeyOrigin::Profile { .. } | KeyOrigin::Environment
        );
        self.is_temporary && was_pasted
    }
}

impl fmt::Display for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = format!("the access key …{}", self.ends_in);
        match &self.origin {
            KeyOrigin::Profile { location, .. } => write!(f, "{id} ({location})"),
            KeyOrigin::Environment => write!(f, "{id} (AWS_ACCESS_KEY_ID)"),
            KeyOrigin::Process(location) => write!(f, "{id} (credential_process, {location})"),
            KeyOrigin::TokenFile(path) => write!(f, "the web identity of {}", path.display()),
            KeyOrigin::Login { name, .. } => write!(f, "{id} (a session of the login at {name})"),
            KeyOrigin::KeyStore { place, .. } => write!(f, "{id} ({place})"),
            KeyOrigin::OurSession => write!(f, "{id} (a session that awsmfa got)"),
        }
    }
}

impl SigningKey {
    /// How long-term keys get back to where a session is.
    pub fn put_back(&self) -> String {
        match &self.origin {
            KeyOrigin::Environment => format!(
                "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of long-term keys (AKIA…); {LONG_TERM_KEYS_ARE_LOST}"
            ),
            KeyOrigin::Profile { location, .. } => format!(
                "run aws configure{} to put the long-term keys (AKIA…) back, and remove aws_session_token from {}; {LONG_TERM_KEYS_ARE_LOST}",
                self.profile_flag(),
                location.path.display()
            ),
            KeyOrigin::Process(_)
            | KeyOrigin::TokenFile(_)
            | KeyOrigin::Login { .. }
            | KeyOrigin::KeyStore { .. }
            | KeyOrigin::OurSession => self.give_again(),
        }
    }

    /// How the same key is given again, without what is wrong with it.
    pub fn give_again(&self) -> String {
        match &self.origin {
            KeyOrigin::Profile { .. } => format!("run aws configure{}", self.profile_flag()),
            KeyOrigin::Environment => {
                "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY again".to_owned()
            }
            KeyOrigin::Process(location) => format!(
                "see what the command of line {} of {} prints",
                location.line,
                location.path.display()
            ),
            KeyOrigin::TokenFile(_) => "get a new token from its issuer".to_owned(),
            KeyOrigin::Login { remedy, .. } => format!("{remedy}, and add --refresh"),
            KeyOrigin::KeyStore { profile, .. } => {
                format!("run awsmfa keys remove {profile} and then awsmfa keys add {profile}")
            }
            KeyOrigin::OurSession => "add --refresh to get a new one".to_owned(),
        }
    }

    /// ` --profile NAME`, where it is a profile's.
    pub fn profile_flag(&self) -> String {
        match &self.origin {
            KeyOrigin::Profile { profile, .. } => format!(" --profile {profile}"),
            _ => String::new(),
        }
    }
}
