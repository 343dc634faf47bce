//! `awsmfa keys add`: both halves of a key, typed and not shown.

use super::{import, proof, request};
use crate::aws_files::AwsFiles;
use crate::aws_files::edit::Existing;
use crate::aws_files::sections::FileKind;
use crate::aws_files::write::{self, Patience};
use crate::cli::KeysCallArgs;
use crate::environment::Environment;
use crate::error::{KeyOrigin, KeysError, Result};
use crate::keys::Places;
use crate::keys::index::{Entry, IndexFile};
use crate::mfa::terminal::Terminal;
use crate::model::session::{Credentials, Secret, Timestamp};
use crate::output::stderr;
use crate::profile;

/// Runs it.
pub fn run(args: &KeysCallArgs, env: &Environment) -> Result<()> {
    let request = request(args)?;
    let name = profile::name(&request, env)?.0;
    let index = IndexFile::of(env)?;
    let _locked = index.lock()?;
    let kept = index.read()?;
    let files = AwsFiles::read(env)?;
    if let Some(found) = files.profile(&name)
        && found.get("aws_access_key_id").is_some()
    {
        return Err(KeysError::InTheFile {
            profile: name,
            location: found.location("aws_access_key_id").unwrap_or_default(),
        }
        .into());
    }
    let keys = ask(&name, request.no_input)?;
    let mut places = Places::of(env, request.no_input);
    let key = import::place_for(&name, &keys, &kept, &mut places)?;
    let origin = KeyOrigin::KeyStore {
        profile: name.clone(),
        place: key.place,
    };
    let mut whose = String::new();
    import::store(&key, &keys, &kept, &mut places, |stored| {
        whose = proof::prove(stored, origin, &name, &request, &files, env)?.arn;
        Ok(())
    })?;
    index.change(|index| {
        index.put(Entry {
            key: key.clone(),
            since: Timestamp::now(),
            lines: Vec::new(),
        });
    })?;
    if files.profile(&name).is_none() {
        // Other tools do not see a profile that has no line in the files.
        let patience = Patience::of(request.no_input);
        write::edit(FileKind::Config, env, patience, |text| {
            let (path, _) = files.text_of(FileKind::Config);
            write::put_into(FileKind::Config, path, text, &name, &[], Existing::Kept)
        })?;
    }
    stderr::note(&format!(
        "the access key {} of {whose} is in {} now, for profile {name}",
        key.access_key_id, key.place
    ));
    Ok(())
}

fn ask(name: &str, no_input: bool) -> Result<Credentials> {
    let profile = name.to_owned();
    let terminal = Terminal::open_or(no_input, |why| KeysError::NotTyped { profile, why }.into())?;
    let id = terminal.ask_hidden(&format!("access key id for profile {name}: "))?;
    let id = id.trim();
    if !Credentials::is_access_key_id(id) || id.starts_with("ASIA") {
        return Err(KeysError::Malformed {
            what: "the access key id",
        }
        .into());
    }
    let secret = terminal.ask_hidden("its secret access key: ")?;
    let secret = secret.trim();
    let is_secret = secret.len() >= 16
        && secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
    if !is_secret {
        return Err(KeysError::Malformed {
            what: "the secret access key",
        }
        .into());
    }
    Ok(Credentials {
        access_key_id: id.to_owned(),
        secret_access_key: Secret::new(secret),
        session_token: None,
    })
}
