//! Where the sections of an AWS file begin and end, and what in it no SDK reads. Pure.
//!
//! The values are parsed by the SDK itself ([`super::read`]); this pass exists because the SDK names
//! neither the line of a section it ignores nor of a value, and because handing it only the sections
//! that matter costs next to nothing where parsing 10,000 profiles costs 43 ms (measured).

use std::ops::Range;

/// Which of the two AWS files: they spell a profile's header differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// `~/.aws/config`: `[profile NAME]`, only `[default]` may stand bare.
    Config,
    /// `~/.aws/credentials`: `[NAME]`.
    Credentials,
}

impl FileKind {
    /// The header line of a profile.
    pub fn header_of(self, profile: &str) -> String {
        match (self, profile) {
            (FileKind::Credentials, name) | (FileKind::Config, name @ "default") => {
                format!("[{name}]")
            }
            (FileKind::Config, name) => format!("[profile {name}]"),
        }
    }
}

/// What a section's header says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    /// A profile that an SDK can be asked for.
    Profile(String),
    /// `[services NAME]`, endpoint URLs per service.
    Services(String),
    /// `[sso-session NAME]`, a login that several profiles share.
    SsoSession(String),
    /// Whatever else is valid but holds no profile.
    Other,
    /// A section that every SDK ignores; the sentence says why.
    Ignored(&'static str),
}

/// One section: its header and everything up to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is.
    pub header: Header,
    /// The header as written, without the brackets.
    pub written: String,
    /// Line of the header, from 1.
    pub line: usize,
    /// Its bytes in the file, header included.
    pub range: Range<usize>,
    /// Whether a comment of it is indented: the SDK's parser must not see that.
    pub has_indented_comment: bool,
}

/// A line for which the SDK rejects the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line, from 1.
    pub line: usize,
    /// Why, as the end of a sentence.
    pub reason: &'static str,
}

/// What separates words within a line. It is an array and not a slice, so that a search is compiled for
/// just these two characters. (Together with cutting off a line's comment only once, this saves a third
/// of the instructions: callgrind.)
pub const BLANK: [char; 2] = [' ', '\t'];
/// What begins a comment.
pub const COMMENT: [char; 2] = ['#', ';'];

/// What the last line was, as far as a continuation line depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Header,
    Value,
    /// A key without a value: the indented lines after it are sub-properties.
    Group,
}

/// Finds the sections of `text`. The error is the SDK's own: one such line and no program of an
/// SDK reads anything from the file.
pub fn scan(kind: FileKind, text: &str) -> Result<Vec<Section>, SyntaxError> {
    let mut sections: Vec<Section> = Vec::new();
    let mut before = Before::Nothing;
    let mut start = 0;
    for (index, full_line) in text.split_inclusive('\n').enumerate() {
        let line_start = start;
        start += full_line.len();
        let line = without_end(full_line);
        let refuse = |reason| SyntaxError {
            line: index + 1,
            reason,
        };
        // Only the first byte is looked at: it saves a tenth of what a large file costs more than a small one
        // (measured).
        match line.bytes().next() {
            // Skipped, but still part of the section it stands in.
            None | Some(b'#' | b';') => {}
            Some(b' ' | b'\t') if says_nothing(line) => {
                if let Some(open) = sections.last_mut() {
                    open.has_indented_comment = true; // it may also be a blank line, which does no harm
                }
            }
            Some(b'[') => {
                let written = without_comment(line)
                    .strip_prefix('[')
                    .and_then(|l| l.strip_suffix(']'))
                    .ok_or_else(|| refuse("a section header must end with ']'"))?;
                before = Before::Header;
                sections.push(Section {
                    header: header(kind, written),
                    written: written.trim_matches(BLANK).to_owned(),
                    line: index + 1,
                    range: line_start..start,
                    has_indented_comment: false,
                });
            }
            Some(b' ' | b'\t') => match before {
                Before::Nothing => return Err(refuse("an indented line before any section")),
                Before::Header => {
                    return Err(refuse(
                        "the first line of a section must not be indented, an SDK takes it for a continuation",
                    ));
                }
                Before::Group if key_and_value(line).is_none() => {
                    return Err(refuse(
                        "an indented line under an empty key must be 'name = value'",
                    ));
                }
                Before::Group | Before::Value => {}
            },
            Some(_) if before == Before::Nothing => {
                return Err(refuse("a line before any section"));
            }
            Some(_) => {
                before = match key_and_value(line) {
                    None => return Err(refuse("the line is not 'name = value'")),
                    Some((_, "")) => Before::Group,
                    Some(_) => Before::Value,
                };
            }
        }
        if let Some(open) = sections.last_mut() {
            open.range.end = start;
        }
    }
    Ok(sections)
}

