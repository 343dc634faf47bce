//! The two lines of a long-term key: found, taken out of a text, and put back where they stood. Pure.
//!
//! Every other byte stays, so that taking and putting back gives the same file again.

use std::ops::Range;

use zeroize::Zeroizing;

use super::sections::{self, BLANK, FileKind, Header, SyntaxError};
use crate::model::kept_key::TakenLine;
use crate::model::session::Credentials;

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";

/// Why lines are not taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untakable {
    /// No SDK reads the file.
    Syntax(SyntaxError),
    /// This line holds another key than the one that is moved.
    Differs {
        /// The line, from 1.
        line: usize,
    },
    /// Indented lines follow, which belong to the value.
    Continued {
        /// The line, from 1.
        line: usize,
    },
}

/// One line with a half of a key.
struct KeyLine<'t> {
    is_secret: bool,
    value: &'t str,
    /// The whole line with its end.
    range: Range<usize>,
    value_range: Range<usize>,
    line: usize,
    section: usize,
    /// How many lines of the section before it do not belong to a key.
    after: usize,
    is_continued: bool,
}

/// Whether a half of a key stands in the profile's sections.
pub fn has_any(kind: FileKind, text: &str, profile: &str) -> bool {
    find(kind, text, profile).is_ok_and(|lines| !lines.is_empty())
}

