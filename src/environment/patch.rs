//! A change of the shell's environment as ordered data. Pure: same input, same bytes once rendered.

use crate::environment::marks;
use crate::environment::session_here::{DIRENV, SessionHere};
use crate::model::region::Region;
use crate::model::session::{Secret, Session, Timestamp};

/// The variables that carry a session, secrets first: a shell that stops at the first read-only
/// name (zsh does) has then dropped what matters most.
const SESSION: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    // botocore reads it before AWS_SESSION_TOKEN: a stale one silently defeats fresh keys.
    "AWS_SECURITY_TOKEN",
    // botocore refuses good keys beside a stale one.
    "AWS_CREDENTIAL_EXPIRATION",
];
/// What we add to say whose session it is.
const OURS: &[&str] = &[
    "AWSMFA_PROFILE",
    "AWSMFA_EXPIRES",
    "AWSMFA_SESSION",
    "AWSMFA_REGION",
];
/// The JavaScript SDK skips the keys in the environment beside one of these.
const PROFILE: &[&str] = &["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
const REGION: &[&str] = &["AWS_REGION", "AWS_DEFAULT_REGION"];
const LONG_TERM: &[&str] = &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// For the container credential provider of every SDK: where it asks, and the token that lets it in.
const SERVER: [&str; 2] = [
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
];
/// What an SDK would use before that server.
const BEFORE_A_SERVER: [&str; 5] = [
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];
/// Where a program finds an empty file.
pub const NULL_DEVICE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// An AWS file that a command is not to read.
pub struct HiddenFile {
    /// The variable by which SDKs find it.
    pub variable: &'static str,
    /// The variable by which awsmfa finds it all the same.
    pub ours: &'static str,
    /// Where it is.
    pub path: String,
}

/// Names to unset, then names to set, in this order. A name that is set is also unset first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvPatch {
    /// Variables to remove.
    pub unset: Vec<&'static str>,
    /// Variables to set and export.
    pub set: Vec<(&'static str, Secret)>,
}

/// What `env` shall put into the shell beside the keys.
#[derive(Clone, Debug)]
pub struct Placement<'a> {
    /// The profile the session belongs to.
    pub profile: &'a str,
    /// The name of its store entry.
    pub entry: &'a str,
    /// The region that the profile or its source names.
    pub region: Option<&'a Region>,
    /// Leave `AWS_PROFILE` and `AWS_DEFAULT_PROFILE` alone.
    pub keep_profile: bool,
    /// The variable by which prompts show the profile.
    pub prompt_variable: Option<&'static str>,
}

