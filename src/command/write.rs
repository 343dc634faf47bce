//! `awsmfa write [PROFILE] [--to mfa]`: a session in a profile of the AWS files, for what reads nothing
//! else.

use std::path::{Path, PathBuf};

use crate::aws_files::AwsFiles;
use crate::aws_files::edit::Existing;
use crate::aws_files::sections::{FileKind, is_identifier};
use crate::aws_files::write;
use crate::cli::WriteArgs;
use crate::cli::request;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::profile::Profile;
use crate::session::{Obtained, obtain_if};
use crate::text::durations::human_seconds;

/// The token's name, and the one that it had first.
const TOKENS: [&str; 2] = ["aws_session_token", "aws_security_token"];
/// What makes an SDK go elsewhere for keys than to those that stand in a profile.
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
            given_as: "--to",
            name: args.to.clone(),
        });
    }
    let mut found = Found::default();
    let request = request::request(&args.session, args.profile_argument.as_deref())?;
    let obtained = obtain_if(request, env, |profile, files| {
        found = Found::of(&args.to, profile, files);
        refuse_to_lose(&args.to, profile, files)?;
        write::check(FileKind::Config, env)?;
        write::check(FileKind::Credentials, env)
    })?;
    let Some(obtained) = obtained else {
        return Ok(());
    };
    let path = write(&obtained, &args.to, &found, env)?;
    if !args.quiet {
        say(&obtained, &args.to, &path);
    }
    Ok(())
}

/// Refused before a code is spent: what would take the user's only copy of a key away, and what no SDK
/// would read.
fn refuse_to_lose(target: &str, profile: &Profile, files: &AwsFiles) -> Result<()> {
    if profile.reads_from.iter().any(|name| name == target) {
        return Err(Error::TargetIsSource {
            target: target.to_owned(),
            profile: profile.name.clone(),
        });
    }
    let Some(found) = files.profile(target) else {
        return Ok(());
    };
    let is_session = TOKENS.iter().any(|token| found.get(token).is_some());
    if found.get("aws_access_key_id").is_some() && !is_session {
        return Err(Error::TargetHoldsKeys {
            target: target.to_owned(),
            location: found.location("aws_access_key_id"),
        });
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

/// What the files say that the new profile is to have beside the keys.
#[derive(Default)]
struct Found {
    /// The region and the output format of the source, for a target that has none of its own.
    settings: Vec<(&'static str, String)>,
    /// Whether an older tool left `aws_security_token`: botocore reads it before `aws_session_token`.
    old_token: bool,
}

impl Found {
    fn of(target: &str, profile: &Profile, files: &AwsFiles) -> Self {
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
        let target = files.profile(target);
        Self {
            settings,
            old_token: target.is_some_and(|t| t.get("aws_security_token").is_some()),
        }
    }
}

/// The config file first: a profile without keys harms nobody, should the other fail.
fn write(obtained: &Obtained, target: &str, found: &Found, env: &Environment) -> Result<PathBuf> {
    let settings: Vec<(&str, &str)> = found.settings.iter().map(|(k, v)| (*k, &**v)).collect();
    write::put(FileKind::Config, env, target, &settings, Existing::Kept)?;
    let keys = &obtained.session.credentials;
    let [new_token, old_token] = TOKENS.map(|name| (name, obtained.session.token()));
    let mut values = vec![
        ("aws_access_key_id", &*keys.access_key_id),
        ("aws_secret_access_key", keys.secret_access_key.expose()),
        new_token,
    ];
    values.extend(found.old_token.then_some(old_token));
    write::put(
        FileKind::Credentials,
        env,
        target,
        &values,
        Existing::Replaced,
    )
}

fn say(obtained: &Obtained, target: &str, path: &Path) {
    let left = obtained.session.expiration.seconds_after(Timestamp::now());
    stderr::note(&format!(
        "a session of profile {} for {} is in [{target}] of {}",
        obtained.profile.name,
        human_seconds(left),
        path.display()
    ));
    stderr::hint(&format!("use it as aws --profile {target}"));
}
