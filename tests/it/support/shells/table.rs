//! The shells under test, a row each: how it is started, strictly and without anybody's start-up files,
//! and how it runs the idioms that the README teaches. Adding a shell is adding a row.

use super::syntax::{self, Syntax};

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Shell {
    /// The row's name, for a reader.
    pub name: &'static str,
    /// What `--shell` calls it.
    pub says: &'static str,
    /// How its scripts are written.
    pub syntax: &'static Syntax,
    /// The program, as PATH has it.
    pub program: &'static str,
    /// The arguments before a script's file.
    pub strict: &'static [&'static str],
    /// The arguments for a person at a terminal.
    pub interactive: &'static [&'static str],
    /// A start-up file below the home and what it holds, where no argument sets the prompt.
    pub start_up: Option<(&'static str, &'static str)>,
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
    syntax: &syntax::POSIX,
    program: "bash",
    strict: &["--norc", "--noprofile", "-eu", "-o", "pipefail"],
    interactive: &["--norc", "--noprofile", "-i"],
    start_up: None,
    idioms: &[QUOTED, UNQUOTED, SOURCE],
};
#[cfg(unix)]
const ZSH: Shell = Shell {
    name: "zsh",
    says: "zsh",
    syntax: &syntax::POSIX,
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
    start_up: None,
    idioms: &[QUOTED, UNQUOTED, SOURCE],
};
#[cfg(unix)]
const DASH: Shell = Shell {
    name: "dash",
    says: "sh",
    syntax: &syntax::POSIX,
    program: "dash",
    strict: &["-eu"],
    interactive: &["-i"],
    start_up: None,
    idioms: &[QUOTED, UNQUOTED],
};
const PWSH: Shell = Shell {
    name: "pwsh",
    says: "powershell",
    syntax: &syntax::POWERSHELL,
    program: "pwsh",
    strict: &[
        "-NoLogo",
        "-NoProfile",
        "-NonInteractive",
        "-ExecutionPolicy",
        "Bypass",
        "-File",
    ],
    interactive: &[
        "-NoLogo",
        "-NoProfile",
        "-NoExit",
        "-Command",
        "function prompt { $env:PS1 }",
    ],
    start_up: None,
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
pub const SHELLS: &[Shell] = &[
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
        syntax: &syntax::FISH,
        program: "fish",
        strict: &["--no-config"],
        interactive: &[
            "--no-config",
            "-i",
            "-C",
            "function fish_prompt; printf %s $PS1; end",
        ],
        start_up: None,
        idioms: &["{} | source", "eval ({})", QUOTED],
    },
    Shell {
        name: "elvish",
        says: "elvish",
        syntax: &syntax::ELVISH,
        program: "elvish",
        strict: &["-norc"],
        interactive: &[],
        start_up: Some((
            ".config/elvish/rc.elv",
            "set edit:prompt = { print $E:PS1 }\nset edit:rprompt = { }\n",
        )),
        idioms: &["{} | eval (slurp)"],
    },
    Shell {
        name: "tcsh",
        says: "tcsh",
        syntax: &syntax::TCSH,
        program: "tcsh",
        strict: &["-f"],
        interactive: &[],
        start_up: Some((".tcshrc", "set prompt = \"$PS1:q\"\n")),
        idioms: &["eval \"`{}`\"", "eval `{}`"],
    },
    Shell {
        name: "xonsh",
        says: "xonsh",
        syntax: &syntax::XONSH,
        program: "xonsh",
        strict: &["--no-rc"],
        interactive: &["--shell-type", "readline"],
        start_up: Some((".xonshrc", "$PROMPT = ${...}['PS1']\n")),
        idioms: &[
            "execx(__import__('subprocess').run(__import__('shlex').split(\"{}\"), \
             stdout=-1, env=${...}.detype()).stdout.decode())",
        ],
    },
    Shell {
        name: "nushell",
        says: "nushell",
        syntax: &syntax::NUSHELL,
        program: "nu",
        strict: &["--no-config-file"],
        interactive: &["--no-history"],
        start_up: Some((".config/nushell/config.nu", NUSHELL)),
        idioms: &[
            "{} | from json --objects | first | load-env",
            "{} | lines | first | from json | load-env",
        ],
    },
    PWSH,
];
/// It paints its line anew at every key, and so its prompt is printed by the way, once.
#[cfg(unix)]
const NUSHELL: &str = "$env.config.show_banner = false
$env.PROMPT_COMMAND = {|| print --no-newline $env.PS1; '' }
$env.PROMPT_COMMAND_RIGHT = ''
$env.PROMPT_INDICATOR = ''
";
/// Every shell of this system.
#[cfg(windows)]
pub const SHELLS: &[Shell] = &[
    PWSH,
    Shell {
        name: "Windows PowerShell",
        program: "powershell",
        ..PWSH
    },
    Shell {
        name: "cmd",
        says: "cmd",
        syntax: &syntax::CMD,
        program: "cmd",
        strict: &["/d", "/c"],
        interactive: &["/d"],
        start_up: None,
        idioms: &[r#"for /f "delims=" %i in ('{}') do @call %i"#],
    },
];
