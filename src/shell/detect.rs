//! Which shell is asking: the nearest ancestor process that is one. `$SHELL` is the login shell, not
//! the one asking, and so is no source.

use super::Shell;

/// The shell that started us, else what the system is likeliest to have.
pub fn detect(msystem: bool) -> Shell {
    if let Some(shell) = ancestors().iter().find_map(|name| of_process(name)) {
        return shell;
    }
    match (msystem, cfg!(windows)) {
        (true, _) => Shell::Bash, // Git Bash and MSYS set MSYSTEM
        (false, true) => Shell::PowerShell,
        (false, false) => Shell::Sh,
    }
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
/// interpreter, where the process itself is named after the script. busybox is what it was called as.
#[cfg(target_os = "linux")]
fn program_of(pid: u32) -> Option<String> {
    let program = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    let program = program.file_name()?.to_string_lossy();
    // An upgrade replaces the file under a running shell.
    let program = program.strip_suffix(" (deleted)").unwrap_or(&program);
    if program != "busybox" {
        return Some(program.to_owned());
    }
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let called_as = String::from_utf8_lossy(line.split(|b| *b == 0).next()?).into_owned();
    called_as.rsplit('/').next().map(str::to_owned)
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

/// The names of our ancestors, nearest first.
#[cfg(not(target_os = "linux"))]
fn ancestors() -> Vec<String> {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};
    let mut system = System::new();
    system.refresh_processes_specifics(
        ProcessesToUpdate::All,
        false,
        ProcessRefreshKind::nothing(),
    );
    let parent = |pid: Pid| system.process(pid).and_then(sysinfo::Process::parent);
    let first = parent(Pid::from_u32(std::process::id()));
    std::iter::successors(first, |pid| parent(*pid))
        .take(DEPTH)
        .filter_map(|pid| Some(system.process(pid)?.name().to_string_lossy().into_owned()))
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
            ("zsh-5.9", Shell::Zsh),
            ("rbash", Shell::Bash),
        ] {
            assert_eq!(of_process(name), Some(shell), "{name}");
        }
        for name in ["make", "python3", "bashful", ""] {
            assert_eq!(of_process(name), None, "{name}");
        }
    }
}
