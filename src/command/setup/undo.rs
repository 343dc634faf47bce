//! `awsmfa setup --undo`: every file as it was, but for what somebody changed since.

use zeroize::Zeroizing;

use super::keys;
use crate::aws_files::write::{self, Patience};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::output::stderr;
use crate::setup::block;
use crate::setup::change::reversed;
use crate::setup::journal::{self, Made};
use crate::shell::{Shell, startup};
use crate::store::Store;
use crate::system::bounded_read;

/// Takes out what `setup` put in, newest first; what somebody changed since is left and named.
pub fn run(store: &Store, env: &Environment, shell: Shell) -> Result<()> {
    let mut made = journal::read(store);
    // First of all: a file that comes back as it was has the keys in it.
    let moved = keys::bring_back(store, env)?;
    if made.is_empty() && !moved && !undo_marked(env, shell)? {
        stderr::note("there is nothing to undo");
        return Ok(());
    }
    let mut left = Vec::new();
    while let Some(change) = made.pop() {
        match reverse(&change) {
            Ok(true) => stderr::note(&format!("{}: as it was before", change.file.display())),
            Ok(false) => {
                stderr::note(&format!(
                    "{}: these lines were changed since, so they stay",
                    change.file.display()
                ));
            }
            Err(error) => {
                stderr::error(&error);
                left.insert(0, change);
                continue;
            }
        }
        journal::write(store, &[&*made, &*left].concat());
    }
    match left.is_empty() {
        true => Ok(()),
        false => Err(Error::Wrong { count: left.len() }),
    }
}

/// Whether the change could be found and taken out. A file that it made, and that holds nothing else, goes.
fn reverse(change: &Made) -> Result<bool> {
    if !change.file.exists() {
        return Ok(true);
    }
    let mut found = false;
    let mut is_empty = false;
    write::edit_any(&change.file, Patience::Endless, |bytes| {
        let before = reversed(bytes, &change.difference());
        found = before.is_some();
        let before = before.unwrap_or_else(|| bytes.to_vec());
        is_empty = before.is_empty();
        Ok(Zeroizing::new(before))
    })?;
    if found && is_empty && change.created {
        std::fs::remove_file(&change.file).map_err(|error| Error::Unwritable {
            path: change.file.clone(),
            error,
        })?;
    }
    Ok(found)
}

/// The block in this shell's start-up files, where no note of it is left.
fn undo_marked(env: &Environment, shell: Shell) -> Result<bool> {
    let Ok(home) = env.home() else {
        return Ok(false);
    };
    let mut found = false;
    for file in startup::read_at_start(shell, &home, env) {
        let Ok(bytes) = bounded_read::read(&file) else {
            continue;
        };
        if block::without(&bytes) != **bytes {
            write::edit_any(&file, Patience::Endless, |bytes| {
                Ok(Zeroizing::new(block::without(bytes)))
            })?;
            stderr::note(&format!("{}: the block is removed", file.display()));
            found = true;
        }
    }
    Ok(found)
}
