//! Flags and lines of the profile that have no effect on a session like this one. They are named, so that nobody
//! believes that they have one. Pure.

use super::{Profile, Source, include};
use crate::aws_files::{AwsFiles, FoundProfile};
use crate::error::{Location, Origin};
use crate::model::request::Request;
use crate::model::serial::Serial;

/// A line of a profile that has no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedLine {
    /// The key.
    pub key: &'static str,
    /// Its line.
    pub location: Location,
    /// Why.
    pub why: &'static str,
}

/// The flags without effect, and why, as one sentence. `gives_session` says whether the source gave a session.
pub fn flags(request: &Request, profile: &Profile, gives_session: bool) -> Option<String> {
    let serial = request.serial.as_ref();
    let by_flag = |serial: &Serial| matches!(serial.origin(), Origin::Flag(_));
    let given = [
        ("--token-code", request.code.is_some()),
        ("--serial-number", serial.is_some_and(by_flag)),
        ("--mfa-process", request.mfa_process.is_some()),
        ("--duration", request.duration.is_some()),
    ];
    let is_unused = |flag: &str| match flag {
        "--duration" => gives_session && profile.roles.is_empty(),
        _ => true,
    };
    let why = match &profile.source {
        Source::Login(_) => "a login gives its session as it is, and without a code",
        Source::WebIdentity(_) => "the token assumes the role, and without a code",
        _ if gives_session => {
            "the keys are a session already, which lasts as it is and needs no code"
        }
        _ if profile.serial.is_none() && !profile.roles.is_empty() => {
            "no MFA device is named, so the role is assumed without a code; add --serial-number ARN"
        }
        _ => return None,
    };
    let unused = given
        .into_iter()
        .filter(|(flag, is_given)| *is_given && is_unused(flag));
    let unused: Vec<&str> = unused.map(|(flag, _)| flag).collect();
    let (last, first) = unused.split_last()?;
    Some(match first {
        [] => format!("{last} is not used: {why}"),
        first => format!("{} and {last} are not used: {why}", first.join(", ")),
    })
}

/// The lines without effect, of the profile and of what it reads from.
pub fn lines(profile: &Profile, files: &AwsFiles) -> Vec<UnusedLine> {
    let chain: Vec<FoundProfile> = profile
        .reads_from
        .iter()
        .filter_map(|name| include::profile(files, name).ok()?)
        .collect();
    let unused: &[(&'static str, &'static str)] = match &profile.source {
        Source::WebIdentity(_) => &[
            ("mfa_serial", "the token assumes the role without a code"),
            ("external_id", "AssumeRoleWithWebIdentity takes none"),
        ],
        source if source.is_session() && profile.roles.is_empty() => &[
            ("mfa_serial", "a session needs no code"),
            ("duration_seconds", "the session lasts as it is"),
        ],
        source if source.is_session() => &[("mfa_serial", "a session needs no code")],
        _ => &[],
    };
    let mut found: Vec<UnusedLine> = Vec::new();
    for (key, why) in unused {
        // A role behind the first one is assumed with keys.
        let those = match *key {
            "external_id" => chain.get(chain.len().saturating_sub(1)..),
            "duration_seconds" => chain.get(..1),
            _ => chain.get(..),
        };
        let lines = those.into_iter().flatten();
        found.extend(lines.filter_map(|profile| {
            profile.get(key)?;
            Some(UnusedLine {
                key,
                location: profile.location(key)?,
                why,
            })
        }));
    }
    found.dedup_by(|a, b| a.location == b.location);
    found
}
