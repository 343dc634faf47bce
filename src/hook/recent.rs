//! Which profiles `use` was for, the last one first: a note beside the sessions, for the list to begin with them.

use crate::store::Store;

const NOTE: &str = "recent";
/// Beyond these nobody remembers the order either.
const KEPT: usize = 100;

/// The names in the order of the list: the shell's own profile, then those that were used, the last one first, then
/// the others as they are in the files.
pub fn first<'n>(names: Vec<&'n str>, of_shell: Option<&str>, store: &Store) -> Vec<&'n str> {
    let text = String::from_utf8(store.note(NOTE).unwrap_or_default()).unwrap_or_default();
    let used: Vec<&str> = of_shell.into_iter().chain(text.lines()).collect();
    let mut names = names;
    names.sort_by_key(|name| {
        used.iter()
            .position(|used| used == name)
            .unwrap_or(KEPT + 1)
    });
    names
}

/// Notes that a profile was used. Of two processes at once one may lose its note, which changes only the order.
pub fn used(name: &str, store: &Store) {
    let text = String::from_utf8(store.note(NOTE).unwrap_or_default()).unwrap_or_default();
    if text.lines().next() == Some(name) {
        return;
    }
    let others = text.lines().filter(|other| *other != name);
    let lines = std::iter::once(name).chain(others).take(KEPT);
    let text: String = lines.map(|name| format!("{name}\n")).collect();
    let _ = store.keep_note(NOTE, text.as_bytes());
}
