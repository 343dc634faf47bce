//! The errors of STS, with the status, code and text that the real service gives them.

use super::answer::xml_text;

pub const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
}

impl Refusal {
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Refusal {
        Refusal {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    pub fn to_xml(&self, request_id: &str) -> String {
        let (code, message) = (xml_text(&self.code), xml_text(&self.message));
        let side = if self.status < 500 {
            "Sender"
        } else {
            "Receiver"
        };
        format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>{side}</Type>\n    <Code>{code}</Code>\n    \
             <Message>{message}</Message>\n  </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
        )
    }
}

pub fn access_denied(message: impl Into<String>) -> Refusal {
    Refusal::new(403, "AccessDenied", message)
}

/// The blank at the end is AWS's.
pub fn wrong_code() -> Refusal {
    access_denied("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
}

/// The two blanks in the middle are AWS's.
pub fn not_your_device() -> Refusal {
    access_denied(
        "MultiFactorAuthentication failed, unable to validate MFA code.  \
         Please verify your MFA serial number is valid and associated with this user.",
    )
}

pub fn half_an_mfa() -> Refusal {
    access_denied(
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
    )
}

pub fn session_for_session() -> Refusal {
    access_denied("Cannot call GetSessionToken with session credentials")
}

pub fn root_has_no_roles() -> Refusal {
    access_denied("Roles may not be assumed by root accounts.")
}

pub fn not_authorized(caller: &str, role: &str) -> Refusal {
    access_denied(format!(
        "User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}"
    ))
}

pub fn not_authorized_web_identity() -> Refusal {
    access_denied("Not authorized to perform sts:AssumeRoleWithWebIdentity")
}

pub fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationError", message)
}

pub fn packed_policy_too_large(percent: usize) -> Refusal {
    let message = format!("Packed size of session tags consumes {percent}% of allotted space.");
    Refusal::new(400, "PackedPolicyTooLarge", message)
}

pub fn chained_too_long() -> Refusal {
    validation(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
}

pub fn longer_than_role() -> Refusal {
    validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
}

pub fn unknown_action(action: &str, version: &str) -> Refusal {
    Refusal::new(
        400,
        "InvalidAction",
        format!("Could not find operation {action} for version {version}"),
    )
}

pub fn throttled() -> Refusal {
    Refusal::new(400, "Throttling", "Rate exceeded")
}

pub fn unsigned() -> Refusal {
    Refusal::new(
        403,
        "MissingAuthenticationToken",
        "Request is missing Authentication Token",
    )
}

pub fn half_signed(message: &str) -> Refusal {
    Refusal::new(400, "IncompleteSignature", message)
}

pub fn unknown_key() -> Refusal {
    Refusal::new(
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )
}

pub fn expired() -> Refusal {
    Refusal::new(
        403,
        "ExpiredToken",
        "The security token included in the request is expired",
    )
}

pub fn signature(message: impl Into<String>) -> Refusal {
    Refusal::new(403, "SignatureDoesNotMatch", message)
}

pub fn wrong_signature() -> Refusal {
    signature(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details.",
    )
}

pub fn region_disabled(account: &str) -> Refusal {
    let message = format!(
        "STS is not activated in this region for account:{account}. Your account administrator can activate STS in \
         this region using the IAM Console."
    );
    Refusal::new(403, "RegionDisabledException", message)
}

pub fn not_allowed(caller: &str, action: &str, user: &str, why: &str) -> Refusal {
    access_denied(format!(
        "User: {caller} is not authorized to perform: {action} on resource: user {user} {why}"
    ))
}

pub fn not_a_user() -> Refusal {
    validation("Must specify userName when calling with non-User credentials")
}

pub fn no_such_key(id: &str) -> Refusal {
    let message = format!("The Access Key with id {id} cannot be found.");
    Refusal::new(404, "NoSuchEntity", message)
}

pub fn too_many_keys() -> Refusal {
    let message = "Cannot exceed quota for AccessKeysPerUser: 2";
    Refusal::new(409, "LimitExceeded", message)
}

pub fn wrong_region_of_iam(region: &str) -> Refusal {
    signature(format!(
        "Credential should be scoped to a valid region, not '{region}'. "
    ))
}
