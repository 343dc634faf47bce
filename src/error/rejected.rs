//! A refusal by STS: what was asked, with which key, and the sentence that says so. Pure.

use std::fmt;
use std::path::PathBuf;

use super::Location;
use super::refusal::Refusal;
use crate::error::kept_key::Place;
use crate::text::durations::human_seconds;

/// A refusal by AWS, cleaned of what STS echoes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// What it means.
    pub refusal: Refusal,
    /// AWS's error code.
    pub code: String,
    /// AWS's text.
    pub message: String,
    /// AWS's request id, for its support.
    pub request_id: Option<String>,
    /// What it refuses.
    pub asked: Asked,
}

/// A call, as far as a message names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The key that signed.
    pub key: SigningKey,
    /// The MFA device, where a code was sent.
    pub serial: Option<String>,
    /// What names it: a flag, a variable, a line of a file, or a word.
    pub serial_from: String,
    /// The role, of AssumeRole.
    pub role: Option<String>,
    /// How long the session was to last.
    pub seconds: u32,
    /// Where STS was asked.
    pub region: String,
    /// What names the region: a flag, a variable, a line of a file, or a partition.
    pub region_from: String,
}

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

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Asked {
            key,
            region,
            region_from,
            serial_from,
            ..
        } = &self.asked;
        let serial = self.asked.serial.as_deref().unwrap_or("the MFA device");
        let role = self.asked.role.as_deref().unwrap_or("the role");
        let length = human_seconds(i64::from(self.asked.seconds));
        match self.refusal {
            Refusal::WrongCode => {
                f.write_str("AWS refused the code: it is wrong, expired or already used")
            }
            Refusal::NotYourDevice => write!(
                f,
                "{serial} ({serial_from}) is no MFA device of the user of {key}"
            ),
            Refusal::MfaRequired => write!(f, "{role} wants an MFA code and none was sent"),
            Refusal::SessionKeys => {
                write!(f, "{key} is a session, and a session cannot get another")
            }
            Refusal::NotAuthorized => write!(f, "AWS does not let {key} assume {role}"),
            Refusal::Forbidden => write!(f, "a policy does not allow {key} this call"),
            Refusal::Root => write!(f, "{key} is the root user's, which cannot assume a role"),
            Refusal::RoleChaining => write!(
                f,
                "{role} for {length} is too long: a role assumed from a session lasts one hour at most"
            ),
            Refusal::MaxSessionDuration => write!(f, "{role} allows no session of {length}"),
            Refusal::UnknownKey if key.lost_its_token() => {
                write!(f, "{key} is a session's (ASIA…), and its token is missing")
            }
            Refusal::UnknownKey => write!(f, "AWS does not know {key}"),
            Refusal::ExpiredSource if key.ends_in.is_empty() => write!(f, "{key} has expired"),
            Refusal::ExpiredSource => write!(f, "the session of {key} has expired"),
            Refusal::WrongSecretKey => write!(f, "the secret access key does not belong to {key}"),
            Refusal::Clock { behind: None } => write!(f, "this machine's clock is off"),
            Refusal::Clock { behind: Some(by) } => {
                let way = if by < 0 { "ahead of" } else { "behind" };
                let by = human_seconds(by.saturating_abs());
                write!(f, "this machine's clock is {by} {way} AWS's")
            }
            Refusal::WrongRegion => write!(
                f,
                "the endpoint is not the one of region {region} ({region_from})"
            ),
            Refusal::RegionDisabled => {
                write!(
                    f,
                    "STS is not activated in {region} ({region_from}) for this account"
                )
            }
            Refusal::Throttled => write!(f, "AWS was asked too often"),
            Refusal::Fault => write!(f, "AWS has a fault of its own"),
            Refusal::WebIdentity => write!(f, "AWS does not let {key} assume {role}"),
            Refusal::IdentityToken => write!(f, "AWS does not accept {key}"),
            Refusal::PackedPolicy => write!(
                f,
                "the policies and tags of the session are more than AWS takes"
            ),
            Refusal::Marking => write!(
                f,
                "AWS does not let {key} mark the session of {role} in this way"
            ),
            Refusal::Input(input) => write!(f, "AWS does not accept the {}", input.names().0),
            Refusal::Other => write!(f, "AWS refused {key}"),
        }?;
        write!(f, ": {}", self.code)?;
        match self.message.trim_end_matches(['.', ' ']) {
            "" => Ok(()),
            message => write!(f, ": {message}"),
        }?;
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
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
