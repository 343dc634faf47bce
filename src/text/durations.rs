//! Lengths of time as people write them: `36h`, `1h 30m`, `42s`; never days, in which nobody counts a session. Pure.

/// A duration as people read it: `11h 59m`, `42s`. A session that is said to last for centuries is one whose
/// end nobody knows.
pub fn human_seconds(seconds: i64) -> String {
    const CENTURY: i64 = 3_155_760_000;
    if seconds > CENTURY {
        return "an unknown time".to_owned();
    }
    let seconds = u64::try_from(seconds).unwrap_or(0);
    // Seconds are noise beside hours; a user who has 3 minutes left wants them.
    let shown = if seconds >= 600 {
        seconds - seconds % 60
    } else {
        seconds
    };
    words(shown)
}

/// A duration to the second, for a message about a limit that one second passes.
pub fn exact_seconds(seconds: u32) -> String {
    words(seconds.into())
}

fn words(seconds: u64) -> String {
    let parts = [
        (seconds / 3600, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> = parts
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    match said.is_empty() {
        true => "0s".to_owned(),
        false => said.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_lose_their_seconds_when_long() {
        assert_eq!(human_seconds(43_199), "11h 59m");
        assert_eq!(human_seconds(42), "42s");
        assert_eq!(human_seconds(-1), "0s");
        assert_eq!(human_seconds(3_601), "1h");
        assert_eq!(exact_seconds(3_601), "1h 1s");
    }

    #[test]
    fn more_than_a_day_is_said_in_hours() {
        assert_eq!(exact_seconds(129_600), "36h");
        assert_eq!(human_seconds(88_200), "24h 30m");
    }
}
