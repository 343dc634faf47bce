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
    /// Prints `was ` and the status of the last command.
    pub status: &'static str,
    /// Exports a value of letters, digits and the like.
    pub export: &'static str,
    /// Exports whatever another variable holds; empty where a shell cannot (cmd runs what `%X%` holds).
    pub copy: &'static str,
    /// Takes an exported variable away.
    pub unset: &'static str,
    /// Does nothing, and starts no process.
    pub nothing: &'static str,
    /// Prints both halves as one word; no process, if the shell can.
    pub say: &'static str,
    /// All variables to the file `exported` of the home, as `env -0` prints them.
    pub save: &'static str,
}

#[cfg(unix)]
pub const POSIX: Syntax = Syntax {
    extension: "sh",
    begin: "s=0",
    lenient: "s=0; {line} || s=$?",
    strict: "{line}\ns=$?",
    dump: "env -0 \"_status=$s\"",
    end: "exit $s",
    status: "echo was $?",
    export: "export {name}='{value}'",
    copy: "export {name}=\"${from}\"",
    unset: "unset {name}",
    nothing: "true",
    say: "printf '%s%s\\n' {a} {b}",
    save: "command env -0 > $HOME/exported",
};
#[cfg(unix)]
pub const FISH: Syntax = Syntax {
    extension: "fish",
    begin: "set s 0",
    lenient: "{line}\nset s $status",
    strict: "{line}\nset s $status\ntest $s = 0; or exit $s",
    dump: "env -0 _status=$s",
    end: "exit $s",
    status: "echo was $status",
    export: "set -gx {name} '{value}'",
    copy: "set -gx {name} ${from}",
    unset: "set -eg {name}",
    nothing: "true",
    say: "printf '%s%s\\n' {a} {b}",
    save: "command env -0 > $HOME/exported",
};
#[cfg(unix)]
pub const ELVISH: Syntax = Syntax {
    extension: "elv",
    begin: "var s = 0",
    lenient: "set s = 0; try { {line} } catch e { set s = 1 }",
    strict: "{line}",
    dump: "e:env -0 _status=$s",
    end: "exit $s",
    status: "echo was $e[reason][exit-status]",
    export: "set-env {name} '{value}'",
    copy: "set-env {name} $E:{from}",
    unset: "unset-env {name}",
    nothing: "nop",
    say: "echo '{a}'\"{b}\"",
    save: "e:env -0 > $E:HOME/exported",
};
#[cfg(unix)]
pub const TCSH: Syntax = Syntax {
    extension: "tcsh",
    begin: "set s = 0",
    lenient: "{line}\nset s = $status",
    strict: "{line}\nset s = $status\nif ($s != 0) exit $s",
    dump: "env -0 \"_status=$s\"",
    end: "exit $s",
    status: "echo was $status",
    export: "setenv {name} '{value}'",
    copy: "setenv {name} \"${from}:q\"",
    unset: "unsetenv {name}",
    nothing: ":",
    say: "echo '{a}'\"{b}\"",
    save: "env -0 > $HOME/exported",
};
#[cfg(unix)]
pub const XONSH: Syntax = Syntax {
    extension: "xsh",
    begin: "s = 0",
    lenient: "s = 0\ntry:\n  {line}\nexcept Exception:\n  s = 1",
    strict: "{line}",
    dump: "env -0 @('_status=' + str(s))",
    end: "exit @(s)",
    status: "echo was $LAST_RETURN_CODE",
    export: "${name} = '{value}'",
    copy: "${name} = ${from}",
    unset: "del ${name}",
    nothing: "pass",
    say: "print('{a}' \"{b}\")",
    save: "env -0 > $HOME/exported",
};
#[cfg(unix)]
pub const NUSHELL: Syntax = Syntax {
    extension: "nu",
    // `let s = try { … }` loses the output of the program that comes next (0.115).
    begin: "$env._s = 0",
    lenient: "$env._s = 0; try { {line} } catch {|error| $env._s = ($error.exit_code? | default 1) }",
    strict: "{line}",
    // It sets LAST_EXIT_CODE after each external command.
    dump: "^env -0 -u LAST_EXIT_CODE $\"_status=($env._s)\"",
    end: "exit $env._s",
    status: "print $'was ($env.LAST_EXIT_CODE)'",
    export: "$env.{name} = '{value}'",
    copy: "$env.{name} = $env.{from}",
    unset: "hide-env {name}",
    nothing: "ignore",
    say: "print ('{a}' + '{b}')",
    save: "^env -0 o> ($env.HOME + /exported)",
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
    status: "echo \"was $LASTEXITCODE\"",
    export: "$env:{name} = '{value}'",
    copy: "$env:{name} = $env:{from}",
    unset: "$env:{name} = $null",
    nothing: "$null = 0",
    say: "'{a}' + '{b}'",
    save: "env -0 > $HOME/exported",
};
#[cfg(windows)]
pub const CMD: Syntax = Syntax {
    extension: "cmd",
    begin: "@echo off\nset _s=0",
    lenient: "{line}\nset _s=%errorlevel%",
    strict: "{line}\nset _s=%errorlevel%\nif not \"%_s%\"==\"0\" exit /b %_s%",
    dump: "cmd /d /c \"set & echo _status=%_s%\"",
    end: "exit /b %_s%",
    status: "echo was %errorlevel%",
    export: "set \"{name}={value}\"",
    copy: "",
    unset: "set \"{name}=\"",
    nothing: "rem",
    say: "echo {a}{b}",
    save: "set > %USERPROFILE%\\exported",
};
