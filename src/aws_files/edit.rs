//! Editing an AWS file: text in, text out, and every byte stays that is not a value asked for. Pure.
//!
//! Both SDK and botocore must read the new values afterwards, and they differ: the SDK merges sections of
//! one name, botocore takes `# c` for a part of the value and reads `aws_security_token` first.

use std::ops::Range;

use zeroize::Zeroizing;

use super::sections::{self, BLANK, FileKind, Header, Section, SyntaxError};

/// What happens to a value that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It gives way, wherever it stands in a section of the profile.
    Replaced,
    /// It stays, and the new one is not written.
    Kept,
}

/// Why a text is not edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// No SDK reads it.
    Syntax(SyntaxError),
    /// This line continues a value that would be replaced. It would have to go, and may be somebody's only copy of
    /// what stands in it.
    Continued {
        /// The line, from 1.
        line: usize,
    },
}

impl From<SyntaxError> for Unwritten {
    fn from(error: SyntaxError) -> Self {
        Unwritten::Syntax(error)
    }
}

/// The text with these values in the profile's section, which is added at the end where there is none.
pub fn put(
    kind: FileKind,
    text: &str,
    profile: &str,
    values: &[(&str, &str)],
    existing: Existing,
) -> Result<Zeroizing<String>, Unwritten> {
    let sections = sections::scan(kind, text)?;
    let named = |s: &&Section| matches!(&s.header, Header::Profile(name) if name == profile);
    let lines: Vec<(&Section, Vec<Property>)> = sections
        .iter()
        .filter(named)
        .map(|section| (section, properties(text, &section.range)))
        .collect();
    // Missing values go where both readers look: into the last such section, but [profile default]
    // outranks [default] for an SDK.
    let home = lines
        .iter()
        .filter(|(section, _)| is_read_by_botocore(kind, text, section))
        .max_by_key(|(section, _)| (section.written.starts_with("profile"), section.line));
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    let mut missing = Vec::new();
    for (key, value) in values {
        let same = |p: &&Property| p.key.eq_ignore_ascii_case(key);
        if existing == Existing::Replaced {
            for property in lines.iter().flat_map(|(_, of)| of).filter(same) {
                refuse_continued(text, property)?;
                edits.push((property.value.clone(), value));
            }
        }
        if !home.is_some_and(|(_, of)| of.iter().any(|p| same(&p))) {
            missing.push((*key, *value));
        }
    }
    let added = match home {
        Some((section, _)) => insertion(text, end_of_properties(text, &section.range), &missing),
        None => new_section(kind, text, profile, &missing),
    };
    if !added.1.is_empty() {
        edits.push((added.0..added.0, &added.1));
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    Ok(apply(text, &edits))
}

fn refuse_continued(text: &str, property: &Property) -> Result<(), Unwritten> {
    let Some(at) = property.continued else {
        return Ok(());
    };
    let before = text.get(..at).unwrap_or_default();
    let line = 1 + before.matches('\n').count();
    Err(Unwritten::Continued { line })
}

/// One `key = value` of a section.
struct Property<'t> {
    key: &'t str,
    /// The value's bytes on its first line, a comment behind it included: botocore reads it as value.
    value: Range<usize>,
    /// Where the first line begins that continues it.
    continued: Option<usize>,
}

fn properties<'t>(text: &'t str, section: &Range<usize>) -> Vec<Property<'t>> {
    let mut found: Vec<Property<'t>> = Vec::new();
    for (range, line) in body(text, section) {
        if let Some((key, _)) = sections::property(line)
            && let Some((before, after)) = line.split_once('=')
        {
            let value = after.trim_start_matches(BLANK);
            let start = range.start + before.len() + 1 + (after.len() - value.len());
            found.push(Property {
                key,
                value: start..start + value.trim_end_matches(BLANK).len(),
                continued: None,
            });
        } else if line.starts_with(BLANK)
            && !sections::says_nothing(line)
            && let Some(last) = found.last_mut()
        {
            last.continued.get_or_insert(range.start);
        }
    }
    found
}

