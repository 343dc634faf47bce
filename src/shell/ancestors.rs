//! The processes that started this one, by the names of their programs, nearest first.

/// A process tree deeper than this is a loop of reused process ids.
const DEPTH: usize = 64;

/// The names, as far as the first that is a shell: that is usually the first of them.
#[cfg(target_os = "linux")]
pub fn ancestors(is_shell: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names = Vec::new();
    let mut pid = std::os::unix::process::parent_id();
    while pid > 1 && names.len() < DEPTH {
        if let Some(program) = program_of(pid)
            && is_shell(&program)
        {
            names.push(program);
            break;
        }
        let Some((name, parent)) = name_and_parent(pid) else {
            break;
        };
        let done = is_shell(&name);
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
    if program != "busybox" && !is_python(program) {
        return Some(program.to_owned());
    }
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let line = String::from_utf8_lossy(&line);
    let words: Vec<&str> = line.split('\0').collect();
    Some(match program {
        "busybox" => file_name(words.first()?).to_owned(),
        _ if is_xonsh(&words) => "xonsh".to_owned(),
        _ => program.to_owned(),
    })
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

/// `python3.12`; macOS's own is called `Python`.
#[cfg(any(test, unix))]
fn is_python(program: &str) -> bool {
    program.to_ascii_lowercase().starts_with("python")
}

/// Whether the words of a Python are xonsh: as a script, as a module, or under the title that it may give itself.
#[cfg(any(test, unix))]
fn is_xonsh(words: &[impl AsRef<str>]) -> bool {
    let mut words = words.iter().map(AsRef::as_ref);
    let called_as: &str = words.next().unwrap_or_default();
    let script = words.find(|word| !word.starts_with('-'));
    script.is_some_and(|script| file_name(script) == "xonsh")
        || called_as.split(' ').next() == Some("xonsh")
}

#[cfg(any(test, unix))]
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A process as the system lists it.
#[cfg(any(test, not(target_os = "linux")))]
struct Running {
    parent: Option<u32>,
    /// Seconds; only Windows asks.
    started: u64,
    name: String,
}

/// From parent to parent, nearest first. Windows keeps the id of a parent that has ended and gives it to
/// somebody else, who is then younger than the child; elsewhere a child gets another parent, and the age of
/// another user's process is not told (it would be 0).
#[cfg(any(test, not(target_os = "linux")))]
fn climb(
    pid: u32,
    ids_are_reused: bool,
    is_shell: impl Fn(&str) -> bool,
    mut find: impl FnMut(u32) -> Option<Running>,
) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut child = find(pid);
    while let Some(process) = child.take()
        && names.len() < DEPTH
        && !names.last().is_some_and(|name| is_shell(name))
    {
        let parent = process
            .parent
            .filter(|parent| *parent != 0)
            .and_then(&mut find);
        let parent = parent.filter(|parent| !ids_are_reused || parent.started <= process.started);
        names.extend(parent.as_ref().map(|parent| parent.name.clone()));
        child = parent;
    }
    names
}

/// The same on Windows, where one list holds all processes.
#[cfg(windows)]
pub fn ancestors(is_shell: impl Fn(&str) -> bool) -> Vec<String> {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};
    let mut system = System::new();
    system.refresh_processes_specifics(
        ProcessesToUpdate::All,
        false,
        ProcessRefreshKind::nothing(),
    );
    climb(std::process::id(), true, is_shell, |pid| {
        let process = system.process(Pid::from_u32(pid))?;
        Some(Running {
            parent: process.parent().map(Pid::as_u32),
            started: process.start_time(),
            name: process.name().to_string_lossy().into_owned(),
        })
    })
}

/// The same on macOS and the BSDs, one process at a time.
#[cfg(all(unix, not(target_os = "linux")))]
pub fn ancestors(is_shell: impl Fn(&str) -> bool) -> Vec<String> {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
    let mut system = System::new();
    climb(std::process::id(), false, is_shell, |id| {
        let pid = Pid::from_u32(id);
        let what = ProcessRefreshKind::nothing().with_cmd(UpdateKind::OnlyIfNotSet);
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, what);
        let process = system.process(pid)?;
        let name = process.name().to_string_lossy().into_owned();
        let words: Vec<_> = process
            .cmd()
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        let name = match is_python(&name) && is_xonsh(&words) {
            true => "xonsh".to_owned(),
            false => name,
        };
        // A process of another user (sudo) does not tell us its parent.
        let parent = process
            .parent()
            .map(Pid::as_u32)
            .or_else(|| parent_by_ps(id));
        Some(Running {
            parent,
            started: 0,
            name,
        })
    })
}

/// `ps` may look at every process.
#[cfg(all(unix, any(test, not(target_os = "linux"))))]
fn parent_by_ps(pid: u32) -> Option<u32> {
    let mut ps = std::process::Command::new("/bin/ps");
    let ps = ps.args(["-o", "ppid=", "-p", &pid.to_string()]);
    let told = ps.stdin(std::process::Stdio::null()).output().ok()?.stdout;
    String::from_utf8(told).ok()?.trim().parse().ok()
}

#[cfg(test)]
#[path = "ancestors_tests.rs"]
mod tests;
