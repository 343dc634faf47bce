//! Text that somebody else wrote, on its way to a terminal. STS echoes in some errors what was sent:
//! the code, the Authorization header; a proxy may send escape sequences. Pure.

use super::redact;

/// A message longer than this is no message.
const LIMIT: usize = 400;

/// The text without control characters, without any of `secrets`, without signatures, and not long.
pub fn clean(text: &str, secrets: &[&str]) -> String {
    // Before anything is cut: a token may be longer than what is kept.
    let mut text = printable(&redact::without_secrets(text, secrets));
    for mark in [
        "Credential=",
        "Signature=",
        "X-Amz-Security-Token=",
        "TokenCode=",
    ] {
        text = cut_values(&text, mark);
    }
    if let Some((end, _)) = text.char_indices().nth(LIMIT) {
        text.truncate(end);
        text.push('…');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// No sentence of ours is longer; an argument that it quotes may be.
const LINE_LIMIT: usize = 4_000;

/// The text without anything that steers a terminal: for what is ours but quotes others.
pub fn printable(text: &str) -> String {
    text.chars()
        .take(LINE_LIMIT)
        .map(|c| {
            if c.is_control() || is_invisible(c) {
                ' '
            } else {
                c
            }
        })
        .collect()
}

/// Directional marks and their like can make a line read as another one, and what no terminal shows (the tag
/// characters can spell a whole sentence) can carry what nobody sees: Unicode's `Default_Ignorable_Code_Point`, the
/// separators of lines, and the marks of annotations.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn cut_values(text: &str, mark: &str) -> String {
    let mut parts = text.split(mark);
    let mut cut = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find([' ', ',', '&', ';', '\'', '"', '<'])
            .unwrap_or(part.len());
        cut.push_str(mark);
        cut.push('…');
        cut.push_str(part.get(end..).unwrap_or_default());
    }
    cut
}

/// A word in the wrong place may be a code; six digits are never repeated.
pub fn without_codes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut digits = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        out.push_str(if digits.len() == 6 { "******" } else { &digits });
        digits.clear();
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_it_can_steer_a_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\r\nc\u{202e}d\u{7}", &[]), "a [2Jb c d");
        assert_eq!(clean("a\u{61c}b\u{e0041}\u{e007f}c\u{ad}", &[]), "a b c");
    }

    #[test]
    fn what_was_sent_does_not_come_back() {
        let text = "code 123456 in 'AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=abcdef0123, key SECRET/+'";
        let clean = clean(text, &["123456", "SECRET/+", ""]);
        assert_eq!(
            clean,
            "code … in 'AWS4-HMAC-SHA256 Credential=…, Signature=…, key …'"
        );
    }

    /// A token of 8 KiB that is cut first is no longer the token, and its beginning would be shown.
    #[test]
    fn a_secret_goes_before_anything_is_cut() {
        let token = "FwoGZXIvYXdzEBYaDNk/+".repeat(400);
        for text in [
            token.clone(),
            format!("x{token}x"),
            token[..5_000].to_owned(),
        ] {
            let text = format!("the token {text} is not valid");
            assert_eq!(clean(&text, &[&token]).matches("FwoG").count(), 0);
            assert!(clean(&text, &[&token]).ends_with(" is not valid"));
        }
    }

    #[test]
    fn a_flood_is_cut() {
        assert!(clean(&"é".repeat(10_000), &[]).chars().count() <= LIMIT + 1);
    }

    #[test]
    fn a_code_in_the_wrong_place_is_not_repeated() {
        assert_eq!(
            without_codes("unexpected argument '123456' found, 43200 is fine"),
            "unexpected argument '******' found, 43200 is fine\n"
        );
    }
}
