//! `awsmfa keys import`: stored, read back, proven, written down, and only then taken out of the file. Interrupted
//! between any two of these, the key is in one place at least, and the next `import` goes on from there.

use super::in_files::{self, InFiles};
use super::{proof, request, shown};
use crate::aws_files::sections::FileKind;
use crate::aws_files::write::{self, Patience};
use crate::aws_files::{AwsFiles, FoundProfile, rotated};
use crate::cli::KeysCallArgs;
use crate::environment::Environment;
use crate::error::{Error, KeyOrigin, KeysError, Location, Result};
use crate::keys::Places;
use crate::keys::index::{Entry, Index, IndexFile};
use crate::model::kept_key::{KeptKey, TakenLine};
use crate::model::request::Request;
use crate::model::session::{Credentials, Timestamp};
use crate::output::stderr;
use crate::profile;
use crate::profile::Source;
use crate::session::first_keys;
use crate::system::user_command::Talk;

/// What is moved, and where it stands now.
enum Found {
    /// Two lines of the files.
    Lines(InFiles, Vec<TakenLine>),
    /// What a process gives, named in this line.
    Process(Credentials, Location),
}

impl Found {
    fn keys(&self) -> &Credentials {
        match self {
            Found::Lines(in_files, _) => &in_files.keys,
            Found::Process(keys, _) => keys,
        }
    }

    fn location(&self) -> &Location {
        match self {
            Found::Lines(in_files, _) => &in_files.location,
            Found::Process(_, location) => location,
        }
    }
}

/// Runs it.
pub fn run(args: &KeysCallArgs, env: &Environment) -> Result<()> {
    let request = request(args)?;
    let name = profile::name(&request, env)?.0;
    let index = IndexFile::of(env)?;
    let _locked = index.lock()?;
    let kept = index.read()?;
    let files = AwsFiles::read(env)?;
    let profile = files.profile(&name);
    let Some(found) = find(&name, profile.as_ref(), &request, &files, env)? else {
        return match kept.of(&name) {
            Some(entry) => {
                let key = &entry.key;
                stderr::note(&format!(
                    "the key of profile {name} is in {} already",
                    key.place
                ));
                Ok(())
            }
            None => Err(KeysError::NothingToImport { profile: name }.into()),
        };
    };
    super::refuse_unfinished(&name, &found.keys().access_key_id, &kept)?;
    let mut places = Places::of(env, request.no_input);
    let id = &found.keys().access_key_id;
    let line = profile
        .as_ref()
        .and_then(|profile| profile.own(rotated::LINE));
    let mut key = place_for(&name, found.keys(), &kept, &mut places)?;
    key.sessions_of = key.sessions_of.or_else(|| rotated::sessions_of(line, id));
    store(&key, found.keys(), &kept, &mut places, |stored| {
        let origin = KeyOrigin::Profile {
            profile: name.clone(),
            location: found.location().clone(),
        };
        proof::prove(stored, origin, &name, &request, &files, env).map(drop)
    })?;
    let lines = match &found {
        Found::Lines(_, lines) => lines.clone(),
        Found::Process(..) => Vec::new(),
    };
    index.change(|index| {
        index.put(Entry {
            key: key.clone(),
            since: Timestamp::now(),
            lines,
        });
    })?;
    match &found {
        Found::Lines(in_files, _) => {
            in_files::take(&name, &in_files.keys, &files, env, request.no_input)?;
        }
        Found::Process(_, location) => take_process(&name, location, env, request.no_input)?,
    }
    stderr::note(&format!(
        "the access key {} of profile {name} is in {} now, and no longer in {}",
        key.access_key_id,
        key.place,
        shown(&found.location().path)
    ));
    say_what_is_left(&name, found.keys(), &files);
    Ok(())
}

