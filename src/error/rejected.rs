//! What STS means by its errors. One code covers several causes; only the text tells them apart. Pure.

use std::fmt;
use std::path::PathBuf;

use super::Location;
use crate::session::human_seconds;

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
    /// A session that awsmfa got, on the way to a role.
    OurSession,
}

/// The causes that have a remedy of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Wrong, expired or already used: wait for the next code.
    WrongCode,
    /// The serial is not a device of this user.
    NotYourDevice,
    /// The role wants MFA and none was sent.
    MfaRequired,
    /// The source is itself a session.
    SessionKeys,
    /// Trust policy, MFA condition, external id or a wrong ARN.
    NotAuthorized,
    /// A policy of the user, of its organization or of a session forbids the call.
    Forbidden,
    /// The account's own key cannot assume a role.
    Root,
    /// More than an hour on a chained role.
    RoleChaining,
    /// More than the role's own maximum.
    MaxSessionDuration,
    /// Key deleted, inactive, mistyped, or of another partition.
    UnknownKey,
    /// The source's session has ended.
    ExpiredSource,
    /// Wrong secret key.
    WrongSecretKey,
    /// This machine's clock is off.
    Clock {
        /// By how many seconds it is behind; negative when it is ahead.
        behind: Option<i64>,
    },
    /// The endpoint is one of another region than the signature.
    WrongRegion,
    /// STS is not activated in the region.
    RegionDisabled,
    /// Asked too often.
    Throttled,
    /// A fault of AWS's own.
    Fault,
    /// Anything else.
    Other,
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

impl Refusal {
    /// Classifies an answer. `behind` is how far our clock was behind the server's `Date`.
    pub fn of(code: &str, message: &str, behind: Option<i64>) -> Self {
        let says = |text: &str| message.contains(text);
        match code {
            "AccessDenied" if says("invalid MFA one time pass code") => Refusal::WrongCode,
            "AccessDenied" if says("unable to validate MFA code") => Refusal::NotYourDevice,
            "AccessDenied" if says("must provide both MFA serial number") => Refusal::MfaRequired,
            "AccessDenied" if says("with session credentials") => Refusal::SessionKeys,
            "AccessDenied" if says("assumed by root accounts") => Refusal::Root,
            "AccessDenied" if says("explicit deny") || says("identity-based policy") => {
                Refusal::Forbidden
            }
            "AccessDenied" if says("to perform: sts:AssumeRole") => Refusal::NotAuthorized,
            "AccessDenied" if says("not authorized to perform") => Refusal::Forbidden,
            "ValidationError" if says("role chaining") => Refusal::RoleChaining,
            "ValidationError" if says("MaxSessionDuration") => Refusal::MaxSessionDuration,
            "InvalidClientTokenId" => Refusal::UnknownKey,
            "ExpiredToken" | "ExpiredTokenException" => Refusal::ExpiredSource,
            "SignatureDoesNotMatch" if says("Signature expired") || says("not yet current") => {
                Refusal::Clock {
                    behind: behind_in(message).or(behind),
                }
            }
            "SignatureDoesNotMatch" if says("Credential should be scoped to a valid region") => {
                Refusal::WrongRegion
            }
            "SignatureDoesNotMatch" => Refusal::WrongSecretKey,
            "RequestExpired" => Refusal::Clock { behind },
            "RegionDisabledException" => Refusal::RegionDisabled,
            "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "SlowDown" => {
                Refusal::Throttled
            }
            "InternalFailure" | "InternalError" | "ServiceUnavailable" => Refusal::Fault,
            _ => Refusal::Other,
        }
    }
}

/// How far behind the clock is by STS's own words, "Signature expired: T1 is now earlier than T2
/// (T3 - 15 min.)": T1 is ours, T3 is AWS's.
fn behind_in(message: &str) -> Option<i64> {
    let words = message.split(|c: char| !c.is_ascii_alphanumeric());
    let mut times = words.filter_map(seconds_of);
    let ours = times.next()?;
    Some(times.next_back()? - ours)
}

/// Seconds since 1970 of `20261121T052000Z`.
fn seconds_of(basic: &str) -> Option<i64> {
    let (date, time) = basic.strip_suffix('Z')?.split_once('T')?;
    let part = |text: &str, from, to| text.get(from..to).map(str::to_owned);
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(date, 0, 4)?,
        part(date, 4, 6)?,
        part(date, 6, 8)?,
        part(time, 0, 2)?,
        part(time, 2, 4)?,
        part(time, 4, 6)?
    );
    let moment = humantime::parse_rfc3339(&text).ok()?;
    let since_1970 = moment.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since_1970.as_secs()).ok()
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Asked {
            key,
            region,
            region_from,
            ..
        } = &self.asked;
        let serial = self.asked.serial.as_deref().unwrap_or("the MFA device");
        let role = self.asked.role.as_deref().unwrap_or("the role");
        let length = human_seconds(i64::from(self.asked.seconds));
        match self.refusal {
            Refusal::WrongCode => {
                f.write_str("AWS refused the code: it is wrong, expired or already used")
            }
            Refusal::NotYourDevice => write!(f, "{serial} is no MFA device of the user of {key}"),
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
            KeyOrigin::OurSession => write!(f, "{id} (a session that awsmfa got)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clocks_error_is_read_from_the_words_of_sts() {
        for (message, behind) in [
            (
                "Signature expired: 20261121T000000Z is now earlier than 20261121T004500Z (20261121T010000Z - 15 min.)",
                Some(3600),
            ),
            (
                "Signature not yet current: 20261122T000000Z is still later than 20261121T001500Z (20261121T000000Z + 15 min.)",
                Some(-86_400),
            ),
            ("Signature expired: yesterday", None),
            ("Signature expired: 20261121T000000Z", None),
            (
                "Signature expired: 2026é121T000000Z, 99999999T999999Z, Z, TZ",
                None,
            ),
        ] {
            assert_eq!(behind_in(message), behind, "{message}");
        }
    }
}
