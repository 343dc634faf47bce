//! `awsmfa keys remove`: forgets a key. There may be no other copy, so it asks.

use super::{in_files, profile_of};
use crate::aws_files::AwsFiles;
use crate::cli::KeysQuietArgs;
use crate::environment::Environment;
use crate::error::{KeysError, Result};
use crate::keys::Places;
use crate::keys::index::IndexFile;
use crate::mfa::terminal::Terminal;
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
        || kept.keys.iter().any(|other| {
            other.key.profile != name
                && (other.key.place, &other.key.access_key_id) == (key.place, &key.access_key_id)
        });
    let unfinished = kept.unfinished(&key.access_key_id);
    if args.no_input {
        super::refuse_unfinished(&name, &key.access_key_id, &kept)?;
    }
    if args.no_input && !has_copy {
        return Err(KeysError::OnlyCopy { key: key.clone() }.into());
    }
    if !args.no_input && !is_agreed(&key.access_key_id, &name, has_copy)? {
        return Err(KeysError::Declined.into());
    }
    // First the index: a secret that is left over is found by nobody, an entry without one is in the way.
    index.change(|index| index.remove(&name))?;
    if !index.read()?.needs(key.place, &key.access_key_id) {
        let mut places = Places::of(env, args.no_input);
        places.remove(key.place, &key.access_key_id)?;
        if let Some(rotation) = unfinished {
            for id in [Some(&rotation.old), rotation.new.as_ref()]
                .into_iter()
                .flatten()
            {
                places.remove(key.place, id)?;
            }
            index.change(|index| index.drop_rotation(&rotation.old))?;
        }
    }
    stderr::note(&format!(
        "the access key {} of profile {name} is no longer in {}",
        key.access_key_id, key.place
    ));
    Ok(())
}

fn is_agreed(access_key_id: &str, name: &str, has_copy: bool) -> Result<bool> {
    let warning = match has_copy {
        true => "",
        false => ", of which awsmfa knows no other copy",
    };
    let question =
        format!("forget the access key {access_key_id} of profile {name}{warning}? [y/N] ");
    let answer = Terminal::open(false)?.ask(&question)?;
    Ok(matches!(
        &*answer.to_ascii_lowercase(),
        "y" | "yes" | "はい"
    ))
}