/// The long-term key of the profile, and whether it could be taken from where it is.
fn find(
    name: &str,
    profile: Option<&FoundProfile>,
    request: &Request,
    files: &AwsFiles,
    env: &Environment,
) -> Result<Option<Found>> {
    let Some(profile) = profile else {
        return Ok(None);
    };
    if let Some(in_files) = in_files::of(profile)? {
        let lines = in_files::lines(name, &in_files.keys, files)?;
        return Ok(Some(Found::Lines(in_files, lines)));
    }
    if profile.get("credential_process").is_none() {
        return Ok(None);
    }
    let location = profile.location("credential_process").unwrap_or_default();
    let own = Request {
        profile: Some(name.to_owned()),
        ..request.clone()
    };
    let source = profile::resolve(&own, env, files)?.source;
    if !matches!(&source, Source::Process { profile, .. } if profile == name) {
        return Ok(None);
    }
    let keys = first_keys::keys(&source, Talk::Shown, env, request.no_input)?;
    match keys.are_a_session() {
        false => Ok(Some(Found::Process(keys.credentials, location))),
        true => Err(KeysError::NotLongTerm {
            profile: name.to_owned(),
            location,
        }
        .into()),
    }
}

/// Where this key goes. If the same key is there already, its import is finished; another key is not overwritten.
pub(super) fn place_for(
    name: &str,
    keys: &Credentials,
    kept: &Index,
    places: &mut Places,
) -> Result<KeptKey> {
    match kept.of(name) {
        Some(entry) if entry.key.access_key_id != keys.access_key_id => Err(KeysError::OtherKey {
            key: entry.key.clone(),
        }
        .into()),
        Some(entry) => Ok(entry.key.clone()),
        None => Ok(KeptKey {
            profile: name.to_owned(),
            access_key_id: keys.access_key_id.clone(),
            place: places.choose()?,
            sessions_of: None,
        }),
    }
}

/// Stores the key and proves what was stored. What AWS refuses is taken out again, unless it was there before.
pub(super) fn store(
    key: &KeptKey,
    keys: &Credentials,
    kept: &Index,
    places: &mut Places,
    prove: impl FnOnce(&Credentials) -> Result<()>,
) -> Result<()> {
    let before = places.get(key.place, &key.access_key_id)?;
    places.put(key.place, &key.profile, keys)?;
    let proven = places.credentials(key).and_then(|stored| prove(&stored));
    if proven.is_err() {
        // The words that matter are those of the refusal.
        let _ = match before {
            Some(secret_access_key) => places.put(
                key.place,
                &key.profile,
                &Credentials {
                    secret_access_key,
                    ..keys.clone()
                },
            ),
            None if !kept.needs(key.place, &key.access_key_id) => {
                places.remove(key.place, &key.access_key_id)
            }
            None => Ok(()),
        };
    }
    proven
}

fn take_process(name: &str, location: &Location, env: &Environment, no_input: bool) -> Result<()> {
    for kind in [FileKind::Config, FileKind::Credentials] {
        let files = AwsFiles::read(env)?;
        if files.text_of(kind).0 != location.path {
            continue;
        }
        write::edit(kind, env, Patience::of(no_input), |text| {
            crate::aws_files::key_lines::without(kind, text, name, &["credential_process"])
                .ok_or(Error::Internal("the section cannot be read"))
        })?;
    }
    Ok(())
}

/// Where the secret still stands in plain text, as far as the folder of the AWS files goes.
fn say_what_is_left(name: &str, keys: &Credentials, files: &AwsFiles) {
    for other in files.names().into_iter().filter(|other| *other != name) {
        let Some(profile) = files.profile(other) else {
            continue;
        };
        let same = profile.get("aws_secret_access_key") == Some(keys.secret_access_key.expose());
        if let Some(location) = profile.location("aws_secret_access_key").filter(|_| same) {
            stderr::note(&format!(
                "profile {other} has the same key in plain text, {location}: run awsmfa keys import {other}"
            ));
        }
    }
    for path in super::in_files::copies(keys, files) {
        stderr::note(&format!(
            "{} holds the same key in plain text; remove it if it is a backup",
            path.display()
        ));
    }
}