impl EnvPatch {
    /// Puts a session into the shell, in place of whatever is there.
    pub fn put(session: &Session, place: &Placement, session_here: &SessionHere) -> Self {
        let keys = &session.credentials;
        let mut set = vec![
            ("AWS_ACCESS_KEY_ID", Secret::new(&*keys.access_key_id)),
            ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.clone()),
            ("AWS_SESSION_TOKEN", Secret::new(session.token())),
            ("AWSMFA_PROFILE", Secret::new(place.profile)),
            (
                "AWSMFA_EXPIRES",
                Secret::new(session.expiration.0.to_string()),
            ),
            (
                "AWSMFA_SESSION",
                Secret::new(format!("{}:{}", keys.access_key_id, place.entry)),
            ),
        ];
        // botocore refuses good keys beside an end that is not theirs: better none.
        if session.expiration.is_known() {
            let end = Secret::new(session.expiration.rfc3339());
            set.insert(3, ("AWS_CREDENTIAL_EXPIRATION", end));
        }
        // A user who has a region of their own keeps it; most SDKs read AWS_REGION, boto3 and the
        // CLI v1 only AWS_DEFAULT_REGION.
        if let Some(region) = place
            .region
            .filter(|_| session_here.users_region().is_none())
        {
            for name in ["AWS_REGION", "AWS_DEFAULT_REGION", "AWSMFA_REGION"] {
                set.push((name, Secret::new(region.as_str())));
            }
        }
        if let Some(name) = place.prompt_variable {
            set.push((name, Secret::new(place.profile)));
        }
        let mut patch = Self {
            unset: managed(place.keep_profile, session_here),
            set: Vec::new(),
        };
        let names = set.iter().map(|(name, _)| *name);
        patch.unset_too(names.filter(|name| REGION.contains(name) || marks::is_for_prompts(name)));
        patch.set = set;
        patch
    }

    /// In place of keys, names a server that every SDK asks for them again and again. What an SDK would use before
    /// that server is removed.
    pub fn point_to_server(&mut self, url: &str, token: &Secret) {
        let is_of_a_session = |name: &str| {
            SESSION.contains(&name) || ["AWSMFA_EXPIRES", "AWSMFA_SESSION"].contains(&name)
        };
        self.set.retain(|(name, _)| !is_of_a_session(name));
        self.unset_too(BEFORE_A_SERVER);
        self.set.push((SERVER[0], Secret::new(url)));
        self.set.push((SERVER[1], token.clone()));
    }

    /// Points SDKs away from AWS files whose `[default]` gives keys, which they would take before a server's, and
    /// tells awsmfa itself where the files are.
    pub fn hide(&mut self, files: Vec<HiddenFile>) {
        for file in files {
            self.set.push((file.variable, Secret::new(NULL_DEVICE)));
            self.set.push((file.ours, Secret::new(file.path)));
        }
    }

    /// Takes every managed variable away, as `env --unset` and a failure inside `.envrc` do.
    pub fn clear(keep_profile: bool, session_here: &SessionHere) -> Self {
        Self {
            unset: managed(keep_profile, session_here),
            set: Vec::new(),
        }
    }

    /// Takes our session away and nothing else.
    pub fn drop(session_here: &SessionHere) -> Self {
        let names = SESSION.iter().filter(|name| **name != "AWS_SECURITY_TOKEN");
        let regions = REGION
            .iter()
            .filter(|name| session_here.region_is_ours(name));
        Self {
            unset: names
                .chain(OURS)
                .chain(regions)
                .copied()
                .chain(marks::ours(session_here))
                .collect(),
            set: Vec::new(),
        }
    }

    /// Sets one more variable.
    pub fn add(&mut self, name: &'static str, value: Secret) {
        self.unset_too([name]);
        self.set.push((name, value));
    }

    /// Has `AWSMFA_SESSION` say that `.envrc` brought the session: it outranks the directory's pin.
    pub fn mark_as_direnvs(&mut self) {
        if let Some((_, text)) = self
            .set
            .iter_mut()
            .find(|(set, _)| *set == "AWSMFA_SESSION")
        {
            *text = Secret::new(format!("{}:{DIRENV}", text.expose()));
        }
    }

    /// Leaves out the variables for prompts: no prompt will show them.
    pub fn without_marks(mut self) -> Self {
        self.set.retain(|(name, _)| !marks::is_for_prompts(name));
        self
    }

    /// Gives a variable that it sets another value.
    pub fn replace(&mut self, name: &str, value: Secret) {
        if let Some((_, old)) = self.set.iter_mut().find(|(set, _)| *set == name) {
            *old = value;
        }
    }

    /// What a failure takes away: every session, whoever put it there, but for a still good one of
    /// ours for the same request (`entry`), long-term keys, which may be the user's only copy, and the
    /// user's own region and profile: the next try must not go to another account. `AWSMFA_PROFILE` is
    /// all that is left of a profile variable that a session took away, so it stays as well.
    pub fn fail(entry: Option<&str>, now: Timestamp, session_here: &SessionHere) -> Self {
        let same_request = entry.is_some() && session_here.our_entry() == entry;
        if same_request && session_here.our_expiry().is_some_and(|end| end > now) {
            return Self::default();
        }
        let mut patch = Self::clear(true, session_here);
        patch.unset.retain(|name| *name != "AWSMFA_PROFILE");
        if !session_here.has_session() {
            patch.unset.retain(|name| !LONG_TERM.contains(name));
        }
        patch
    }

    /// Each name once.
    fn unset_too(&mut self, names: impl IntoIterator<Item = &'static str>) {
        for name in names {
            if !self.unset.contains(&name) {
                self.unset.push(name);
            }
        }
    }
}

/// Everything that may be ours in this shell, in a fixed order.
fn managed(keep_profile: bool, session_here: &SessionHere) -> Vec<&'static str> {
    let regions = REGION
        .iter()
        .filter(|name| session_here.region_is_ours(name));
    let profile: &[&str] = if keep_profile { &[] } else { PROFILE };
    SESSION
        .iter()
        .chain(OURS)
        .chain(regions)
        .chain(profile)
        .copied()
        .chain(marks::here(session_here))
        .collect()
}

#[cfg(test)]
#[path = "patch_tests.rs"]
mod tests;
