//! The one place that reads `~/.aws/config` and `~/.aws/credentials`.

use std::borrow::Cow;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use aws_config::profile::{ProfileSet, load};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::property::PropertiesKey;
use aws_types::os_shim_internal::{Env, Fs};
use zeroize::Zeroizing;

use super::key_index::KeyIndex;
use super::sections::{self, FileKind, Header, Section};
use crate::environment::Environment;
use crate::environment::patch::{HiddenFile, NULL_DEVICE};
use crate::error::{Error, Ignored, Location, Result};
use crate::model::kept_key::KeptKey;
use crate::output::trace;
use crate::system::bounded_read;

/// Both AWS files, read but not yet parsed.
pub struct AwsFiles {
    config: AwsFile,
    credentials: AwsFile,
    index: Rc<KeyIndex>,
}

/// One of them.
pub(super) struct AwsFile {
    pub(super) path: PathBuf,
    /// The credentials file holds long-term keys: wiped when dropped.
    text: Zeroizing<String>,
    sections: Vec<Section>,
}

/// What makes an SDK take a profile for a source of keys.
const GIVES_KEYS: [&str; 10] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "role_arn",
    "credential_process",
    "credential_source",
    "web_identity_token_file",
    "sso_session",
    "sso_start_url",
    "sso_account_id",
    "login_session",
];

/// By which variable SDKs find a file, by which we do where it is hidden from them, and its name.
fn variables(kind: FileKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        FileKind::Config => ("AWS_CONFIG_FILE", "AWSMFA_CONFIG_FILE", "config"),
        FileKind::Credentials => (
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWSMFA_SHARED_CREDENTIALS_FILE",
            "credentials",
        ),
    }
}

/// One profile as both files together define it.
pub struct FoundProfile {
    index: Rc<KeyIndex>,
    set: ProfileSet,
    name: String,
    /// Every line that sets a value, credentials file last: what stands later wins.
    lines: Vec<Line>,
    /// The profiles that it includes, nearest first, as aws-vault reads `include_profile`.
    included: Vec<FoundProfile>,
}

/// A line that sets a value, or the first of a section.
struct Line {
    /// Empty for a section's header.
    key: String,
    location: Location,
    /// The line that continues the value: indented, and no comment.
    continued: Option<Location>,
}

/// A key is its profile's own: nobody else's is included with a profile.
const OWN: [&str; 4] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "include_profile",
];

impl AwsFiles {
    /// Reads both files. A default file that does not exist is empty, as for every SDK; a file that
    /// the user named and that does not exist, cannot be read or is not text is an error.
    pub fn read(env: &Environment) -> Result<Self> {
        Ok(Self {
            config: AwsFile::read(FileKind::Config, env)?,
            credentials: AwsFile::read(FileKind::Credentials, env)?,
            index: Rc::new(KeyIndex::of(env)),
        })
    }

    /// The same with this text in one of the two, as it stands or as it will.
    pub fn with(kind: FileKind, text: &str, env: &Environment) -> Result<Self> {
        let mut files = Self::read(env)?;
        let file = match kind {
            FileKind::Config => &mut files.config,
            FileKind::Credentials => &mut files.credentials,
        };
        let bytes = Zeroizing::new(text.as_bytes().to_vec());
        *file = AwsFile::of_bytes(kind, std::mem::take(&mut file.path), bytes)?;
        Ok(files)
    }

    /// The config file and the credentials file.
    pub(super) fn both(&self) -> [&AwsFile; 2] {
        [&self.config, &self.credentials]
    }

    /// A file's path and text, for the pure functions that change it.
    pub fn text_of(&self, kind: FileKind) -> (&Path, &str) {
        let file = match kind {
            FileKind::Config => &self.config,
            FileKind::Credentials => &self.credentials,
        };
        (&file.path, &file.text)
    }

    /// The config file's path, whether it exists or not: hints name it.
    pub fn config_path(&self) -> &Path {
        &self.config.path
    }

    /// The credentials file's path, whether it exists or not.
    pub fn credentials_path(&self) -> &Path {
        &self.credentials.path
    }

