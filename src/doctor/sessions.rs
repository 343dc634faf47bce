//! The session in this shell and those in the store.

use super::{Finding, Place};
use crate::environment::session_here::SessionHere;
use crate::environment::words;
use crate::store::{Store, Unusable};
use crate::text::durations::human_seconds;

pub fn check(place: &Place) -> Vec<Finding> {
    let mut findings = vec![store(place)];
    findings.extend(in_shell(place));
    findings
}

fn store(place: &Place) -> Finding {
    if let Err(error) = words::check(place.env) {
        return Finding::wrong(
            "settings",
            error.to_string(),
            error.hint().unwrap_or_default(),
        );
    }
    let store = Store::open(place.env);
    match store.usable() {
        Ok(how) => {
            let stored = match store.list(place.now).len() {
                1 => "1 session is stored".to_owned(),
                count => format!("{count} sessions are stored"),
            };
            Finding::good("store", format!("{stored}, {how}"))
        }
        Err(Unusable { reason, mend }) => Finding::warn(
            "store",
            format!("no session can be stored, so every terminal asks: {reason}"),
            mend,
        ),
    }
}

fn in_shell(place: &Place) -> Option<Finding> {
    let here = SessionHere(place.env);
    if !here.has_session() {
        return None;
    }
    if here.our_entry().is_none() {
        return Some(Finding::warn(
            "session",
            "the session in this shell is not from awsmfa, so nothing renews it or takes it away",
            place.switch(),
        ));
    }
    let profile = place.env.var("AWSMFA_PROFILE").unwrap_or("default");
    let left = here.our_expiry()?.seconds_after(place.now);
    Some(match left {
        ..=0 => Finding::wrong(
            "session",
            format!("the session of profile {profile} in this shell has ended"),
            place.switch(),
        ),
        left => Finding::good(
            "session",
            format!("profile {profile} for {}", human_seconds(left)),
        ),
    })
}
