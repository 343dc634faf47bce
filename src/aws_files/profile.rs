//! A profile as both files define it, and an sso-session, with the values as the SDK parses them.

use std::rc::Rc;

use aws_config::profile::ProfileSet;

use super::key_index::KeyIndex;
use crate::error::Location;
use crate::model::kept_key::KeptKey;

/// One profile as both files together define it.
pub struct FoundProfile {
    pub(super) index: Rc<KeyIndex>,
    pub(super) set: ProfileSet,
    pub(super) name: String,
    /// Every line that sets a value, credentials file last: what stands later wins.
    pub(super) lines: Vec<Line>,
    /// The profiles that it includes, nearest first, as aws-vault reads `include_profile`.
    pub(super) included: Vec<FoundProfile>,
}

/// A line that sets a value, or the first of a section.
pub(super) struct Line {
    /// Empty for a section's header.
    pub(super) key: String,
    pub(super) location: Location,
    /// The line that continues the value: indented, and no comment.
    pub(super) continued: Option<Location>,
}

/// `include_profile` never includes the keys of another profile.
const OWN: [&str; 4] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "include_profile",
];

impl FoundProfile {
    /// The profile's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A value, as the SDK parses it; an empty one counts as not set. What the profile lacks may stand in one that
    /// it includes.
    pub fn get(&self, key: &str) -> Option<&str> {
        let included = || match OWN.contains(&key) {
            true => None,
            false => self.included.iter().find_map(|profile| profile.own(key)),
        };
        self.own(key).or_else(included)
    }

    /// The same without what it includes.
    pub fn own(&self, key: &str) -> Option<&str> {
        let value = self.set.get_profile(&self.name)?.get(key)?;
        (!value.is_empty()).then_some(value)
    }

    /// Takes in what this profile includes.
    pub fn include(&mut self, profile: FoundProfile) {
        self.included.push(profile);
    }

    /// The keys that it sets itself, with the line of each.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &Location)> {
        self.lines
            .iter()
            .map(|line| (line.key.as_str(), &line.location))
    }

    /// The profile's key in the key store, where it has one there.
    pub fn kept_key(&self) -> Option<&KeptKey> {
        self.index.key_of(&self.name)
    }

    /// The profile's first line.
    pub fn header(&self) -> Option<Location> {
        self.lines.first().map(|line| line.location.clone())
    }

    /// The line that sets the value; the profile's first line where none does.
    pub fn location(&self, key: &str) -> Option<Location> {
        if self.own(key).is_none()
            && let Some(profile) = self
                .included
                .iter()
                .find(|profile| profile.own(key).is_some())
        {
            return profile.location(key);
        }
        let line = self.line(key).or(self.lines.first());
        line.map(|line| line.location.clone())
    }

    /// The line that continues the value, where one does.
    pub fn continued(&self, key: &str) -> Option<Location> {
        // Hardly any value is continued, and a warm run asks for four keys: so this is looked for first.
        self.lines.iter().find(|line| line.continued.is_some())?;
        self.line(key)?.continued.clone()
    }

    fn line(&self, key: &str) -> Option<&Line> {
        let mut last_first = self.lines.iter().rev();
        last_first.find(|line| line.key.eq_ignore_ascii_case(key))
    }
}

/// A `[sso-session NAME]`.
pub struct SsoSession {
    pub(super) set: ProfileSet,
    pub(super) name: String,
    /// Its header.
    pub location: Location,
}

impl SsoSession {
    /// A value, as the SDK parses it; an empty one counts as not set.
    pub fn get(&self, key: &str) -> Option<&str> {
        let value = self.set.sso_session(&self.name)?.get(key)?;
        (!value.is_empty()).then_some(value)
    }
}
