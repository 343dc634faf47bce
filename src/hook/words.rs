//! What the hook says: a sentence each, with the command that helps.

use crate::text::durations::human_seconds;

/// The command for a new session. A name that no profile can have is not repeated.
fn run(profile: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_/.%@:+".contains(&b);
    match !profile.is_empty() && profile.bytes().all(is_plain) {
        true => format!("run awsmfa use {profile}"),
        false => "run awsmfa use".to_owned(),
    }
}

/// The variable names a profile whose session cannot be had.
pub fn no_session_of_variable(profile: &str) -> String {
    format!(
        "the profile variable has changed, and there is no session of that profile: {}",
        run(profile)
    )
}

/// The pin names a profile whose session cannot be had.
pub fn no_session_of_pin(profile: &str) -> String {
    format!(
        "this directory is pinned to {profile}, and there is no session of it: {}",
        run(profile)
    )
}

/// Keys that are not ours are not changed, not even for a pin.
pub fn keys_of_others(profile: &str) -> String {
    format!(
        "this directory is pinned to {profile}, but the keys in this shell are not awsmfa's and stay: {}",
        run(profile)
    )
}

/// The former session cannot be had.
pub fn nothing_to_come_back_to(was_variable: bool) -> String {
    match was_variable {
        true => "the session that the profile variable brought is gone with it: run awsmfa use",
        false => {
            "the session of this pin is gone with it, and the one before has ended: run awsmfa use"
        }
    }
    .to_owned()
}

/// The session has ended.
pub fn ended(profile: &str) -> String {
    format!("the session has ended: {}", run(profile))
}

/// The session ends, and nobody can renew it without a code.
pub fn ends(seconds: i64, profile: &str) -> String {
    format!(
        "the session ends in {} min and cannot be renewed: {}",
        (seconds + 59) / 60,
        run(profile)
    )
}

/// `off` in a shell without one.
pub fn no_session() -> String {
    "there is no session in this shell".to_owned()
}

/// What `use` ends with on a terminal: `dev: 123456789012, 59m`.
pub fn closing(profile: &str, account: Option<&str>, seconds: i64) -> String {
    let account = account.map_or_else(String::new, |account| format!("{account}, "));
    format!("{profile}: {account}{}", human_seconds(seconds))
}
