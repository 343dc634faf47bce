//! The checks that STS makes on a parameter before it looks at anything else, in its words.

use std::collections::BTreeMap;

use super::refusal::{self, Refusal};

/// What STS demands of a text.
pub struct Text {
    min: usize,
    max: usize,
    pattern: &'static str,
    allows: fn(char) -> bool,
}

pub const SERIAL_NUMBER: Text = Text {
    min: 9,
    max: 256,
    pattern: r"[\w+=/:,.@-]*",
    allows: |c| is_word(c) || "+=/:,.@-".contains(c),
};
pub const TOKEN_CODE: Text = Text {
    min: 6,
    max: 6,
    pattern: r"[\d]*",
    allows: |c| c.is_ascii_digit(),
};
pub const ROLE_ARN: Text = Text {
    min: 20,
    max: 2048,
    pattern: r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
    allows: |c| !c.is_control() || "\t\n\r\u{85}".contains(c),
};
pub const ROLE_SESSION_NAME: Text = Text {
    min: 2,
    max: 64,
    pattern: r"[\w+=,.@-]*",
    allows: |c| is_word(c) || "+=,.@-".contains(c),
};
pub const EXTERNAL_ID: Text = Text {
    min: 2,
    max: 1224,
    pattern: r"[\w+=,.@:\/-]*",
    allows: |c| is_word(c) || "+=,.@:/-".contains(c),
};

pub const TAG_KEY: Text = Text {
    min: 1,
    max: 128,
    pattern: r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+",
    allows: |c| c.is_alphanumeric() || " _.:/=+-@".contains(c),
};

pub const WEB_IDENTITY_TOKEN: Text = Text {
    min: 4,
    max: 20_000,
    pattern: r".*",
    allows: |_| true,
};

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Reads the parameters of one call and collects all that is wrong with them, as STS does.
pub struct Parameters<'a> {
    values: &'a BTreeMap<String, String>,
    errors: Vec<String>,
}

impl<'a> Parameters<'a> {
    pub fn of(values: &'a BTreeMap<String, String>) -> Self {
        Parameters {
            values,
            errors: Vec::new(),
        }
    }

    pub fn optional(&mut self, name: &str, demands: &Text) -> Option<&'a str> {
        let value = self.values.get(name)?;
        if !value.chars().all(demands.allows) {
            let pattern = demands.pattern;
            self.refuse(
                name,
                value,
                &format!("satisfy regular expression pattern: {pattern}"),
            );
        }
        let length = value.chars().count();
        if length < demands.min {
            self.refuse(
                name,
                value,
                &format!("have length greater than or equal to {}", demands.min),
            );
        }
        if length > demands.max {
            self.refuse(
                name,
                value,
                &format!("have length less than or equal to {}", demands.max),
            );
        }
        Some(value)
    }

    pub fn required(&mut self, name: &str, demands: &Text) -> &'a str {
        self.optional(name, demands).unwrap_or_else(|| {
            let constraint = "failed to satisfy constraint: Member must not be null";
            self.errors.push(format!(
                "Value null at '{}' {constraint}",
                lower_camel(name)
            ));
            ""
        })
    }

    /// About how much the policies and tags of a session take.
    pub fn packed(&self) -> usize {
        let packed = |name: &str| name.starts_with("Tags.") || name.starts_with("PolicyArns.");
        let values = self.values.iter().filter(|(name, _)| packed(name));
        values.map(|(_, value)| value.len()).sum()
    }

    pub fn seconds(&mut self, name: &str, default: i64, most: i64) -> i64 {
        let Some(value) = self.values.get(name) else {
            return default;
        };
        match value.parse() {
            Ok(seconds) if seconds < 900 => {
                self.refuse(name, value, "have value greater than or equal to 900")
            }
            Ok(seconds) if seconds > most => {
                self.refuse(
                    name,
                    value,
                    &format!("have value less than or equal to {most}"),
                );
            }
            Ok(seconds) => return seconds,
            Err(_) => self.refuse(name, value, "be an integer"),
        }
        default
    }

    pub fn finish(self) -> Result<(), Refusal> {
        let errors = self.errors.join("; ");
        match self.errors.len() {
            0 => Ok(()),
            1 => Err(refusal::validation(format!(
                "1 validation error detected: {errors}"
            ))),
            count => Err(refusal::validation(format!(
                "{count} validation errors detected: {errors}"
            ))),
        }
    }

    fn refuse(&mut self, name: &str, value: &str, must: &str) {
        let name = lower_camel(name);
        self.errors.push(format!(
            "Value '{value}' at '{name}' failed to satisfy constraint: Member must {must}"
        ));
    }
}

/// STS names `DurationSeconds` as `durationSeconds` when it complains.
fn lower_camel(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + characters.as_str()
    })
}
