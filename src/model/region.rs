//! The name of a region, checked before it becomes a part of a host name. Pure.

use crate::error::{Error, Origin, Result};

/// The name of a region, checked: letters, digits and hyphens, so that it can neither change a host
/// name nor be anything but a word to a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// Checks the name; `origin` is for the error.
    pub fn parse(origin: Origin, text: &str) -> Result<Self> {
        let fits = (1..=63).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            // A part of a host name neither begins nor ends with a hyphen.
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Region {
                origin,
                text: text.to_owned(),
            })
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_plain_word() {
        for right in ["us-east-1", "ap-northeast-1", "x"] {
            assert!(Region::parse(Origin::Flag("--region"), right).is_ok());
        }
        let long = "a".repeat(64);
        for wrong in ["", "us east", "a.b", "x/../y", "東京", "a;b", &long] {
            assert!(
                Region::parse(Origin::Flag("--region"), wrong).is_err(),
                "{wrong}"
            );
        }
    }
}
