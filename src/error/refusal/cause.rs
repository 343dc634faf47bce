//! Why AWS refuses. One code covers several causes; only the text tells them apart. Pure.

/// The causes that have a remedy of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
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
    /// The role does not trust the provider, the audience or the subject of a web identity.
    WebIdentity,
    /// The token of a web identity is not one, or of a provider that the account does not know.
    IdentityToken,
    /// Policies and tags are more than fits into a session.
    PackedPolicy,
    /// The role does not let the caller tag its session, or set a source identity.
    Marking,
    /// A value of ours is not of the shape that AWS takes.
    Input(Input),
    /// Anything else.
    Other,
}

/// The values of a call that come from the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// `role_arn`.
    RoleArn,
    /// `role_session_name`.
    RoleSessionName,
    /// `external_id`.
    ExternalId,
    /// `mfa_serial`.
    SerialNumber,
    /// `duration_seconds`.
    Duration,
}

impl Input {
    /// The value that AWS finds fault with, by its own name for it ("Value 'x' at 'roleSessionName' failed to satisfy
    /// constraint") or by the value ("x is invalid", which it says of a role's ARN alone).
    fn named_in(message: &str) -> Option<Self> {
        let names = [
            ("'roleArn'", Self::RoleArn),
            ("'roleSessionName'", Self::RoleSessionName),
            ("'externalId'", Self::ExternalId),
            ("'serialNumber'", Self::SerialNumber),
            ("'durationSeconds'", Self::Duration),
        ];
        let named = names.into_iter().find(|(name, _)| message.contains(name));
        let is_arn = || {
            let value = message.trim_end_matches('.').strip_suffix(" is invalid");
            value.is_some_and(|value| !value.contains(' '))
        };
        named
            .map(|(_, input)| input)
            .or_else(|| is_arn().then_some(Self::RoleArn))
    }

    /// As a profile names it, and as a flag does.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::RoleArn => ("role_arn", "--role-arn"),
            Self::RoleSessionName => ("role_session_name", "--role-session-name"),
            Self::ExternalId => ("external_id", "--external-id"),
            Self::SerialNumber => ("mfa_serial", "--serial-number"),
            Self::Duration => ("duration_seconds", "--duration"),
        }
    }
}

impl Cause {
    /// Classifies an answer. `behind` is how far our clock was behind the server's `Date`.
    pub fn of(code: &str, message: &str, behind: Option<i64>) -> Self {
        let says = |text: &str| message.contains(text);
        match code {
            "AccessDenied" if says("invalid MFA one time pass code") => Cause::WrongCode,
            "AccessDenied" if says("unable to validate MFA code") => Cause::NotYourDevice,
            "AccessDenied" if says("must provide both MFA serial number") => Cause::MfaRequired,
            "AccessDenied" if says("with session credentials") => Cause::SessionKeys,
            "AccessDenied" if says("assumed by root accounts") => Cause::Root,
            "AccessDenied" if says("sts:TagSession") || says("sts:SetSourceIdentity") => {
                Cause::Marking
            }
            "PackedPolicyTooLarge" | "PackedPolicyTooLargeException" => Cause::PackedPolicy,
            "InvalidParameterValue" if says("transitive tag") => Cause::Marking,
            "AccessDenied" if says("explicit deny") || says("identity-based policy") => {
                Cause::Forbidden
            }
            "AccessDenied" if says("sts:AssumeRoleWithWebIdentity") => Cause::WebIdentity,
            "InvalidIdentityToken" | "IDPRejectedClaim" | "IDPCommunicationError" => {
                Cause::IdentityToken
            }
            "AccessDenied" if says("to perform: sts:AssumeRole") => Cause::NotAuthorized,
            "AccessDenied" if says("not authorized to perform") => Cause::Forbidden,
            "ValidationError" if says("role chaining") => Cause::RoleChaining,
            "ValidationError" if says("MaxSessionDuration") => Cause::MaxSessionDuration,
            "ValidationError" if let Some(input) = Input::named_in(message) => Cause::Input(input),
            "InvalidClientTokenId" => Cause::UnknownKey,
            "ExpiredToken" | "ExpiredTokenException" => Cause::ExpiredSource,
            "SignatureDoesNotMatch" if says("Signature expired") || says("not yet current") => {
                Cause::Clock {
                    behind: behind_in(message).or(behind),
                }
            }
            "SignatureDoesNotMatch" if says("Credential should be scoped to a valid region") => {
                Cause::WrongRegion
            }
            "SignatureDoesNotMatch" => Cause::WrongSecretKey,
            // The request itself may have been on its way for long: a clock that agrees now is no reason.
            "RequestExpired" => Cause::Clock {
                behind: behind.filter(|by| by.abs() >= 60),
            },
            "RegionDisabledException" => Cause::RegionDisabled,
            "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "SlowDown" => {
                Cause::Throttled
            }
            "InternalFailure" | "InternalError" | "ServiceUnavailable" => Cause::Fault,
            _ => Cause::Other,
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