/// The text without the lines of this key, and those lines without their values.
pub fn take(
    kind: FileKind,
    text: &str,
    profile: &str,
    keys: &Credentials,
) -> Result<(Zeroizing<String>, Vec<TakenLine>), Untakable> {
    let found = find(kind, text, profile).map_err(Untakable::Syntax)?;
    let mut rest = Zeroizing::new(String::with_capacity(text.len()));
    let (mut at, mut taken) = (0, Vec::new());
    for line in found {
        let expected = match line.is_secret {
            true => keys.secret_access_key.expose(),
            false => &keys.access_key_id,
        };
        if line.is_continued {
            return Err(Untakable::Continued { line: line.line });
        }
        if line.value != expected {
            return Err(Untakable::Differs { line: line.line });
        }
        let slice = |range: Range<usize>| text.get(range).unwrap_or_default();
        let tail = slice(line.value_range.end..line.range.end);
        let comment = tail.trim_start_matches(BLANK);
        let has_comment = comment.starts_with(sections::COMMENT);
        rest.push_str(slice(at..line.range.start));
        if has_comment {
            rest.push_str(comment);
        }
        at = line.range.end;
        let end = tail.trim_start_matches(|c| c != '\r' && c != '\n');
        taken.push(TakenLine {
            in_config: kind == FileKind::Config,
            section: line.section,
            after: line.after,
            before_value: slice(line.range.start..line.value_range.start).to_owned(),
            after_value: if has_comment { end } else { tail }.to_owned(),
            is_secret: line.is_secret,
        });
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    Ok((rest, taken))
}

/// The text without the profile's lines of these names, and without those that continue them.
pub fn without(
    kind: FileKind,
    text: &str,
    profile: &str,
    keys: &[&str],
) -> Option<Zeroizing<String>> {
    let sections = sections::scan(kind, text).ok()?;
    let named = |header: &Header| matches!(header, Header::Profile(name) if name == profile);
    let mut rest = Zeroizing::new(String::with_capacity(text.len()));
    let mut at = 0;
    for section in sections.iter().filter(|s| named(&s.header)) {
        let mut start = section.range.start;
        let mut goes = false;
        for full in text.get(section.range.clone())?.split_inclusive('\n') {
            let line = sections::without_end(full);
            let is_named = sections::property(line)
                .is_some_and(|(key, _)| keys.iter().any(|name| name.eq_ignore_ascii_case(key)));
            let continues = goes && line.starts_with(BLANK) && !line.trim_matches(BLANK).is_empty();
            goes = is_named || continues;
            if goes {
                rest.push_str(text.get(at..start)?);
                at = start + full.len();
            }
            start += full.len();
        }
    }
    rest.push_str(text.get(at..)?);
    Some(rest)
}

/// The text with the lines put back; `None` where the profile has no such section any more.
pub fn put_back(
    kind: FileKind,
    text: &str,
    profile: &str,
    taken: &[TakenLine],
    keys: &Credentials,
) -> Option<Zeroizing<String>> {
    let sections = sections::scan(kind, text).ok()?;
    let named = |header: &Header| matches!(header, Header::Profile(name) if name == profile);
    let mut ours = sections.iter().filter(|s| named(&s.header));
    let mut inserts: Vec<(usize, &TakenLine)> = Vec::new();
    for (nth, section) in ours.by_ref().enumerate() {
        let body = text.get(section.range.clone())?;
        for line in taken.iter().filter(|line| line.section == nth) {
            let before: usize = body
                .split_inclusive('\n')
                .take(line.after)
                .map(str::len)
                .sum();
            inserts.push((section.range.start + before, line));
        }
    }
    if inserts.len() != taken.len() {
        return None;
    }
    inserts.sort_by_key(|(at, _)| *at);
    let room = inserts.len() * (keys.secret_access_key.expose().len() + 1024);
    let mut whole = Zeroizing::new(String::with_capacity(text.len() + room));
    let mut done = 0;
    for (at, line) in inserts {
        whole.push_str(text.get(done..at)?);
        done = at;
        // A file that has been edited since may end without a newline here.
        if !whole.is_empty() && !whole.ends_with('\n') {
            whole.push('\n');
        }
        whole.push_str(&line.before_value);
        whole.push_str(match line.is_secret {
            true => keys.secret_access_key.expose(),
            false => &keys.access_key_id,
        });
        whole.push_str(&line.after_value);
        if !line.after_value.ends_with('\n') && at < text.len() {
            whole.push('\n');
        }
    }
    whole.push_str(text.get(done..)?);
    Some(whole)
}

fn find<'t>(kind: FileKind, text: &'t str, profile: &str) -> Result<Vec<KeyLine<'t>>, SyntaxError> {
    let sections = sections::scan(kind, text)?;
    let named = |header: &Header| matches!(header, Header::Profile(name) if name == profile);
    let ours = sections.iter().filter(|s| named(&s.header));
    let mut found: Vec<KeyLine<'t>> = Vec::new();
    for (nth, section) in ours.enumerate() {
        let (mut start, mut after) = (section.range.start, 0);
        // Whether the last line was a value that the next one may continue.
        let mut continues = false;
        let body = text.get(section.range.clone()).unwrap_or_default();
        for (index, full) in body.split_inclusive('\n').enumerate() {
            let range = start..start + full.len();
            start = range.end;
            let line = sections::without_end(full);
            let key = match index {
                0 => None,
                _ => sections::property(line).and_then(|(key, value)| {
                    let half = [ID, SECRET].iter().find(|k| k.eq_ignore_ascii_case(key))?;
                    Some((*half == SECRET, value))
                }),
            };
            let is_blank = line.trim_matches(BLANK).is_empty();
            // An empty value counts as not set, and stays.
            if let Some((is_secret, value)) = key.filter(|(_, value)| !value.is_empty()) {
                let equals = line.find('=').unwrap_or_default() + 1;
                let behind = line.get(equals..).unwrap_or_default();
                let blanks = behind.len() - behind.trim_start_matches(BLANK).len();
                let at = range.start + equals + blanks;
                found.push(KeyLine {
                    is_secret,
                    value,
                    value_range: at..at + value.len(),
                    range,
                    line: section.line + index,
                    section: nth,
                    after,
                    is_continued: false,
                });
                continues = true;
                let has_comment = behind.get(blanks + value.len()..).is_some_and(|tail| {
                    tail.trim_start_matches(BLANK)
                        .starts_with(sections::COMMENT)
                });
                after += usize::from(has_comment); // the comment stays as a line
                continue;
            }
            let is_indented = line.starts_with(BLANK) && !is_blank;
            let is_comment = line
                .trim_start_matches(BLANK)
                .starts_with(sections::COMMENT);
            if is_indented
                && !is_comment
                && continues
                && let Some(last) = found.last_mut()
            {
                last.is_continued = true;
            } else if !is_blank && !is_comment {
                continues = false;
            }
            after += 1;
        }
    }
    Ok(found)
}

#[cfg(test)]
#[path = "key_lines_tests.rs"]
mod tests;
