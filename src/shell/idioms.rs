//! What somebody types in each shell: the line that evaluates what a command prints, and the one that installs the
//! hook. Help, hints and the README say these and no others.

use super::Shell;

impl Shell {
    /// The line that evaluates, in this shell, what `awsmfa COMMAND` prints.
    pub fn idiom(self, command: &str) -> String {
        match self {
            Shell::Bash | Shell::Zsh | Shell::Sh => format!(r#"eval "$(awsmfa {command})""#),
            Shell::Fish => format!("awsmfa {command} | source"),
            Shell::PowerShell => format!("Invoke-Expression (awsmfa {command})"),
            Shell::Cmd => format!(r#"for /f "delims=" %i in ('awsmfa {command}') do @call %i"#),
            Shell::Elvish => format!("awsmfa {command} | eval (slurp)"),
            Shell::Tcsh => format!(r#"eval "`awsmfa {command}`""#),
            // Not `execx($(…))`: in xonsh 0.13 `$()` lost the output of 4 to 17 runs in a hundred on a busy
            // machine, in 0.25 it throws at a failure before our code is evaluated (measured).
            Shell::Xonsh => format!(
                "execx(__import__('subprocess').run('awsmfa {command}'.split(), stdout=-1, env=${{...}}.detype()).stdout.decode())"
            ),
            Shell::Nushell => {
                format!("awsmfa {command} | from json --objects | first | load-env")
            }
        }
    }

    /// What puts the hook into the shell's start-up file; `None` where the shell has none.
    pub fn install_line(self) -> Option<&'static str> {
        match self {
            // Every terminal of a Mac is a login shell.
            Shell::Bash if cfg!(target_os = "macos") => {
                Some(r#"add eval "$(awsmfa hook bash)" to the end of ~/.bash_profile"#)
            }
            Shell::Bash => Some(r#"add eval "$(awsmfa hook bash)" to the end of ~/.bashrc"#),
            Shell::Zsh => Some(r#"add eval "$(awsmfa hook zsh)" to the end of ~/.zshrc"#),
            Shell::Fish => Some("add awsmfa hook fish | source to ~/.config/fish/config.fish"),
            Shell::PowerShell => Some("add Invoke-Expression (awsmfa hook powershell) to $PROFILE"),
            Shell::Cmd => Some("run awsmfa hook cmd > mfa.cmd, and mfa use in place of awsmfa use"),
            Shell::Elvish => {
                Some("add eval (awsmfa hook elvish | slurp) to ~/.config/elvish/rc.elv")
            }
            Shell::Tcsh => Some(
                r"run \awsmfa hook tcsh >! ~/.awsmfa.tcsh, and add source ~/.awsmfa.tcsh to ~/.tcshrc",
            ),
            Shell::Xonsh => Some("run awsmfa hook xonsh > ~/.config/xonsh/rc.d/awsmfa.xsh"),
            Shell::Nushell => Some(
                "run mkdir ($nu.data-dir)/vendor/autoload; awsmfa hook nushell | save -f ($nu.data-dir)/vendor/autoload/awsmfa.nu",
            ),
            Shell::Sh => None,
        }
    }
}
