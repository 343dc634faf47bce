//! The layers of the house, read from the source: an import goes down, and sisters do not know each other. A reader of
//! one room has to know only the rooms below it. And no file grows without a reason.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `src/` from the top to the ground. Those of one line are sisters.
const LAYERS: &[&[&str]] = &[
    &["command"],
    &["doctor", "hook", "setup"],
    &["session"],
    &["cli", "iam", "keys", "picker", "server"],
    &["store"],
    &["sts"],
    &["profile"],
    &["aws_files"],
    &["state"],
    &["mfa"],
    &["output"],
    &["shell"],
    &["environment"],
    &["model"],
    &["error"],
    &["system", "text"],
];

/// What is no room: the library itself, the program, and what the random inputs of the tests have in common.
const NO_ROOMS: &[&str] = &["lib.rs", "main.rs", "fuzz.rs"];

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file of a folder and below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// The rooms that a text names: `crate::ROOM`, and each of `crate::{ROOM, ROOM}`.
fn named(text: &str) -> Vec<String> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: Vec<&str> = text.lines().filter(is_code).collect();
    let code = code.join(" ");
    let word = |text: &str| {
        let letters = text.trim().chars();
        letters
            .take_while(|c| c.is_ascii_lowercase() || *c == '_')
            .collect()
    };
    let mut rooms = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest
            .strip_prefix('{')
            .and_then(|group| group.split('}').next())
        {
            Some(group) => rooms.extend(group.split(',').map(word)),
            None => rooms.push(word(rest)),
        }
    }
    rooms.retain(|room: &String| !room.is_empty());
    rooms
}

#[test]
fn an_import_goes_down_and_sisters_do_not_know_each_other() {
    let source = source();
    let mut wrong = Vec::new();
    for file in files(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap();
        if NO_ROOMS.contains(&room) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for other in named(&text) {
            let is_free = other == room || other == "fuzz";
            if !is_free && layer(&other) <= layer(room) {
                wrong.push(format!("src/{} imports {other}", inside.display()));
            }
        }
        // What stands in a room's mod.rs would leave the room by `super`.
        let leaves = |line: &str| line.starts_with("use super::");
        if inside.iter().count() == 2 && inside.ends_with("mod.rs") && text.lines().any(leaves) {
            wrong.push(format!("src/{} says super", inside.display()));
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The most lines of a file that gives no reason for its length.
const LONG: usize = 260;
/// How a head comment begins its reason.
const REASON: &str = "//! One file although long: ";

/// A file that grows past this holds a second idea, or says in its head comment why it is one.
#[test]
fn no_file_is_long_without_a_reason() {
    let wrong: Vec<String> = files(&source())
        .into_iter()
        .filter_map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let mut head = text.lines().take_while(|line| line.starts_with("//!"));
            let has_reason = head.any(|line| line.starts_with(REASON));
            let lines = text.lines().count();
            let is_wrong = lines > LONG && !has_reason;
            is_wrong.then(|| format!("{} has {lines} lines", file.display()))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "split it, or write {REASON:?} and why:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_folder_of_the_source_is_a_room_of_the_table() {
    for entry in fs::read_dir(source()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_known = NO_ROOMS.contains(&&*name) || layer(&name).is_some();
        assert!(is_known, "src/{name} has no layer in {}", file!());
    }
}

/// The tree in CONTRIBUTING.md: every room in the order of the table, and nothing that is not there.
#[test]
fn the_tree_for_contributors_has_every_room() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let lines = page.lines().filter_map(|line| line.strip_prefix("    "));
    let folders = lines.filter_map(|line| line.split_once("/ ").map(|(folder, _)| folder));
    let folders: Vec<&str> = folders.filter(|folder| !folder.contains(' ')).collect();
    for folder in &folders {
        assert!(root.join(folder).is_dir(), "{folder} is not there");
    }
    let rooms = folders.iter().filter_map(|name| name.strip_prefix("src/"));
    let expected: Vec<&str> = LAYERS
        .iter()
        .flat_map(|rooms| rooms.iter().copied())
        .collect();
    assert_eq!(rooms.collect::<Vec<_>>(), expected);
}

/// Where a contributor is sent, there is something.
#[test]
fn the_page_for_contributors_names_files_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let spans = page.split('`').skip(1).step_by(2);
    let starts = [
        "src/",
        "tests/",
        "docs/",
        "completions/",
        ".ci/",
        ".github/",
    ];
    let paths = spans.filter(|span| starts.iter().any(|start| span.starts_with(start)));
    let paths: Vec<&str> = paths.filter(|path| !path.contains(' ')).collect();
    assert!(paths.len() > 20, "{paths:?}");
    for path in paths {
        assert!(root.join(path).exists(), "{path} is not there");
    }
}

#[test]
fn what_is_no_import_is_no_arrow() {
    let text =
        "// crate::session\nuse crate::{cli, text::sanitize};\nlet x = crate::store::Store;\n";
    assert_eq!(named(text), ["cli", "text", "store"]);
}
