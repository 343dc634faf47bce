//! What only AWS can say, for `--online`: whether STS is in reach and takes the keys, how far the clock is off, and how
//! old the keys are. Only with keys that are there without asking anybody or running anything.

use super::{Finding, Place};
use crate::aws_files::AwsFiles;
use crate::error::{Error, set_clock};
use crate::iam::Iam;
use crate::model::request::Request;
use crate::model::session::{Credentials, Timestamp};
use crate::profile::{Profile, Source, iam_endpoint};
use crate::session::source_id::source_id;
use crate::session::{self, first_keys, plan};
use crate::store::Store;
use crate::sts::Sts;
use crate::system::user_command::Talk;
use crate::text::durations::human_seconds;

const CHECK: &str = "online";
/// Nobody has more; each is two calls.
const MOST_KEYS: usize = 10;
const DAY: i64 = 86_400;
/// As old as AWS's own guidance lets a key become.
const OLD_DAYS: i64 = 90;
/// STS accepts a difference of five minutes; codes fail long before that.
const CLOCK_MAY_BE_OFF: i64 = 15;

/// Asks.
pub fn check(place: &Place) -> Vec<Finding> {
    let Ok(files) = place.files else {
        return Vec::new(); // said already
    };
    let profiles = with_long_term_keys(place, files);
    let mut findings = Vec::new();
    let mut clock_is_said = false;
    for profile in profiles.iter().take(MOST_KEYS) {
        let keys = first_keys::keys(&profile.source, Talk::Dropped, place.env, true);
        let keys = match keys {
            Ok(keys) => keys.credentials,
            Err(error) => {
                findings.push(failed(&error));
                continue;
            }
        };
        let asked = Sts::new(&profile.source_endpoint, &keys, profile.source.origin())
            .and_then(|sts| sts.caller_identity_and_clock());
        match asked {
            Ok((identity, behind)) => {
                let name = &profile.name;
                findings.push(Finding::good(
                    CHECK,
                    format!("STS knows the keys of profile {name}: {}", identity.arn),
                ));
                if let Some(behind) = behind.filter(|_| !clock_is_said) {
                    findings.push(clock(behind));
                    clock_is_said = true;
                }
                findings.push(age(place, files, profile, &keys));
            }
            Err(error) => {
                let is_away = matches!(error, Error::NoAnswer { .. } | Error::NotSts { .. });
                findings.push(failed(&error));
                if is_away {
                    break; // each more would take as long
                }
            }
        }
    }
    if profiles.is_empty() {
        findings.push(Finding::good(
            CHECK,
            "nothing was asked: no profile has long-term keys to ask with",
        ));
    }
    findings
}

/// The first profile of each key.
fn with_long_term_keys(place: &Place, files: &AwsFiles) -> Vec<Profile> {
    let store = Store::open(place.env);
    let mut found: Vec<Profile> = Vec::new();
    let named = files.names().into_iter().map(|name| Some(name.to_owned()));
    // And what the environment has, where no profile has any.
    for profile in named.chain([None]) {
        let request = Request {
            profile,
            ..Request::default()
        };
        let Ok(profile) = session::profile_of(&request, place.env, files, &store) else {
            continue;
        };
        let is_at_hand = matches!(
            profile.source,
            Source::Keys { .. } | Source::Environment(_) | Source::KeyStore(_)
        );
        let id = source_id(&profile.source);
        let is_new = found.iter().all(|other| source_id(&other.source) != id);
        if is_at_hand && is_new && !profile.source.is_session() {
            found.push(profile);
        }
    }
    found
}

fn failed(error: &Error) -> Finding {
    Finding::wrong(
        CHECK,
        error.to_string(),
        error
            .hint()
            .unwrap_or_else(|| "run awsmfa doctor".to_owned()),
    )
}

fn clock(behind: i64) -> Finding {
    let by = human_seconds(behind.saturating_abs());
    let way = if behind < 0 { "ahead of" } else { "behind" };
    match behind.saturating_abs() > CLOCK_MAY_BE_OFF {
        true => Finding::warn(
            "clock",
            format!("this machine's clock is {by} {way} AWS's, and codes depend on it"),
            format!("set the clock: run {}", set_clock()),
        ),
        false => Finding::good("clock", "this machine's clock agrees with AWS's"),
    }
}

/// By IAM, with the MFA session that is stored where there is one: many policies allow nothing without.
fn age(place: &Place, files: &AwsFiles, profile: &Profile, keys: &Credentials) -> Finding {
    let name = &profile.name;
    let stored = stored(place, profile);
    let listed = iam_endpoint::of(profile, place.env, files).and_then(|endpoint| {
        let with = stored.as_ref().unwrap_or(keys);
        Iam::new(&endpoint, with, profile.source.origin())?.access_keys()
    });
    let key = match listed {
        Ok(listed) => listed.into_iter().find(|key| key.id == keys.access_key_id),
        Err(error) => {
            return Finding::warn(
                "key age",
                format!("IAM does not say how old the key of profile {name} is: {error}"),
                match stored {
                    Some(_) => "allow the user iam:ListAccessKeys for itself".to_owned(),
                    None => {
                        format!("run awsmfa use {name} first: IAM may answer with an MFA session")
                    }
                },
            );
        }
    };
    let days = key
        .filter(|key| key.created > Timestamp(0))
        .map(|key| place.now.seconds_after(key.created) / DAY);
    match days {
        Some(days) if days > OLD_DAYS => Finding::warn(
            "key age",
            format!("the key of profile {name} is {days} days old"),
            format!("run awsmfa keys rotate {name}"),
        ),
        Some(days) => Finding::good(
            "key age",
            format!("the key of profile {name} is {days} days old"),
        ),
        None => Finding::warn(
            "key age",
            format!("IAM lists no key of profile {name} as this user's"),
            format!(
                "look at the user's security credentials in the IAM console, or run awsmfa keys add {name}"
            ),
        ),
    }
}

/// The MFA session of the profile's own user.
fn stored(place: &Place, profile: &Profile) -> Option<Credentials> {
    let plan = plan::decide(profile).ok()?;
    let of_user = plan.steps().next().filter(|step| step.roles.is_empty())?;
    let (_, session) = Store::open(place.env).read(&of_user.entry, place.now)?;
    Some(session.credentials)
}
