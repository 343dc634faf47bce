//! The key of a profile as it stands in the AWS files, and taking it out of them.

use std::path::Path;

use zeroize::Zeroizing;

use crate::aws_files::edit::Existing;
use crate::aws_files::key_lines::{self, Untakable};
use crate::aws_files::sections::FileKind;
use crate::aws_files::write::{self, Patience};
use crate::aws_files::{AwsFiles, FoundProfile, rotated};
use crate::environment::Environment;
use crate::error::{Error, KeysError, Location, Result};
use crate::model::kept_key::TakenLine;
use crate::model::session::Credentials;
use crate::profile::long_term_keys;

const KINDS: [FileKind; 2] = [FileKind::Config, FileKind::Credentials];

/// A long-term key in the files.
pub struct InFiles {
    /// The key.
    pub keys: Credentials,
    /// The line of its id.
    pub location: Location,
}

/// The long-term key of a profile; an error for a session, which would be worthless tomorrow.
pub fn of(profile: &FoundProfile) -> Result<Option<InFiles>> {
    let Some(keys) = long_term_keys(profile)? else {
        return Ok(None);
    };
    let location = profile.location("aws_access_key_id").unwrap_or_default();
    if keys.session_token.is_some() || keys.access_key_id.starts_with("ASIA") {
        return Err(KeysError::NotLongTerm {
            profile: profile.name().to_owned(),
            location,
        }
        .into());
    }
    Ok(Some(InFiles { keys, location }))
}

/// Whether the key could be taken out of both files, before anything is moved; and how its lines look.
pub fn lines(profile: &str, keys: &Credentials, files: &AwsFiles) -> Result<Vec<TakenLine>> {
    let mut taken = Vec::new();
    for kind in KINDS {
        let (path, text) = files.text_of(kind);
        let (_, of_file) = key_lines::take(kind, text, profile, keys)
            .map_err(|why| refused(why, path.to_owned(), profile))?;
        taken.extend(of_file);
    }
    Ok(taken)
}

/// Takes the key out of both files. Somebody may have edited them since: lines of another key stay, and say so.
pub fn take(
    profile: &str,
    keys: &Credentials,
    files: &AwsFiles,
    env: &Environment,
    no_input: bool,
) -> Result<()> {
    for kind in KINDS {
        let (path, text) = files.text_of(kind);
        if !key_lines::has_any(kind, text, profile) {
            continue;
        }
        write::edit(kind, env, Patience::of(no_input), |text| {
            let taken = key_lines::take(kind, text, profile, keys);
            Ok(taken
                .map_err(|why| refused(why, path.to_owned(), profile))?
                .0)
        })?;
    }
    Ok(())
}

/// Puts the key back where it stood; in a new place where the files have changed too much for that.
pub fn put_back(
    profile: &str,
    keys: &Credentials,
    lines: &[TakenLine],
    env: &Environment,
    no_input: bool,
) -> Result<std::path::PathBuf> {
    let mut path = None;
    for kind in KINDS {
        let is_config = kind == FileKind::Config;
        let ours: Vec<_> = lines
            .iter()
            .filter(|line| line.in_config == is_config)
            .cloned()
            .collect();
        // Typed in, or of a process: they stand where `aws configure` writes them.
        let is_new = lines.is_empty() && !is_config;
        if ours.is_empty() && !is_new {
            continue;
        }
        let written = write::edit(kind, env, Patience::of(no_input), |text| {
            if key_lines::has_any(kind, text, profile) {
                let files = AwsFiles::read(env)?;
                let found = files.profile(profile);
                let location = found.and_then(|found| found.location("aws_access_key_id"));
                return Err(KeysError::InTheFile {
                    profile: profile.to_owned(),
                    location: location.unwrap_or_default(),
                }
                .into());
            }
            match key_lines::put_back(kind, text, profile, &ours, keys) {
                Some(whole) if !ours.is_empty() => Ok(whole),
                _ => with_key(kind, env, text, profile, keys),
            }
        })?;
        path = Some(written);
    }
    path.ok_or(Error::Internal("the key has no file to go to"))
}

/// Writes down beside a key that came by a rotation after which key its sessions are named.
pub fn name_sessions(
    profile: &str,
    path: &Path,
    sessions_of: &str,
    access_key_id: &str,
    env: &Environment,
    no_input: bool,
) -> Result<()> {
    let files = AwsFiles::read(env)?;
    let kind = match files.config_path() == path {
        true => FileKind::Config,
        false => FileKind::Credentials,
    };
    let line = format!("{sessions_of} {access_key_id}");
    let values = [(rotated::LINE, line.as_str())];
    let existing = Existing::Replaced;
    write::put(
        kind,
        env,
        profile,
        &values,
        existing,
        Patience::of(no_input),
    )
    .map(drop)
}

/// The text with the two lines of a key in the profile's section.
pub fn with_key(
    kind: FileKind,
    env: &Environment,
    text: &str,
    profile: &str,
    keys: &Credentials,
) -> Result<Zeroizing<String>> {
    let values = [
        ("aws_access_key_id", keys.access_key_id.as_str()),
        ("aws_secret_access_key", keys.secret_access_key.expose()),
    ];
    let files = AwsFiles::read(env)?;
    let (path, _) = files.text_of(kind);
    let existing = Existing::Replaced;
    write::put_into(kind, path, text, profile, &values, existing)
}

fn refused(why: Untakable, path: std::path::PathBuf, profile: &str) -> Error {
    let at = |line| Location {
        path: path.clone(),
        line,
    };
    match why {
        Untakable::Syntax(error) => Error::FileSyntax {
            location: at(error.line),
            reason: error.reason,
        },
        Untakable::Differs { line } => KeysError::Differs {
            profile: profile.to_owned(),
            location: at(line),
        }
        .into(),
        Untakable::Continued { line } => KeysError::Continued { location: at(line) }.into(),
    }
}

/// Other files beside the AWS files that hold the secret: backups of editors and of people.
pub fn copies(keys: &Credentials, files: &AwsFiles) -> Vec<std::path::PathBuf> {
    /// A folder with more is not somebody's `~/.aws`.
    const FILES: usize = 200;
    let ours = KINDS.map(|kind| files.text_of(kind).0.to_owned());
    let secret = keys.secret_access_key.expose().as_bytes();
    let mut found = Vec::new();
    for folder in ours.iter().filter_map(|path| path.parent()) {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        for path in entries.take(FILES).map(|entry| entry.path()) {
            let is_file = std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_file());
            if !is_file || ours.contains(&path) || found.contains(&path) {
                continue;
            }
            let holds = crate::system::bounded_read::read(&path)
                .is_ok_and(|bytes| bytes.windows(secret.len()).any(|w| w == secret));
            if holds {
                found.push(path);
            }
        }
    }
    found
}
