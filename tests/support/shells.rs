//! The shells under test: one table of how each is started, strictly and without anybody's start-up
//! files, and how each runs the idioms that the README teaches. Adding a shell is adding a row.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;

use super::World;
use super::process::finish;

/// How a script of this family is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    Posix,
    Fish,
    PowerShell,
    Cmd,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Shell {
    /// The row's name, for a reader.
    pub name: &'static str,
    /// What `--shell` calls it.
    pub says: &'static str,
    /// Its family.
    pub grammar: Grammar,
    program: &'static str,
    strict: &'static [&'static str],
    interactive: &'static [&'static str],
    /// Ways to evaluate the output of a command, which stands for `{}`.
    pub idioms: &'static [&'static str],
}

const QUOTED: &str = r#"eval "$({})""#;
const UNQUOTED: &str = "eval $({})";
const SOURCE: &str = "source <({})";

#[cfg(unix)]
const BASH: Shell = Shell {
    name: "bash",
    says: "bash",
    grammar: Grammar::Posix,
    program: "bash",
    strict: &["--norc", "--noprofile", "-eu", "-o", "pipefail"],
    interactive: &["--norc", "--noprofile", "-i"],
    idioms: &[QUOTED, UNQUOTED, SOURCE],
};
#[cfg(unix)]
const ZSH: Shell = Shell {
    name: "zsh",
    says: "zsh",
    grammar: Grammar::Posix,
    program: "zsh",
    strict: &[
        "-f",
        "-eu",
        "-o",
        "pipefail",
        "-o",
        "warncreateglobal",
        "-o",
        "extendedglob",
    ],
    interactive: &["-f", "-i", "-o", "nopromptsp"],
    idioms: &[QUOTED, UNQUOTED, SOURCE],
};
#[cfg(unix)]
const DASH: Shell = Shell {
    name: "dash",
    says: "sh",
    grammar: Grammar::Posix,
    program: "dash",
    strict: &["-eu"],
    interactive: &["-i"],
    idioms: &[QUOTED, UNQUOTED],
};
const PWSH: Shell = Shell {
    name: "pwsh",
    says: "powershell",
    grammar: Grammar::PowerShell,
    program: "pwsh",
    strict: &[
        "-NoLogo",
        "-NoProfile",
        "-NonInteractive",
        "-ExecutionPolicy",
        "Bypass",
        "-File",
    ],
    interactive: &["-NoLogo", "-NoProfile"],
    idioms: &[
        "Invoke-Expression ({})",
        "{} | Invoke-Expression",
        "{} | Out-String | Invoke-Expression",
        r#"Invoke-Expression "$({})""#,
        r#"Invoke-Expression (({}) -join "`n")"#,
    ],
};

