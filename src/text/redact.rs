//! Secrets taken out of what somebody else wrote. Pure.

use std::collections::{BTreeSet, HashSet};

use zeroize::Zeroizing;

/// A code has six digits. Anything shorter is not a secret, and taking it out would only spoil the text.
const SHORTEST: usize = 6;

/// A piece of a secret that is this long is taken out wherever it stands. AWS, a proxy or a log may cut what it
/// repeats, and nobody should read the first 300 characters of a token either.
const PIECE: usize = 12;

const MARK: &str = "…";

/// The text without any of the secrets, nor a piece of one, nor either as a URL writes it.
pub fn without_secrets(text: &str, secrets: &[&str]) -> String {
    let in_url: Vec<_> = secrets
        .iter()
        .map(|secret| percent_encoded(secret))
        .collect();
    let forms = secrets
        .iter()
        .copied()
        .chain(in_url.iter().map(|form| form.as_str()));
    let forms: Vec<&str> = forms.filter(|form| form.len() >= SHORTEST).collect();
    let pieces: HashSet<&[u8]> = forms
        .iter()
        .flat_map(|form| form.as_bytes().windows(PIECE.min(form.len())))
        .collect();
    let lengths: BTreeSet<usize> = pieces.iter().map(|piece| piece.len()).collect();
    let mut is_secret = vec![false; text.len()];
    for length in lengths {
        for (at, window) in text.as_bytes().windows(length).enumerate() {
            if pieces.contains(window) {
                let marked = is_secret.iter_mut().skip(at).take(length);
                marked.for_each(|byte| *byte = true);
            }
        }
    }
    let mut left = String::with_capacity(text.len());
    let mut in_secret = false;
    for (at, c) in text.char_indices() {
        let was_secret = in_secret;
        in_secret = is_secret
            .iter()
            .skip(at)
            .take(c.len_utf8())
            .any(|byte| *byte);
        match (was_secret, in_secret) {
            (false, true) => left.push_str(MARK),
            (true, true) => {}
            (_, false) => left.push(c),
        }
    }
    left
}

/// As AWS wants it in a query: letters, digits and `-_.~` stand for themselves.
fn percent_encoded(text: &str) -> Zeroizing<String> {
    // Never grown, so that no copy of a secret stays behind.
    let mut encoded = Zeroizing::new(String::with_capacity(3 * text.len()));
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "IQoJb3JpZ2luX2VjEHgaCXVzLWVhc3QtMSJHMEUCIQD+abc/def==";

    #[test]
    fn a_secret_goes_whole_and_in_pieces() {
        for (text, left) in [
            (format!("the token {TOKEN} is bad"), "the token … is bad"),
            (format!("cut: {}", &TOKEN[..40]), "cut: …"),
            (format!("{}!", &TOKEN[7..25]), "…!"),
            (format!("Token={}&x", *percent_encoded(TOKEN)), "Token=…&x"),
            (format!("{TOKEN}{TOKEN}"), "…"),
            (format!("{}\n{}", &TOKEN[..20], &TOKEN[20..]), "…\n…"),
            ("code 123456 was sent".to_owned(), "code … was sent"),
            (
                "IQoJb3JpZ2 é is no piece".to_owned(),
                "IQoJb3JpZ2 é is no piece",
            ),
        ] {
            assert_eq!(without_secrets(&text, &[TOKEN, "123456", ""]), left);
        }
    }

    #[test]
    fn a_secret_that_is_no_ascii_goes_too() {
        assert_eq!(
            without_secrets("a ключ-который-секрет b", &["ключ-который-секрет"]),
            "a … b"
        );
    }
}
