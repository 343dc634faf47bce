//! `awsmfa profiles`: every profile of the AWS files and what it leads to. Reads only, and never the network; with
//! `--write` and `--remove` it keeps a block of profiles for SDKs ([`mod@write`]).

mod write;

use serde::Serialize;

use crate::aws_files::AwsFiles;
use crate::cli::ProfilesArgs;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::session::Timestamp;
use crate::output::{json, stderr, stdout};
use crate::profile::Profile;
use crate::session::lookup::{self, account_of};
use crate::session::overview;
use crate::store::Store;
use crate::text::durations::human_seconds;
use crate::text::table::table;

/// The JSON. Its names and types are a promise: new ones may be added, none is changed or removed.
#[derive(Serialize)]
struct Listed {
    /// 1.
    version: u8,
    /// In the order of the files.
    profiles: Vec<Row>,
    /// Sections that no SDK reads.
    ignored: Vec<Ignored>,
}

#[derive(Serialize)]
struct Row {
    profile: String,
    /// Twelve digits, where the files say them.
    account: Option<String>,
    /// The ARN of the role that it ends with.
    role: Option<String>,
    /// What the table calls it.
    #[serde(skip)]
    role_name: Option<String>,
    /// The file and line, or the variable.
    keys_from: Option<String>,
    /// The MFA device.
    mfa: Option<String>,
    region: Option<String>,
    /// When the stored session ends, or null where none is stored.
    stored_until: Option<String>,
    stored_seconds: Option<i64>,
    problem: Option<Problem>,
}

#[derive(Serialize)]
struct Problem {
    message: String,
    hint: Option<String>,
}

#[derive(Serialize)]
struct Ignored {
    section: String,
    location: String,
    reason: &'static str,
}

/// Runs the command.
pub fn run(args: &ProfilesArgs, env: &Environment) -> Result<()> {
    if args.write {
        return write::write(env);
    }
    if args.remove {
        return write::remove(env);
    }
    let files = AwsFiles::read(env)?;
    let listed = Listed::now(env, &files, Timestamp::now());
    if args.json {
        return stdout::write(&json::text(&listed)?);
    }
    if listed.profiles.is_empty() {
        stderr::note("there is no profile at all");
        stderr::hint(&format!(
            "run aws configure, which writes {}",
            files.config_path().display()
        ));
    } else {
        stdout::write(&listed.table(env))?;
    }
    for ignored in &listed.ignored {
        stderr::note(&format!(
            "{}: [{}] is ignored by every AWS SDK: {}",
            ignored.location, ignored.section, ignored.reason
        ));
    }
    Ok(())
}

impl Listed {
    fn now(env: &Environment, files: &AwsFiles, now: Timestamp) -> Self {
        let store = Store::open(env);
        let names = files.names().into_iter();
        let rows = names.map(|name| {
            let found = overview::of(name, env, files, &store, now);
            let stored = found.stored_until;
            Row {
                stored_until: stored.map(Timestamp::rfc3339),
                stored_seconds: stored.map(|end| end.seconds_after(now)),
                ..match &found.profile {
                    Ok(profile) => Row::of(profile),
                    Err(error) => Row::wrong(name, error),
                }
            }
        });
        let ignored = files.ignored().map(|ignored| Ignored {
            section: ignored.written,
            location: ignored.location.to_string(),
            reason: ignored.reason,
        });
        Self {
            version: 1,
            profiles: rows.collect(),
            ignored: ignored.collect(),
        }
    }

    fn rows(&self, env: &Environment) -> Vec<[String; 7]> {
        let heads = [
            "PROFILE",
            "ACCOUNT",
            "ROLE",
            "KEYS FROM",
            "MFA",
            "STORED",
            "PROBLEM",
        ];
        let home = env.home().map(|home| home.to_string_lossy().into_owned());
        let short = |text: &str| match &home {
            Ok(home) if home.len() > 1 => text.replace(&**home, "~"),
            _ => text.to_owned(),
        };
        let row = |row: &Row| {
            let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
            [
                row.profile.clone(),
                or_dash(row.account.clone()),
                or_dash(row.role_name.clone()),
                or_dash(row.keys_from.as_deref().map(short)),
                or_dash(row.mfa.clone()),
                or_dash(row.stored_seconds.map(human_seconds)),
                or_dash(row.problem.as_ref().map(|problem| short(&problem.message))),
            ]
        };
        let mut rows = vec![heads.map(str::to_owned)];
        rows.extend(self.profiles.iter().map(row));
        rows
    }

    /// Without the last column, where no profile has a problem.
    fn table(&self, env: &Environment) -> String {
        let rows = self.rows(env);
        if self.profiles.iter().any(|row| row.problem.is_some()) {
            return table(&rows);
        }
        let without = |[a, b, c, d, e, f, _]: [String; 7]| [a, b, c, d, e, f];
        table(&rows.into_iter().map(without).collect::<Vec<_>>())
    }
}

impl Row {
    fn of(profile: &Profile) -> Self {
        let role = profile.roles.last().map(|role| role.arn.clone());
        let serial = profile.serial.as_ref().map(|s| s.as_str().to_owned());
        let arn = role.as_ref().or(serial.as_ref());
        let of_source = || profile.source.account().map(str::to_owned);
        Self {
            profile: profile.name.clone(),
            account: arn.and_then(|arn| account_of(arn)).or_else(of_source),
            role,
            role_name: lookup::role_name(profile).map(str::to_owned),
            keys_from: Some(profile.source.to_string()),
            mfa: serial,
            region: profile.region.as_ref().map(|r| r.as_str().to_owned()),
            stored_until: None,
            stored_seconds: None,
            problem: None,
        }
    }

    fn wrong(name: &str, error: &Error) -> Self {
        Self {
            profile: name.to_owned(),
            account: None,
            role: None,
            role_name: None,
            keys_from: None,
            mfa: None,
            region: None,
            stored_until: None,
            stored_seconds: None,
            problem: Some(Problem {
                message: error.to_string(),
                hint: error.hint(),
            }),
        }
    }
}
