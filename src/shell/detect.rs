//! Which shell is asking: the nearest ancestor process that is one. `$SHELL` is the login shell, not
//! the one asking, and so is no source.

use super::Shell;

/// The shell that started us, else what the system is likeliest to have.
pub fn detect(msystem: bool) -> Shell {
    choose(&ancestors(), msystem, cfg!(windows))
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

/// A process tree deeper than this is a loop of reused process ids.
const DEPTH: usize = 64;

/// The names of our ancestors, nearest first: a shell is usually the first of them.
#[cfg(target_os = "linux")]
fn ancestors() -> Vec<String> {
    let mut names = Vec::new();
    let mut pid = std::os::unix::process::parent_id();
    while pid > 1 && names.len() < DEPTH {
        if let Some(program) = program_of(pid)
            && of_process(&program).is_some()
        {
            names.push(program);
            break;
        }
        let Some((name, parent)) = name_and_parent(pid) else {
            break;
        };
        let done = of_process(&name).is_some();
        names.push(name);
        match done {
            true => break,
            false => pid = parent,
        }
    }
    names
}

/// The program that a process runs, by the name of its file: that of a script with a `#!` line is its
/// interpreter, where the process itself is named after the script. busybox is what it was called as,
/// and xonsh a script of Python's.
#[cfg(target_os = "linux")]
fn program_of(pid: u32) -> Option<String> {
    let program = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    let program = program.file_name()?.to_string_lossy();
    // An upgrade replaces the file under a running shell.
    let program = program.strip_suffix(" (deleted)").unwrap_or(&program);
    if program != "busybox" && !program.starts_with("python") {
        return Some(program.to_owned());
    }
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let line = String::from_utf8_lossy(&line);
    let mut words = line.split('\0');
    let called_as = words.next()?;
    Some(match program {
        "busybox" => file_name(called_as).to_owned(),
        _ if is_xonsh(called_as, words) => "xonsh".to_owned(),
        _ => program.to_owned(),
    })
}

/// Whether a Python runs xonsh: as a script, as a module, or under the title that it may give itself.
#[cfg(target_os = "linux")]
fn is_xonsh<'w>(called_as: &str, mut words: impl Iterator<Item = &'w str>) -> bool {
    let script = words
        .find(|word| !word.starts_with('-'))
        .unwrap_or_default();
    file_name(script) == "xonsh" || called_as.split(' ').next() == Some("xonsh")
}

#[cfg(target_os = "linux")]
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a process is called, where its program does not tell (another user's, an emulated one), and the
/// one that started it.
#[cfg(target_os = "linux")]
fn name_and_parent(pid: u32) -> Option<(String, u32)> {
    // "PID (NAME) STATE PPID …", where NAME may hold anything, brackets and blanks too.
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    let (open, close) = (stat.find('(')?, stat.rfind(')')?);
    let name = stat.get(open + 1..close)?.to_owned();
    let parent = stat.get(close + 1..)?.split_whitespace().nth(1)?;
    Some((name, parent.parse().ok()?))
}

/// A process as the system lists it.
#[cfg(any(test, not(target_os = "linux")))]
struct Running {
    parent: Option<u32>,
    /// Seconds; 0 where we may not know.
    started: u64,
    name: String,
}

/// The names of our ancestors, nearest first.
#[cfg(not(target_os = "linux"))]
fn ancestors() -> Vec<String> {
    use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};
    let mut system = System::new();
    system.refresh_processes_specifics(
        ProcessesToUpdate::All,
        false,
        ProcessRefreshKind::nothing(),
    );
    climb(std::process::id(), |pid| {
        let process = system.process(sysinfo::Pid::from_u32(pid))?;
        Some(Running {
            parent: process.parent().map(sysinfo::Pid::as_u32),
            started: process.start_time(),
            name: process.name().to_string_lossy().into_owned(),
        })
    })
}

/// From parent to parent. Windows keeps the id of a parent that has ended and gives it to somebody else,
/// who is then younger than the child.
#[cfg(any(test, not(target_os = "linux")))]
fn climb(pid: u32, find: impl Fn(u32) -> Option<Running>) -> Vec<String> {
    let parent = |child: &Running| {
        let parent = find(child.parent?)?;
        (parent.started <= child.started).then_some(parent)
    };
    let first = find(pid).and_then(|own| parent(&own));
    std::iter::successors(first, parent)
        .take(DEPTH)
        .map(|process| process.name)
        .collect()
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

    #[cfg(target_os = "linux")]
    #[test]
    fn xonsh_is_a_script_of_pythons() {
        for line in [
            "/usr/bin/python3 /usr/bin/xonsh --no-rc",
            "python3 -m xonsh",
            "python3 -u /home/a/.local/bin/xonsh",
        ] {
            let mut words = line.split(' ');
            assert!(is_xonsh(words.next().unwrap(), words), "{line}");
        }
        assert!(is_xonsh("xonsh --no-rc -c 'x'", std::iter::empty()));
        let mut words = "python3 deploy.py xonsh".split(' ');
        assert!(!is_xonsh(words.next().unwrap(), words));
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

    #[test]
    fn a_parents_id_that_somebody_else_has_by_now_is_no_parent() {
        let running = |pid| {
            let (parent, started, name) = match pid {
                4 => (Some(3), 40, "awsmfa.exe"),
                3 => (Some(2), 40, "cmd.exe"),
                2 => (Some(1), 50, "bash.exe"), // younger than its child
                1 => (Some(1), 0, "System"),
                _ => return None,
            };
            let name = name.to_owned();
            Some(Running {
                parent,
                started,
                name,
            })
        };
        assert_eq!(climb(4, running), ["cmd.exe"]);
        assert_eq!(climb(2, running).len(), DEPTH, "a loop ends");
        assert_eq!(climb(9, running), [""; 0]);
    }
}
