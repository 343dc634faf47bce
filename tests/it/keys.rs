//! `awsmfa keys`: a long-term key leaves the disk, works from where it is, and comes back to the byte.
#![cfg(target_os = "linux")]

mod file;
mod interrupted;
mod killed;
mod rotate;
mod rotate_refused;
mod secret_service;
mod unasked;

use std::fs;
use std::path::Path;

use crate::support::World;
use crate::support::process::finish;
use crate::support::pty::Terminal;
use crate::support::stored::Printed;
use crate::support::sts::{Builder, LocalSts};
use crate::support::world::AWSMFA;

/// What the tests type.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// alice with the passphrase file as the place for keys.
fn alice() -> World {
    alice_at(LocalSts::builder())
}

/// The same with an STS of the test's own making.
fn alice_at(sts: Builder) -> World {
    World::alice_at(sts).with_store().env("AWSMFA_KEYS", "file")
}

/// Runs at a terminal and answers its questions, each hidden from the screen.
#[track_caller]
fn typed(world: &World, args: &[&str], answers: &[(&str, &str)]) -> (i32, String) {
    let mut terminal = Terminal::start(world, AWSMFA, args);
    for (question, answer) in answers {
        terminal.wait_for(question);
        terminal.enter(answer);
    }
    let (status, text) = terminal.ended();
    for (_, answer) in answers {
        assert!(
            answer.len() < 8 || !text.contains(answer),
            "{answer} is shown: {text}"
        );
    }
    (status, text)
}

const NEW: [(&str, &str); 2] = [
    ("a new passphrase for ", PASSPHRASE),
    ("the same passphrase again: ", PASSPHRASE),
];

/// Imports the default profile's key into a passphrase file that is made for it.
#[track_caller]
fn import(world: &World) {
    let (status, text) = typed(world, &["keys", "import"], &NEW);
    assert_eq!(status, 0, "{text}");
}

/// Takes the key of the passphrase file out of the kernel's keyring: a reboot.
fn forget_passphrase(world: &World) {
    let name = format!("awsmfa-keys:{}", world.state().join("keys.age").display());
    let mut command = world.command("keyctl");
    command.args(["purge", "-s", "user", &name]);
    finish(&mut command, "");
}

/// In a new terminal these questions, and one code, are all that is asked; in the next one nothing is.
#[track_caller]
fn one_code_and(world: &World, answers: &[(&str, &str)]) {
    let line = "awsmfa env --format json >session";
    let mut terminal = Terminal::start(world, "sh", &["-c", line]);
    for (question, answer) in answers {
        terminal.wait_for(question);
        terminal.enter(answer);
    }
    terminal.wait_for("MFA code");
    terminal.enter(&world.code());
    let (status, text) = terminal.ended();
    assert_eq!(status, 0, "{text}");
    assert_eq!(
        text.lines()
            .filter(|line| line.contains("awsmfa: "))
            .count(),
        answers.len() + 1,
        "{text}"
    );
    let session = world.read("work/session");
    assert_eq!(world.session(&["--no-input"]), Printed::of(&session));
}

/// Every file of the home that holds this text.
fn files_with(world: &World, text: &str) -> Vec<String> {
    fn look(folder: &Path, text: &[u8], found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                look(&path, text, found);
            } else if fs::read(&path).is_ok_and(|b| b.windows(text.len()).any(|w| w == text)) {
                found.push(path.display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    look(&world.path(""), text.as_bytes(), &mut found);
    found
}
