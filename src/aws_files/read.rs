//! The one place that reads `~/.aws/config` and `~/.aws/credentials`.

use std::path::Path;
#[cfg(test)]
use std::path::PathBuf;
use std::rc::Rc;

use aws_runtime::env_config::property::PropertiesKey;
use zeroize::Zeroizing;

use super::by_sdk::parse;
use super::file::{AwsFile, variables};
use super::key_index::KeyIndex;
use super::profile::{FoundProfile, Line, SsoSession};
#[cfg(test)]
use super::sections::{self};
use super::sections::{FileKind, Header};
use crate::environment::Environment;
use crate::environment::patch::HiddenFile;
use crate::error::{Ignored, Result};
use crate::model::kept_key::KeptKey;
use crate::text::suggest::nearest;

/// Both AWS files, read but not yet parsed.
pub struct AwsFiles {
    config: AwsFile,
    credentials: AwsFile,
    index: Rc<KeyIndex>,
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
        let [config, credentials] = self.both().map(|file| file.of_profile(name));
        if config.is_empty() && credentials.is_empty() {
            return None;
        }
        let mut lines = self.config.value_lines(config.iter().copied());
        lines.extend(self.credentials.value_lines(credentials.iter().copied()));
        Some(FoundProfile {
            index: Rc::clone(&self.index),
            set: parse([
                self.config.slice(config),
                self.credentials.slice(credentials),
            ]),
            name: name.to_owned(),
            lines,
            included: Vec::new(),
        })
    }

    /// `endpoint_url` of a service (`sts`, `iam`) in `[services NAME]` of the config file.
    pub fn services_endpoint(&self, services: &str, service: &str) -> Option<String> {
        let wanted = |header: &Header| matches!(header, Header::Services(n) if n == services);
        let set = parse([self.config.slice(self.config.wanted(wanted)), String::new()]);
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
        let sections = self.config.wanted(wanted);
        let location = self.config.location(sections.first()?.line);
        Some(SsoSession {
            set: parse([self.config.slice(sections), String::new()]),
            name: name.to_owned(),
            location,
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
        // Who asks for all of them is going to look up each.
        self.both().into_iter().for_each(AwsFile::index);
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

    /// The names of profiles that this one may be a typo of.
    pub fn similar_to(&self, name: &str) -> Vec<String> {
        let similar = nearest(name, self.names());
        similar.into_iter().map(str::to_owned).collect()
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

#[cfg(test)]
impl AwsFiles {
    /// The files as if they had been read, for the tests of what is pure.
    pub fn of_text(
        config: &str,
        credentials: &str,
    ) -> std::result::Result<Self, sections::SyntaxError> {
        let file = |kind, name: &str, text: &str| {
            let text = Zeroizing::new(text.to_owned());
            let sections = sections::scan(kind, &text)?;
            Ok(AwsFile::of_sections(PathBuf::from(name), text, sections))
        };
        Ok(Self {
            config: file(FileKind::Config, "config", config)?,
            credentials: file(FileKind::Credentials, "credentials", credentials)?,
            index: Rc::default(),
        })
    }
}
