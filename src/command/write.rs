//! `awsmfa write [PROFILE] [--to mfa]`: a session in a profile of the AWS files, for what reads nothing
//! else.

use std::path::{Path, PathBuf};

use crate::aws_files::edit::Existing;
use crate::aws_files::not_a_session::{self, NotASession, TOKENS};
use crate::aws_files::sections::{FileKind, is_identifier};
use crate::aws_files::write::{self, Patience};
use crate::aws_files::{AwsFiles, FoundProfile};
use crate::cli::WriteArgs;
use crate::environment::Environment;
use crate::error::{Error, Origin, Result};
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::profile::Profile;
use crate::session::{Granted, Next, Resolved};
use crate::store::Store;
use crate::text::durations::human_seconds;

/// The settings that make an SDK get its keys from elsewhere, although keys stand in the profile.
const OTHER_SOURCES: &[&str] = &[
    "role_arn",
    "credential_process",
    "sso_session",
    "sso_start_url",
];

/// Runs the command.
pub fn run(args: &WriteArgs, env: &Environment) -> Result<()> {
    if !is_identifier(&args.to) {
        return Err(Error::ProfileName {
            origin: Origin::Flag("--to"),
            name: args.to.clone(),
        });
    }
    let request = args.session.request()?;
    let patience = Patience::of(request.no_input);
    let resolved = Resolved::of(request, env)?;
    refuse_to_lose(&args.to, resolved.profile(), resolved.files(), env)?;
    write::check(FileKind::Config, env, patience)?;
    write::check(FileKind::Credentials, env, patience)?;
    if resolved.explain()? == Next::Stop {
        return Ok(());
    }
    let found = Found::of(resolved.profile(), resolved.files());
    let granted = resolved.session()?;
    let path = put(&granted, &args.to, &found, env, patience)?;
    if !args.quiet {
        say(&granted, &args.to, &path);
    }
    Ok(())
}

/// Refuses what would take the user's only copy of a key away, and what no SDK would read: before a code is spent,
/// and again under the lock, for what has come into the file meanwhile.
fn refuse_to_lose(
    target: &str,
    profile: &Profile,
    files: &AwsFiles,
    env: &Environment,
) -> Result<()> {
    if profile.reads_from.iter().any(|name| name == target) {
        return Err(Error::TargetIsSource {
            target: target.to_owned(),
            profile: profile.name.clone(),
        });
    }
    let Some(found) = files.profile(target) else {
        return Ok(());
    };
    match not_a_session::find(files, target, |id| Store::open(env).has_key(id)) {
        None => {}
        Some(NotASession {
            location,
            unclear: None,
        }) => {
            return Err(Error::TargetHoldsKeys {
                target: target.to_owned(),
                location: Some(location),
            });
        }
        Some(NotASession {
            location,
            unclear: Some(why),
        }) => {
            return Err(Error::TargetIsUnclear {
                target: target.to_owned(),
                location,
                why,
            });
        }
    }
    match OTHER_SOURCES.iter().find(|key| found.get(key).is_some()) {
        Some(key) => Err(Error::TargetHasItsOwn {
            target: target.to_owned(),
            key,
            location: found.location(key),
        }),
        None => Ok(()),
    }
}

/// What the files say that the new profile is to have beside the keys: the region and the output format of the
/// source, for a target that has none of its own.
#[derive(Default)]
struct Found(Vec<(&'static str, String)>);

impl Found {
    fn of(profile: &Profile, files: &AwsFiles) -> Self {
        let mut settings = Vec::new();
        if let Some(region) = &profile.region {
            settings.push(("region", region.as_str().to_owned()));
        }
        let chain = profile.reads_from.iter();
        let output = chain
            .filter_map(|name| files.profile(name))
            .find_map(|found| found.get("output").map(str::to_owned));
        if let Some(output) = output.filter(|word| is_identifier(word)) {
            settings.push(("output", output));
        }
        Self(settings)
    }
}

/// The config file first: a profile without keys harms nobody, should the other fail.
fn put(
    granted: &Granted,
    target: &str,
    Found(settings): &Found,
    env: &Environment,
    patience: Patience,
) -> Result<PathBuf> {
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, &**v)).collect();
    write::put(
        FileKind::Config,
        env,
        target,
        &settings,
        Existing::Kept,
        patience,
    )?;
    let kind = FileKind::Credentials;
    write::edit(kind, env, patience, |text| {
        let files = AwsFiles::with(kind, text, env)?;
        refuse_to_lose(target, &granted.profile, &files, env)?;
        let values = values(granted, files.profile(target).as_ref());
        let path = files.credentials_path();
        write::put_into(kind, path, text, target, &values, Existing::Replaced)
    })
}

/// The lines of the session. Where an older tool left `aws_security_token`, which botocore reads first, it is written
/// as well.
fn values<'s>(granted: &'s Granted, target: Option<&FoundProfile>) -> Vec<(&'s str, &'s str)> {
    let keys = &granted.session.credentials;
    let [new_token, old_token] = TOKENS.map(|name| (name, granted.session.token()));
    let mut values = vec![
        ("aws_access_key_id", &*keys.access_key_id),
        ("aws_secret_access_key", keys.secret_access_key.expose()),
        new_token,
    ];
    let has_old = target.is_some_and(|target| target.get(old_token.0).is_some());
    values.extend(has_old.then_some(old_token));
    values
}

fn say(granted: &Granted, target: &str, path: &Path) {
    let left = granted.session.expiration.seconds_after(Timestamp::now());
    stderr::note(&format!(
        "a session of profile {} for {} is in [{target}] of {}",
        granted.profile.name,
        human_seconds(left),
        path.display()
    ));
    stderr::hint(&format!("use it as aws --profile {target}"));
}
