//! Which shell is asking: the nearest ancestor process that is one. `$SHELL` is the login shell, not
//! the one asking, so it is not looked at.

use super::Shell;
use super::ancestors::ancestors;
use crate::environment::Environment;

/// The shell that started us, else what the system is likeliest to have.
pub fn asking(env: &Environment) -> Shell {
    let ancestors = ancestors(|name| of_process(name).is_some());
    choose(&ancestors, env.var("MSYSTEM").is_some(), cfg!(windows))
}

/// The nearest ancestor that is a shell. Git Bash and MSYS set `MSYSTEM`, but a cmd or PowerShell that was
/// started from there has it too.
fn choose(ancestors: &[String], msystem: bool, windows: bool) -> Shell {
    let nearest = ancestors.iter().find_map(|name| of_process(name));
    nearest.unwrap_or(match (msystem, windows) {
        (true, _) => Shell::Bash,
        (false, true) => Shell::PowerShell,
        (false, false) => Shell::Sh,
    })
}

/// The shell of a process by its name: `zsh`, `-bash` (a login shell), `zsh-5.9`, `pwsh.exe`.
fn of_process(name: &str) -> Option<Shell> {
    let name = name.trim_start_matches('-').to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    let is_version = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let name = match name.rsplit_once('-') {
        Some((name, version)) if is_version(version) => name,
        _ => name,
    };
    Some(match name {
        "bash" | "rbash" => Shell::Bash,
        "zsh" | "rzsh" => Shell::Zsh,
        "sh" | "dash" | "ash" | "ksh" | "rksh" | "ksh93" | "mksh" | "lksh" | "pdksh" => Shell::Sh,
        "fish" => Shell::Fish,
        "powershell" | "pwsh" | "pwsh-preview" => Shell::PowerShell,
        "cmd" => Shell::Cmd,
        "elvish" => Shell::Elvish,
        "tcsh" | "csh" => Shell::Tcsh,
        "xonsh" => Shell::Xonsh,
        "nu" => Shell::Nushell,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_is_known_by_its_process() {
        for (name, shell) in [
            ("-zsh", Shell::Zsh),
            ("dash", Shell::Sh),
            ("PowerShell.EXE", Shell::PowerShell),
            ("pwsh", Shell::PowerShell),
            ("cmd.exe", Shell::Cmd),
            ("fish", Shell::Fish),
            ("elvish", Shell::Elvish),
            ("-tcsh", Shell::Tcsh),
            ("nu", Shell::Nushell),
            ("zsh-5.9", Shell::Zsh),
            ("rbash", Shell::Bash),
        ] {
            assert_eq!(of_process(name), Some(shell), "{name}");
        }
        assert_eq!(of_process("xonsh.exe"), Some(Shell::Xonsh));
        for name in ["make", "python3", "bashful", ""] {
            assert_eq!(of_process(name), None, "{name}");
        }
    }

    fn chosen(ancestors: &[&str], msystem: bool, windows: bool) -> Shell {
        let ancestors: Vec<String> = ancestors.iter().map(|name| (*name).to_owned()).collect();
        choose(&ancestors, msystem, windows)
    }

    #[test]
    fn the_nearest_shell_asks() {
        for (ancestors, msystem, shell) in [
            // Invoke-Expression (awsmfa env), and behind Scoop's shim.
            (
                &["POWERSHELL.EXE", "explorer.exe"][..],
                false,
                Shell::PowerShell,
            ),
            (
                &["awsmfa.exe", "pwsh.exe", "WindowsTerminal.exe"],
                false,
                Shell::PowerShell,
            ),
            // for /f runs a cmd of its own.
            (&["cmd.exe", "Cmd.Exe", "explorer.exe"], false, Shell::Cmd),
            // Git Bash: Git\bin\bash.exe starts Git\usr\bin\bash.exe.
            (&["bash.exe", "bash.exe", "mintty.exe"], true, Shell::Bash),
            // Started from there, each asks for itself.
            (&["cmd.exe", "bash.exe"], true, Shell::Cmd),
            (
                &["powershell.exe", "bash.exe", "mintty.exe"],
                true,
                Shell::PowerShell,
            ),
            // fork's go-between has ended, or the list ends at a program that we may not see.
            (&["mintty.exe"], true, Shell::Bash),
            (&["explorer.exe"], false, Shell::PowerShell),
            (&[], false, Shell::PowerShell),
        ] {
            assert_eq!(chosen(ancestors, msystem, true), shell, "{ancestors:?}");
        }
        assert_eq!(chosen(&["init"], false, false), Shell::Sh);
    }
}
