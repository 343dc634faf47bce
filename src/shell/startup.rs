//! Where each shell reads what it runs at its start, and the lines that load us there. Pure: which file exists is a
//! question to the caller.

use std::path::{Path, PathBuf};

use super::Shell;
use crate::environment::Environment;

/// The place where a shell is told of us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Startup {
    /// The file that an interactive shell reads.
    pub file: PathBuf,
    /// What stands in it, a line each: the hook, then the completion where it is a line of its own.
    pub lines: Vec<&'static str>,
    /// A file that is ours alone: its path, and the words after `awsmfa` that print its text.
    pub own_file: Option<(PathBuf, &'static [&'static str])>,
}

/// The start-up file of this shell, and what belongs there; `None` where the shell has no hook (`sh`), or where the
/// file is elsewhere on every machine (cmd).
pub fn of(shell: Shell, home: &Path, env: &Environment) -> Option<Startup> {
    let lines = lines(shell);
    let with_file = |file: PathBuf, lines: &[&'static str]| Startup {
        file,
        lines: lines.to_vec(),
        own_file: None,
    };
    Some(match shell {
        Shell::Bash => with_file(bash(home), lines),
        Shell::Zsh => with_file(
            env.path("ZDOTDIR")
                .map_or(home.to_owned(), PathBuf::from)
                .join(".zshrc"),
            lines,
        ),
        Shell::Fish => with_file(config(home, env).join("fish/config.fish"), lines),
        Shell::PowerShell => with_file(powershell(home, env), lines),
        Shell::Elvish => with_file(config(home, env).join("elvish/rc.elv"), lines),
        Shell::Tcsh => Startup {
            own_file: Some((home.join(".awsmfa.tcsh"), &["hook", "tcsh"])),
            ..with_file(tcsh(home), lines)
        },
        Shell::Xonsh => whole(
            config(home, env).join("xonsh/rc.d/awsmfa.xsh"),
            &["hook", "xonsh"],
        ),
        Shell::Nushell => whole(
            data(home, env).join("nushell/vendor/autoload/awsmfa.nu"),
            &["hook", "nushell"],
        ),
        Shell::Sh | Shell::Cmd => return None,
    })
}

/// The lines for a start-up file, the hook first.
pub fn lines(shell: Shell) -> &'static [&'static str] {
    match shell {
        Shell::Bash => &[
            r#"eval "$(awsmfa hook bash)""#,
            r#"eval "$(awsmfa completions bash)""#,
        ],
        // Completion in zsh needs compinit, which not every start-up file calls.
        Shell::Zsh => &[
            r#"eval "$(awsmfa hook zsh)""#,
            r#"(( $+functions[compdef] )) && eval "$(awsmfa completions zsh)""#,
        ],
        Shell::Fish => &[
            "awsmfa hook fish | source",
            "awsmfa completions fish | source",
        ],
        Shell::PowerShell => &[
            "Invoke-Expression (awsmfa hook powershell)",
            "awsmfa completions powershell | Out-String | Invoke-Expression",
        ],
        Shell::Elvish => &[
            "eval (awsmfa hook elvish | slurp)",
            "eval (awsmfa completions elvish | slurp)",
        ],
        Shell::Tcsh => &["source ~/.awsmfa.tcsh"],
        Shell::Xonsh | Shell::Nushell | Shell::Sh | Shell::Cmd => &[],
    }
}

fn whole(file: PathBuf, words: &'static [&'static str]) -> Startup {
    Startup {
        file: file.clone(),
        lines: Vec::new(),
        own_file: Some((file, words)),
    }
}

/// Every terminal of a Mac is a login shell, which reads `~/.bash_profile` and not `~/.bashrc`: there the line goes
/// where bash looks, unless that file already hands over to `~/.bashrc`.
fn bash(home: &Path) -> PathBuf {
    let login = home.join(".bash_profile");
    match cfg!(target_os = "macos") {
        true => login,
        false => home.join(".bashrc"),
    }
}

