//! The two ways STS writes a moment. Moments are seconds since 1970; signed, because tests move clocks both ways.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    since_1970.map_or(0, |elapsed| elapsed.as_secs().cast_signed())
}

/// `2026-11-21T05:20:00Z`, as in an answer's `Expiration`.
pub fn rfc3339(moment: i64) -> String {
    let since_1970 = Duration::from_secs(moment.max(0).cast_unsigned());
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since_1970).to_string()
}

/// `20261121T052000Z`, as in `X-Amz-Date`.
pub fn basic(moment: i64) -> String {
    rfc3339(moment).replace(['-', ':'], "")
}

/// `Sat, 21 Nov 2026 05:20:00 GMT`, as in an answer's `Date`.
pub fn http(moment: i64) -> String {
    let date = DateTime::from_secs(moment).fmt(Format::HttpDate);
    date.unwrap_or_default()
}

pub fn parse_basic(text: &str) -> Option<i64> {
    let part = |range| text.get(range);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..11)?);
    let (minute, second) = (part(11..13)?, part(13..text.len())?);
    let moment =
        humantime::parse_rfc3339(&format!("{year}-{month}-{day}:{minute}:{second}")).ok()?;
    let since_1970 = moment.duration_since(UNIX_EPOCH).ok()?;
    Some(since_1970.as_secs().cast_signed())
}
