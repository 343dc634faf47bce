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

/// The shell of a process by its name: `zsh`, `-bash` (a login shell), `pwsh.exe`.
fn of_process(name: &str) -> Option<Shell> {
    let name = name.trim_start_matches('-').to_ascii_lowercase();
    Some(match name.strip_suffix(".exe").unwrap_or(&name) {
        "bash" => Shell::Bash,
        "zsh" => Shell::Zsh,
        "sh" | "dash" | "ash" | "busybox" | "ksh" | "ksh93" | "mksh" | "lksh" | "pdksh" => {
            Shell::Sh
        }
        "fish" => Shell::Fish,
        "powershell" | "pwsh" | "pwsh-preview" => Shell::PowerShell,
        "cmd" => Shell::Cmd,
        "elvish" => Shell::Elvish,
        _ => return None,
    })
}

/// A process tree deeper than this is a loop of reused process ids.
const DEPTH: usize = 64;

/// The names of our ancestors, nearest first. Two small reads per ancestor, and a shell is usually
/// the first of them.
#[cfg(target_os = "linux")]
fn ancestors() -> Vec<String> {
    let mut names = Vec::new();
    let mut pid = std::os::unix::process::parent_id();
    while pid > 1 && names.len() < DEPTH {
        // "PID (NAME) STATE PPID …", where NAME may hold anything, brackets and blanks too.
        let Ok(stat) = std::fs::read(format!("/proc/{pid}/stat")) else {
            break;
        };
        let stat = String::from_utf8_lossy(&stat);
        let (Some(open), Some(close)) = (stat.find('('), stat.rfind(')')) else {
            break;
        };
        let name = stat.get(open + 1..close).unwrap_or_default().to_owned();
        let parent = stat
            .get(close + 1..)
            .and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        let done = of_process(&name).is_some();
        names.push(name);
        match parent {
            Some(parent) if !done => pid = parent,
            _ => break,
        }
    }
    names
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
        ] {
            assert_eq!(of_process(name), Some(shell), "{name}");
        }
        for name in ["make", "python3", "bashful", ""] {
            assert_eq!(of_process(name), None, "{name}");
        }
    }
}
