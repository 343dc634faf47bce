//! `--verbose` and `AWSMFA_LOG=1`: what was read, decided and asked, a line each on stderr, for a person
//! who helps from afar. There is one level. The lines can be pasted into a report as they are: no secret is
//! ever part of one, and what somebody else wrote has been cleaned.

use std::sync::OnceLock;
use std::time::Instant;

use crate::environment::{Environment, words};
use crate::output::stderr;

static STARTED: OnceLock<Instant> = OnceLock::new();

/// Whether `AWSMFA_LOG` asks for it: any value does but those that say no, since other programs' variables
/// of this kind take the name of a level.
pub fn is_wanted(env: &Environment) -> bool {
    let says_no = |value| ["", "0", "false", "no", "none", "off"].contains(&&*words::plain(value));
    env.path("AWSMFA_LOG").is_some_and(|value| !says_no(value))
}

/// From now on [`say`] speaks.
pub fn start() {
    STARTED.get_or_init(Instant::now);
}

/// Says a fact. The text is made only where somebody wants to know.
pub fn say(fact: impl FnOnce() -> String) {
    if let Some(started) = STARTED.get() {
        let elapsed = started.elapsed().as_millis();
        stderr::line_in_silence(&format!("awsmfa: {elapsed} ms: {}", fact()));
    }
}
