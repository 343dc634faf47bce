//! `awsmfa hook SHELL`: the snippet for a shell's start-up file. The snippets are files of `shell/`,
//! each with one hole, the path of this program.

use crate::cli::Hook;
use crate::error::{Error, Result};
use crate::output::stdout;
use crate::shell::{elvish, fish, nushell, posix, powershell, tcsh, xonsh};
use crate::system::own_path;

/// The hole as it stands in the files: a quoted word, so that the files can be linted and run as they are.
const HOLE: &str = "'@AWSMFA@'";
/// The same in the batch file, where `'` is no quote.
const HOLE_IN_CMD: &str = "@AWSMFA@";

/// Runs the command.
pub fn run(hook: Hook) -> Result<()> {
    let path = own_path::find();
    let snippet = path.to_str().and_then(|text| snippet(hook, text));
    stdout::write(&snippet.ok_or(Error::PathUnsayable { path })?)
}

/// The text for a shell, with the path that this program was found by; `None` where it cannot be said there.
pub fn text(hook: Hook) -> Option<String> {
    snippet(hook, own_path::find().to_str()?)
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
