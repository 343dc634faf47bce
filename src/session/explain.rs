//! `--explain`: what will be done and why, before anything is asked or sent.

use super::lookup::stored;
use crate::aws_files::AwsFiles;
use crate::error::Result;
use crate::model::request::Request;
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::profile::login::Login;
use crate::profile::other_tools::{self, NotHonoured};
use crate::profile::{Profile, Source, TokenFrom};
use crate::session::plan::{self, Call, Step};
use crate::store::Store;
use crate::text::durations::human_seconds;

/// Says it on stderr, a fact a line.
pub fn say(request: &Request, profile: &Profile, store: &Store, files: &AwsFiles) -> Result<()> {
    let [who, keys, device] = facts(profile);
    stderr::note(&who);
    stderr::line(&format!("  {keys}"));
    stderr::line(&format!("  {device}"));
    for NotHonoured {
        key,
        location,
        tool,
        instead,
    } in other_tools::not_honoured(files, &profile.reads_from)
    {
        stderr::line(&format!(
            "  not used: {key} of {tool}, {location}: {instead}"
        ));
    }
    let steps = plan::decide(profile)?.steps;
    let stored_to = steps
        .iter()
        .rposition(|step| stored(request, profile, store, step).is_some());
    for (index, step) in steps.iter().enumerate() {
        let words = match stored_to {
            Some(last) if index < last => continue,
            Some(last) if index == last => in_store(request, profile, store, step),
            _ => call(profile, step),
        };
        stderr::line(&format!("  {words}"));
    }
    stderr::line(&format!("  why: {}", reason(profile, &steps)));
    let left = steps
        .get(stored_to.map_or(0, |last| last + 1)..)
        .unwrap_or_default();
    stderr::line(&format!(
        "  next question: {}",
        next_question(request, profile, store, &steps, left)
    ));
    Ok(())
}

/// Which profile, whose keys, which device.
pub fn facts(profile: &Profile) -> [String; 3] {
    let Profile {
        name, chosen_by, ..
    } = profile;
    [
        format!("profile {name}, chosen by {chosen_by}{}", place(profile)),
        format!("keys: {}", keys(profile)),
        format!("MFA device: {}", device(profile)),
    ]
}

fn place(profile: &Profile) -> String {
    profile
        .location
        .as_ref()
        .map_or_else(String::new, |location| format!(", {location}"))
}

fn keys(profile: &Profile) -> String {
    let source = &profile.source;
    let place = match source {
        Source::Keys {
            profile, location, ..
        } => format!("of profile {profile}, {location}"),
        Source::Environment(_) => "of this shell's environment".to_owned(),
        Source::KeyStore(key) => format!(
            "{} of profile {}, in {}, which is opened only if nothing stored serves",
            key.access_key_id, key.profile, key.place
        ),
        Source::Process {
            profile, location, ..
        } => format!(
            "those that the credential_process of profile {profile} gives, {location}; it runs only if nothing stored serves"
        ),
        Source::Login(login) => format!("none, a login at {}, {}", login.name(), login.location),
        Source::WebIdentity {
            token,
            profile,
            location,
        } => match token {
            TokenFrom::File(path) => format!(
                "none, the token in {} of profile {profile}, {location}",
                path.display()
            ),
            TokenFrom::Process(_) => format!(
                "none, the token that the web_identity_token_process of profile {profile} prints, {location}"
            ),
        },
    };
    let Some(credentials) = source.credentials() else {
        return place;
    };
    let id = &credentials.access_key_id;
    let end = id.get(id.len().saturating_sub(4)..).unwrap_or_default();
    let kind = if source.is_session() {
        "a session"
    } else {
        "long-term"
    };
    format!("…{end}, {kind}, {place}")
}

fn device(profile: &Profile) -> String {
    let by_token = matches!(profile.source, Source::WebIdentity { .. });
    match (&profile.serial, profile.roles.is_empty()) {
        (Some(serial), _) if !by_token => serial.to_string(),
        _ if profile.source.is_session() => "none, so no code is sent".to_owned(),
        _ if plan::may_be_session(profile) => {
            "none is known, and one is asked for only if the keys are long-term".to_owned()
        }
        (None, true) => "not known yet, it will be asked for once".to_owned(),
        _ => "none, so no code is sent".to_owned(),
    }
}