/// The lines of a section after its header: where each stands, and its text without the line's end.
pub(super) fn body<'t>(
    text: &'t str,
    section: &Range<usize>,
) -> impl Iterator<Item = (Range<usize>, &'t str)> + use<'t> {
    let mut start = section.start;
    let lines = text.get(section.clone()).unwrap_or_default();
    lines
        .split_inclusive('\n')
        .map(move |full| {
            let range = start..start + full.len();
            start = range.end;
            (range, sections::without_end(full))
        })
        .skip(1)
}

/// Behind the last line that says something; blank lines and comments after it belong to what follows.
fn end_of_properties(text: &str, section: &Range<usize>) -> usize {
    let last = body(text, section).filter(|(_, line)| !sections::says_nothing(line));
    let header = text.get(section.clone()).unwrap_or_default();
    let header = header.split_inclusive('\n').next().unwrap_or_default();
    last.last()
        .map_or(section.start + header.len(), |(range, _)| range.end)
}

/// Whether botocore takes the header for this profile too: it trims a name less than an SDK does.
fn is_read_by_botocore(kind: FileKind, text: &str, section: &Section) -> bool {
    let line = text.get(section.range.clone()).unwrap_or_default();
    let raw = line
        .strip_prefix('[')
        .and_then(|rest| Some(rest.split_once(']')?.0));
    match kind {
        FileKind::Credentials => raw == Some(&*section.written),
        FileKind::Config => {
            raw.is_some_and(|raw| raw == section.written || raw.starts_with("profile"))
        }
    }
}

/// The values as whole lines at this place.
fn insertion(text: &str, at: usize, values: &[(&str, &str)]) -> (usize, Zeroizing<String>) {
    let before = text.get(..at).unwrap_or_default();
    (at, lines(before, None, values))
}

fn new_section(
    kind: FileKind,
    text: &str,
    profile: &str,
    values: &[(&str, &str)],
) -> (usize, Zeroizing<String>) {
    (
        text.len(),
        lines(text, Some(kind.header_of(profile)), values),
    )
}

/// What follows `before`: a header with a blank line above it, and the values. It ends with a newline
/// unless `before`, the end of the file, has none: then the file goes on having none.
fn lines(before: &str, header: Option<String>, values: &[(&str, &str)]) -> Zeroizing<String> {
    let ends_open = !before.is_empty() && !before.ends_with('\n');
    let ends_blank = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
    let mut parts = Vec::new();
    if let Some(header) = &header {
        if !ends_blank {
            parts.push(["", "", ""]);
        }
        parts.push([header, "", ""]);
    }
    parts.extend(values.iter().map(|(key, value)| [key, " = ", value]));
    let end_of_line = end_of_line(before);
    let pieces = parts.into_iter().flat_map(|[key, equals, value]| {
        if ends_open {
            [end_of_line, key, equals, value]
        } else {
            [key, equals, value, end_of_line]
        }
    });
    // Never grown, so that no copy of a secret stays behind.
    let room = pieces.clone().map(str::len).sum();
    let mut added = Zeroizing::new(String::with_capacity(room));
    pieces.for_each(|piece| added.push_str(piece));
    added
}

/// The end of the last whole line, so that a file in CRLF stays one.
fn end_of_line(before: &str) -> &'static str {
    let last = before.rfind('\n').and_then(|at| before.get(..at));
    if last.is_some_and(|line| line.ends_with('\r')) {
        "\r\n"
    } else {
        "\n"
    }
}

fn apply(text: &str, edits: &[(Range<usize>, &str)]) -> Zeroizing<String> {
    let added: usize = edits.iter().map(|(_, new)| new.len()).sum();
    let mut out = Zeroizing::new(String::with_capacity(text.len() + added));
    let mut at = 0;
    for (range, new) in edits {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(new);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
#[path = "edit_fuzz.rs"]
mod fuzz;
#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
