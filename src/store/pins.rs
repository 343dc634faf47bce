//! Pins: which directory means which profile. Kept beside the sessions, for this user alone; nothing of a
//! repository is read or trusted.

use std::path::{Path, PathBuf};

use super::directory::Directory;
use super::flight::{Flight, Wait};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::text::word::{unword, word};

const FILE: &str = "pins";

/// A directory that means a profile, with all below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The directory's physical path.
    pub directory: String,
    /// The profile's name.
    pub profile: String,
}

/// Every pin of this user.
#[derive(Debug, Default)]
pub struct Pins(Vec<Pin>);

impl Pins {
    /// Reads them; a folder or a file that is not ours alone holds none.
    pub fn read(env: &Environment) -> Self {
        Directory::find(env).map_or_else(|_| Self::default(), |folder| Self::read_from(&folder))
    }

    pub(super) fn read_from(directory: &Directory) -> Self {
        let bytes = directory.read(FILE).unwrap_or_default();
        let text = String::from_utf8(bytes).unwrap_or_default();
        Self(text.lines().filter_map(pin).collect())
    }

    /// Whether there is none, for any directory.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Pin> {
        self.0.iter()
    }

    /// The pin of this directory: its own, or the nearest above.
    pub fn of(&self, directory: &Path) -> Option<&Pin> {
        directory
            .ancestors()
            .find_map(|above| self.0.iter().find(|pin| Path::new(&pin.directory) == above))
    }

    /// Changes the pin of one directory, `None` for none, and gives what it was. Two processes at once
    /// change one after the other.
    pub fn change(
        env: &Environment,
        directory: &str,
        profile: Option<&str>,
    ) -> Result<Option<Pin>> {
        let unwritable = |reason: String| Error::PinsUnwritable { reason };
        let folder = Directory::find(env).map_err(|refusal| unwritable(refusal.to_string()))?;
        folder
            .create()
            .map_err(|refusal| unwritable(refusal.to_string()))?;
        let _lock = Flight::begin(&folder, FILE, "any", Wait::Patiently, || None::<()>);
        let mut pins = Self::read_from(&folder).0;
        let at = pins.iter().position(|pin| pin.directory == directory);
        let former = at.map(|at| pins.remove(at));
        pins.extend(profile.map(|profile| Pin {
            directory: directory.to_owned(),
            profile: profile.to_owned(),
        }));
        pins.sort_by(|a, b| a.directory.cmp(&b.directory));
        let text: String = pins.iter().map(line).collect();
        if pins.is_empty() {
            folder.remove(FILE); // then a prompt has nothing to look at
        } else if text.len() > LARGEST {
            return Err(unwritable("there are too many".to_owned()));
        } else {
            folder
                .write(FILE, text.as_bytes())
                .map_err(|error| unwritable(error.to_string()))?;
        }
        Ok(former)
    }
}

/// What a folder of ours reads.
const LARGEST: usize = 60_000;

/// `PROFILE DIRECTORY`, each as one plain word.
fn line(pin: &Pin) -> String {
    format!("{} {}\n", word(&pin.profile), word(&pin.directory))
}

fn pin(line: &str) -> Option<Pin> {
    let (profile, directory) = line.split_once(' ')?;
    Some(Pin {
        directory: unword(directory)?,
        profile: unword(profile)?,
    })
}

/// The physical path of the directory that this process is in; `None` where it is gone or not UTF-8.
pub fn here() -> Option<String> {
    let path = std::env::current_dir().ok()?;
    // Unix gives the physical path; Windows what was typed.
    let path = if cfg!(windows) {
        path.canonicalize().ok()?
    } else {
        path
    };
    path.into_os_string().into_string().ok()
}

/// The physical path of a directory that may be gone: then what was typed, made absolute.
pub fn physical(directory: &Path) -> Option<String> {
    let path: PathBuf = directory
        .canonicalize()
        .or_else(|_| std::path::absolute(directory))
        .ok()?;
    path.into_os_string().into_string().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pins(list: &[(&str, &str)]) -> Pins {
        let pin = |(directory, profile): &(&str, &str)| Pin {
            directory: (*directory).to_owned(),
            profile: (*profile).to_owned(),
        };
        Pins(list.iter().map(pin).collect())
    }

    #[test]
    fn the_nearest_pin_above_counts() {
        let pins = pins(&[("/w", "out"), ("/w/a", "in"), ("/w/ab", "other")]);
        let of = |path: &str| pins.of(Path::new(path)).map(|pin| &*pin.profile);
        assert_eq!(of("/w"), Some("out"));
        assert_eq!(of("/w/a/deep/er"), Some("in"));
        assert_eq!(of("/w/abc"), Some("out"));
        assert_eq!(of("/v"), None);
    }

    #[test]
    fn a_line_is_read_back_whatever_is_in_a_path() {
        let odd = Pin {
            directory: "/a b\n'$(x)山".into(),
            profile: "x/y z".into(),
        };
        assert_eq!(pin(line(&odd).trim_end()), Some(odd));
        assert_eq!(pin("no"), None);
        assert_eq!(pin("a _zz"), None);
    }
}
