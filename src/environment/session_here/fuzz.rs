//! Any bytes in the variables of a shell.

use super::SessionHere;
use crate::environment::Environment;
use crate::fuzz::feed;
use crate::model::session::Timestamp;

const SHELLS: &[&str] = &[
    "ASIA1:0123456789abcdef0123456789abcdef\0ASIA1\u{0}1795000000\0eu-west-1\0eu-west-1\0s",
    "ASIA1:entry:ASIA0:before\0ASIA1\u{0}2000\0\0us-east-1\0s",
];
const WORDS: &[&str] = &[
    "\0",
    ":",
    "ASIA1",
    "ASIA1:",
    "1",
    "0",
    "-",
    "+1",
    "999999999999",
    "1000000000000",
    "a[$(touch canary)]",
    "0x7fffffff",
    "1e9",
    " ",
    "\n",
    "\u{661}",
    "\u{e9}",
    "eu-west-1",
];

/// A NUL byte stands between the variables.
fn a_shell(input: &[u8]) {
    let texts: Vec<_> = input.split(|byte| *byte == 0).collect();
    let text = |at: usize| String::from_utf8_lossy(texts.get(at).unwrap_or(&&b""[..]));
    let values: Vec<_> = (0..6).map(text).collect();
    let names = [
        "AWSMFA_SESSION",
        "AWS_ACCESS_KEY_ID",
        "AWSMFA_EXPIRES",
        "AWSMFA_REGION",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
    ];
    let pairs = names
        .iter()
        .zip(&values)
        .map(|(name, value)| (*name, &**value));
    let env = Environment::of(&pairs.collect::<Vec<_>>());
    let session_here = SessionHere(&env);
    if let Some(entry) = session_here.our_entry() {
        assert!(values[0].starts_with(&format!("{}:{entry}", values[1])));
        assert!(session_here.has_session() && session_here.keys_of_others().is_none());
    }
    if let Some(Timestamp(end)) = session_here.our_expiry() {
        assert!((1..1_000_000_000_000).contains(&end));
        assert_eq!(end.to_string(), values[2]);
    }
    let region = session_here.users_region();
    assert!(region.is_none_or(|(_, region)| region != values[3]));
}

#[test]
fn whatever_a_shell_holds_is_ours_or_not() {
    feed(1_000, SHELLS, WORDS, a_shell);
}
