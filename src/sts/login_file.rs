//! The file in which the AWS CLI keeps a login: until when its token is good, and where it is renewed. The SDK's
//! providers read the file again by themselves, and write it; this says beforehand whether they will.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ring::digest::{self, Algorithm};
use serde::Deserialize;
use serde_json::json;
use tempfile::Builder;
use zeroize::Zeroizing;

use crate::environment::Environment;
use crate::model::session::Timestamp;
use crate::profile::login::{Login, LoginOf};
use crate::profile::pasted;
use crate::system::{bounded_read, replace};

/// The SDK renews in the last five minutes; a little more, so that what counts as fresh here is fresh there.
const RENEWED_BEFORE_THE_END: i64 = 5 * 60 + 10;

/// Where a login is kept.
#[derive(Clone, Debug)]
pub struct LoginFile {
    /// `None` where nobody knows the home directory.
    path: Option<PathBuf>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    IdentityCenter,
    Console,
}

/// What such a file says, but for its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// When the token ends; `None` where there is no file, or none that is understood.
    ends: Option<Timestamp>,
    /// The region in which `aws login` signed in; older versions of the CLI do not write it.
    pub sign_in_region: Option<String>,
}

impl LoginFile {
    /// Where every AWS tool keeps this login.
    pub fn of(login: &LoginOf, env: &Environment) -> Self {
        let key = login.key();
        let (kind, folder, name) = match &login.login {
            Login::IdentityCenter { .. } => {
                let name = hash(&digest::SHA1_FOR_LEGACY_USE_ONLY, key);
                (Kind::IdentityCenter, home(env, "sso"), name)
            }
            Login::Console { .. } => {
                let named = env.path("AWS_LOGIN_CACHE_DIRECTORY").map(PathBuf::from);
                let folder = named.or_else(|| home(env, "login"));
                (Kind::Console, folder, hash(&digest::SHA256, key))
            }
        };
        Self {
            path: folder.map(|folder| folder.join(format!("{name}.json"))),
            kind,
        }
    }

    /// What it says now.
    pub fn read(&self) -> Kept {
        let bytes = self
            .path
            .as_ref()
            .and_then(|path| bounded_read::read_file(path).ok());
        bytes
            .and_then(|bytes| parse(self.kind, &bytes))
            .unwrap_or_default()
    }

    /// Puts the region of the sign-in back where the SDK has left it out: without it the AWS CLI would renew the
    /// login in the region of its profile. Where that fails the login is good for us all the same.
    pub fn keep_sign_in_region(&self, before: &Kept) {
        let (Some(path), Some(region)) = (&self.path, &before.sign_in_region) else {
            return;
        };
        if self.read().sign_in_region.is_none() {
            let _ = insert(path, &json!({ "signInRegion": region }).to_string());
        }
    }
}

/// Adds the members of this object to those of the file.
fn insert(path: &Path, object: &str) -> io::Result<()> {
    let bytes = bounded_read::read_file(path)?;
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    let (Some(members), Some(rest)) = (object.strip_suffix('}'), bytes.strip_prefix(b"{")) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let mut file = replace::begin(&Builder::new(), folder)?;
    for part in [members.as_bytes(), b",", rest] {
        file.write_all(part)?;
    }
    replace::finish(file, path)
}

impl Kept {
    /// Whether the token is used as it is: nobody will renew it yet.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.ends
            .is_some_and(|ends| ends.seconds_after(now) > RENEWED_BEFORE_THE_END)
    }
}

fn home(env: &Environment, kind: &str) -> Option<PathBuf> {
    Some(env.home().ok()?.join(".aws").join(kind).join("cache"))
}

fn hash(algorithm: &'static Algorithm, key: &str) -> String {
    let digest = digest::digest(algorithm, key.as_bytes());
    let bytes = digest.as_ref().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfIdentityCenter {
    expires_at: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfConsole {
    access_token: OfIdentityCenter,
    sign_in_region: Option<String>,
}

fn parse(kind: Kind, bytes: &Zeroizing<Vec<u8>>) -> Option<Kept> {
    let (ends, sign_in_region) = match kind {
        Kind::IdentityCenter => {
            let kept: OfIdentityCenter = serde_json::from_slice(bytes).ok()?;
            (kept.expires_at, None)
        }
        Kind::Console => {
            let kept: OfConsole = serde_json::from_slice(bytes).ok()?;
            (kept.access_token.expires_at, kept.sign_in_region)
        }
    };
    Some(Kept {
        ends: pasted::parse(&ends),
        sign_in_region,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(kind: Kind, text: &str) -> Option<Kept> {
        parse(kind, &Zeroizing::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn the_end_of_a_token_is_read_in_both_kinds_of_files() {
        let noon = Timestamp(1_795_867_200);
        let sso = r#"{"accessToken": "t", "expiresAt": "2026-11-28T12:00:00Z", "more": [1]}"#;
        let console = r#"{"accessToken": {"secretAccessKey": "s", "expiresAt": "2026-11-28T12:00:00Z"},
            "signInRegion": "eu-west-1"}"#;
        let of_sso = kept(Kind::IdentityCenter, sso).unwrap();
        let of_console = kept(Kind::Console, console).unwrap();
        assert_eq!(of_sso.ends, Some(noon));
        assert_eq!(of_console.ends, Some(noon));
        assert_eq!(of_console.sign_in_region.as_deref(), Some("eu-west-1"));
        for (ago, is_fresh) in [
            (3600, true),
            (311, true),
            (310, false),
            (0, false),
            (-1, false),
        ] {
            assert_eq!(of_sso.is_fresh(Timestamp(noon.0 - ago)), is_fresh, "{ago}");
        }
        for text in ["", "{", "{}", "[]", r#"{"expiresAt": 3}"#] {
            assert_eq!(kept(Kind::IdentityCenter, text), None, "{text}");
            assert_eq!(kept(Kind::Console, text), None, "{text}");
        }
    }
}
