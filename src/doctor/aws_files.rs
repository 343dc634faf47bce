//! `~/.aws/config` and `~/.aws/credentials`: whether they are read, by whom, which profiles cannot work, and where
//! keys that never end lie in plain text.

use std::path::{Path, PathBuf};

use super::{Finding, Place};
use crate::aws_files::AwsFiles;
use crate::error::Error;
use crate::model::request::Request;
use crate::profile::other_tools::{self, NotHonoured};
use crate::profile::unused::{self, UnusedLine};
use crate::profile::{self, Source};
use crate::session::plan;
#[cfg(unix)]
use crate::text::typed_path::typed;

/// As many broken profiles as a person fixes in one go; the rest are counted.
const SHOWN: usize = 20;

pub fn check(place: &Place) -> Vec<Finding> {
    let files = match place.files {
        Ok(files) => files,
        Err(error) => return vec![Finding::wrong("aws files", error.to_string(), mend(error))],
    };
    let mut findings: Vec<Finding> = files
        .ignored()
        .map(|ignored| {
            Finding::wrong(
                "aws files",
                format!(
                    "{}: [{}] is ignored by every AWS SDK: {}",
                    ignored.location, ignored.written, ignored.reason
                ),
                format!("change {}", ignored.location),
            )
        })
        .collect();
    let (broken, keys) = profiles(place, files);
    findings.extend(broken);
    findings.extend(other_tools_keys(files));
    for key in keys {
        findings.extend(mode(&key.path));
        findings.push(key.finding());
    }
    findings.dedup();
    if findings.is_empty() {
        let count = files.names().len();
        findings.push(Finding::good(
            "aws files",
            format!("{count} profiles, all of them read"),
        ));
    }
    findings
}

/// What means something to another tool and nothing here: each key once, however many profiles have it.
fn other_tools_keys(files: &AwsFiles) -> Vec<Finding> {
    let names: Vec<String> = files.names().into_iter().map(str::to_owned).collect();
    let all = other_tools::not_honoured(files, &names);
    let mut findings = Vec::new();
    for (index, found) in all.iter().enumerate() {
        let same = |other: &&NotHonoured| other.key == found.key;
        if all.iter().take(index).any(|other| same(&other)) {
            continue;
        }
        let more = match all.iter().filter(same).count() - 1 {
            0 => String::new(),
            1 => ", and in 1 more profile".to_owned(),
            more => format!(", and in {more} more profiles"),
        };
        findings.push(Finding::warn(
            "profiles",
            format!(
                "{} of {} is not used here: {}{more}",
                found.key, found.tool, found.location
            ),
            found.instead,
        ));
    }
    findings
}

/// Long-term keys that others may read.
#[cfg(unix)]
fn mode(path: &Path) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.metadata().ok()?.permissions().mode() & 0o777;
    let (open, mend) = match mode & 0o077 {
        0 => return None,
        _ => (
            format!("{mode:o}"),
            format!("run chmod 600 {}", typed(path)),
        ),
    };
    Some(Finding::warn(
        "aws files",
        format!(
            "{} may be read by other users (mode {open})",
            path.display()
        ),
        mend,
    ))
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<Finding> {
    None
}

/// Long-term keys in a file in plain text.
struct PlainKeys {
    profile: String,
    path: PathBuf,
}

impl PlainKeys {
    fn finding(self) -> Finding {
        let profile = self.profile;
        Finding::warn(
            "keys",
            format!("the long-term keys of profile {profile} are in a file in plain text"),
            format!("run awsmfa keys import {profile}"),
        )
    }
}

/// A line that has no effect on the session of its profile.
fn without_effect(line: &UnusedLine) -> Finding {
    let UnusedLine { key, location, why } = line;
    Finding::warn(
        "profiles",
        format!("{location}: {key} has no effect: {why}"),
        "remove that line",
    )
}

/// The profiles that cannot give a session, the lines without effect, and the keys that all profiles come from.
fn profiles(place: &Place, files: &AwsFiles) -> (Vec<Finding>, Vec<PlainKeys>) {
    let mut findings = Vec::new();
    let mut broken = 0;
    let mut without: Vec<UnusedLine> = Vec::new();
    let mut in_plain_text: Vec<PlainKeys> = Vec::new();
    for name in files.names() {
        let request = Request {
            profile: Some(name.to_owned()),
            ..Request::default()
        };
        let resolved = profile::resolve(&request, place.env, files);
        let verdict = resolved.and_then(|profile| {
            if let Source::Keys {
                credentials,
                profile,
                location,
                ..
            } = &profile.source
                && credentials.session_token.is_none()
                && !in_plain_text.iter().any(|keys| keys.profile == *profile)
            {
                in_plain_text.push(PlainKeys {
                    profile: profile.clone(),
                    path: location.path.clone(),
                });
            }
            // Profiles may have a source, and so a line, in common.
            let lines = unused::lines(&profile, files).into_iter();
            let is_new = |line: &UnusedLine| !without.iter().any(|w| w.location == line.location);
            without.extend(lines.filter(is_new).collect::<Vec<_>>());
            plan::decide(&profile).map(drop)
        });
        let Err(error) = verdict else { continue };
        broken += 1;
        if broken <= SHOWN {
            findings.push(broken_profile(name, &error));
        }
    }
    if broken > SHOWN {
        findings.push(Finding::warn(
            "profiles",
            format!("{} more profiles cannot give a session", broken - SHOWN),
            "run awsmfa profiles",
        ));
    }
    findings.extend(without.iter().map(without_effect));
    (findings, in_plain_text)
}

/// A profile without keys may be there for its region alone: that is nobody's mistake.
fn broken_profile(name: &str, error: &Error) -> Finding {
    let said = error.to_string();
    let found = match said.contains(name) {
        true => said,
        false => format!("profile {name}: {said}"),
    };
    match error {
        Error::NoCredentials { .. } => Finding::warn("profiles", found, mend(error)),
        _ => Finding::wrong("profiles", found, mend(error)),
    }
}

fn mend(error: &Error) -> String {
    error
        .hint()
        .unwrap_or_else(|| "change that line".to_owned())
}
