//! Instructions as valgrind's callgrind counts them: the same whatever else the machine does.

use std::fs;
use std::process::Stdio;

use super::World;
use super::process::finish;
use super::shells;

/// What a run executed.
pub struct Counted {
    /// Everywhere, from the loader to the end.
    pub all: u64,
    /// In the program's own file: what the loader and the C library of this machine do is theirs.
    pub own: u64,
}

/// Whether there is a valgrind here.
pub fn is_installed() -> bool {
    shells::installed("valgrind", true)
}

/// Runs a program of this world to its end, which must be a success, and counts.
#[track_caller]
pub fn count(world: &World, program: &str, args: &[&str]) -> Counted {
    let file = world.path("callgrind");
    let mut command = world.command("valgrind");
    command
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args(args)
        .stdout(Stdio::null());
    let ran = finish(&mut command, "");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let costs = costs(&fs::read_to_string(file).unwrap());
    let of = |wanted: &dyn Fn(&str) -> bool| {
        let costs = costs.iter().filter(|(object, _)| wanted(object));
        costs.map(|(_, cost)| cost).sum()
    };
    Counted {
        all: of(&|_| true),
        own: of(&|object| object == program),
    }
}

/// Each line of cost with the file whose instructions it counts. A file is named once and then called
/// by its number; the line after `calls=` is what a call cost altogether, and is counted where it arose.
fn costs(profile: &str) -> Vec<(String, u64)> {
    let mut names: Vec<(&str, &str)> = Vec::new();
    let mut object = "";
    let mut costs = Vec::new();
    let mut lines = profile.lines();
    while let Some(line) = lines.next() {
        if let Some(named) = line.strip_prefix("ob=").or(line.strip_prefix("cob=")) {
            let (number, name) = named.split_once(' ').unwrap_or((named, ""));
            if !name.is_empty() {
                names.push((number, name));
            }
            if line.starts_with("ob=") {
                object = names.iter().find(|(n, _)| *n == number).unwrap().1;
            }
        } else if line.starts_with("calls=") {
            lines.next();
        } else if line.starts_with(|c: char| c.is_ascii_digit() || "+-*".contains(c)) {
            let cost = line.split(' ').nth(1).unwrap();
            costs.push((object.to_owned(), cost.parse().unwrap()));
        }
    }
    costs
}
