//! A refusal by AWS: what was asked, with which key, why it is refused, and the sentence and the hint that say so.

mod cause;
mod key;
mod words;

pub use cause::Cause;
pub use key::{KeyOrigin, LONG_TERM_KEYS_ARE_LOST, SigningKey};
pub use words::set_clock;

use std::fmt;

use super::Origin;

/// A refusal by AWS, cleaned of what STS echoes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub cause: Cause,
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
    /// What names it.
    pub serial_from: Option<Origin>,
    /// The role, of AssumeRole.
    pub role: Option<String>,
    /// How long the session was to last.
    pub seconds: u32,
    /// Where STS was asked.
    pub region: String,
    /// What names the region.
    pub region_from: Origin,
}

impl Refusal {
    /// The hint, as it follows `hint: `.
    pub fn hint(&self) -> String {
        words::words(self).hint
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", words::words(self).sentence, self.code)?;
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
