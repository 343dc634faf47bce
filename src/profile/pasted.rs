//! A session that somebody or some tool wrote into the files: when it ends, by the keys that such tools
//! write beside it. Pure.

use std::time::UNIX_EPOCH;

use crate::aws_files::FoundProfile;
use crate::model::session::Timestamp;

/// The keys, with the tool that writes each.
const ENDS: [&str; 4] = [
    "x_security_token_expires", // saml2aws, gimme-aws-creds
    "expiration",               // aws-mfa
    "aws_expiration",           // clisso
    "aws_session_expiration",   // aws-sso-util
];

/// When the session in the profile ends; `None` where nothing says so in a way that is understood.
pub fn ends(profile: &FoundProfile) -> Option<Timestamp> {
    ENDS.iter().find_map(|key| parse(profile.get(key)?))
}

/// `2026-11-28T05:06:07Z`, `…+09:00`, or aws-mfa's `2026-11-28 05:06:07`, which is UTC.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let (moment, offset) = match text.get(19..)? {
        "" | "Z" => (text.get(..19)?, 0),
        zone => (text.get(..19)?, offset_of(zone)?),
    };
    let moment = humantime::parse_rfc3339_weak(moment).ok()?;
    let seconds = moment.duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(Timestamp(i64::try_from(seconds).ok()? - offset))
}

/// Seconds east of Greenwich, of `.123+09:00`, `-0300` or the like.
fn offset_of(zone: &str) -> Option<i64> {
    let zone = match zone.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => zone,
    };
    let sign = match zone.as_bytes().first() {
        None | Some(b'Z') => return Some(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return None,
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
    Some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_end_that_tools_write_is_read() {
        let noon = Some(Timestamp(1_795_867_200));
        for text in [
            "2026-11-28T12:00:00Z",
            "2026-11-28T12:00:00",
            "2026-11-28 12:00:00",
            "2026-11-28T21:00:00+09:00",
            "2026-11-28T09:00:00-0300",
            "2026-11-28T12:00:00.123456Z",
            "2026-11-28T12:00:00.5+00:00",
        ] {
            assert_eq!(parse(text), noon, "{text}");
        }
        for text in [
            "",
            "soon",
            "2026-11-28",
            "2026-11-28T12:00:00 CET",
            "2026-11-28T12:00:00+9",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
