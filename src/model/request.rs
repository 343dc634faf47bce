//! What was asked for: the flags as checked values, before any file is read.

use std::path::PathBuf;

use crate::error::{Error, Origin, Result};
use crate::model::role_options::RoleOptions;
use crate::model::serial::Serial;
use crate::model::session::Secret;

/// One request for a session. Every field has passed the rules of STS for it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The profile named on the command line, or by the directory's pin.
    pub profile: Option<String>,
    /// Whether the pin named it.
    pub is_of_pin: bool,
    /// Whether the pin is not to name it.
    pub ignores_pin: bool,
    /// `--serial-number`, or the `ARN` of a `setting.ini`.
    pub serial: Option<Serial>,
    /// The `setting.ini` that was given and names no device.
    pub setting_without_serial: Option<PathBuf>,
    /// `--duration`, or the `DurationSeconds` of a `setting.ini`.
    pub duration: Option<DurationSeconds>,
    /// `--region`.
    pub region: Option<Region>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// `--ca-bundle`.
    pub ca_bundle: Option<PathBuf>,
    /// `--role-arn`.
    pub role_arn: Option<String>,
    /// `--role-session-name`.
    pub role_session_name: Option<String>,
    /// `--external-id`.
    pub external_id: Option<String>,
    /// `--policy-arn`, `--session-tag`, `--source-identity`.
    pub role_options: RoleOptions,
    /// Whether the region is to be the shell's as well: a flag names it.
    pub region_is_shells: bool,
    /// `--token-code`.
    pub code: Option<CodeArgument>,
    /// `--mfa-process`.
    pub mfa_process: Option<String>,
    /// `--no-input`: nobody may be asked anything.
    pub no_input: bool,
    /// `--explain`: say what will be done and why, before it is done.
    pub explain: bool,
    /// Somebody waits for a prompt: no command is run for a code, since it may want a key touched.
    pub at_prompt: bool,
    /// AWS did not answer a moment ago: what is not stored is not asked for.
    pub only_stored: bool,
    /// A renewal: the session of this store entry or none.
    pub only_entry: Option<String>,
    /// `--refresh` and `--no-cache`.
    pub stored: Stored,
    /// `--min-ttl`: a stored session with fewer seconds left counts as absent.
    pub min_ttl: i64,
}

/// A command and where it was given: the command itself may hold the seed of the codes
/// (`oathtool -b SEED`) and so reaches no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MfaProcess {
    /// The command, for the system's shell.
    pub command: String,
    /// The flag, or the file and line.
    pub given_as: String,
}

/// What stored sessions are to a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stored {
    /// They answer it where they can.
    #[default]
    Used,
    /// `--refresh`: they are ignored, and what is got replaces them.
    Replaced,
    /// `--no-cache`: neither read nor written.
    Unused,
}

/// Where `--token-code` says the code is.
#[derive(Clone, Debug)]
pub enum CodeArgument {
    /// `-`: the first line of standard input.
    Stdin,
    /// The argument itself, as typed.
    Typed(Secret),
}

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
/// `role_arn` of a profile: whatever stands there must be one for STS, but somebody else's STS (MinIO) takes ARNs that
/// name no role.
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

/// The shortest session that STS grants, 15 minutes.
pub const MIN_SECONDS: u32 = 900;
/// The longest session that GetSessionToken grants, 36 hours.
pub const MAX_SECONDS: u32 = 129_600;

/// How long a session shall last, in seconds: 900 to 129,600, the limits of GetSessionToken.
/// (AssumeRole's smaller maximum depends on the role; the plan knows it.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DurationSeconds(pub u32);

impl DurationSeconds {
    /// Reads `12h`, `1h 30m` or plain seconds; `given_as` names the flag or key for the error.
    pub fn parse(given_as: &'static str, text: &str) -> Result<Self> {
        let text = text.trim();
        let seconds = match text.parse::<u64>() {
            Ok(seconds) => Some(seconds),
            Err(_) => humantime::parse_duration(text).ok().map(|d| d.as_secs()),
        };
        let wrong = || Error::Duration {
            given_as,
            text: text.to_owned(),
            seconds,
        };
        u32::try_from(seconds.ok_or_else(wrong)?)
            .ok()
            .filter(|s| (MIN_SECONDS..=MAX_SECONDS).contains(s))
            .map(Self)
            .ok_or_else(wrong)
    }
}

/// The name of a region, checked: letters, digits and hyphens, so that it can neither change a host
/// name nor be anything but a word to a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// Checks the name; `origin` is for the error.
    pub fn parse(origin: Origin, text: &str) -> Result<Self> {
        let fits = (1..=63).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            // As a part of a host name, where a hyphen stands between.
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
    fn durations_are_read_as_people_and_as_aws_write_them() {
        let read = |text| DurationSeconds::parse("--duration", text).map(|d| d.0).ok();
        assert_eq!(read("12h"), Some(43_200));
        assert_eq!(read("1h 30m"), Some(5_400));
        assert_eq!(read(" 43200 "), Some(43_200));
        assert_eq!(read("36h"), Some(129_600));
        assert_eq!(read("15m"), Some(900));
        for wrong in [
            "899",
            "129601",
            "37h",
            "soon",
            "",
            "-1",
            "12",
            "99999999999999999999",
            "1y 1y 1y",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

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
