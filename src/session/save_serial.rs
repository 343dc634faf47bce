//! A serial number that was typed: remembered in the store, and written into the config file for the
//! user who says yes. The session is there already, so nothing here is a failure.

use super::source_id::source_id;
use crate::aws_files::AwsFiles;
use crate::aws_files::edit::Existing;
use crate::aws_files::sections::FileKind;
use crate::aws_files::write::{self, Patience};
use crate::environment::Environment;
use crate::error::Result;
use crate::mfa::terminal::Terminal;
use crate::model::serial::Serial;
use crate::output::stderr;
use crate::profile::Profile;
use crate::store::Store;

/// For the next time; also where the session was stored, which proves that it is right.
pub fn remember(serial: &Serial, profile: &Profile, store: &Store) {
    store.remember_serial(&source_id(&profile.source), serial.as_str());
}

/// Offers to write it down, once it is remembered: a user who presses Ctrl-C at the question has lost nothing.
pub fn offer(serial: &Serial, profile: &Profile, files: &AwsFiles, env: &Environment) {
    // Keys of the environment have no profile that the line could stand in.
    let Some(owner) = profile.source.profile() else {
        return;
    };
    if wants_it_written(owner, files).unwrap_or(false) {
        let line = [("mfa_serial", serial.as_str())];
        let existing = Existing::Replaced;
        if let Err(error) = write::put(
            FileKind::Config,
            env,
            owner,
            &line,
            existing,
            Patience::Endless,
        ) {
            stderr::error(&error);
        }
    }
}

fn wants_it_written(owner: &str, files: &AwsFiles) -> Result<bool> {
    let question = format!(
        "Save this device as mfa_serial under {} in {}? [y/N] ",
        FileKind::Config.header_of(owner),
        files.config_path().display()
    );
    let answer = Terminal::open(false)?.ask(&question)?;
    Ok(matches!(
        &*answer.to_ascii_lowercase(),
        "y" | "yes" | "はい"
    ))
}
