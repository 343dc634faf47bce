//! What the shell already holds: whose keys are in the environment, and whether they are ours to
//! replace, to use or to leave alone. Pure.

use crate::environment::Environment;
use crate::model::session::{Credentials, Secret, Timestamp};

/// What stands behind the entry in `AWSMFA_SESSION` where `.envrc` brought the session.
pub const DIRENV: &str = "direnv";

/// The environment, read as a place where a session may already be.
pub struct SessionHere<'a>(pub &'a Environment);

impl SessionHere<'_> {
    /// The store entry that the session here belongs to, while it is still ours: the key id that we
    /// wrote down is the key id that is there. (`AWSMFA_SESSION` is `<access key id>:<entry>`; behind
    /// a further colon it says who brought the session: [`DIRENV`], or, where the hook did for a profile
    /// variable or a pin, what stood there before.)
    pub fn our_entry(&self) -> Option<&str> {
        let mut parts = self.0.var("AWSMFA_SESSION")?.split(':');
        let (id, entry) = (parts.next()?, parts.next()?);
        (self.0.var("AWS_ACCESS_KEY_ID") == Some(id)).then_some(entry)
    }

    /// When our session here ends; `None` where there is none of ours. The value is a shell's and so
    /// untrusted: 1 to 12 digits without a leading 0, as the hooks read it.
    pub fn our_expiry(&self) -> Option<Timestamp> {
        self.our_entry()?;
        let text = self.0.var("AWSMFA_EXPIRES")?;
        let plain = text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
        (plain && !text.starts_with('0')).then(|| text.parse().ok().map(Timestamp))?
    }

    /// Whether the keys here are a session, whoever put it there.
    pub fn has_session(&self) -> bool {
        self.0.var("AWS_SESSION_TOKEN").is_some()
            || self.0.var("AWS_SECURITY_TOKEN").is_some()
            || self.our_entry().is_some()
    }

    /// Long-term keys: an id and a secret without a token, and not ours.
    pub fn long_term_keys(&self) -> Option<Credentials> {
        self.keys_of_others()
            .filter(|keys| keys.session_token.is_none())
    }

    /// The keys here, long-term ones or a session, unless we put them here.
    pub fn keys_of_others(&self) -> Option<Credentials> {
        if self.our_entry().is_some() {
            return None;
        }
        let token = ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"];
        Some(Credentials {
            access_key_id: self.0.var("AWS_ACCESS_KEY_ID")?.to_owned(),
            secret_access_key: Secret::new(self.0.var("AWS_SECRET_ACCESS_KEY")?),
            session_token: token
                .into_iter()
                .find_map(|n| self.0.var(n))
                .map(Secret::new),
        })
    }

    /// Whether this region variable holds what we set.
    pub fn region_is_ours(&self, variable: &str) -> bool {
        let ours = self.0.var("AWSMFA_REGION");
        ours.is_some() && self.0.var(variable) == ours
    }

    /// The user's own region: `AWS_REGION`, else `AWS_DEFAULT_REGION`, unless we set it.
    pub fn users_region(&self) -> Option<(&'static str, &str)> {
        ["AWS_REGION", "AWS_DEFAULT_REGION"]
            .into_iter()
            .filter(|name| !self.region_is_ours(name))
            .find_map(|name| Some((name, self.0.var(name)?)))
    }
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_ours_only_while_its_key_is_there() {
        let mine = [
            ("AWSMFA_SESSION", "ASIA1:entry"),
            ("AWS_ACCESS_KEY_ID", "ASIA1"),
            ("AWSMFA_EXPIRES", "1795000000"),
        ];
        let env = Environment::of(&mine);
        assert_eq!(SessionHere(&env).our_entry(), Some("entry"));
        assert_eq!(
            SessionHere(&env).our_expiry(),
            Some(Timestamp(1_795_000_000))
        );

        let followed = Environment::of(&[("AWSMFA_SESSION", "ASIA1:entry:ASIA0:before"), mine[1]]);
        assert_eq!(SessionHere(&followed).our_entry(), Some("entry"));

        let other = Environment::of(&[mine[0], ("AWS_ACCESS_KEY_ID", "ASIA2"), mine[2]]);
        assert_eq!(SessionHere(&other).our_entry(), None);
        assert_eq!(SessionHere(&other).our_expiry(), None);
    }

    #[test]
    fn an_expiry_that_is_no_number_is_none() {
        for text in ["a[$(touch x)]", "0123", "1234567890123", "-1", "1 2"] {
            let env = Environment::of(&[
                ("AWSMFA_SESSION", "ASIA1:e"),
                ("AWS_ACCESS_KEY_ID", "ASIA1"),
                ("AWSMFA_EXPIRES", text),
            ]);
            assert_eq!(SessionHere(&env).our_expiry(), None, "{text}");
        }
    }

    #[test]
    fn keys_beside_a_token_are_no_long_term_keys() {
        let keys = [
            ("AWS_ACCESS_KEY_ID", "AKIA1"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
        ];
        assert!(
            SessionHere(&Environment::of(&keys))
                .long_term_keys()
                .is_some()
        );
        for token in ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"] {
            let env = Environment::of(&[keys[0], keys[1], (token, "t")]);
            assert!(SessionHere(&env).long_term_keys().is_none());
        }
    }

    #[test]
    fn a_region_of_ours_counts_as_absent() {
        let env = Environment::of(&[
            ("AWSMFA_REGION", "cn-north-1"),
            ("AWS_REGION", "cn-north-1"),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
        ]);
        assert_eq!(
            SessionHere(&env).users_region(),
            Some(("AWS_DEFAULT_REGION", "eu-west-1"))
        );
    }
}
