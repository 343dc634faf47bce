//! How long a session shall last. Pure.

use crate::error::{Error, Result};

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
}