/// The call of a step.
pub fn call(profile: &Profile, step: &Step) -> String {
    let duration = human_seconds(i64::from(step.duration));
    let role = || {
        let role = profile.roles.get(step.roles.saturating_sub(1));
        role.map_or_else(String::new, |role| {
            format!("{}{}", role.arn, role.options.words())
        })
    };
    let (words, endpoint) = match step.call {
        Call::Take => return taken(profile),
        Call::GetSessionToken => (
            format!("GetSessionToken for {duration} with the code"),
            &profile.source_endpoint,
        ),
        Call::AssumeRole => (
            format!("AssumeRole {} for {duration}, without a code", role()),
            &profile.endpoint,
        ),
        Call::AssumeRoleWithCode => (
            format!("AssumeRole {} for {duration} with the code", role()),
            &profile.endpoint,
        ),
        Call::AssumeRoleWithWebIdentity => (
            format!(
                "AssumeRoleWithWebIdentity {} for {duration} with the token",
                role()
            ),
            &profile.endpoint,
        ),
    };
    format!("call: {words}, in {}", endpoint.region.as_str())
}

/// The step without a call.
fn taken(profile: &Profile) -> String {
    match &profile.source {
        Source::Login(login) => match &login.login {
            Login::IdentityCenter {
                region,
                account,
                role,
                ..
            } => format!(
                "call: GetRoleCredentials for {role} in account {account}, in {}",
                region.as_str()
            ),
            Login::Console { arn } => format!("no call: the session of aws login as {arn}"),
        },
        _ if plan::may_be_session(profile) => {
            "no call: the session that the process gives; if it gives long-term keys, GetSessionToken with the code"
                .to_owned()
        }
        _ => "no call: the session of the source itself".to_owned(),
    }
}

fn in_store(request: &Request, profile: &Profile, store: &Store, step: &Step) -> String {
    let left = stored(request, profile, store, step).map_or(0, |session| {
        session.expiration.seconds_after(Timestamp::now())
    });
    let what = match profile.roles.get(..step.roles).and_then(<[_]>::last) {
        Some(role) => format!("the session of {}", role.arn),
        None if step.call == Call::Take => "the session of the source itself".to_owned(),
        None => "the MFA session of the user".to_owned(),
    };
    format!("stored: {what}, {} left", human_seconds(left))
}

fn reason(profile: &Profile, steps: &[Step]) -> &'static str {
    match steps.last().map(|step| step.call) {
        Some(Call::Take) if matches!(profile.source, Source::Login(_)) => {
            "the login gives a session by itself, and renews it while it lasts"
        }
        Some(Call::Take) => {
            "the keys are a session already: nobody can make another of it, and nobody needs to"
        }
        Some(Call::GetSessionToken) => {
            "the profile names no role, so the session is the user's own"
        }
        Some(Call::AssumeRoleWithCode) => {
            "over 1h a role must be assumed with the code straight from the long-term keys: from a session AWS \
             grants 1h at most (role chaining); the code then serves this role alone"
        }
        _ if matches!(profile.source, Source::WebIdentity { .. }) => {
            "the token assumes the first role by itself; there are no long-term keys, so there is no MFA session"
        }
        _ if profile.source.is_session() => {
            "the keys are a session already, which assumes roles for 1h each and needs no code"
        }
        _ if profile.serial.is_none() => {
            "no MFA device is named anywhere, so the role is assumed without a code"
        }
        _ => {
            "up to 1h one MFA session of the source, 12h long, serves all its roles: one code a day"
        }
    }
}

fn next_question(
    request: &Request,
    profile: &Profile,
    store: &Store,
    steps: &[Step],
    left: &[Step],
) -> String {
    let asks = |step: &&Step| matches!(step.call, Call::GetSessionToken | Call::AssumeRoleWithCode);
    if left.iter().any(|step| asks(&step)) {
        return "now".to_owned();
    }
    match steps.iter().rev().find(asks) {
        None if matches!(profile.source, Source::Login(_)) => "when the login has ended".to_owned(),
        None => "never".to_owned(),
        Some(step) => match stored(request, profile, store, step) {
            Some(session) => format!(
                "in {}",
                human_seconds(session.expiration.seconds_after(Timestamp::now()))
            ),
            None => "when this session has ended".to_owned(),
        },
    }
}