fn tcsh(home: &Path) -> PathBuf {
    let own = home.join(".tcshrc");
    match own.exists() || !home.join(".cshrc").exists() {
        true => own,
        false => home.join(".cshrc"),
    }
}

/// `$PROFILE` of the shell in use is a PowerShell variable, which a child does not see unless it is exported: the
/// place that PowerShell 7 computes stands in for it.
fn powershell(home: &Path, env: &Environment) -> PathBuf {
    const FILE: &str = "Microsoft.PowerShell_profile.ps1";
    match (env.path("PROFILE"), cfg!(windows)) {
        (Some(told), _) => PathBuf::from(told),
        (None, true) => home.join("Documents").join("PowerShell").join(FILE),
        (None, false) => config(home, env).join("powershell").join(FILE),
    }
}

/// Where programs keep their settings.
pub fn config(home: &Path, env: &Environment) -> PathBuf {
    env.path("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| home.join(".config"))
}

fn data(home: &Path, env: &Environment) -> PathBuf {
    if cfg!(target_os = "macos") {
        return home.join("Library/Application Support");
    }
    env.path("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| home.join(".local/share"))
}

/// The number of the first line that loads the hook, from 1.
pub fn loads_the_hook(text: &str) -> Option<usize> {
    let loads = |line: &str| {
        !line.trim_start().starts_with('#')
            && (line.contains("awsmfa hook ") || line.contains("awsmfa.tcsh"))
    };
    text.lines().position(loads).map(|index| index + 1)
}

/// Every file that this shell reads at its start: the doctor looks for something in them.
pub fn read_at_start(shell: Shell, home: &Path, env: &Environment) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = match shell {
        Shell::Bash => [".bashrc", ".bash_profile", ".bash_login", ".profile"]
            .map(|name| home.join(name))
            .to_vec(),
        Shell::Zsh => {
            let folder = env.path("ZDOTDIR").map_or(home.to_owned(), PathBuf::from);
            [".zshrc", ".zshenv", ".zprofile", ".zlogin"]
                .map(|name| folder.join(name))
                .to_vec()
        }
        Shell::Sh => [".profile", ".kshrc", ".mkshrc"]
            .map(|name| home.join(name))
            .to_vec(),
        Shell::Tcsh => [".tcshrc", ".cshrc", ".login"]
            .map(|name| home.join(name))
            .to_vec(),
        Shell::Xonsh => vec![
            home.join(".xonshrc"),
            config(home, env).join("xonsh/rc.xsh"),
        ],
        Shell::Nushell => vec![config(home, env).join("nushell/config.nu")],
        Shell::Fish | Shell::PowerShell | Shell::Elvish | Shell::Cmd => Vec::new(),
    };
    if let Some(startup) = of(shell, home, env)
        && !files.contains(&startup.file)
    {
        files.insert(0, startup.file);
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_has_its_file() {
        let env = Environment::of(&[]);
        let home = Path::new("/home/a");
        let file = |shell| of(shell, home, &env).map(|startup| startup.file);
        assert_eq!(file(Shell::Zsh), Some("/home/a/.zshrc".into()));
        assert_eq!(
            file(Shell::Fish),
            Some("/home/a/.config/fish/config.fish".into())
        );
        assert_eq!(file(Shell::Tcsh), Some("/home/a/.tcshrc".into()));
        assert_eq!(file(Shell::Sh), None);
    }

    #[test]
    fn variables_move_it() {
        // Only a whole path does, and what that is the system says.
        let (z, c) = if cfg!(windows) {
            ("C:/z", "C:/c")
        } else {
            ("/z", "/c")
        };
        let env = Environment::of(&[("ZDOTDIR", z), ("XDG_CONFIG_HOME", c)]);
        let home = Path::new("/home/a");
        let file = |shell| of(shell, home, &env).map(|startup| startup.file);
        assert_eq!(file(Shell::Zsh), Some(Path::new(z).join(".zshrc")));
        let fish = Path::new(c).join("fish").join("config.fish");
        assert_eq!(file(Shell::Fish), Some(fish));
    }
}
