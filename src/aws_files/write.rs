//! The one place that writes `~/.aws/config`, `~/.aws/credentials` and the start-up files of shells: whole or not at
//! all, under a lock, and nothing of the file changes but what was asked for. Owner, mode, access control list and a
//! link to somebody's dotfiles stay, and so does whatever another program writes meanwhile.
//!
//! How to call it: look with [`check`] before anything is spent that cannot be had again (a code), then give [`edit`]
//! (or [`edit_any`], for a file that is not AWS's) a pure function from the text that stands there to the text that
//! shall. The function is called under the lock with the newest text, again if another program writes in between,
//! so whatever must hold for the text is checked in it: what it refuses changes no byte.
//!
//! ```ignore
//! write::edit(FileKind::Credentials, env, Patience::of(no_input), |text| {
//!     refuse_what_must_not_be_there(text)?;
//!     Ok(text_with_the_change(text))
//! })?;
//! ```

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::edit::{self, Existing, Unwritten};
use super::file::AwsFile;
use super::sections::FileKind;
use crate::environment::Environment;
use crate::error::{Error, Location, Result};
use crate::output::stderr;
pub use crate::system::lock::Patience;
use crate::system::rewrite::{self, Done, Failure};

/// Changes the text of one AWS file and gives back the file's path. A default file that is not there is made; a text
/// that no SDK reads is an error before `change` is asked. Where `change` gives the same text nothing is written.
pub fn edit(
    kind: FileKind,
    env: &Environment,
    patience: Patience,
    mut change: impl FnMut(&str) -> Result<Zeroizing<String>>,
) -> Result<PathBuf> {
    let path = AwsFile::read(kind, env)?.path;
    edit_any(&path, patience, |bytes| {
        let file = AwsFile::of_bytes(kind, path.clone(), Zeroizing::new(bytes.to_vec()))?;
        let mut text = change(file.text())?;
        Ok(Zeroizing::new(std::mem::take(&mut *text).into_bytes()))
    })?;
    Ok(path)
}

/// The same for any file, a shell's start-up file for one, which may be of any bytes. It is made where there is
/// none, for its owner alone.
pub fn edit_any(
    path: &Path,
    patience: Patience,
    change: impl FnMut(&[u8]) -> Result<Zeroizing<Vec<u8>>>,
) -> Result<()> {
    let Done { other_names } = rewrite::rewrite(path, patience, &mut waiting(path), change)
        .map_err(|failure| failed(path, failure, |refused| refused))?;
    if other_names > 0 {
        stderr::note(&format!(
            "{} had {other_names} more name{} (hard links), and there the old text stays",
            path.display(),
            if other_names == 1 { "" } else { "s" }
        ));
    }
    Ok(())
}

/// Puts values into the profile's section of one file and gives back the file's path.
pub fn put(
    kind: FileKind,
    env: &Environment,
    profile: &str,
    values: &[(&str, &str)],
    existing: Existing,
    patience: Patience,
) -> Result<PathBuf> {
    let path = AwsFile::read(kind, env)?.path;
    edit(kind, env, patience, |text| {
        put_into(kind, &path, text, profile, values, existing)
    })
}

/// The same for the text of such a file, as [`edit`] hands it out.
pub fn put_into(
    kind: FileKind,
    path: &Path,
    text: &str,
    profile: &str,
    values: &[(&str, &str)],
    existing: Existing,
) -> Result<Zeroizing<String>> {
    edit::put(kind, text, profile, values, existing).map_err(|unwritten| match unwritten {
        Unwritten::Syntax(error) => AwsFile::syntax(path, error),
        Unwritten::Continued { line } => Error::Continued {
            location: Location {
                path: path.to_owned(),
                line,
            },
        },
    })
}

/// Whether the file could be written: asked before a code is spent that would be lost.
pub fn check(kind: FileKind, env: &Environment, patience: Patience) -> Result<()> {
    check_any(&AwsFile::read(kind, env)?.path, patience)
}

/// The same for any file.
pub fn check_any(path: &Path, patience: Patience) -> Result<()> {
    rewrite::check(path, patience, &mut waiting(path))
        .map_err(|failure| failed(path, failure, |never| match never {}))
}

fn waiting(path: &Path) -> impl FnMut(&str) {
    move |holder| {
        stderr::note(&format!(
            "waiting for another awsmfa ({holder}), which is writing {}",
            path.display()
        ));
    }
}

fn failed<E>(path: &Path, failure: Failure<E>, refused: impl FnOnce(E) -> Error) -> Error {
    let path = path.to_owned();
    match failure {
        Failure::Io(error) => Error::Unwritable { path, error },
        Failure::Held(holder) => Error::BeingWritten { path, holder },
        Failure::Unsettled => Error::KeepsChanging { path },
        Failure::Refused(error) => refused(error),
    }
}
