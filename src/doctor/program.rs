//! The program itself: which one it is, and whether `awsmfa` means it.

use std::env;
use std::path::{Path, PathBuf};

use super::{Finding, Place};
use crate::system::own_path::is_program;

const CHECK: &str = "program";

pub fn check(place: &Place) -> Vec<Finding> {
    let own = env::current_exe().unwrap_or_default();
    let found = on_path(place);
    let version = format!("awsmfa {} is {}", env!("CARGO_PKG_VERSION"), own.display());
    let Some(first) = found.first() else {
        return vec![Finding::wrong(
            CHECK,
            format!("{version}, and no folder of PATH has an awsmfa"),
            format!(
                "add {} to PATH in your shell's start-up file",
                own.parent().unwrap_or(&own).display()
            ),
        )];
    };
    let mut findings = Vec::new();
    match same_file(first, &own) {
        true => findings.push(Finding::good(CHECK, version)),
        false => findings.push(Finding::wrong(
            CHECK,
            format!("{version}, but awsmfa means {}", first.display()),
            format!(
                "remove {}, or put the other folder first in PATH",
                first.display()
            ),
        )),
    }
    for other in found
        .iter()
        .skip(1)
        .filter(|other| !same_file(other, first))
    {
        findings.push(Finding::warn(
            CHECK,
            format!("there is another awsmfa: {}", other.display()),
            format!("remove {}", other.display()),
        ));
    }
    findings
}

/// Every program of our name on PATH, in its order.
fn on_path(place: &Place) -> Vec<PathBuf> {
    let name = if cfg!(windows) {
        "awsmfa.exe"
    } else {
        "awsmfa"
    };
    let folders = place.env.path("PATH").map(env::split_paths);
    let files = folders
        .into_iter()
        .flatten()
        .map(|folder| folder.join(name));
    files.filter(|file| is_program(file)).collect()
}

/// A link to it is it.
fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