    /// The profile of this name, or `None` where neither file has one.
    pub fn profile(&self, name: &str) -> Option<FoundProfile> {
        let wanted = |header: &Header| matches!(header, Header::Profile(n) if n == name);
        let files = [&self.config, &self.credentials];
        if !files
            .iter()
            .any(|f| f.sections.iter().any(|s| wanted(&s.header)))
        {
            return None;
        }
        Some(FoundProfile {
            index: Rc::clone(&self.index),
            set: parse(files.map(|f| f.slice(wanted))),
            name: name.to_owned(),
            lines: files.iter().flat_map(|f| f.value_lines(wanted)).collect(),
            included: Vec::new(),
        })
    }

    /// `endpoint_url` of a service (`sts`, `iam`) in `[services NAME]` of the config file.
    pub fn services_endpoint(&self, services: &str, service: &str) -> Option<String> {
        let wanted = |header: &Header| matches!(header, Header::Services(n) if n == services);
        let set = parse([self.config.slice(wanted), String::new()]);
        let key = PropertiesKey::builder()
            .section_key("services")
            .section_name(services)
            .property_name(service)
            .sub_property_name("endpoint_url")
            .build()
            .ok()?;
        set.other_sections().get(&key).cloned()
    }

    /// The files in which `[default]` says where its keys come from. Every SDK looks there before it asks a container's
    /// server, whatever profile that is for.
    pub fn that_give_default_keys(&self) -> Vec<HiddenFile> {
        let Some(default) = self.profile("default") else {
            return Vec::new();
        };
        let files = [
            (FileKind::Config, &self.config),
            (FileKind::Credentials, &self.credentials),
        ];
        let gives_keys = |file: &AwsFile| {
            let mut lines = default.lines.iter();
            lines.any(|Line { key, location, .. }| {
                location.path == file.path
                    && GIVES_KEYS
                        .iter()
                        .any(|gives| key.eq_ignore_ascii_case(gives))
            })
        };
        let files = files.into_iter().filter(|(_, file)| gives_keys(file));
        let hidden = files.filter_map(|(kind, file)| {
            let (variable, ours, _) = variables(kind);
            Some(HiddenFile {
                variable,
                ours,
                path: std::path::absolute(&file.path).ok()?.to_str()?.to_owned(),
            })
        });
        hidden.collect()
    }

    /// `[sso-session NAME]` of the config file.
    pub fn sso_session(&self, name: &str) -> Option<SsoSession> {
        let wanted = |header: &Header| matches!(header, Header::SsoSession(n) if n == name);
        let section = self.config.sections.iter().find(|s| wanted(&s.header))?;
        Some(SsoSession {
            set: parse([self.config.slice(wanted), String::new()]),
            name: name.to_owned(),
            location: self.config.location(section.line),
        })
    }

    /// The names of all `[sso-session …]`.
    pub fn sso_sessions(&self) -> impl Iterator<Item = &str> {
        self.config
            .sections
            .iter()
            .filter_map(|section| match &section.header {
                Header::SsoSession(name) => Some(name.as_str()),
                _ => None,
            })
    }

    /// The key of this profile in the key store, where it has one there.
    pub fn kept_key(&self, profile: &str) -> Option<&KeptKey> {
        self.index.key_of(profile)
    }

    /// The names of all profiles, in the order of the files, each once.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for section in self
            .config
            .sections
            .iter()
            .chain(&self.credentials.sections)
        {
            if let Header::Profile(name) = &section.header
                && seen.insert(name)
            {
                names.push(name);
            }
        }
        names
    }

    /// What no SDK reads, in the order of the files.
    pub fn ignored(&self) -> impl Iterator<Item = Ignored> + '_ {
        [&self.config, &self.credentials]
            .into_iter()
            .flat_map(|file| {
                file.sections
                    .iter()
                    .filter_map(|section| match section.header {
                        Header::Ignored(reason) => Some(Ignored {
                            written: section.written.clone(),
                            location: file.location(section.line),
                            reason,
                        }),
                        _ => None,
                    })
            })
    }
}

/// A `[sso-session NAME]`.
pub struct SsoSession {
    set: ProfileSet,
    name: String,
    /// Its header.
    pub location: Location,
}

impl SsoSession {
    /// A value, as the SDK parses it; an empty one counts as not set.
    pub fn get(&self, key: &str) -> Option<&str> {
        let value = self.set.sso_session(&self.name)?.get(key)?;
        (!value.is_empty()).then_some(value)
    }
}

