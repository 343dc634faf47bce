//! What the shell already holds: whose keys are in the environment, and whether they are ours to
//! replace, to use or to leave alone. Pure.

use crate::environment::Environment;
use crate::session::{Credentials, Secret, Timestamp};

/// The environment, read as a place where a session may already be.
pub struct Inherited<'a>(pub &'a Environment);

impl Inherited<'_> {
    /// The store entry that the session here belongs to, while it is still ours: the key id that we
    /// wrote down is the key id that is there. (`AWSMFA_SESSION` is `<access key id>:<entry>`; the hook
    /// adds `:` and what stood there before, where the profile variable brought the session.)
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
mod tests {
    use super::*;
    use crate::fuzz::feed;

    #[test]
    fn a_session_is_ours_only_while_its_key_is_there() {
        let mine = [
            ("AWSMFA_SESSION", "ASIA1:entry"),
            ("AWS_ACCESS_KEY_ID", "ASIA1"),
            ("AWSMFA_EXPIRES", "1795000000"),
        ];
        let env = Environment::of(&mine);
        assert_eq!(Inherited(&env).our_entry(), Some("entry"));
        assert_eq!(Inherited(&env).our_expiry(), Some(Timestamp(1_795_000_000)));

        let followed = Environment::of(&[("AWSMFA_SESSION", "ASIA1:entry:ASIA0:before"), mine[1]]);
        assert_eq!(Inherited(&followed).our_entry(), Some("entry"));

        let other = Environment::of(&[mine[0], ("AWS_ACCESS_KEY_ID", "ASIA2"), mine[2]]);
        assert_eq!(Inherited(&other).our_entry(), None);
        assert_eq!(Inherited(&other).our_expiry(), None);
    }

    #[test]
    fn an_expiry_that_is_no_number_is_none() {
        for text in ["a[$(touch x)]", "0123", "1234567890123", "-1", "1 2"] {
            let env = Environment::of(&[
                ("AWSMFA_SESSION", "ASIA1:e"),
                ("AWS_ACCESS_KEY_ID", "ASIA1"),
                ("AWSMFA_EXPIRES", text),
            ]);
            assert_eq!(Inherited(&env).our_expiry(), None, "{text}");
        }
    }

    #[test]
    fn keys_beside_a_token_are_no_long_term_keys() {
        let keys = [
            ("AWS_ACCESS_KEY_ID", "AKIA1"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
        ];
        assert!(
            Inherited(&Environment::of(&keys))
                .long_term_keys()
                .is_some()
        );
        for token in ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"] {
            let env = Environment::of(&[keys[0], keys[1], (token, "t")]);
            assert!(Inherited(&env).long_term_keys().is_none());
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
            Inherited(&env).users_region(),
            Some(("AWS_DEFAULT_REGION", "eu-west-1"))
        );
    }

    /// A NUL byte stands between the variables.
    fn a_shell(input: &[u8]) {
        let texts: Vec<_> = input.split(|byte| *byte == 0).collect();
        let text = |at: usize| String::from_utf8_lossy(texts.get(at).unwrap_or(&&b""[..]));
        let values: Vec<_> = (0..6).map(text).collect();
        let names = [
            "AWSMFA_SESSION",
            "AWS_ACCESS_KEY_ID",
            "AWSMFA_EXPIRES",
            "AWSMFA_REGION",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
        ];
        let pairs = names
            .iter()
            .zip(&values)
            .map(|(name, value)| (*name, &**value));
        let env = Environment::of(&pairs.collect::<Vec<_>>());
        let inherited = Inherited(&env);
        if let Some(entry) = inherited.our_entry() {
            assert!(values[0].starts_with(&format!("{}:{entry}", values[1])));
            assert!(inherited.has_session() && inherited.keys_of_others().is_none());
        }
        if let Some(Timestamp(end)) = inherited.our_expiry() {
            assert!((1..1_000_000_000_000).contains(&end));
            assert_eq!(end.to_string(), values[2]);
        }
        let region = inherited.users_region();
        assert!(region.is_none_or(|(_, region)| region != values[3]));
    }

    #[test]
    fn whatever_a_shell_holds_is_ours_or_not() {
        const SHELLS: &[&str] = &[
            "ASIA1:0123456789abcdef0123456789abcdef\0ASIA1\u{0}1795000000\0eu-west-1\0eu-west-1\0s",
            "ASIA1:entry:ASIA0:before\0ASIA1\u{0}2000\0\0us-east-1\0s",
        ];
        const WORDS: &[&str] = &[
            "\0",
            ":",
            "ASIA1",
            "ASIA1:",
            "1",
            "0",
            "-",
            "+1",
            "999999999999",
            "1000000000000",
            "a[$(touch canary)]",
            "0x7fffffff",
            "1e9",
            " ",
            "\n",
            "\u{661}",
            "\u{e9}",
            "eu-west-1",
        ];
        feed(1_000, SHELLS, WORDS, a_shell);
    }
}
