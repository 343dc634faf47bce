//! The clients of other people: a desk may lack them, and then the test says so; CI may not.

use std::process::{Command, Stdio};

use super::shells::say_skipped;

/// A Python that has this module.
pub fn python(module: &str) -> Option<String> {
    let found = found_python();
    let has = |python: &String| {
        let import = format!("import {module}");
        let mut command = Command::new(python);
        command.args(["-c", &import]).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let found = found.filter(has);
    if found.is_none() {
        missing(&format!("python3 with the module {module}"));
    }
    found
}

/// The AWS CLI, as a module of the same Python: a wrapper on PATH may be anybody's.
pub fn aws() -> Option<[String; 3]> {
    let python = python("awscli")?;
    Some([python, "-m".to_owned(), "awscli".to_owned()])
}

/// The real path of the interpreter: tests run with a home and a PATH of their own.
fn found_python() -> Option<String> {
    let print = "import sys; print(sys.executable, end='')";
    let output = Command::new("python3").args(["-c", print]).output().ok()?;
    String::from_utf8(output.stdout)
        .ok()
        .filter(|path| !path.is_empty())
}

fn missing(what: &str) {
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!ci, "{what} is missing, and CI skips nothing");
    say_skipped(&format!("{what} is missing"));
}
