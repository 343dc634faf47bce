//! The shells that the demo speaks to.

use std::env;
use std::path::PathBuf;

/// A shell, and how it takes a session.
pub struct Shell {
    pub name: &'static str,
    pub command: &'static str,
    /// How it evaluates what a command prints; the command stands for `{}`.
    idiom: &'static str,
}

impl Shell {
    const fn posix(name: &'static str) -> Shell {
        Shell {
            name,
            command: "-c",
            idiom: r#"eval "$({})""#,
        }
    }

    const FISH: Shell = Shell {
        name: "fish",
        command: "-c",
        idiom: "{} | source",
    };

    const POWERSHELL: Shell = Shell {
        name: "powershell",
        command: "-Command",
        idiom: "Invoke-Expression ({})",
    };

    /// The line that puts a session there.
    pub fn env(&self, flags: &str) -> String {
        let command = format!("awsmfa env {flags}");
        self.idiom.replace("{}", command.trim_end())
    }

    /// The login shell if `awsmfa` speaks its language, else one that is always there.
    pub fn of_user() -> Shell {
        if cfg!(windows) {
            return Shell::POWERSHELL;
        }
        let login = env::var_os("SHELL").map(PathBuf::from).unwrap_or_default();
        let login = login.file_name().and_then(|name| name.to_str());
        let known = ["bash", "zsh", "dash", "ksh"]
            .into_iter()
            .find(|name| login == Some(name));
        match login {
            Some("fish") => Shell::FISH,
            _ => Shell::posix(known.unwrap_or("sh")),
        }
    }
}
