//! A session: keys that end. Everything that carries a secret is a type of this file, so that no
//! `Debug`, no panic and no log line can show one.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A secret access key, a session token or a token code. It is wiped when dropped; `Debug` hides it
/// and there is no `Display`, so that writing one takes a visible [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the secret over.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    /// The secret itself, for the request that carries it or the shell that asked for it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What signs a request: long-term keys of an IAM user (no token) or the keys of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// `AKIA…` or `ASIA…`; names the key, is not secret.
    pub access_key_id: String,
    /// The key that signs.
    pub secret_access_key: Secret,
    /// Present for a session, absent for long-term keys.
    pub session_token: Option<Secret>,
}

impl Credentials {
    /// The name of a part that could not stand in every shell as it is: no key and no token of AWS's has
    /// such characters. An unquoted `eval $(…)` globs even a correctly quoted value, and a hostile file
    /// name then runs (measured).
    pub fn unsayable(&self) -> Option<&'static str> {
        let harmless = |b: u8| b.is_ascii_graphic() && !b"'\"`$*?[]{}~!<>|&;()#^%\\".contains(&b);
        let token = self.session_token.as_ref().map(Secret::expose);
        [
            ("access key id", &*self.access_key_id),
            ("secret access key", self.secret_access_key.expose()),
            ("session token", token.unwrap_or("-")),
        ]
        .into_iter()
        .find(|(_, value)| value.is_empty() || !value.bytes().all(harmless))
        .map(|(name, _)| name)
    }

    /// What a signature can carry. A pasted line break, quote or placeholder ends here, and so does a
    /// secret access key in the wrong place, which has 40 characters and would be sent for all to see.
    pub fn is_access_key_id(text: &str) -> bool {
        const LENGTH_OF_A_SECRET: usize = 40;
        !text.is_empty()
            && text.len() != LENGTH_OF_A_SECRET
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    }

    /// What a key or a token is made of: printable ASCII that is no quote, no blank and means nothing to any shell.
    /// An unquoted `eval $(…)` globs even a correctly quoted value, and a hostile file name then runs (measured).
    pub fn may_hold(byte: u8) -> bool {
        // A pattern and no search: a warm run asks for each byte of a secret.
        matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'/'..=b':' | b'+'..=b'.' | b'=' | b'@' | b'_')
    }
}

/// A point in time as STS knows it: whole seconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// 9999-12-31T23:59:59Z, the last moment that four digits of a year can write: for a session whose end
    /// nobody tells.
    pub const UNKNOWN: Self = Self(253_402_300_799);

    /// Whether it is a moment that somebody named.
    pub fn is_known(self) -> bool {
        self < Self::UNKNOWN
    }

    /// The clock of this machine. Only commands ask; everything below them is handed `now`.
    pub fn now() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Self(i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX))
    }

    /// Seconds from `now` until this moment; negative once it has passed.
    pub fn seconds_after(self, now: Timestamp) -> i64 {
        self.0.saturating_sub(now.0)
    }

    /// RFC 3339 with `Z`, as botocore and starship read `AWS_CREDENTIAL_EXPIRATION`.
    pub fn rfc3339(self) -> String {
        let last = Self::UNKNOWN.0.unsigned_abs();
        let seconds = u64::try_from(self.0).unwrap_or(0).min(last);
        humantime::format_rfc3339_seconds(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .to_string()
    }
}

/// Temporary credentials as STS granted them, checked (see [`crate::sts`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The keys; `session_token` is always present.
    pub credentials: Credentials,
    /// When AWS stops accepting them; [`Timestamp::UNKNOWN`] where nobody tells.
    pub expiration: Timestamp,
}

impl Session {
    /// The token; empty only for a value that no constructor of the program makes.
    pub fn token(&self) -> &str {
        self.credentials
            .session_token
            .as_ref()
            .map_or("", Secret::expose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: Secret::new("canary-key"),
            session_token: Some(Secret::new("canary-token")),
        };
        let shown = format!("{credentials:?}");
        assert!(shown.contains("ASIAEXAMPLE"));
        assert!(!shown.contains("canary"));
    }

    #[test]
    fn times_are_written_in_utc_whatever_their_size() {
        assert_eq!(Timestamp(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp(1_795_000_000).rfc3339(), "2026-11-18T11:06:40Z");
        assert_eq!(Timestamp(-5).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp(i64::MAX).rfc3339(), "9999-12-31T23:59:59Z");
    }
}
