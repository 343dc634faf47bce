//! `awsmfa profiles --write`: a profile for every one that has a session to give, for whatever reads profiles and nothing
//! else (editors, Terraform, notebooks). `--remove` takes them out.

use zeroize::Zeroizing;

use crate::aws_files::block::{self, Damage, Entry};
use crate::aws_files::sections::FileKind;
use crate::aws_files::{AwsFiles, write};
use crate::environment::Environment;
use crate::error::{Error, Location, Result};
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::profile::{Profile, Source};
use crate::session::overview;
use crate::store::Store;
use crate::system::own_path;

/// What follows the name of the profile that gives the session.
const SUFFIX: &str = "-mfa";

/// Writes the block, or brings it up to date.
pub fn write(env: &Environment) -> Result<()> {
    let files = AwsFiles::read(env)?;
    let program = program()?;
    let mut said = Vec::new();
    let mut names = Vec::new();
    let path = edit(env, |text| {
        let generated = block::names(text);
        let (entries, without) = entries(&files, &generated, &program, env);
        (said, names) = (without, entries.iter().map(|e| e.name.clone()).collect());
        block::put(text, &entries)
    })?;
    stderr::note(&match &names[..] {
        [] => format!("no profile has a session to give, and {path} holds none for SDKs"),
        names => format!(
            "{path} holds {} for SDKs: {}",
            counted(names.len()),
            names.join(", ")
        ),
    });
    for sentence in said {
        stderr::note(&sentence);
    }
    Ok(())
}

/// Takes the block out.
pub fn remove(env: &Environment) -> Result<()> {
    let mut count = 0;
    let path = edit(env, |text| {
        count = block::names(text).len();
        block::remove(text)
    })?;
    stderr::note(&match count {
        0 => format!("{path} holds none of awsmfa's profiles"),
        count => format!("{} taken out of {path}", counted(count)),
    });
    Ok(())
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 profile".to_owned(),
        count => format!("{count} profiles"),
    }
}

fn edit(
    env: &Environment,
    mut change: impl FnMut(&str) -> std::result::Result<String, Damage>,
) -> Result<String> {
    let config = AwsFiles::read(env)?.config_path().to_owned();
    let path = write::edit(FileKind::Config, env, write::Patience::Endless, |text| {
        change(text)
            .map(Zeroizing::new)
            .map_err(|damage| Error::DamagedBlock {
                location: Location {
                    path: config.clone(),
                    line: damage.line,
                },
                reason: damage.reason,
            })
    })?;
    Ok(path.display().to_string())
}

/// The profiles for the block, and why others are not among them.
fn entries(
    files: &AwsFiles,
    generated: &[&str],
    program: &str,
    env: &Environment,
) -> (Vec<Entry>, Vec<String>) {
    let store = Store::open(env);
    let (mut entries, mut without) = (Vec::new(), Vec::new());
    let names = files.names();
    for name in names.iter().filter(|name| !generated.contains(name)) {
        let found = overview::of(name, env, files, &store, Timestamp::now());
        let Ok(profile) = found.profile else {
            without.push(format!(
                "{name} has none: run awsmfa profiles to see what is wrong with it"
            ));
            continue;
        };
        if asks_awsmfa(&profile) {
            continue; // it is such a profile itself
        }
        let mfa = format!("{name}{SUFFIX}");
        if names.contains(&&*mfa) && !generated.contains(&&*mfa) {
            without.push(format!("{name} has none: {mfa} is a profile of your own"));
            continue;
        }
        entries.push(Entry {
            name: mfa,
            command: match name.starts_with('-') {
                true => format!("{program} credential-process --profile={name}"),
                false => format!("{program} credential-process {name}"),
            },
            region: profile.region.map(|region| region.as_str().to_owned()),
        });
    }
    (entries, without)
}

/// Whether the keys that everything starts with come from awsmfa.
fn asks_awsmfa(profile: &Profile) -> bool {
    match &profile.source {
        Source::Process { command, .. } => {
            command.contains("awsmfa") && command.contains("credential-process")
        }
        _ => false,
    }
}

/// The path of this program as a word of the line that SDKs run: through `sh`, through `cmd`, or taken apart by rules of
/// their own. Double quotes mean the same to all of them.
fn program() -> Result<String> {
    let path = own_path::find();
    let is_plain = |c: char| c.is_alphanumeric() || "/_-.,:@+=\\".contains(c);
    let is_sayable = |c: char| !c.is_control() && !"\"$`%!#;".contains(c);
    match path.to_str() {
        Some(text) if cfg!(unix) && text.contains('\\') => Err(Error::PathUnsayable { path }),
        Some(text) if text.chars().all(is_plain) => Ok(text.to_owned()),
        Some(text) if text.chars().all(is_sayable) => Ok(format!("\"{text}\"")),
        _ => Err(Error::PathUnsayable { path }),
    }
}
