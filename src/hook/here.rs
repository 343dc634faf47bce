//! What a shell holds when it asks, as the policy sees it: no secret, nothing that has to be looked up.
//! Pure.

use crate::environment::Environment;
use crate::environment::session_here::{DIRENV, SessionHere};
use crate::store::pins::Pin;

/// What is in the shell now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    /// `AWS_PROFILE`, empty where it is not set.
    pub profile: String,
    /// `AWS_DEFAULT_PROFILE`, empty where it is not set.
    pub default_profile: String,
    /// `AWS_REGION`, empty where it is not set or ours.
    pub region: String,
    /// `AWS_DEFAULT_REGION`, empty where it is not set or ours.
    pub default_region: String,
    /// `DIRENV_DIR`, empty where it is not set.
    pub direnv: String,
    /// Whose keys are there.
    pub keys: Keys,
    /// Whether they are a session, whoever put it there.
    pub is_session: bool,
    /// The pin of this directory.
    pub place: Place,
}

/// Whose keys a shell holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Keys {
    /// Nobody's.
    #[default]
    None,
    /// Another tool's, or the user's own.
    Others,
    /// A session of awsmfa.
    Ours(Ours),
}

/// A session of awsmfa in the shell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ours {
    /// `AWSMFA_SESSION` as it is: `<access key id>:<entry>`, and behind a colon who brought it: `direnv`, or,
    /// where the hook brought it for a profile variable or a pin, the session to come back to (`<access key
    /// id>:<entry>` again, or nothing).
    pub text: String,
    /// `AWSMFA_PROFILE`.
    pub profile: String,
    /// `AWSMFA_EXPIRES`, where it is a plain number.
    pub end: Option<i64>,
}

/// Where the shell is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nobody knows: the directory is gone.
    Unknown,
    /// Under this pin, or under none.
    Under(Option<Pin>),
}

impl Default for Place {
    fn default() -> Self {
        Self::Under(None)
    }
}

impl Here {
    /// What the environment holds, in a place that was looked up.
    pub fn of(env: &Environment, place: Place) -> Self {
        let session_here = SessionHere(env);
        let text = |name: &str| env.var(name).unwrap_or_default().to_owned();
        let region = |name: &str| match session_here.region_is_ours(name) {
            true => String::new(),
            false => text(name),
        };
        let keys = match session_here.our_entry() {
            Some(_) => Keys::Ours(Ours {
                text: text("AWSMFA_SESSION"),
                profile: text("AWSMFA_PROFILE"),
                end: session_here.our_expiry().map(|end| end.0),
            }),
            None if env.var("AWS_ACCESS_KEY_ID").is_some() || session_here.has_session() => {
                Keys::Others
            }
            None => Keys::None,
        };
        Self {
            profile: text("AWS_PROFILE"),
            default_profile: text("AWS_DEFAULT_PROFILE"),
            region: region("AWS_REGION"),
            default_region: region("AWS_DEFAULT_REGION"),
            direnv: text("DIRENV_DIR"),
            keys,
            is_session: session_here.has_session(),
            place,
        }
    }

    /// The profile variable that counts, empty where none is set.
    pub fn variable(&self) -> &str {
        first(&self.profile, &self.default_profile)
    }

    /// The session of awsmfa here.
    pub fn ours(&self) -> Option<&Ours> {
        match &self.keys {
            Keys::Ours(ours) => Some(ours),
            Keys::None | Keys::Others => None,
        }
    }

    /// What to come back to, where a profile variable or a pin has put another session in its place, or none at all
    /// (then the hook's memory has it aside); empty for nothing.
    pub fn base<'a>(&'a self, aside: Option<&'a str>) -> Option<&'a str> {
        match &self.keys {
            Keys::Ours(ours) => ours.base(),
            Keys::None => aside,
            Keys::Others => None,
        }
    }

    /// `AWSMFA_SESSION` while it is true, else empty.
    pub fn session(&self) -> &str {
        self.ours().map_or("", |ours| &ours.text)
    }
}

impl Ours {
    /// The name of its store entry.
    pub fn entry(&self) -> &str {
        entry_of(&self.text)
    }

    /// The session to come back to, where the hook brought this one; empty for none.
    pub fn base(&self) -> Option<&str> {
        self.behind().filter(|behind| *behind != DIRENV)
    }

    /// Whether `.envrc` brought it.
    pub fn is_direnvs(&self) -> bool {
        is_direnvs(&self.text)
    }

    fn behind(&self) -> Option<&str> {
        self.text.splitn(3, ':').nth(2)
    }
}

/// Whether the text of a session says that `.envrc` brought it.
pub fn is_direnvs(text: &str) -> bool {
    text.splitn(3, ':').nth(2) == Some(DIRENV)
}

/// The entry in the text of a session.
pub fn entry_of(text: &str) -> &str {
    text.split(':').nth(1).unwrap_or_default()
}

/// What stands behind the entry in the text of a session, with its colon.
pub fn behind(text: &str) -> &str {
    let colon = text.match_indices(':').nth(1).map(|(at, _)| at);
    colon.and_then(|at| text.get(at..)).unwrap_or_default()
}

/// `AWS_PROFILE` counts before `AWS_DEFAULT_PROFILE`, and an empty one is none.
pub fn first<'a>(profile: &'a str, default_profile: &'a str) -> &'a str {
    match profile {
        "" => default_profile,
        profile => profile,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(text: &str) -> Ours {
        Ours {
            text: text.into(),
            ..Ours::default()
        }
    }

    #[test]
    fn a_session_says_who_brought_it() {
        let of_user = ours("ASIA1:e1");
        assert_eq!((of_user.entry(), of_user.base()), ("e1", None));
        let brought = ours("ASIA1:e1:ASIA0:e0:direnv");
        assert_eq!(brought.base(), Some("ASIA0:e0:direnv"));
        assert_eq!(ours("ASIA1:e1:").base(), Some(""));
        let of_direnv = ours("ASIA1:e1:direnv");
        assert_eq!((of_direnv.is_direnvs(), of_direnv.base()), (true, None));
        assert_eq!(behind("ASIA1:e1:ASIA0:e0"), ":ASIA0:e0");
        assert_eq!(behind("ASIA1:e1"), "");
    }

    #[test]
    fn what_is_ours_is_told_from_what_is_not() {
        let mine = [
            ("AWS_ACCESS_KEY_ID", "ASIA1"),
            ("AWSMFA_SESSION", "ASIA1:e1"),
            ("AWSMFA_REGION", "x"),
            ("AWS_REGION", "x"),
            ("AWS_DEFAULT_REGION", "y"),
        ];
        let here = Here::of(&Environment::of(&mine), Place::default());
        assert_eq!(here.session(), "ASIA1:e1");
        assert_eq!((&*here.region, &*here.default_region), ("", "y"));
        let theirs = [("AWS_ACCESS_KEY_ID", "AKIA1"), mine[1]];
        let here = Here::of(&Environment::of(&theirs), Place::default());
        assert_eq!(here.keys, Keys::Others);
        assert_eq!(here.session(), "");
    }
}