/// Every shell of this system.
#[cfg(unix)]
const SHELLS: &[Shell] = &[
    BASH,
    Shell {
        name: "bash --posix",
        strict: &["--posix", "--norc", "--noprofile", "-eu", "-o", "pipefail"],
        ..BASH
    },
    ZSH,
    Shell {
        name: "zsh as sh",
        strict: &["--emulate", "sh", "-eu"],
        idioms: &[QUOTED, UNQUOTED],
        ..ZSH
    },
    DASH,
    Shell {
        name: "sh",
        program: "sh",
        ..DASH
    },
    Shell {
        name: "ksh93",
        program: "ksh93",
        strict: &["-eu", "-o", "pipefail"],
        idioms: &[QUOTED, UNQUOTED, SOURCE],
        ..DASH
    },
    Shell {
        name: "mksh",
        program: "mksh",
        ..DASH
    },
    Shell {
        name: "fish",
        says: "fish",
        grammar: Grammar::Fish,
        program: "fish",
        strict: &["--no-config"],
        interactive: &[
            "--no-config",
            "-i",
            "-C",
            "function fish_prompt; printf %s $PS1; end",
        ],
        idioms: &["{} | source", "eval ({})", QUOTED],
    },
    PWSH,
];
/// Every shell of this system.
#[cfg(windows)]
const SHELLS: &[Shell] = &[
    PWSH,
    Shell {
        name: "Windows PowerShell",
        program: "powershell",
        ..PWSH
    },
    Shell {
        name: "cmd",
        says: "cmd",
        grammar: Grammar::Cmd,
        program: "cmd",
        strict: &["/d", "/c"],
        interactive: &["/d"],
        idioms: &[r#"for /f "delims=" %i in ('{}') do @call %i"#],
    },
];

/// The rows whose shell is installed. One that is not is a visible skip at a desk and a failure in
/// CI, but for PowerShell, which Debian does not package.
pub fn all() -> impl Iterator<Item = Shell> {
    SHELLS
        .iter()
        .copied()
        .filter(|shell| installed(shell.program, shell.grammar != Grammar::PowerShell))
}

/// The row of this name, where it is installed.
pub fn named(name: &str) -> Option<Shell> {
    let is_row = SHELLS.iter().any(|s| s.name == name);
    assert!(is_row || cfg!(windows), "{name} is no row of the table");
    if !is_row {
        say_skipped(&format!("{name} is no shell of this system"));
    }
    all().find(|shell| shell.name == name)
}

/// Says past the capture of the test runner, once, what is not tested here.
pub fn say_skipped(reason: &str) {
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if TOLD.lock().unwrap().insert(reason.to_owned()) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}");
    }
}

/// Whether a program that a test needs is here; if not, says so.
pub fn installed(program: &str, in_ci: bool) -> bool {
    if find(program).is_some() {
        return true;
    }
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        !(ci && in_ci),
        "{program} is not installed, and CI skips nothing"
    );
    say_skipped(&format!("{program} is not installed"));
    false
}

fn find(program: &str) -> Option<PathBuf> {
    // Wine's powershell.exe does nothing and succeeds.
    if program == "powershell" && std::env::var_os("WINEPREFIX").is_some() {
        return None;
    }
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|file| file.is_file())
}

/// The exported variables before and after a line, and how the script ended.
#[derive(Debug)]
pub struct Evaluated {
    /// Before the line.
    pub before: BTreeMap<String, String>,
    /// After it; `None` where the line ended the script.
    pub after: Option<BTreeMap<String, String>>,
    /// All of standard error.
    pub stderr: String,
    /// The line's status, which the script ends with.
    pub status: i32,
}

impl Evaluated {
    /// The variables that the line set or changed.
    #[track_caller]
    pub fn set(&self) -> BTreeMap<&str, &str> {
        let after = self
            .after
            .as_ref()
            .unwrap_or_else(|| panic!("the script did not go on: {self:?}"));
        let new = after
            .iter()
            .filter(|(name, value)| self.before.get(*name) != Some(value));
        new.map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// The variables that the line took away.
    #[track_caller]
    pub fn unset(&self) -> BTreeSet<&str> {
        let after = self
            .after
            .as_ref()
            .unwrap_or_else(|| panic!("the script did not go on: {self:?}"));
        self.before
            .keys()
            .filter(|name| !after.contains_key(*name))
            .map(String::as_str)
            .collect()
    }
}

impl Shell {
    /// The program's path, and the arguments for a person at a terminal.
    pub fn interactive(&self) -> (String, &'static [&'static str]) {
        (
            find(self.program).unwrap().to_str().unwrap().to_owned(),
            self.interactive,
        )
    }

    /// Each idiom as a line of this shell that evaluates the output of `command`.
    pub fn lines(&self, command: &str) -> impl Iterator<Item = String> {
        self.idioms
            .iter()
            .map(move |idiom| idiom.replace("{}", command))
    }

    /// The first idiom, the one to teach.
    pub fn line(&self, command: &str) -> String {
        self.lines(command).next().unwrap()
    }

    /// Runs the line in a strict script, which ends where the line fails. The prelude runs first.
    #[track_caller]
    pub fn strictly(&self, world: &World, prelude: &str, line: &str) -> Evaluated {
        self.evaluate(world, prelude, line, true)
    }

