//! Whether what stands in a profile may be written over: a session may, which ends by itself. Whatever is not clearly
//! one may be somebody's only copy of a long-term key. Pure.

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
pub struct Kept {
    /// The line.
    pub location: Location,
    /// `None` for a long-term key; else why it is not clearly a session.
    pub unclear: Option<&'static str>,
}

/// The first line of this profile, in any section of its name and in both files, that keeps it from being written
/// over. Temporary keys have an id that begins with `ASIA` (IAM's reference), or `is_ours`: STS's imitations give
/// others.
pub fn kept(files: &AwsFiles, profile: &str, is_ours: impl Fn(&str) -> bool) -> Option<Kept> {
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
        return Some(Kept {
            location: id.location.clone(),
            unclear: None,
        });
    }
    if let Some(id) = ids().find(|id| !id.id.starts_with("ASIA") && !is_ours(&id.id)) {
        return Some(Kept {
            location: id.location.clone(),
            unclear: Some("its access key id is not one of a session"),
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
    /// The first line that has to do with keys and is none that an SDK reads as a key.
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
                // Another way to write it, which an SDK does not read, or in a place where it does not.
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

    fn unclear(&self, has_token: bool) -> Option<Kept> {
        let kept = |location: &Location, why| Kept {
            location: location.clone(),
            unclear: Some(why),
        };
        if let Some(location) = &self.odd {
            return Some(kept(
                location,
                "this line has to do with keys, and more is in it than an SDK reads",
            ));
        }
        match (&self.ids[..], &self.secrets[..]) {
            ([], [secret, ..]) => Some(kept(secret, "a secret key without an access key id")),
            (ids, secrets) if secrets.len() > ids.len() => {
                let last = secrets.last()?;
                Some(kept(last, "there are more secret keys than access key ids"))
            }
            ([id, ..], _) if !has_token => Some(kept(&id.location, "there is no session token")),
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
mod tests {
    use super::*;

    /// The line that is kept, and why; `None` for what may be written over.
    fn of(config: &str, credentials: &str) -> Option<(String, &'static str)> {
        let files = AwsFiles::of_text(config, credentials).unwrap();
        let kept = kept(&files, "mfa", |id| id == "LSIAOURS")?;
        Some((
            kept.location.to_string(),
            kept.unclear.unwrap_or("long-term"),
        ))
    }

    const SESSION: &str =
        "[mfa]\naws_access_key_id = ASIA1\naws_secret_access_key = s\naws_session_token = t\n";

    #[test]
    fn a_session_and_what_holds_no_key_may_go() {
        for credentials in [
            "",
            "[mfa]\n",
            "[mfa]\nregion = x\naws_session_token = t\n",
            "[mfa]\naws_access_key_id =\naws_secret_access_key =\n",
            SESSION,
            &SESSION.repeat(2),
            "[mfa]\n# aws_access_key_id = AKIA1\n  ; aws_secret_access_key = s\n",
            &SESSION.replace("ASIA1", "LSIAOURS"),
            &SESSION.replace("aws_session_token", "AWS_Security_Token"),
            "[other]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n[mfa]\n",
        ] {
            assert_eq!(of("", credentials), None, "{credentials}");
        }
        // An id alone, whose token stands in the other file.
        let token = "[profile mfa]\naws_session_token = t\n";
        assert_eq!(of(token, "[mfa]\naws_access_key_id = ASIA1\n"), None);
    }

    #[test]
    fn a_long_term_key_stays_whatever_stands_beside_it() {
        let line = |n| Some((format!("credentials:{n}"), "long-term"));
        let key = "aws_access_key_id = AKIA1\naws_secret_access_key = s\n";
        for (credentials, n) in [
            (format!("[mfa]\n{key}"), 2),
            (format!("[mfa]\n{key}aws_session_token = stale\n"), 2),
            (format!("{SESSION}AWS_ACCESS_KEY_ID=AKIA1 # old\n"), 5),
            (format!("{SESSION}[ mfa ]\n{key}"), 6),
            (format!("[mfa]\n{key}{SESSION}"), 2),
        ] {
            assert_eq!(of("", &credentials), line(n), "{credentials}");
        }
        let stale = "[profile mfa]\naws_session_token = stale\n";
        assert_eq!(of(stale, &format!("[mfa]\n{key}")), line(2));
        let of_config = of(&format!("[profile mfa]\n{key}"), SESSION);
        assert_eq!(of_config, Some(("config:2".to_owned(), "long-term")));
    }

    #[test]
    fn what_is_not_clearly_a_session_stays() {
        for (credentials, n, why) in [
            (
                "[mfa]\naws_secret_access_key = s\n",
                2,
                "without an access key id",
            ),
            (
                "[mfa]\naws_secret_access_key = s\naws_session_token = t\n",
                2,
                "without an access key id",
            ),
            (
                &*format!("{SESSION}aws_secret_access_key = s2\n"),
                5,
                "more secret keys",
            ),
            (
                &*format!("{SESSION}[mfa]\naws_secret_access_key = s2\n"),
                6,
                "without an access key id",
            ),
            (
                "[mfa]\naws_access_key_id = ASIA1\naws_secret_access_key = s\n",
                2,
                "no session token",
            ),
            (
                &*SESSION.replace("ASIA1", "LSIAOTHER"),
                2,
                "not one of a session",
            ),
            (
                &*SESSION.replace("ASIA1", ""),
                3,
                "without an access key id",
            ),
            (&*format!("{SESSION}\n  AKIA1\n"), 6, "more is in it"),
            (
                &*format!("{SESSION}s3 =\n  aws_secret_access_key = s\n"),
                6,
                "more is in it",
            ),
            (
                &*format!("{SESSION}aws_secret_access_key: s=\n"),
                5,
                "more is in it",
            ),
            (
                &*SESSION.replace("= t", "= t aws_secret_access_key = s"),
                4,
                "more is in it",
            ),
            (
                &*SESSION.replace("= t", "= t # of AKIA1"),
                4,
                "more is in it",
            ),
        ] {
            let (line, told) = of("", credentials).unwrap();
            assert_eq!(line, format!("credentials:{n}"), "{credentials}");
            assert!(told.contains(why), "{told}");
        }
    }
}
