//! Where home is: the one place that answers this. A variable names it, else the system's own list of users; a
//! relative path would be a folder of the current directory, which may be a repository.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::Environment;
use crate::error::{Error, Result};

/// What names the home directory, as the AWS SDKs look for it.
pub(super) fn named<'e>(
    set: &'e BTreeMap<&'static str, OsString>,
) -> Option<(&'static str, &'e OsStr)> {
    let variables: &[&'static str] = if cfg!(windows) {
        &["HOME", "USERPROFILE"]
    } else {
        &["HOME"]
    };
    let mut set = variables.iter().map(|name| (*name, set.get(name)));
    set.find_map(|(name, value)| Some((name, value?.as_os_str())))
}

/// The home directory in the system's list of users (`/etc/passwd`, a directory service).
pub(super) fn of_system() -> Option<OsString> {
    let home = std::env::home_dir()?.into_os_string();
    (!home.is_empty()).then_some(home)
}

impl Environment {
    /// The home directory, an absolute path.
    pub fn home(&self) -> Result<PathBuf> {
        if let Some((variable, home)) = named(&self.set) {
            return match is_absolute(Path::new(home)) {
                true => Ok(home.into()),
                false => Err(Error::HomeRelative {
                    variable,
                    home: home.into(),
                }),
            };
        }
        let home = self.home_of_system.as_ref().map(PathBuf::from);
        home.filter(|home| is_absolute(home)).ok_or(Error::NoHome)
    }

    /// A leading `~` as the AWS SDKs expand it.
    pub fn expand_home(&self, path: &OsStr) -> Result<PathBuf> {
        let path = Path::new(path);
        match path.strip_prefix("~") {
            Ok(rest) => Ok(self.home()?.join(rest)),
            Err(_) => Ok(path.to_owned()),
        }
    }
}

/// On Windows a path without a drive is good enough: `HOME=/Users/alice`.
fn is_absolute(path: &Path) -> bool {
    path.is_absolute() || (cfg!(windows) && path.has_root())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(variables: &[(&'static str, &str)], of_system: Option<&str>) -> String {
        let mut env = Environment::of(variables);
        env.home_of_system = of_system.map(Into::into);
        match env.home() {
            Ok(home) => home.to_string_lossy().into_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn it_is_what_the_variable_says_else_what_the_system_says() {
        assert_eq!(home(&[("HOME", "/h")], None), "/h");
        assert_eq!(home(&[("HOME", "/h")], Some("/s")), "/h");
        assert_eq!(home(&[], Some("/s")), "/s");
        let none = "the home directory is not known: HOME is not set, and the system has none for this user";
        assert_eq!(home(&[], None), none);
        assert_eq!(home(&[], Some("s")), none);
        for relative in ["h", ".", "~", "~/x", "../h"] {
            let told = format!("HOME is {relative:?}, which is not an absolute path");
            assert_eq!(home(&[("HOME", relative)], Some("/s")), told);
        }
    }
}
