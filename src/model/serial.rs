//! The serial number of an MFA device, in the forms that STS accepts.

use std::fmt;

use crate::error::{Error, Origin, Result};

/// `arn:aws:iam::123456789012:mfa/name` or a hardware token's `GAHT12345678`. Not secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serial {
    number: String,
    origin: Origin,
}

impl Serial {
    /// Checks what STS would refuse, with the reason STS does not give. `origin` is for the hint.
    pub fn parse(origin: Origin, text: &str) -> Result<Self> {
        let text = text.trim();
        // Six digits in the wrong place are probably a code, and are not repeated.
        let is_code = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let serial = if is_code {
            "******".to_owned()
        } else {
            text.to_owned()
        };
        // SerialNumber: 9 to 256 characters of [\w+=/:,.@-] (STS API reference).
        let fits = (9..=256).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_+=/:,.@-".contains(&b));
        if !fits {
            return Err(Error::SerialMalformed { origin, serial });
        }
        if !text.starts_with("arn:") {
            return if text.contains(':') || text.contains('/') {
                Err(Error::SerialMalformed { origin, serial })
            } else {
                Ok(Self {
                    number: serial,
                    origin,
                })
            };
        }
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let [_, partition, "iam", "", account, resource] = fields[..] else {
            return Err(Error::SerialMalformed { origin, serial });
        };
        if account.len() != 12
            || !account.bytes().all(|b| b.is_ascii_digit())
            || partition.is_empty()
        {
            return Err(Error::SerialMalformed { origin, serial });
        }
        match resource.split_once('/') {
            Some(("mfa", name)) if !name.is_empty() => Ok(Self {
                number: serial,
                origin,
            }),
            Some(("user", name)) if !name.is_empty() => {
                let instead = format!("arn:{partition}:iam::{account}:mfa/{name}");
                Err(Error::SerialIsUser {
                    origin,
                    serial,
                    instead,
                })
            }
            Some(("u2f", _)) => Err(Error::SerialIsFido { origin, serial }),
            _ => Err(Error::SerialMalformed { origin, serial }),
        }
    }

    /// The serial as STS wants it.
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// Whether no file, flag or variable names it: it was found, typed, or is remembered.
    pub fn is_remembered(&self) -> bool {
        matches!(
            self.origin,
            Origin::Remembered | Origin::Typed | Origin::Found
        )
    }

    /// What names it.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_paths_and_hardware_tokens_are_serials() {
        for right in [
            "arn:aws:iam::123456789012:mfa/alice",
            "arn:aws-cn:iam::123456789012:mfa/dev/team/alice",
            "arn:aws-us-gov:iam::123456789012:mfa/a.b@example.com",
            "arn:aws-eusc:iam::123456789012:mfa/alice",
            "GAHT12345678",
            "  GAHT12345678\n",
        ] {
            assert!(Serial::parse(Origin::Typed, right).is_ok(), "{right}");
        }
    }

    #[test]
    fn a_user_arn_is_answered_with_the_device_arn() {
        match Serial::parse(Origin::Typed, "arn:aws:iam::123456789012:user/alice") {
            Err(Error::SerialIsUser { instead, .. }) => {
                assert_eq!(instead, "arn:aws:iam::123456789012:mfa/alice");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_security_key_is_no_token_device() {
        let fido = "arn:aws:iam::123456789012:u2f/user/alice/key-ABC";
        assert!(matches!(
            Serial::parse(Origin::Typed, fido),
            Err(Error::SerialIsFido { .. })
        ));
    }

    #[test]
    fn what_sts_cannot_take_is_refused() {
        for wrong in [
            "",
            "123456",
            "arn:aws:iam::1234:mfa/alice",
            "arn:aws:iam::123456789012:mfa/",
            "arn:aws:iam::123456789012:role/alice",
            "arn:aws:sts::123456789012:mfa/alice",
            "arn:aws:iam:us-east-1:123456789012:mfa/alice",
            "GAHT 1234567",
            "GAHT1234;rm -rf",
            "ＧＡＨＴ12345678",
            "host:8080/x",
        ] {
            let parsed = Serial::parse(Origin::Typed, wrong);
            assert!(
                matches!(parsed, Err(Error::SerialMalformed { .. })),
                "{wrong}"
            );
        }
    }
}
