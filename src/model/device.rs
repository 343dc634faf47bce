//! An MFA device of a user, as IAM lists it.

use crate::model::session::Timestamp;

/// One device. Not secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MfaDevice {
    /// Its serial number: `arn:aws:iam::123456789012:mfa/name`, or `GAHT12345678` for a hardware token.
    pub serial: String,
    /// Since when the user has it.
    pub enabled: Option<Timestamp>,
}

impl MfaDevice {
    /// A passkey or a FIDO key: it has no codes, and STS takes nothing else.
    pub fn is_security_key(&self) -> bool {
        self.serial.contains(":u2f/")
    }
}
