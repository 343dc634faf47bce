//! Which profile `use` means where nothing names one: the user picks it from a list.
//! ([`crate::profile::name`] has everything that can name one.)

use super::recent;
use crate::aws_files::sections::FileKind;
use crate::aws_files::{AwsFiles, block};
use crate::environment::Environment;
use crate::environment::session_here::SessionHere;
use crate::error::{Error, Result};
use crate::mfa::terminal::Terminal;
use crate::model::request::Request;
use crate::model::session::Timestamp;
use crate::output::stdout;
use crate::picker::{self, Row};
use crate::profile::DEFAULT;
use crate::session::lookup;
use crate::session::overview::{self, Overview};
use crate::store::Store;
use crate::text::durations::human_seconds;

/// The request, with the profile that was picked where neither it, a profile variable nor a pin names one and there
/// are several. Where nobody can be asked the usual one is meant, if there is one.
pub fn profile(request: Request, env: &Environment) -> Result<Request> {
    let of_variable = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
    let is_named = |name: &&str| env.path(name).is_some();
    if request.profile.is_some() || of_variable.iter().any(is_named) {
        return Ok(request);
    }
    let files = AwsFiles::read(env)?;
    let names = names(&files);
    let store = Store::open(env);
    if names.len() < 2 || store.pin_here(env).is_some() {
        return Ok(request);
    }
    let before = env.var("AWSMFA_PROFILE");
    let terminal = match Terminal::open(request.no_input) {
        Ok(terminal) => terminal,
        Err(Error::NobodyToAsk { why }) => {
            let is_usual = before.is_some()
                || names.contains(&DEFAULT)
                || SessionHere(env).long_term_keys().is_some();
            return match is_usual {
                true => Ok(request),
                false => Err(Error::ProfileToPick {
                    why,
                    all: names.into_iter().map(str::to_owned).collect(),
                }),
            };
        }
        Err(error) => return Err(error),
    };
    let names = recent::first(names, before, &store);
    let now = Timestamp::now();
    let row = |name: &&str| row(name, overview::of(name, env, &files, &store, now), now);
    let rows: Vec<Row> = names.iter().map(row).collect();
    // A user who leaves the list has asked for nothing.
    stdout::spare_sessions(true);
    let picked = picker::pick(&rows, 0, &terminal)?;
    stdout::spare_sessions(false);
    Ok(Request {
        profile: names.get(picked).map(|name| (*name).to_owned()),
        ..request
    })
}

/// Without those that `awsmfa profiles --write` made: they are for SDKs, and lead back here.
fn names(files: &AwsFiles) -> Vec<&str> {
    let made = block::names(files.text_of(FileKind::Config).1);
    let mut names = files.names();
    names.retain(|name| !made.contains(name));
    names
}

fn row(name: &str, overview: Overview, now: Timestamp) -> Row {
    let left = |end: Timestamp| human_seconds(end.seconds_after(now));
    let empty = Row {
        name: name.to_owned(),
        account: String::new(),
        role: String::new(),
        state: String::new(),
        works: false,
    };
    match overview.profile {
        Ok(profile) => Row {
            account: lookup::account(&profile).unwrap_or_default(),
            role: lookup::role_name(&profile).unwrap_or_default().to_owned(),
            state: overview.stored_until.map(left).unwrap_or_default(),
            works: true,
            ..empty
        },
        Err(error) => Row {
            state: error.to_string(),
            ..empty
        },
    }
}
