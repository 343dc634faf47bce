//! Keys and tokens nobody can foresee, so that a test that passes has really carried them through.

use ring::rand::{SecureRandom, SystemRandom};

const KEY_ID: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// The id of a temporary key: `ASIA` and 16 characters.
pub fn access_key_id() -> String {
    format!("ASIA{}", characters(KEY_ID, 16))
}

/// The id of a long-term key.
pub fn long_term_key_id() -> String {
    format!("AKIA{}", characters(KEY_ID, 16))
}

/// 40 characters, always with the two that careless quoting and careless URL coding break.
pub fn secret_access_key() -> String {
    format!(
        "{}/{}+{}",
        characters(BASE64, 12),
        characters(BASE64, 13),
        characters(BASE64, 13)
    )
}

/// As long as a usual real one (the limit is 4,096 bytes), with every special character of base64.
pub fn session_token() -> String {
    format!(
        "IQoJb3JpZ2luX2Vj/{}+{}==",
        characters(BASE64, 200),
        characters(BASE64, 200)
    )
}

pub fn request_id() -> String {
    [8, 4, 4, 4, 12]
        .map(|length| characters(HEX, length))
        .join("-")
}

fn characters(alphabet: &[u8], count: usize) -> String {
    let mut bytes = vec![0; count];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system has random bytes");
    bytes
        .iter()
        .map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]))
        .collect()
}
