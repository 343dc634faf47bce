//! What a reader must know of the machine to compare: nothing that names it.

use std::process::Command;

use crate::support::clients;

/// A list of it.
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut lines = vec![
        format!("{cores} cores of {}", cpu()),
        format!("{} {}", std::env::consts::OS, kernel()),
    ];
    for (program, args) in [
        ("rustc", ["--version"]),
        ("bash", ["--version"]),
        ("zsh", ["--version"]),
        ("fish", ["--version"]),
        ("direnv", ["--version"]),
        ("curl", ["--version"]),
    ] {
        lines.extend(version(program, &args));
    }
    lines.extend(aws());
    lines.iter().map(|line| format!("- {line}\n")).collect()
}

/// Its name and number, without the Python and the system that follow.
fn aws() -> Option<String> {
    let [python, flag, module] = clients::aws()?;
    let output = Command::new(python)
        .args([&flag, &module, "--version"])
        .output();
    let text = String::from_utf8(output.ok()?.stdout).ok()?;
    text.split(' ').next().map(str::to_owned)
}

fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name))?;
        line.split_once(": ").map(|(_, value)| value.to_owned())
    };
    let is_guest = info.contains(" hypervisor ");
    let model = field("model name").unwrap_or_else(|| "an unknown processor".to_owned());
    match is_guest {
        true => format!("{model}, as a virtual machine"),
        false => model,
    }
}

/// Its first two numbers: what follows may name who built it.
fn kernel() -> String {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    release.split('.').take(2).collect::<Vec<_>>().join(".")
}

/// How awsmfa and the bare process are linked.
pub fn linked() -> &'static str {
    match cfg!(target_env = "musl") {
        true => "statically linked (musl)",
        false => "dynamically linked (glibc)",
    }
}

/// The first line, up to where it begins to name hosts and libraries.
fn version(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().next()?.split(" (").next()?.to_owned();
    let names_itself = line.to_lowercase().contains(program);
    Some(if names_itself {
        line
    } else {
        format!("{program} {line}")
    })
}
