//! What a shell remembers for the program from one asking to the next. To the shell it is one opaque word;
//! nothing of it is secret. Pure.

use crate::store::pins::Pin;
use crate::text::word::{unword, word};

/// The first field. A memory with another one is from another version: the shell counts as a new one.
const VERSION: &str = "1";

/// What the program knew when it last answered this shell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// `AWS_PROFILE`, empty where it was not set.
    pub profile: String,
    /// `AWS_DEFAULT_PROFILE`, empty where it was not set.
    pub default_profile: String,
    /// `AWSMFA_SESSION`, empty where it was not set.
    pub session: String,
    /// The session to come back to while a profile variable or a pin is in effect whose session could not
    /// be had: the shell holds none meanwhile, so `AWSMFA_SESSION` cannot say it. Empty for none.
    pub aside: Option<String>,
    /// What the first session took away from the user.
    pub taken: Option<Taken>,
    /// The session of which the user was told that it cannot be renewed.
    pub said: String,
    /// Not to be renewed before this second.
    pub retry: i64,
    /// AWS did not answer: it is not asked again before this second.
    pub unreachable: i64,
    /// The pin in effect.
    pub pin: Option<Pin>,
    /// `use`, `off` or `env` was typed under that pin: it waits until it is left and entered again.
    pub stands: bool,
    /// The entry and the profile of the session before this one, for `use -`.
    pub before: Option<(String, String)>,
}

/// Variables of the user's that a session took away: `off` and the session's end give them back. What
/// direnv put there is direnv's to give, so it comes back only in the same directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// `DIRENV_DIR`, when they were taken.
    pub direnv: String,
    /// `AWS_PROFILE`.
    pub profile: String,
    /// `AWS_DEFAULT_PROFILE`.
    pub default_profile: String,
    /// `AWS_REGION`.
    pub region: String,
    /// `AWS_DEFAULT_REGION`.
    pub default_region: String,
}

impl Memory {
    /// One word of letters, digits and `.:_-`, which no shell reads as anything else.
    pub fn encode(&self) -> String {
        let taken = self.taken.as_ref();
        let of_taken =
            |field: fn(&Taken) -> &String| taken.map_or_else(String::new, |t| word(field(t)));
        let pin = self.pin.as_ref();
        let before = self.before.as_ref();
        [
            VERSION.to_owned(),
            word(&self.profile),
            word(&self.default_profile),
            word(&self.session),
            optional(self.aside.as_deref()),
            optional(taken.map(|taken| &*taken.direnv)),
            of_taken(|taken| &taken.profile),
            of_taken(|taken| &taken.default_profile),
            of_taken(|taken| &taken.region),
            of_taken(|taken| &taken.default_region),
            word(&self.said),
            self.retry.to_string(),
            self.unreachable.to_string(),
            optional(pin.map(|pin| &*pin.directory)),
            pin.map_or_else(String::new, |pin| word(&pin.profile)),
            u8::from(self.stands).to_string(),
            optional(before.map(|(entry, _)| &**entry)),
            before.map_or_else(String::new, |(_, profile)| word(profile)),
        ]
        .join(".")
    }

    /// Reads it back; `None` for a new shell's `0` and for anything that [`encode`](Self::encode) did not
    /// make: such a shell is taken for a new one.
    pub fn decode(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split('.').collect();
        let [
            VERSION,
            profile,
            default_profile,
            session,
            aside,
            direnv,
            taken_profile,
            taken_default_profile,
            region,
            default_region,
            said,
            retry,
            unreachable,
            directory,
            pinned,
            stands,
            before,
            before_profile,
        ] = fields[..]
        else {
            return None;
        };
        let taken = match option(direnv)? {
            Some(direnv) => Some(Taken {
                direnv,
                profile: unword(taken_profile)?,
                default_profile: unword(taken_default_profile)?,
                region: unword(region)?,
                default_region: unword(default_region)?,
            }),
            None => None,
        };
        let pin = match option(directory)? {
            Some(directory) => Some(Pin {
                directory,
                profile: unword(pinned)?,
            }),
            None => None,
        };
        let before = match option(before)? {
            Some(entry) => Some((entry, unword(before_profile)?)),
            None => None,
        };
        Some(Self {
            profile: unword(profile)?,
            default_profile: unword(default_profile)?,
            session: unword(session)?,
            aside: option(aside)?,
            taken,
            said: unword(said)?,
            retry: retry.parse().ok()?,
            unreachable: unreachable.parse().ok()?,
            pin,
            stands: stands == "1",
            before,
        })
    }
}

/// A value that may be absent: nothing, or a hyphen and the word.
fn optional(value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| format!("-{}", word(value)))
}

fn option(field: &str) -> Option<Option<String>> {
    match field.strip_prefix('-') {
        Some(value) => unword(value).map(Some),
        None => field.is_empty().then_some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Memory {
        Memory {
            profile: "it's a 山.田_x%".into(),
            default_profile: "b".into(),
            session: "ASIA1:e1:ASIA0:e0".into(),
            aside: Some(String::new()),
            taken: Some(Taken {
                direnv: "-/home/a b".into(),
                profile: "p".into(),
                region: "eu-west-1".into(),
                ..Taken::default()
            }),
            said: "ASIA1:e1".into(),
            retry: 1_795_000_000,
            unreachable: 0,
            pin: Some(Pin {
                directory: "/home/a b/-x.y".into(),
                profile: "dev".into(),
            }),
            stands: true,
            before: Some(("e0".into(), "prod".into())),
        }
    }

    #[test]
    fn what_is_encoded_is_read_back() {
        for memory in [Memory::default(), full()] {
            assert_eq!(Memory::decode(&memory.encode()), Some(memory));
        }
    }

    #[test]
    fn it_is_one_word_that_no_shell_reads_otherwise() {
        let word = full().encode();
        let is_safe = |b: u8| b.is_ascii_alphanumeric() || b".:_-".contains(&b);
        assert!(word.bytes().all(is_safe), "{word}");
        assert!(word.starts_with("1."));
    }

    #[test]
    fn anything_else_is_a_new_shell() {
        let word = full().encode();
        for at in 0..word.len() {
            let _ = Memory::decode(&word[..at]); // cut anywhere, it must not panic
        }
        for wrong in [
            "",
            "0",
            "1",
            "2.....",
            "1.................x",
            &format!("{word}."),
        ] {
            assert_eq!(Memory::decode(wrong), None, "{wrong}");
        }
    }
}
