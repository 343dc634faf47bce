//! `awsmfa hook SHELL`: the snippet for a shell's start-up file. The snippets are files of `shell/`,
//! each with one hole, the path of this program.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::cli::Hook;
use crate::error::{Error, Result};
use crate::output::stdout;
use crate::shell::{elvish, fish, nushell, posix, powershell, tcsh, xonsh};

/// The hole as it stands in the files: a quoted word that lints and runs as it lies.
const HOLE: &str = "'@AWSMFA@'";
/// The same in the batch file, where `'` is no quote.
const HOLE_IN_CMD: &str = "@AWSMFA@";

/// Runs the command.
pub fn run(hook: Hook) -> Result<()> {
    let path = own_path();
    let snippet = path.to_str().and_then(|text| snippet(hook, text));
    stdout::write(&snippet.ok_or(Error::PathUnsayable { path })?)
}

/// The text for a shell, with the path that this program was found by; `None` where it cannot be said there.
pub fn text(hook: Hook) -> Option<String> {
    snippet(hook, own_path().to_str()?)
}

/// `None` where the path cannot be said in that shell.
fn snippet(hook: Hook, path: &str) -> Option<String> {
    Some(match hook {
        Hook::Bash => include_str!("../../shell/awsmfa.bash").replace(HOLE, &posix::quote(path)),
        Hook::Zsh => include_str!("../../shell/awsmfa.zsh").replace(HOLE, &posix::quote(path)),
        Hook::Direnv => {
            include_str!("../../shell/awsmfa.direnv.sh").replace(HOLE, &posix::quote(path))
        }
        Hook::Fish => include_str!("../../shell/awsmfa.fish").replace(HOLE, &fish::quote(path)),
        Hook::Elvish => include_str!("../../shell/awsmfa.elv").replace(HOLE, &elvish::quote(path)),
        Hook::Tcsh => include_str!("../../shell/awsmfa.tcsh").replace(HOLE, &tcsh::quote(path)?),
        Hook::Xonsh => include_str!("../../shell/awsmfa.xsh").replace(HOLE, &xonsh::quote(path)),
        // nushell writes a control character otherwise than JSON does.
        Hook::Nushell if path.contains(|c: char| c.is_ascii_control()) => return None,
        Hook::Nushell => include_str!("../../shell/awsmfa.nu").replace(HOLE, &nushell::quote(path)),
        Hook::PowerShell => on_one_line(
            &include_str!("../../shell/awsmfa.ps1").replace(HOLE, &powershell::quote(path)),
        ),
        Hook::Cmd => include_str!("../../shell/awsmfa.cmd")
            .replace(HOLE_IN_CMD, &for_cmd(path))
            .replace("\r\n", "\n")
            .replace('\n', "\r\n"),
    })
}

/// `Invoke-Expression (awsmfa hook powershell)` fails on more than one line, and a console decodes our
/// bytes by its code page: so each line becomes a word of ASCII.
fn on_one_line(script: &str) -> String {
    let lines: Vec<_> = script.lines().map(powershell::quote).collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
    format!(
        "Invoke-Expression (({}) -join [string][char]10)\n",
        lines.join(", ")
    )
}

/// A batch file writes `%` twice and is read by the console's code page: a path beyond ASCII is left
/// to `PATH`.
fn for_cmd(path: &str) -> String {
    if path.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'"') {
        path.replace('%', "%%")
    } else {
        "awsmfa".to_owned()
    }
}

/// Where this program was found: its links are not resolved, since an upgrade replaces what they lead
/// to (Homebrew, Nix and Scoop put a version into that path).
fn own_path() -> PathBuf {
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

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_snippet_has_one_hole_and_nothing_else_to_fill() {
        for hook in Hook::value_variants() {
            let marked = snippet(*hook, "/the/path").unwrap();
            assert_eq!(marked.matches("/the/path").count(), 1, "{hook:?}");
            assert!(!marked.contains(HOLE_IN_CMD), "{hook:?}");
        }
    }

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

    #[test]
    fn powershell_gets_one_line_of_ascii() {
        let text = snippet(Hook::PowerShell, "C:\\Users\\\u{5c71}\u{7530}\\awsmfa.exe").unwrap();
        assert_eq!(text.lines().count(), 1);
        assert!(text.is_ascii());
    }

    #[test]
    fn cmd_finds_a_path_that_it_cannot_read_by_its_name() {
        assert_eq!(
            for_cmd(r"C:\100%\a b\awsmfa.exe"),
            r"C:\100%%\a b\awsmfa.exe"
        );
        assert_eq!(for_cmd("C:\\\u{5c71}\\awsmfa.exe"), "awsmfa");
    }
}
