//! The session of a step in the store: under which name, for how long it serves, and what its entry says.

use crate::error::Origin;
use crate::model::region::Region;
use crate::model::request::{Request, Stored};
use crate::model::role_options::RoleOptions;
use crate::model::session::{Session, Timestamp};
use crate::output::trace;
use crate::profile::endpoint::Endpoint;
use crate::profile::{Profile, Role, Source};
use crate::session::plan::{self, AS_LONG_AS_IT_LASTS, Call, Step};
use crate::store::{Header, Renewal, Store};
use crate::text::durations::{exact_seconds, human_seconds};

/// The stored session of this step, if it is long enough and has enough left.
pub fn stored(request: &Request, profile: &Profile, store: &Store, step: &Step) -> Option<Session> {
    if request.stored != Stored::Used {
        return None;
    }
    let is_shared = step.roles.len() < profile.roles.len();
    of_entry(request, store, step, &step.entry).or_else(|| {
        let others = is_shared.then(|| elsewhere(profile, store, step));
        let mut others = others.into_iter().flatten();
        others.find_map(|entry| of_entry(request, store, step, &entry))
    })
}

/// The entries of the same session of the source that were asked for in other regions: it is good in all
/// of its partition, and one code a day is enough whatever region the shell has by now.
pub fn elsewhere(profile: &Profile, store: &Store, step: &Step) -> Vec<String> {
    if !matches!(step.call, Call::GetSessionToken(_)) {
        return Vec::new();
    }
    let endpoint = step.endpoint;
    let regions = store.list(Timestamp::now()).into_iter();
    let regions = regions.filter_map(|(entry, header, _)| Some((entry, header.region?)));
    let same = regions.filter(|(entry, region)| {
        let there = Region::parse(Origin::StoredSession, region).ok();
        there
            .filter(|there| *there != endpoint.region)
            .is_some_and(|region| {
                let there = Endpoint {
                    region,
                    ..endpoint.clone()
                };
                *entry == plan::entry(profile, step.roles, &there)
            })
    });
    same.map(|(entry, _)| entry).collect()
}

fn of_entry(request: &Request, store: &Store, step: &Step, entry: &str) -> Option<Session> {
    let now = Timestamp::now();
    let Some((header, session)) = store.read(entry, now) else {
        trace::say(|| format!("stored {entry}: none"));
        return None;
    };
    let left = header.expiration.seconds_after(now);
    let (is_long, lasts) = (
        header.asked_seconds >= step.serves_from,
        left > request.min_ttl,
    );
    trace::say(|| {
        let verdict = match (is_long, lasts) {
            (true, true) => "serves",
            (false, _) => "was asked for a shorter time than is wanted now",
            (true, false) => "has too little left",
        };
        format!(
            "stored {entry}: {verdict}, {} left{}",
            human_seconds(left),
            match header.asked_seconds {
                AS_LONG_AS_IT_LASTS => String::new(),
                asked => format!(" of {}", exact_seconds(asked)),
            }
        )
    });
    (is_long && lasts).then_some(session)
}

/// What the entry of a step's session says about it.
pub fn header(request: &Request, profile: &Profile, step: &Step, session: &Session) -> Header {
    let is_taken = step.call == Call::Take;
    let principal = match step.roles.last() {
        Some(role) => Some(role.arn.as_str()),
        None if is_taken => profile.source.principal(),
        None => profile.serial.as_ref().map(|serial| serial.as_str()),
    };
    let account = principal.and_then(account_of);
    Header {
        profile: profile_of(profile, step.roles).to_owned(),
        account: account.or_else(|| {
            profile
                .source
                .account()
                .filter(|_| is_taken)
                .map(str::to_owned)
        }),
        is_of_source: is_taken,
        principal: principal.map(str::to_owned),
        expiration: session.expiration,
        asked_seconds: step.duration,
        region: Some(step.endpoint.region.as_str().to_owned()),
        renewal: renewal(request, profile, step.roles),
    }
}

/// What to ask for to get the session of the profile after these of its roles again.
pub fn renewal(request: &Request, profile: &Profile, roles: &[Role]) -> Renewal {
    let is_last = roles.len() == profile.roles.len();
    let of_last = |flag: &Option<String>| flag.clone().filter(|_| is_last);
    Renewal {
        profile: profile_of(profile, roles).to_owned(),
        serial: request
            .serial
            .as_ref()
            .map(|serial| serial.as_str().to_owned()),
        duration: request
            .duration
            .map(|duration| duration.0)
            .filter(|_| is_last),
        role_arn: of_last(&request.role_arn),
        role_session_name: of_last(&request.role_session_name),
        external_id: of_last(&request.external_id),
        role_options: match is_last {
            true => request.role_options.clone(),
            false => RoleOptions::default(),
        },
        region_is_shells: request.region_is_shells,
        region: profile
            .endpoint
            .region_of_request()
            .map(|region| region.as_str().to_owned()),
        endpoint_url: request.endpoint_url.clone(),
        ca_bundle: request.ca_bundle.clone(),
    }
}

/// The profile that a session belongs to: on the way to a role it is the source's.
fn profile_of<'a>(profile: &'a Profile, roles: &'a [Role]) -> &'a str {
    if roles.len() == profile.roles.len() {
        return &profile.name;
    }
    let of = match roles.last() {
        Some(role) => role.profile.as_deref(),
        None => profile.source.profile(),
    };
    of.unwrap_or(&profile.name)
}

/// The account that the whole plan of a profile leads to, where an ARN or the source names it.
pub fn account(profile: &Profile) -> Option<String> {
    let source = &profile.source;
    let principal = match profile.roles.last() {
        Some(role) => Some(role.arn.as_str()),
        None if source.is_session() => source.principal(),
        None => profile.serial.as_ref().map(|serial| serial.as_str()),
    };
    let of_source = || source.account().filter(|_| profile.roles.is_empty());
    let account = principal.and_then(account_of);
    account.or_else(|| of_source().map(str::to_owned))
}

/// What a list calls the role whose session a profile gives: the last part of its ARN, or the name of the permission
/// set.
pub fn role_name(profile: &Profile) -> Option<&str> {
    match (profile.roles.last(), &profile.source) {
        (Some(role), _) => role.arn.rsplit('/').next(),
        (None, Source::Login(login)) => login.permission_set(),
        (None, _) => None,
    }
}

/// The account that an ARN names.
pub fn account_of(arn: &str) -> Option<String> {
    let account = arn.split(':').nth(4)?;
    (account.len() == 12).then(|| account.to_owned())
}
