//! Our variables that take one of a set of words. Case and blanks around a word do not matter, and another word is an
//! error that lists them: `AWSMFA_STORE=Off` once stored sessions, in silence. Pure.

use std::ffi::OsStr;

use crate::environment::Environment;
use crate::error::{Error, Result};

/// One of them, with what each word means.
pub struct Words<T: 'static> {
    variable: &'static str,
    words: &'static [(&'static str, T)],
    /// What it means where it is not set.
    unset: T,
}

const SWITCH: &[(&str, bool)] = &[
    ("1", true),
    ("true", true),
    ("yes", true),
    ("on", true),
    ("0", false),
    ("false", false),
    ("no", false),
    ("off", false),
];

/// How sessions are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreMode {
    /// With a key that lives in the operating system's key store.
    Encrypted,
    /// Plain 0600 files, as the AWS CLI keeps them.
    File,
    /// Nothing is written at all.
    Off,
}

/// `AWSMFA_STORE`.
pub const STORE: Words<StoreMode> = Words {
    variable: "AWSMFA_STORE",
    words: &[
        ("encrypted", StoreMode::Encrypted),
        ("file", StoreMode::File),
        ("off", StoreMode::Off),
    ],
    unset: StoreMode::Encrypted,
};

/// `AWSMFA_KEEP_PROFILE`: as `--keep-profile`.
pub const KEEP_PROFILE: Words<bool> = Words {
    variable: "AWSMFA_KEEP_PROFILE",
    words: SWITCH,
    unset: false,
};

/// Refuses a word that one of our variables does not know. Every command begins with it, so that what is read later
/// is one of the words.
pub fn check(env: &Environment) -> Result<()> {
    STORE.of(env)?;
    KEEP_PROFILE.of(env)?;
    Ok(())
}

impl<T: Copy> Words<T> {
    /// What the variable says.
    pub fn of(&self, env: &Environment) -> Result<T> {
        let Some(text) = env.path(self.variable) else {
            return Ok(self.unset);
        };
        let word = plain(text);
        if word.is_empty() {
            return Ok(self.unset);
        }
        let meant = self.words.iter().find(|(known, _)| *known == word);
        meant
            .map(|(_, meant)| *meant)
            .ok_or_else(|| Error::UnknownWord {
                variable: self.variable,
                text: text.to_string_lossy().into_owned(),
                words: self.words.iter().map(|(word, _)| *word).collect(),
            })
    }

    /// The same, after [`check`]; without that check, an unknown word counts as not set.
    pub fn checked(&self, env: &Environment) -> T {
        self.of(env).unwrap_or(self.unset)
    }
}

/// The word as it is compared. Bytes that are not text match no word.
pub fn plain(text: &OsStr) -> String {
    text.to_string_lossy().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_blanks_do_not_matter_and_another_word_is_an_error_that_lists_them() {
        let store = |text: &str| STORE.of(&Environment::of(&[("AWSMFA_STORE", text)]));
        for (text, mode) in [
            ("off", StoreMode::Off),
            ("OFF", StoreMode::Off),
            ("off ", StoreMode::Off),
            ("\tFile\r", StoreMode::File),
            ("Encrypted", StoreMode::Encrypted),
            ("  ", StoreMode::Encrypted),
        ] {
            assert_eq!(store(text).unwrap(), mode, "{text:?}");
        }
        for text in ["None", "0", "false", "plain", "off,file"] {
            let error = store(text).unwrap_err();
            assert!(error.to_string().contains(text));
            assert!(error.hint().unwrap().contains("encrypted, file or off"));
        }
    }

    #[test]
    fn a_switch_knows_every_usual_word() {
        let keep = |text: &str| KEEP_PROFILE.of(&Environment::of(&[("AWSMFA_KEEP_PROFILE", text)]));
        for (text, on) in [
            ("1", true),
            ("YES", true),
            (" on", true),
            ("0", false),
            ("No", false),
        ] {
            assert_eq!(keep(text).unwrap(), on, "{text:?}");
        }
        assert!(keep("2").is_err());
    }
}
