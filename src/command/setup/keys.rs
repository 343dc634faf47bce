//! Where the long-term keys shall live: in the operating system's key store, or in the AWS files as every other tool
//! reads them.

use std::path::Path;

use super::Setup;
use crate::aws_files::edit::Existing;
use crate::aws_files::sections::FileKind;
use crate::aws_files::write::{self, Patience};
use crate::cli::{KeysArgs, KeysCallArgs, KeysCommand, KeysQuietArgs};
use crate::environment::Environment;
use crate::error::{Error, KeysError, Result};
use crate::keys::Places;
use crate::model::session::Credentials;
use crate::output::stderr;
use crate::profile::{Profile, Source};
use crate::store::Store;

/// What was decided about keys, beside the sessions, a line each: [`MOVED`] and a profile, or [`STAY`] and the id of a
/// key. Nothing is asked twice, and the undoing knows what to bring back.
const NOTE: &str = "setup-keys";
const MOVED: &str = "moved ";
const STAY: &str = "stay ";

impl Setup {
    /// Keys to start with: those that are there, or both halves typed.
    pub(super) fn keys(&self) -> Result<()> {
        match self.profile() {
            Err(Error::NoCredentials { .. } | Error::ProfileUnknown { .. }) => {}
            Err(error) => return Err(error),
            Ok(_) => return Ok(()),
        }
        stderr::note(&format!("profile {} has no access key yet", self.name));
        self.desk.terminal()?;
        let place = Places::of(&self.env, false).choose()?;
        // A new key is in no other tool's way: it begins its life where no backup reads it.
        match self
            .desk
            .agrees(&format!("Keep it in {place}, in no file in plain text?"))?
        {
            true => run(KeysCommand::Add(call(&self.name)), &self.env),
            false => self.type_into_the_file(),
        }
    }

    fn type_into_the_file(&self) -> Result<()> {
        let id = loop {
            let id = self.desk.line("Access key id (AKIA…): ")?;
            if Credentials::is_access_key_id(&id) {
                break id;
            }
            stderr::note(
                "that is not an access key id: one begins with AKIA and has 20 characters",
            );
        };
        let secret = self.desk.hidden("Secret access key: ")?;
        let values = [
            ("aws_access_key_id", &*id),
            ("aws_secret_access_key", secret.trim()),
        ];
        let path = write::put(
            FileKind::Credentials,
            &self.env,
            &self.name,
            &values,
            Existing::Kept,
            Patience::Endless,
        )?;
        self.decided(&format!("{STAY}{id}"));
        stderr::note(&format!(
            "the key is in {}, under [{}]",
            path.display(),
            self.name
        ));
        stderr::hint(&format!(
            "run awsmfa keys import {} to take it out of the file",
            self.name
        ));
        Ok(())
    }

    /// Keys that were found in plain text may move. Enter leaves them, and so does `--yes`: whatever else reads that
    /// file would be without them.
    pub(super) fn long_term_keys(&self, profile: &Profile) -> Result<()> {
        let Source::Keys {
            credentials,
            profile: owner,
            location,
            ..
        } = &profile.source
        else {
            return Ok(());
        };
        let id = &credentials.access_key_id;
        let stay = format!("{STAY}{id}");
        if profile.source.is_session()
            || self.desk.is_yes()
            || decisions(&self.store).contains(&stay)
        {
            return Ok(());
        }
        let place = Places::of(&self.env, false).choose()?;
        stderr::note(&format!(
            "the long-term key of profile {owner} is in plain text, and every backup has it:"
        ));
        say_lines(&location.path, id);
        let question =
            format!("Move it into {place}? Programs that read it there need a session then.");
        match self.desk.wants(&question)? {
            true => {
                // It is noted before it is done: if this process is killed in between, `--undo` looks for the key,
                // and may not find it.
                self.decided(&format!("{MOVED}{owner}"));
                run(KeysCommand::Import(call(owner)), &self.env)?;
            }
            false => self.decided(&stay),
        }
        Ok(())
    }

    fn decided(&self, decision: &str) {
        let mut decisions = decisions(&self.store);
        decisions.retain(|other| other != decision);
        decisions.push(decision.to_owned());
        let _ = self.store.keep_note(NOTE, decisions.join("\n").as_bytes());
    }
}

/// As a change of a file is shown.
fn say_lines(file: &Path, access_key_id: &str) {
    stderr::line(&format!("{}:", file.display()));
    stderr::line(&format!("  - aws_access_key_id = {access_key_id}"));
    stderr::line("  - aws_secret_access_key = (hidden)");
}

fn decisions(store: &Store) -> Vec<String> {
    let text = String::from_utf8(store.note(NOTE).unwrap_or_default()).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// The keys that `setup` moved, back into the file; whether there were any.
pub(super) fn bring_back(store: &Store, env: &Environment) -> Result<bool> {
    let mut found = false;
    for decision in decisions(store) {
        let Some(profile) = decision.strip_prefix(MOVED) else {
            continue;
        };
        match run(KeysCommand::Export(quiet(profile)), env) {
            Ok(()) => found = true,
            // It never came there, or somebody brought it back already.
            Err(Error::Keys(error)) if matches!(*error, KeysError::NotKept { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    if found {
        store.keep_note(NOTE, b"");
    }
    Ok(found)
}

fn quiet(profile: &str) -> KeysQuietArgs {
    KeysQuietArgs {
        profile: Some(profile.to_owned()),
        no_input: false,
    }
}

fn call(profile: &str) -> KeysCallArgs {
    KeysCallArgs {
        quiet: quiet(profile),
        ..KeysCallArgs::default()
    }
}

fn run(command: KeysCommand, env: &Environment) -> Result<()> {
    crate::command::keys::run(&KeysArgs { command }, env)
}