    /// Runs the line in a script that looks at its status and goes on.
    #[track_caller]
    pub fn leniently(&self, world: &World, prelude: &str, line: &str) -> Evaluated {
        self.evaluate(world, prelude, line, false)
    }

    /// Runs a whole script as it is; its standard output is the test's to read.
    #[track_caller]
    pub fn script(&self, world: &World, script: &str) -> super::Finished {
        let extension = match self.grammar {
            Grammar::Posix | Grammar::Fish => "sh",
            Grammar::PowerShell => "ps1",
            Grammar::Cmd => "cmd",
        };
        let file = world.path(&format!("script.{extension}"));
        std::fs::write(&file, script).unwrap();
        let mut command = world.command(find(self.program).unwrap().to_str().unwrap());
        finish(
            command.args(self.strict).arg(file).stdout(Stdio::piped()),
            "",
        )
    }

    #[track_caller]
    fn evaluate(&self, world: &World, prelude: &str, line: &str, strict: bool) -> Evaluated {
        let ran = self.script(world, &self.probed(prelude, line, strict));
        let (before, after) = dumps(&ran.stdout);
        let before = before
            .unwrap_or_else(|| panic!("{}: the script did not begin: {}", self.name, ran.stderr));
        Evaluated {
            before,
            after,
            stderr: world.redacted(&ran.stderr),
            status: ran.status,
        }
    }

    /// The script around the line: exported variables to standard output before and after, an empty
    /// entry between the two.
    fn probed(&self, prelude: &str, line: &str, strict: bool) -> String {
        match self.grammar {
            Grammar::Posix if strict => format!("{prelude}\n{DUMP}{line}\ns=$?\n{DUMP}exit $s\n"),
            Grammar::Posix => format!("{prelude}\n{DUMP}s=0\n{line} || s=$?\n{DUMP}exit $s\n"),
            Grammar::Fish => {
                let end = if strict {
                    "test $s = 0; or exit $s\n"
                } else {
                    ""
                };
                format!("{prelude}\n{DUMP}{line}\nset s $status\n{end}{DUMP}exit $s\n")
            }
            Grammar::PowerShell => {
                let line = if strict {
                    line.to_owned()
                } else {
                    format!("try {{ {line}; $s = $? }} catch {{ $s = $false }}")
                };
                format!(
                    "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'\n{prelude}\n{DUMP}\
                     $s = $true\n{line}\n{DUMP}if (-not $s) {{ exit 1 }}\n"
                )
            }
            Grammar::Cmd => {
                // In a batch file a percent sign of the prompt is written twice.
                let [prelude, line] = [prelude, line].map(|text| text.replace('%', "%%"));
                let end = if strict {
                    "if not \"%_s%\"==\"0\" exit /b %_s%\n"
                } else {
                    ""
                };
                format!(
                    "@echo off\n{prelude}\n{DUMP}{line}\nset _s=%errorlevel%\n{end}{DUMP}exit /b %_s%\n"
                )
            }
        }
    }
}

/// Prints the exported variables so that no value can be taken for two, then an empty entry.
#[cfg(unix)]
const DUMP: &str = "env -0; printf '\\0'\n";
#[cfg(windows)]
const DUMP: &str = "cmd /d /c \"set & echo.\"\n";
const ENTRY_END: &str = if cfg!(windows) { "\r\n" } else { "\0" };

type Variables = BTreeMap<String, String>;

fn dumps(printed: &str) -> (Option<Variables>, Option<Variables>) {
    let between = ENTRY_END.repeat(2);
    let mut dumps = printed.split_terminator(&between).map(variables);
    (dumps.next(), dumps.next())
}

fn variables(dump: &str) -> Variables {
    let entries = dump
        .split(ENTRY_END)
        .filter_map(|entry| entry.split_once('='));
    // `_` is the shell's own.
    let entries = entries.filter(|(name, _)| !name.starts_with('_'));
    entries
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
