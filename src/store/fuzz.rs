//! Any bytes as an entry of the store.

use zeroize::Zeroizing;

use super::entry;
use super::seal::Sealing;
use crate::fuzz::feed;
use crate::model::session::Timestamp;
use crate::text::durations::human_seconds;

const NAME: &str = "0123456789abcdef0123456789abcdef";

const ENTRIES: &[&str] = &[
    "awsmfa session 1 plain\n{\"profile\":\"dev\",\"account\":null,\"principal\":\"arn:aws:iam::1:mfa/a\",\
     \"expiration\":2000,\"asked_seconds\":900,\"renewal\":{\"profile\":\"dev\",\"serial\":null,\"duration\":null,\
     \"role_arn\":null,\"role_session_name\":null,\"external_id\":null,\"region\":null,\"endpoint_url\":null}}\n\
     {\"access_key_id\":\"ASIA1\",\"secret_access_key\":\"s\",\"session_token\":\"t\"}",
    "awsmfa session 1 sealed\n{}\n0123456789ab0123456789abcdef0123456789",
];
const ENTRY_WORDS: &[&str] = &[
    "\n",
    "awsmfa session 1 plain\n",
    "awsmfa session 1 sealed\n",
    "{",
    "}",
    "[",
    "\"",
    ":",
    ",",
    "null",
    "\\u0000",
    "\\ud800",
    "1e999",
    "-9223372036854775808",
    "9223372036854775807",
    "\"expiration\":",
    "\"renewal\":",
    "\"profile\":",
    "\"asked_seconds\":4294967295",
    "2000",
    "-1",
    "0.5",
];

fn an_entry(input: &[u8]) {
    let key = || Sealing::Key(Zeroizing::new([7; 32]));
    assert_eq!(
        entry::decode(NAME, input, &key()),
        None,
        "nobody has the key"
    );
    for sealing in [Sealing::Plain, key()] {
        if let Some(end) = entry::end_of_other_kind(input, &sealing) {
            is_shown(end);
        }
    }
    if let Some((header, session)) = entry::decode(NAME, input, &Sealing::Plain) {
        is_shown(header.expiration);
        for sealing in [Sealing::Plain, key()] {
            let again = entry::encode(NAME, &header, &session, &sealing).unwrap();
            let read = entry::decode(NAME, &again, &sealing);
            assert_eq!(read.as_ref(), Some(&(header.clone(), session.clone())));
        }
    }
    let _ = entry::name_of(&String::from_utf8_lossy(input));
}

/// Whatever time it says, there is a text for it.
fn is_shown(end: Timestamp) {
    for now in [i64::MIN, -1, 0, 1_795_000_000, i64::MAX] {
        assert!(!human_seconds(end.seconds_after(Timestamp(now))).is_empty());
    }
    assert!(end.rfc3339().ends_with('Z'));
}

#[test]
fn any_file_is_an_entry_or_absent() {
    feed(2_000, ENTRIES, ENTRY_WORDS, an_entry);
}
