//! The clients of other people: a desk may lack them, and then the test says so; CI may not.

use std::path::PathBuf;
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

/// node, where the AWS SDK for JavaScript is there too.
pub fn node() -> Option<String> {
    let print = "console.log(process.execPath)";
    let output = Command::new("node").args(["-e", print]).output().ok();
    let path = output.and_then(|output| String::from_utf8(output.stdout).ok());
    let path = path.map(|path| path.trim().to_owned());
    let found = path.filter(|path| !path.is_empty() && node_modules().is_some());
    if found.is_none() {
        missing("node with @aws-sdk/client-sts in target/clients");
    }
    found
}

/// Where the modules of the JavaScript clients are, as `.ci/run` installs them.
pub fn node_modules() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/clients/node_modules");
    modules
        .join("@aws-sdk/client-sts")
        .is_dir()
        .then_some(modules)
}

/// Says that it is missing; in CI that is a failure.
pub fn missing(what: &str) {
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!ci, "{what} is missing, and CI skips nothing");
    say_skipped(&format!("{what} is missing"));
}
