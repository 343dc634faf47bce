//! A change of one file: from bytes to bytes, and how it is shown to the user who is asked. Pure.

use std::fmt::Write;
use std::path::Path;

use crate::text::sanitize;

/// The one stretch of text in which two versions of a file differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How many bytes are the same before it.
    pub at: usize,
    /// What stood there.
    pub removed: Vec<u8>,
    /// What stands there now.
    pub inserted: Vec<u8>,
}

/// What lies between the common beginning and the common end; `None` for the same bytes. It begins and ends at line
/// breaks, so that it reads, and can be found again.
pub fn difference(before: &[u8], after: &[u8]) -> Option<Difference> {
    if before == after {
        return None;
    }
    let same = |a: &u8, b: &u8| a == b;
    let common = before
        .iter()
        .zip(after)
        .take_while(|(a, b)| same(a, b))
        .count();
    let at = before
        .get(..common)
        .unwrap_or_default()
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let (before, after) = (before.get(at..)?, after.get(at..)?);
    let common = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(|(a, b)| same(a, b))
        .count();
    // Whole lines at the end, too.
    let tail = before.get(before.len() - common..).unwrap_or_default();
    let is_boundary = |text: &[u8]| {
        let start = text.len() - common;
        start == 0 || text.get(start - 1) == Some(&b'\n')
    };
    let skipped = match is_boundary(before) && is_boundary(after) {
        true => 0,
        false => tail
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(common, |newline| newline + 1),
    };
    let kept = common - skipped;
    Some(Difference {
        at,
        removed: before.get(..before.len() - kept)?.to_vec(),
        inserted: after.get(..after.len() - kept)?.to_vec(),
    })
}

/// The difference as people know it: `-` and `+` before the lines. A secret in it is hidden.
pub fn shown(file: &Path, difference: &Difference) -> String {
    let mut text = format!("{}:\n", sanitize::printable(&file.display().to_string()));
    for (sign, bytes) in [('-', &difference.removed), ('+', &difference.inserted)] {
        for line in String::from_utf8_lossy(bytes).lines() {
            let _ = writeln!(
                text,
                "  {sign} {}",
                sanitize::printable(&without_secret(line))
            );
        }
    }
    text
}

fn without_secret(line: &str) -> String {
    match line.split_once('=') {
        Some((key, _)) if is_secret(key.trim()) => format!("{key}= (hidden)"),
        _ => line.to_owned(),
    }
}

fn is_secret(key: &str) -> bool {
    ["aws_secret_access_key", "aws_session_token"]
        .iter()
        .any(|secret| key.eq_ignore_ascii_case(secret))
}

/// The text before the change, from the text after it and whatever was written around it since; `None` where the
/// change cannot be found, or not for certain.
pub fn reversed(text: &[u8], difference: &Difference) -> Option<Vec<u8>> {
    let Difference {
        at,
        removed,
        inserted,
    } = difference;
    let stands_at = |at: usize| text.get(at..)?.starts_with(inserted).then_some(at);
    let at = stands_at(*at).or_else(|| {
        let mut places = (0..text.len()).filter_map(stands_at);
        let only = places.next().filter(|_| !inserted.is_empty())?;
        places.next().is_none().then_some(only)
    })?;
    Some([text.get(..at)?, removed, text.get(at + inserted.len()..)?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_can_be_reversed_also_after_others() {
        for (before, after) in [
            ("[default]\n", "[default]\nmfa_serial = x\n"),
            (
                "[default]\nregion = a\n",
                "[default]\nmfa_serial = x\nregion = a\n",
            ),
            ("", "new\n"),
            ("a", "a\nb\n"),
            ("a\nb\nc\n", "a\nB\nc\n"),
        ] {
            let found = difference(before.as_bytes(), after.as_bytes()).unwrap();
            let reverse = |text: &str| reversed(text.as_bytes(), &found);
            assert_eq!(reverse(after), Some(before.as_bytes().to_vec()), "{after}");
            let others = format!("# first\n{after}");
            let expected = format!("# first\n{before}").into_bytes();
            assert_eq!(reverse(&others), Some(expected), "{others}");
        }
        assert_eq!(difference(b"a", b"a"), None);
    }

    #[test]
    fn what_is_there_no_more_is_not_taken_out() {
        let found = difference(b"a\n", b"a\nb\n").unwrap();
        assert_eq!(reversed(b"a\n", &found), None);
        assert_eq!(reversed(b"b\nx\nb\n", &found), None, "which one?");
    }

    #[test]
    fn a_secret_is_not_shown() {
        let found = difference(b"", b"aws_secret_access_key = canary\nregion=x\n").unwrap();
        let text = shown(Path::new("/f"), &found);
        assert_eq!(
            text,
            "/f:\n  + aws_secret_access_key = (hidden)\n  + region=x\n"
        );
    }
}
