//! What a role's session may do less than the role, and what it carries: policies, tags, the source identity. Pure.

use serde::{Deserialize, Serialize};

use super::parameter::Shape;
use crate::error::{Error, Result};

/// The optional parameters of AssumeRole that make it another session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleOptions {
    /// `PolicyArns`: the session may do what the role and one of these allow.
    pub policy_arns: Vec<String>,
    /// `Tags`.
    pub session_tags: Vec<(String, String)>,
    /// `TransitiveTagKeys`: the tags that go on to the next role of a chain.
    pub transitive_tags: Vec<String>,
    /// `SourceIdentity`.
    pub source_identity: Option<String>,
}

/// `PolicyArns`.
pub const POLICY_ARN: Shape = Shape::new("--policy-arn", 20, 2048, "_+=/:,.@-");
/// `SourceIdentity`.
pub const SOURCE_IDENTITY: Shape = Shape::new("--source-identity", 2, 64, "_+=,.@-");

impl RoleOptions {
    /// Whether it is an ordinary session of the role.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// These in place of others where both say something: the policies as a whole, a tag by its key.
    pub fn over(&self, base: &Self) -> Self {
        let mut session_tags = base.session_tags.clone();
        session_tags.retain(|(key, _)| {
            !self
                .session_tags
                .iter()
                .any(|(other, _)| is_same(key, other))
        });
        session_tags.extend(self.session_tags.iter().cloned());
        let or = |ours: &Vec<String>, theirs: &Vec<String>| match ours.is_empty() {
            true => theirs.clone(),
            false => ours.clone(),
        };
        Self {
            policy_arns: or(&self.policy_arns, &base.policy_arns),
            session_tags,
            transitive_tags: or(&self.transitive_tags, &base.transitive_tags),
            source_identity: self
                .source_identity
                .clone()
                .or_else(|| base.source_identity.clone()),
        }
    }

    /// In words, after the name of the role: `, limited to …, tagged team=x`.
    pub fn words(&self) -> String {
        let mut words = String::new();
        if !self.policy_arns.is_empty() {
            words.push_str(&format!(", limited to {}", self.policy_arns.join(" and ")));
        }
        if !self.session_tags.is_empty() {
            let tags = self
                .session_tags
                .iter()
                .map(|(key, value)| format!("{key}={value}"));
            words.push_str(&format!(", tagged {}", tags.collect::<Vec<_>>().join(" ")));
        }
        if let Some(identity) = &self.source_identity {
            words.push_str(&format!(", with the source identity {identity}"));
        }
        words
    }
}

/// The keys of tags are the same whatever their capitals.
fn is_same(key: &str, other: &str) -> bool {
    key.eq_ignore_ascii_case(other)
}

/// A tag, `KEY=VALUE`; `given_as` names the flag or the key of a profile.
pub fn tag(given_as: &'static str, text: &str) -> Result<(String, String)> {
    let wrong = || Error::SessionTag {
        given_as,
        text: text.to_owned(),
    };
    let (key, value) = text.split_once('=').ok_or_else(wrong)?;
    let (key, value) = (key.trim(), value.trim());
    let fits = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c))
    };
    let is_right = (1..=128).contains(&key.chars().count())
        && value.chars().count() <= 256
        && fits(key)
        && fits(value)
        && !key.to_ascii_lowercase().starts_with("aws:");
    match is_right {
        true => Ok((key.to_owned(), value.to_owned())),
        false => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_key_and_a_value() {
        let right = |text| tag("test", text).unwrap();
        assert_eq!(right("team=blue"), ("team".into(), "blue".into()));
        assert_eq!(right(" team = a=b "), ("team".into(), "a=b".into()));
        assert_eq!(right("team="), ("team".into(), String::new()));
        for wrong in ["team", "=x", "aws:x=y", "te\u{1b}am=x", "a=*"] {
            assert!(tag("test", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_said_last_counts_a_tag_by_its_key() {
        let of = |policies: &[&str], tags: &[(&str, &str)]| RoleOptions {
            policy_arns: policies.iter().map(|p| (*p).to_owned()).collect(),
            session_tags: tags
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            ..RoleOptions::default()
        };
        let base = of(&["p"], &[("team", "x"), ("job", "y")]);
        assert_eq!(RoleOptions::default().over(&base), base);
        let both = of(&["q"], &[("Team", "z")]).over(&base);
        assert_eq!(both, of(&["q"], &[("job", "y"), ("Team", "z")]));
    }
}
