//! `awsmfa keys remove`: forgets a key. There may be no other copy, so it asks.

use super::{in_files, profile_of};
use crate::aws_files::AwsFiles;
use crate::cli::KeysQuietArgs;
use crate::environment::Environment;
use crate::error::{KeysError, NoTerminal, Result};
use crate::keys::Places;
use crate::keys::index::IndexFile;
use crate::mfa::terminal::Terminal;
use crate::model::kept_key::KeptKey;
use crate::output::stderr;

/// Runs it.
pub fn run(args: &KeysQuietArgs, env: &Environment) -> Result<()> {
    let name = profile_of(args, env)?;
    let index = IndexFile::of(env)?;
    let _locked = index.lock()?;
    let kept = index.read()?;
    let Some(entry) = kept.of(&name) else {
        return Err(KeysError::NotKept { profile: name }.into());
    };
    let key = &entry.key;
    let files = AwsFiles::read(env)?;
    let in_files = files.profile(&name).map(|profile| in_files::of(&profile));
    let has_copy = matches!(in_files, Some(Ok(Some(found))) if found.keys.access_key_id == key.access_key_id)
        || kept.is_shared(key);
    let unfinished = kept.unfinished(&key.access_key_id);
    if args.no_input {
        super::refuse_unfinished(&name, &key.access_key_id, &kept)?;
    }
    if args.no_input && !has_copy {
        return Err(unasked(key, has_copy, NoTerminal::NoInput).into());
    }
    if !args.no_input && !is_agreed(key, has_copy)? {
        return Err(KeysError::Declined.into());
    }
    // The secret goes first: nobody would find a secret that no entry names.
    if !kept.is_shared(key) {
        let mut places = Places::of(env, args.no_input);
        let of_rotation = unfinished.map(|rotation| [Some(&rotation.old), rotation.new.as_ref()]);
        let of_rotation = of_rotation.into_iter().flatten().flatten();
        for id in of_rotation.chain([&key.access_key_id]) {
            places.remove(key.place, id)?;
        }
    }
    index.change(|index| {
        if let Some(rotation) = unfinished.filter(|_| !kept.is_shared(key)) {
            index.drop_rotation(&rotation.old);
        }
        index.remove(&name);
    })?;
    stderr::note(&format!(
        "the access key {} of profile {name} is no longer in {}",
        key.access_key_id, key.place
    ));
    Ok(())
}

fn is_agreed(key: &KeptKey, has_copy: bool) -> Result<bool> {
    let terminal = Terminal::open_or(false, |why| unasked(key, has_copy, why).into())?;
    let warning = match has_copy {
        true => "",
        false => ", of which awsmfa knows no other copy",
    };
    let (id, name) = (&key.access_key_id, &key.profile);
    let question = format!("forget the access key {id} of profile {name}{warning}? [y/N] ");
    let answer = terminal.ask(&question)?;
    Ok(matches!(
        &*answer.to_ascii_lowercase(),
        "y" | "yes" | "はい"
    ))
}

fn unasked(key: &KeptKey, has_copy: bool, why: NoTerminal) -> KeysError {
    match has_copy {
        true => KeysError::NotAgreed {
            profile: key.profile.clone(),
            why,
        },
        false => KeysError::OnlyCopy {
            key: key.clone(),
            why,
        },
    }
}