impl FoundProfile {
    /// The profile's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A value, as the SDK parses it; an empty one counts as not set. What the profile lacks may stand in one that
    /// it includes.
    pub fn get(&self, key: &str) -> Option<&str> {
        let included = || match OWN.contains(&key) {
            true => None,
            false => self.included.iter().find_map(|profile| profile.own(key)),
        };
        self.own(key).or_else(included)
    }

    /// The same without what it includes.
    pub fn own(&self, key: &str) -> Option<&str> {
        let value = self.set.get_profile(&self.name)?.get(key)?;
        (!value.is_empty()).then_some(value)
    }

    /// Takes in what this profile includes.
    pub fn include(&mut self, profile: FoundProfile) {
        self.included.push(profile);
    }

    /// The keys that it sets itself, with the line of each.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &Location)> {
        self.lines
            .iter()
            .map(|line| (line.key.as_str(), &line.location))
    }

    /// The profile's key in the key store, where it has one there.
    pub fn kept_key(&self) -> Option<&KeptKey> {
        self.index.key_of(&self.name)
    }

    /// The profile's first line.
    pub fn header(&self) -> Option<Location> {
        self.lines.first().map(|line| line.location.clone())
    }

    /// The line that sets the value; the profile's first line where none does.
    pub fn location(&self, key: &str) -> Option<Location> {
        if self.own(key).is_none()
            && let Some(profile) = self
                .included
                .iter()
                .find(|profile| profile.own(key).is_some())
        {
            return profile.location(key);
        }
        let line = self.line(key).or(self.lines.first());
        line.map(|line| line.location.clone())
    }

    /// The line that continues the value, where one does.
    pub fn continued(&self, key: &str) -> Option<Location> {
        // Hardly any is: a warm run asks for four keys.
        self.lines.iter().find(|line| line.continued.is_some())?;
        self.line(key)?.continued.clone()
    }

    fn line(&self, key: &str) -> Option<&Line> {
        let mut last_first = self.lines.iter().rev();
        last_first.find(|line| line.key.eq_ignore_ascii_case(key))
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
        Ok(Self {
            path,
            text,
            sections,
        })
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

    /// The text of the wanted sections alone, for the SDK's parser.
    fn slice(&self, wanted: impl Fn(&Header) -> bool) -> String {
        let mut slice = String::new();
        for section in self.sections.iter().filter(|s| wanted(&s.header)) {
            let text = self.text.get(section.range.clone()).unwrap_or_default();
            match section.has_indented_comment {
                true => push_without_indented_comments(&mut slice, text),
                false => slice.push_str(text),
            }
        }
        slice
    }

    fn value_lines(&self, wanted: impl Fn(&Header) -> bool) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for section in self.sections.iter().filter(|s| wanted(&s.header)) {
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

#[cfg(test)]
impl AwsFiles {
    /// The files as if they had been read, for the tests of what is pure.
    pub fn of_text(
        config: &str,
        credentials: &str,
    ) -> std::result::Result<Self, sections::SyntaxError> {
        let file = |kind, name: &str, text: &str| {
            Ok(AwsFile {
                path: PathBuf::from(name),
                text: Zeroizing::new(text.to_owned()),
                sections: sections::scan(kind, text)?,
            })
        };
        Ok(Self {
            config: file(FileKind::Config, "config", config)?,
            credentials: file(FileKind::Credentials, "credentials", credentials)?,
            index: Rc::default(),
        })
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

/// What the SDK makes of slices. It refuses none: [`sections::scan`] has refused what it refuses.
fn parse(slices: [String; 2]) -> ProfileSet {
    by_sdk(slices).unwrap_or_default()
}

/// What the SDK's parser makes of the texts of both files; `None` where it refuses them.
pub(super) fn by_sdk(texts: [String; 2]) -> Option<ProfileSet> {
    let [config, credentials] = texts;
    let files = EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, config)
        .with_contents(EnvConfigFileKind::Credentials, credentials)
        .build();
    let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
    // Contents in memory are never waited for, so the future is ready at its first poll: no runtime.
    let mut loading = pin!(load(&fs, &env, &files, Some(Cow::Borrowed("default"))));
    match loading
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(loaded) => loaded.ok(),
        Poll::Pending => None,
    }
}
