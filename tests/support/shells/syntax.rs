//! How a script of a family of shells says what the tests need to say, as data: `{line}`, `{name}`,
//! `{value}` and `{from}` stand for what is put there.

/// One family. In a script `s` is the status of the line under test.
#[derive(Debug)]
pub struct Syntax {
    /// A script's file ends with it.
    pub extension: &'static str,
    /// The first line of a script.
    pub begin: &'static str,
    /// Runs a line, keeps its status in `s`, and goes on in spite of it.
    pub lenient: &'static str,
    /// Runs a line that may end the script, and ends the script where it failed.
    pub strict: &'static str,
    /// Prints the exported variables so that no value can be taken for two, then `_status=` and `s`.
    pub dump: &'static str,
    /// Ends with `s`.
    pub end: &'static str,
    /// The status of the last command.
    pub status: &'static str,
    /// Exports a value of letters, digits and the like.
    pub export: &'static str,
    /// Exports whatever another variable holds; empty where a shell cannot (cmd runs what `%X%` holds).
    pub copy: &'static str,
    /// Takes an exported variable away.
    pub unset: &'static str,
}

#[cfg(unix)]
pub const POSIX: Syntax = Syntax {
    extension: "sh",
    begin: "s=0",
    lenient: "s=0; {line} || s=$?",
    strict: "{line}\ns=$?",
    dump: "env -0 \"_status=$s\"",
    end: "exit $s",
    status: "$?",
    export: "export {name}='{value}'",
    copy: "export {name}=\"${from}\"",
    unset: "unset {name}",
};
#[cfg(unix)]
pub const FISH: Syntax = Syntax {
    extension: "fish",
    begin: "set s 0",
    lenient: "{line}\nset s $status",
    strict: "{line}\nset s $status\ntest $s = 0; or exit $s",
    dump: "env -0 _status=$s",
    end: "exit $s",
    status: "$status",
    export: "set -gx {name} '{value}'",
    copy: "set -gx {name} ${from}",
    unset: "set -eg {name}",
};
pub const POWERSHELL: Syntax = Syntax {
    extension: "ps1",
    begin: "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'; $s = 0",
    lenient: "try { {line}; $s = [int](-not $?) } catch { $s = 1 }",
    strict: "{line}",
    dump: if cfg!(windows) {
        "cmd /d /c \"set & echo _status=$s\""
    } else {
        "env -0 \"_status=$s\""
    },
    end: "exit $s",
    status: "$?",
    export: "$env:{name} = '{value}'",
    copy: "$env:{name} = $env:{from}",
    unset: "$env:{name} = $null",
};
#[cfg(windows)]
pub const CMD: Syntax = Syntax {
    extension: "cmd",
    begin: "@echo off\nset _s=0",
    lenient: "{line}\nset _s=%errorlevel%",
    strict: "{line}\nset _s=%errorlevel%\nif not \"%_s%\"==\"0\" exit /b %_s%",
    dump: "cmd /d /c \"set & echo _status=%_s%\"",
    end: "exit /b %_s%",
    status: "%errorlevel%",
    export: "set \"{name}={value}\"",
    copy: "",
    unset: "set \"{name}=\"",
};
