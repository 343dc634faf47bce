//! What STS means by its errors. One code covers several causes; only the text tells them apart. Pure.

use std::fmt;

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
    /// The last four characters of the access key id that signed; none for an unsigned request.
    pub key_ends_in: String,
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
    Clock,
    /// STS is not activated in the region.
    RegionDisabled,
    /// Anything else.
    Other,
}

impl Rejected {
    /// Classifies an answer; the texts are cleaned already.
    pub fn new(
        code: String,
        message: String,
        request_id: Option<String>,
        access_key_id: &str,
    ) -> Self {
        let shown = access_key_id.len().saturating_sub(4);
        Self {
            refusal: classify(&code, &message),
            key_ends_in: access_key_id.get(shown..).unwrap_or_default().to_owned(),
            code,
            message,
            request_id,
        }
    }
}

fn classify(code: &str, message: &str) -> Refusal {
    let says = |text: &str| message.contains(text);
    match code {
        "AccessDenied" if says("invalid MFA one time pass code") => Refusal::WrongCode,
        "AccessDenied" if says("unable to validate MFA code") => Refusal::NotYourDevice,
        "AccessDenied" if says("must provide both MFA serial number") => Refusal::MfaRequired,
        "AccessDenied" if says("with session credentials") => Refusal::SessionKeys,
        "AccessDenied" if says("not authorized to perform") => Refusal::NotAuthorized,
        "ValidationError" if says("role chaining") => Refusal::RoleChaining,
        "ValidationError" if says("MaxSessionDuration") => Refusal::MaxSessionDuration,
        "InvalidClientTokenId" => Refusal::UnknownKey,
        "ExpiredToken" | "ExpiredTokenException" => Refusal::ExpiredSource,
        "SignatureDoesNotMatch" if says("Signature expired") || says("not yet current") => {
            Refusal::Clock
        }
        "SignatureDoesNotMatch" => Refusal::WrongSecretKey,
        "RequestExpired" => Refusal::Clock,
        "RegionDisabledException" => Refusal::RegionDisabled,
        _ => Refusal::Other,
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.refusal {
            Refusal::WrongCode => "AWS refused the code: it is wrong, expired or already used",
            Refusal::NotYourDevice => "AWS does not know this MFA device for the user of the key",
            Refusal::MfaRequired => "the role wants an MFA code and none was sent",
            Refusal::SessionKeys => "the keys are a session, and a session cannot get another",
            Refusal::NotAuthorized => "AWS does not let this user assume the role",
            Refusal::RoleChaining => "a role assumed from a session lasts one hour at most",
            Refusal::MaxSessionDuration => "the role does not allow sessions of that length",
            Refusal::UnknownKey => "AWS does not know the access key",
            Refusal::ExpiredSource => "the session that the source profile holds has expired",
            Refusal::WrongSecretKey => "the secret access key does not belong to the access key id",
            Refusal::Clock => "this machine's clock is off",
            Refusal::RegionDisabled => "STS is not activated in this region for the account",
            Refusal::Other => "AWS refused",
        };
        f.write_str(words)?;
        if self.refusal != Refusal::WrongCode && !self.key_ends_in.is_empty() {
            write!(f, " (key …{})", self.key_ends_in)?;
        }
        let message = self.message.trim_end_matches(['.', ' ']);
        write!(f, ": {}: {message}", self.code)?;
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_sts_are_told_apart() {
        for (code, message, expected) in [
            (
                "AccessDenied",
                "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
                Refusal::WrongCode,
            ),
            (
                "AccessDenied",
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
                Refusal::NotYourDevice,
            ),
            (
                "AccessDenied",
                "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ",
                Refusal::MfaRequired,
            ),
            (
                "AccessDenied",
                "Cannot call GetSessionToken with session credentials",
                Refusal::SessionKeys,
            ),
            (
                "AccessDenied",
                "User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/r",
                Refusal::NotAuthorized,
            ),
            (
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
                Refusal::RoleChaining,
            ),
            (
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
                Refusal::MaxSessionDuration,
            ),
            (
                "InvalidClientTokenId",
                "The security token included in the request is invalid",
                Refusal::UnknownKey,
            ),
            (
                "ExpiredToken",
                "The security token included in the request is expired",
                Refusal::ExpiredSource,
            ),
            (
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided.",
                Refusal::WrongSecretKey,
            ),
            (
                "SignatureDoesNotMatch",
                "Signature expired: 20261121T000000Z is now earlier than 20261121T010000Z",
                Refusal::Clock,
            ),
            (
                "SignatureDoesNotMatch",
                "Signature not yet current: 20261121T000000Z is still later than 20261121T010000Z",
                Refusal::Clock,
            ),
            (
                "RegionDisabledException",
                "STS is not activated in this region for account:1",
                Refusal::RegionDisabled,
            ),
            ("InternalFailure", "", Refusal::Other),
        ] {
            assert_eq!(classify(code, message), expected, "{message}");
        }
    }
}
