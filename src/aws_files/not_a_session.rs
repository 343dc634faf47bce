//! Whether the keys in a profile may be overwritten. A session may, since it ends by itself. Anything that is not
//! clearly a session may be the user's only copy of a long-term key. Pure.

use super::AwsFiles;
use super::edit;
use super::file::AwsFile;
use super::sections::{self, BLANK, Header, Section};
use crate::error::Location;
use crate::model::session::Credentials;

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
/// The token's name, and the one that it had first.
pub const TOKENS: [&str; 2] = ["aws_session_token", "aws_security_token"];

/// What is not written over.
#[derive(Debug, PartialEq, Eq)]
pub struct NotASession {
    /// The line.
    pub location: Location,
    /// `None` for a long-term key; else why it is not clearly a session.
    pub unclear: Option<&'static str>,
}

/// The first line of this profile, in any section of its name and in both files, that keeps it from being written
/// over. The id of temporary keys begins with `ASIA` (IAM's reference). Servers that imitate STS give other ids:
/// `is_ours` knows those that awsmfa has stored.
pub fn find(
    files: &AwsFiles,
    profile: &str,
    is_ours: impl Fn(&str) -> bool,
) -> Option<NotASession> {
    let all: Vec<Keys> = files
        .both()
        .into_iter()
        .flat_map(|file| file.sections().iter().map(move |section| (file, section)))
        .filter(|(_, section)| matches!(&section.header, Header::Profile(n) if n == profile))
        .map(|(file, section)| Keys::of(file, section))
        .collect();
    let has_token = all.iter().any(|keys| keys.has_token);
    let long_term = |id: &&Id| id.id.starts_with("AKIA");
    let ids = || all.iter().flat_map(|keys| &keys.ids);
    if let Some(id) = ids().find(long_term) {
        return Some(NotASession {
            location: id.location.clone(),
            unclear: None,
        });
    }
    if let Some(id) = ids().find(|id| !id.id.starts_with("ASIA") && !is_ours(&id.id)) {
        return Some(NotASession {
            location: id.location.clone(),
            unclear: Some("its access key id is not that of a session"),
        });
    }
    all.iter().find_map(|keys| keys.unclear(has_token))
}

struct Id {
    id: String,
    location: Location,
}

/// What one section says of keys.
#[derive(Default)]
struct Keys {
    ids: Vec<Id>,
    secrets: Vec<Location>,
    has_token: bool,
    /// The first line that is about keys and that no SDK reads as a key.
    odd: Option<Location>,
}

impl Keys {
    fn of(file: &AwsFile, section: &Section) -> Self {
        let mut keys = Self::default();
        let mut continues_a_key = false;
        for (index, (_, line)) in edit::body(file.text(), &section.range).enumerate() {
            if sections::says_nothing(line) {
                continue;
            }
            let location = || file.location(section.line + 1 + index);
            let property = sections::property(line);
            let key = property.map(|(key, _)| key.to_ascii_lowercase());
            match (key.as_deref(), property) {
                (Some(ID | SECRET), Some((_, ""))) => {}
                (Some(ID), Some((_, id))) => {
                    keys.ids.push(Id {
                        id: id.to_owned(),
                        location: location(),
                    });
                }
                (Some(SECRET), _) => keys.secrets.push(location()),
                (Some(key), _) if TOKENS.contains(&key) => keys.has_token = true,
                // A key in a spelling or in a place that no SDK reads.
                _ if continues_a_key && line.starts_with(BLANK) || is_about_keys(line) => {
                    keys.odd.get_or_insert_with(location);
                    continue;
                }
                _ => {
                    continues_a_key &= line.starts_with(BLANK);
                    continue;
                }
            }
            continues_a_key = true;
            if property.is_some_and(|(_, value)| holds_more(line, value)) {
                keys.odd.get_or_insert_with(location);
            }
        }
        keys
    }

    fn unclear(&self, has_token: bool) -> Option<NotASession> {
        let unclear = |location: &Location, why| NotASession {
            location: location.clone(),
            unclear: Some(why),
        };
        if let Some(location) = &self.odd {
            return Some(unclear(
                location,
                "this line is about keys, and has more in it than an SDK reads",
            ));
        }
        match (&self.ids[..], &self.secrets[..]) {
            ([], [secret, ..]) => Some(unclear(secret, "a secret key without an access key id")),
            (ids, secrets) if secrets.len() > ids.len() => {
                let last = secrets.last()?;
                Some(unclear(
                    last,
                    "there are more secret keys than access key ids",
                ))
            }
            ([id, ..], _) if !has_token => Some(unclear(&id.location, "there is no session token")),
            _ => None,
        }
    }
}

/// Whether a key's line holds something else as well: a value of several words, or a comment that tells of keys.
fn holds_more(line: &str, value: &str) -> bool {
    let behind = line.split_once('=').map_or("", |(_, behind)| behind);
    let behind = behind
        .trim_start_matches(BLANK)
        .strip_prefix(value)
        .unwrap_or(behind);
    let of_keys = |text: &str| [ID, SECRET, "akia"].iter().any(|word| text.contains(word));
    !value.bytes().all(Credentials::may_hold) || of_keys(&behind.to_ascii_lowercase())
}

fn is_about_keys(line: &str) -> bool {
    let line = line.trim_start_matches(BLANK).to_ascii_lowercase();
    [ID, SECRET].iter().any(|key| line.starts_with(key))
}

#[cfg(test)]
#[path = "not_a_session_tests.rs"]
mod tests;