/// Whether an indented line is blank or a comment. For an SDK such a comment continues the value above it (or makes
/// the whole file unreadable, right below a header); for the AWS CLI it is a comment, and so it is here.
pub fn says_nothing(line: &str) -> bool {
    let text = line.trim_start_matches(BLANK);
    text.is_empty() || text.starts_with(COMMENT)
}

/// The line without its end; a carriage return that ends the file is none.
pub fn without_end(full_line: &str) -> &str {
    match full_line.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => full_line,
    }
}

/// The key and value of a property line as the SDK reads them; `None` for any other line.
pub fn property(line: &str) -> Option<(&str, &str)> {
    if line.starts_with(BLANK) || line.starts_with('[') || line.starts_with(COMMENT) {
        return None;
    }
    let (key, value) = line.split_once('=')?;
    Some((key.trim_matches(BLANK), value_without_comment(value)))
}

/// Letters, digits and `_-/.%@:+`: what the SDK takes for a profile's name.
pub fn is_identifier(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c))
}

fn header(kind: FileKind, written: &str) -> Header {
    let written = written.trim_matches(BLANK);
    let (prefix, name) = written.split_once(BLANK).unwrap_or(("", written));
    // Only a blank separates the words, but around them the SDK trims all that Unicode calls white space.
    let (trimmed, name) = (prefix.trim(), name.trim());
    // A first word of nothing but such white space is still a word, and it is not `profile`.
    let prefix = if trimmed.is_empty() { prefix } else { trimmed };
    match (kind, prefix) {
        (FileKind::Config, "") if name != "default" => {
            Header::Ignored("in the config file a profile's header is [profile NAME]")
        }
        (FileKind::Credentials, "profile") => Header::Ignored(
            "in the credentials file a profile's header is [NAME], without 'profile'",
        ),
        (FileKind::Credentials, prefix) if !prefix.is_empty() => {
            Header::Ignored("no AWS SDK reads a name with a space")
        }
        _ if !is_identifier(name) => Header::Ignored(
            "no AWS SDK reads a name with other characters than A-Z a-z 0-9 _ - / . % @ : +",
        ),
        (_, "" | "profile") => Header::Profile(name.to_owned()),
        (_, "services") => Header::Services(name.to_owned()),
        (_, "sso-session") => Header::SsoSession(name.to_owned()),
        _ => Header::Other,
    }
}

/// A header may have a comment right behind it, without a space.
fn without_comment(line: &str) -> &str {
    let end = line.find(COMMENT).unwrap_or(line.len());
    line[..end].trim_matches(BLANK)
}

/// A comment behind a value needs a space or a tab before it.
fn value_without_comment(value: &str) -> &str {
    // To look for the signs first halves the time that a file of 10,000 profiles takes.
    if !value.bytes().any(|b| b == b'#' || b == b';') {
        return value.trim_matches(BLANK);
    }
    let mut after_blank = false;
    for (at, c) in value.char_indices() {
        if after_blank && COMMENT.contains(&c) {
            return value[..at].trim_matches(BLANK);
        }
        after_blank = c.is_whitespace();
    }
    value.trim_matches(BLANK)
}

/// The key and value of a line, indented or not, that has a key; a comment is none.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = value_without_comment(line).split_once('=')?;
    let key = key.trim_matches(BLANK);
    (!key.is_empty()).then(|| (key, value.trim_matches(BLANK)))
}

#[cfg(test)]
#[path = "sections_tests.rs"]
pub mod tests;
