//! The parameters of AssumeRole, checked before STS sees them. Pure.

use crate::error::{Error, Result};

/// A parameter of AssumeRole as STS takes it: how long, and which characters beside letters and digits.
pub struct Shape {
    /// The flag, for the error.
    pub given_as: &'static str,
    length: std::ops::RangeInclusive<usize>,
    also: &'static str,
}

/// `RoleArn`.
pub const ROLE_ARN: Shape = Shape {
    given_as: "--role-arn",
    length: 20..=2048,
    also: "_+=/:,.@-",
};
/// `role_arn` of a profile: it need not look like a role's, since servers that imitate STS (MinIO) take other ARNs.
pub const ROLE_ARN_KEY: Shape = Shape::new("role_arn", 20, 2048, ROLE_ARN.also);
/// `RoleSessionName`.
pub const ROLE_SESSION_NAME: Shape = Shape {
    given_as: "--role-session-name",
    length: 2..=64,
    also: "_+=,.@-",
};
/// `ExternalId`.
pub const EXTERNAL_ID: Shape = Shape {
    given_as: "--external-id",
    length: 2..=1224,
    also: "_+=,.@:/-",
};

impl Shape {
    /// What fits: so many letters, digits and these.
    pub const fn new(given_as: &'static str, min: usize, max: usize, also: &'static str) -> Self {
        Self {
            given_as,
            length: min..=max,
            also,
        }
    }

    /// Checks a value, so that the error names the flag rather than STS a parameter.
    pub fn check(&self, text: &str) -> Result<String> {
        let fits = self.length.contains(&text.len())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || self.also.contains(c))
            && (self.given_as != ROLE_ARN.given_as
                || (text.starts_with("arn:") && text.contains(":role/")));
        if fits {
            return Ok(text.to_owned());
        }
        Err(Error::Parameter {
            given_as: self.given_as,
            text: text.to_owned(),
            min: *self.length.start(),
            max: *self.length.end(),
            also: self.also,
        })
    }
}
