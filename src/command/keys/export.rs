//! `awsmfa keys export`: back into the file, the exact inverse of `import`.

use super::{in_files, profile_of, shown};
use crate::aws_files::AwsFiles;
use crate::cli::KeysQuietArgs;
use crate::environment::Environment;
use crate::error::{KeysError, Result};
use crate::keys::Places;
use crate::keys::index::IndexFile;
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
    super::refuse_unfinished(&name, &entry.key.access_key_id, &kept)?;
    let mut places = Places::of(env, args.no_input);
    let key = &entry.key;
    let files = AwsFiles::read(env)?;
    let there = match files.profile(&name) {
        Some(profile) => in_files::of(&profile)?,
        None => None,
    };
    let kept_secret = places.get(key.place, &key.access_key_id)?;
    let path = match there {
        // An export or an import that was interrupted: the file has the key already.
        Some(found)
            if found.keys.access_key_id == key.access_key_id
                && kept_secret.is_none_or(|secret| secret == found.keys.secret_access_key) =>
        {
            found.location.path
        }
        Some(found) => {
            return Err(KeysError::InTheFile {
                profile: name,
                location: found.location,
            }
            .into());
        }
        None => {
            let keys = places.credentials(key)?;
            in_files::put_back(&name, &keys, &entry.lines, env, args.no_input)?
        }
    };
    if let Some(first) = &key.sessions_of {
        let id = &key.access_key_id;
        in_files::name_sessions(&name, &path, first, id, env, args.no_input)?;
    }
    // The secret goes first: nobody would find a secret that no entry names.
    if !kept.is_shared(key) {
        places.remove(key.place, &key.access_key_id)?;
    }
    index.change(|index| index.remove(&name))?;
    stderr::note(&format!(
        "the access key {} of profile {name} is in {} now, in plain text, and no longer in {}",
        key.access_key_id,
        shown(&path),
        key.place
    ));
    Ok(())
}
