//! One of the two files: where it is, its text, its sections.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::profile::Line;
use super::sections::{self, FileKind, Header, Section};
use crate::environment::Environment;
use crate::environment::patch::NULL_DEVICE;
use crate::error::{Error, Location, Result};
use crate::output::trace;
use crate::system::bounded_read;

/// A file, read but not yet parsed.
pub(super) struct AwsFile {
    pub(super) path: PathBuf,
    /// The credentials file holds long-term keys: wiped when dropped.
    pub(super) text: Zeroizing<String>,
    pub(super) sections: Vec<Section>,
    /// Where in `sections` those of each profile are. It is made when all profiles are asked for: to look up one
    /// of them, going through the sections is quicker.
    by_profile: OnceCell<HashMap<String, Vec<usize>>>,
}

/// The variable by which SDKs find a file, the one by which awsmfa finds a file that is hidden from SDKs, and the
/// file's name.
pub(super) fn variables(kind: FileKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        FileKind::Config => ("AWS_CONFIG_FILE", "AWSMFA_CONFIG_FILE", "config"),
        FileKind::Credentials => (
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWSMFA_SHARED_CREDENTIALS_FILE",
            "credentials",
        ),
    }
}

impl AwsFile {
    /// Reads it, as [`AwsFiles::read`] says.
    pub(super) fn read(kind: FileKind, env: &Environment) -> Result<Self> {
        let (variable, ours, name) = variables(kind);
        let named = env.path(variable);
        // Below `exec --server` the file is hidden from SDKs, not from us.
        let named = match named {
            Some(path) if path == NULL_DEVICE => env.path(ours).or(named),
            named => named,
        };
        let path = match named {
            Some(path) => env.expand_home(path)?,
            None => env.home()?.join(".aws").join(name),
        };
        let bytes = match bounded_read::read_file(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
                Zeroizing::default()
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::FileNamedByVariable { variable, path });
            }
            Err(error) => return Err(Error::Unreadable { path, error }),
        };
        let file = Self::of_bytes(kind, path, bytes)?;
        trace::say(|| match file.text.lines().count() {
            0 => format!("{} is empty or not there", file.path.display()),
            lines => format!("read {}, {lines} lines", file.path.display()),
        });
        Ok(file)
    }

    /// What the bytes of such a file say.
    pub(super) fn of_bytes(
        kind: FileKind,
        path: PathBuf,
        mut bytes: Zeroizing<Vec<u8>>,
    ) -> Result<Self> {
        if bytes.starts_with(b"\xef\xbb\xbf") {
            return Err(Error::ByteOrderMark { path });
        }
        // Not copied: what is read is wiped byte by byte, and a copy would be as well.
        let text = match String::from_utf8(std::mem::take(&mut *bytes)) {
            Ok(text) => Zeroizing::new(text),
            Err(error) => {
                let valid_up_to = error.utf8_error().valid_up_to();
                let bytes = Zeroizing::new(error.into_bytes());
                let valid = bytes.get(..valid_up_to).unwrap_or_default();
                let line = 1 + valid.iter().filter(|b| **b == b'\n').count();
                let location = Location { path, line };
                return Err(Error::NotUtf8 { location });
            }
        };
        let sections = sections::scan(kind, &text).map_err(|error| Self::syntax(&path, error))?;
        Ok(Self::of_sections(path, text, sections))
    }

    /// A file whose sections have been found.
    pub(super) fn of_sections(
        path: PathBuf,
        text: Zeroizing<String>,
        sections: Vec<Section>,
    ) -> Self {
        Self {
            path,
            text,
            sections,
            by_profile: OnceCell::new(),
        }
    }

    /// The sections with such a header.
    pub(super) fn wanted(&self, wanted: impl Fn(&Header) -> bool) -> Vec<&Section> {
        let sections = self.sections.iter();
        sections.filter(|s| wanted(&s.header)).collect()
    }

    /// The sections of a profile.
    pub(super) fn of_profile(&self, name: &str) -> Vec<&Section> {
        match self.by_profile.get() {
            Some(by_profile) => {
                let places = by_profile.get(name).into_iter().flatten();
                places.filter_map(|at| self.sections.get(*at)).collect()
            }
            None => self.wanted(|header| matches!(header, Header::Profile(n) if n == name)),
        }
    }

    /// Makes `by_profile`.
    pub(super) fn index(&self) {
        self.by_profile.get_or_init(|| {
            let mut by_profile: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, section) in self.sections.iter().enumerate() {
                if let Header::Profile(name) = &section.header {
                    by_profile.entry(name.clone()).or_default().push(at);
                }
            }
            by_profile
        });
    }

    /// A line for which no SDK reads the file.
    pub(super) fn syntax(path: &Path, error: sections::SyntaxError) -> Error {
        Error::FileSyntax {
            location: Location {
                path: path.to_owned(),
                line: error.line,
            },
            reason: error.reason,
        }
    }

    /// The text of these sections alone, for the SDK's parser.
    pub(super) fn slice<'a>(&self, sections: impl IntoIterator<Item = &'a Section>) -> String {
        let mut slice = String::new();
        for section in sections {
            let text = self.text.get(section.range.clone()).unwrap_or_default();
            match section.has_indented_comment {
                true => push_without_indented_comments(&mut slice, text),
                false => slice.push_str(text),
            }
        }
        slice
    }

    /// The lines of these sections that set a value, and their headers.
    pub(super) fn value_lines<'a>(
        &self,
        sections: impl IntoIterator<Item = &'a Section>,
    ) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for section in sections {
            let text = self.text.get(section.range.clone()).unwrap_or_default();
            for (index, line) in text.lines().enumerate() {
                let location = || self.location(section.line + index);
                let key = match sections::property(line) {
                    _ if index == 0 => "",
                    Some((key, _)) => key,
                    None => {
                        if line.starts_with(sections::BLANK)
                            && !sections::says_nothing(line)
                            && let Some(last) = lines.last_mut()
                        {
                            last.continued.get_or_insert_with(location);
                        }
                        continue;
                    }
                };
                lines.push(Line {
                    key: key.to_owned(),
                    location: location(),
                    continued: None,
                });
            }
        }
        lines
    }

    /// What it holds.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Its sections, in their order.
    pub(super) fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// One of its lines.
    pub(super) fn location(&self, line: usize) -> Location {
        Location {
            path: self.path.clone(),
            line,
        }
    }
}

/// The text as the SDK's parser is to have it: it takes an indented comment for a part of the value above.
pub(super) fn push_without_indented_comments(to: &mut String, text: &str) {
    for line in text.split_inclusive('\n') {
        if !line.starts_with(sections::BLANK) || !sections::says_nothing(line) {
            to.push_str(line);
        }
    }
}
