//! The shells under test: the one table of them ([`table`]), which of them are here, and how a script
//! runs in each ([`run`]) and what it did ([`evaluated`]).

mod evaluated;
mod run;
mod syntax;
mod table;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;

pub use evaluated::Evaluated;
pub use run::Step;
pub use table::{SHELLS, Shell};

/// The rows whose shell is installed. One that is not is a visible skip at a desk and a failure in
/// CI, but for those that `.ci/run` says cannot be had.
pub fn all() -> impl Iterator<Item = Shell> {
    SHELLS.iter().copied().filter(Shell::is_here)
}

/// The row of this name, where it is installed.
pub fn named(name: &str) -> Option<Shell> {
    let is_row = SHELLS.iter().any(|s| s.name == name);
    assert!(is_row || cfg!(windows), "{name} is no row of the table");
    if !is_row {
        say_skipped(&format!("{name} is no shell of this system"));
    }
    all().find(|shell| shell.name == name)
}

impl Shell {
    /// Whether it is installed; if not, says so.
    pub fn is_here(&self) -> bool {
        installed(self.program, true)
    }
}

/// Says past the capture of the test runner, once, what is not tested here.
pub fn say_skipped(reason: &str) {
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if TOLD.lock().unwrap().insert(reason.to_owned()) {
        say(&format!("SKIPPED: {reason}\n"));
    }
}

/// Says it past the capture of the test runner, which holds back what the macros print.
pub fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Whether a program that a test needs is here; if not, says so.
pub fn installed(program: &str, in_ci: bool) -> bool {
    if find(program).is_some() {
        return true;
    }
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let may_skip = std::env::var("AWSMFA_MAY_SKIP").unwrap_or_default();
    let may_skip = may_skip.split(' ').any(|name| name == program);
    assert!(
        !(ci && in_ci && !may_skip),
        "{program} is not installed, and CI skips nothing"
    );
    say_skipped(&format!("{program} is not installed"));
    false
}

/// Where PATH has a program.
pub fn find(program: &str) -> Option<PathBuf> {
    // Wine's powershell.exe does nothing and succeeds.
    if program == "powershell" && std::env::var_os("WINEPREFIX").is_some() {
        return None;
    }
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|file| file.is_file())
}
