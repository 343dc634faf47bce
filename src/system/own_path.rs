//! Where this program is, for what will start it later.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Where this program was found: its links are not resolved, since an upgrade replaces what they lead
/// to (Homebrew, Nix and Scoop put a version into that path).
pub fn find() -> PathBuf {
    let name = env::args_os().next().unwrap_or_default();
    found_as(&name, env::var_os("PATH").as_deref())
        .and_then(|path| std::path::absolute(path).ok())
        .or_else(|| env::current_exe().ok())
        .unwrap_or_else(|| PathBuf::from(name))
}

fn found_as(name: &OsStr, path_variable: Option<&OsStr>) -> Option<PathBuf> {
    let name = Path::new(name);
    if name.components().count() > 1 {
        return Some(name.to_owned());
    }
    let mut file = name.to_owned();
    if cfg!(windows) && file.extension().is_none() {
        file.set_extension("exe");
    }
    env::split_paths(path_variable?)
        .map(|folder| folder.join(&file))
        .find(|path| is_program(path))
}

/// Whether a shell would start this file.
#[cfg(unix)]
pub fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// Whether a shell would start this file.
#[cfg(not(unix))]
pub fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_as_the_shell_found_it() {
        let folders = env::join_paths(["/nowhere", "/bin", "/usr/bin"]).unwrap();
        if cfg!(unix) {
            let found = found_as(OsStr::new("sh"), Some(&folders));
            assert_eq!(found, Some(PathBuf::from("/bin/sh")));
        }
        assert_eq!(
            found_as(OsStr::new("no-such-program"), Some(&folders)),
            None
        );
        let typed = Path::new("target").join("awsmfa");
        assert_eq!(found_as(typed.as_os_str(), None), Some(typed));
    }
}
