//! `--explain`: what will be done and why, before anything is asked or sent.

use super::lookup::stored;
use crate::aws_files::AwsFiles;
use crate::aws_files::sections::FileKind;
use crate::error::Result;
use crate::model::request::Request;
use crate::model::session::{Session, Timestamp};
use crate::output::stderr;
use crate::profile::login::Login;
use crate::profile::of_default::{self, Lacking};
use crate::profile::other_tools::{self, NotHonoured};
use crate::profile::unused::{self, UnusedLine};
use crate::profile::{Profile, Role, Source, TokenFrom, WebIdentity};
use crate::session::plan::{self, Call, Plan, Step};
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
    for UnusedLine { key, location, why } in unused::lines(profile, files) {
        stderr::line(&format!("  not used: {key}, {location}: {why}"));
    }
    if let Some(words) = unused::flags(request, profile, profile.source.is_session()) {
        stderr::line(&format!("  {words}"));
    }
    for Lacking { line, location, .. } in of_default::lacking(profile, files) {
        stderr::line(&format!(
            "  not taken: {line} of [default], {location}; aws-vault takes it, no SDK does: to have it, write it under {}",
            FileKind::Config.header_of(&profile.name)
        ));
    }
    let plan = plan::decide(profile)?;
    let steps: Vec<(&Step, Option<Session>)> = plan
        .steps()
        .map(|step| (step, stored(request, profile, store, step)))
        .collect();
    let stored_to = steps.iter().rposition(|(_, session)| session.is_some());
    for (step, session) in steps.iter().skip(stored_to.unwrap_or(0)) {
        let words = match session {
            Some(session) => in_store(step, session),
            None => call(profile, step),
        };
        stderr::line(&format!("  {words}"));
    }
    stderr::line(&format!("  why: {}", reason(profile, &plan)));
    let left = steps.get(stored_to.map_or(0, |last| last + 1)..);
    let question = next_question(profile, &steps, left.unwrap_or_default());
    stderr::line(&format!("  next question: {question}"));
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
        Source::WebIdentity(WebIdentity {
            token,
            profile,
            location,
        }) => match token {
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
    let by_token = matches!(profile.source, Source::WebIdentity(_));
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
    let words = match step.call {
        Call::Take => return taken(profile),
        Call::GetSessionToken(_) => format!("GetSessionToken for {duration} with the code"),
        Call::AssumeRole(role) => {
            format!("AssumeRole {} for {duration}, without a code", name(role))
        }
        Call::AssumeRoleWithCode(role, _) => {
            format!("AssumeRole {} for {duration} with the code", name(role))
        }
        Call::AssumeRoleWithWebIdentity(role, _) => format!(
            "AssumeRoleWithWebIdentity {} for {duration} with the token",
            name(role)
        ),
    };
    format!("call: {words}, in {}", step.endpoint.region.as_str())
}

fn name(role: &Role) -> String {
    format!("{}{}", role.arn, role.options.words())
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

fn in_store(step: &Step, session: &Session) -> String {
    let what = match (step.roles.last(), step.call) {
        (Some(role), _) => format!("the session of {}", role.arn),
        (None, Call::Take) => "the session of the source itself".to_owned(),
        (None, _) => "the MFA session of the user".to_owned(),
    };
    format!("stored: {what}, {} left", left_of(session))
}

fn left_of(session: &Session) -> String {
    human_seconds(session.expiration.seconds_after(Timestamp::now()))
}

fn reason(profile: &Profile, plan: &Plan) -> &'static str {
    match plan.last.call {
        Call::Take if matches!(profile.source, Source::Login(_)) => {
            "the login gives a session by itself, and renews it while it lasts"
        }
        Call::Take => {
            "the keys are a session already: no other one can be made from it, and none is needed"
        }
        Call::GetSessionToken(_) => "the profile names no role, so the session is the user's own",
        Call::AssumeRoleWithCode(..) => {
            "over 1h a role must be assumed with the code straight from the long-term keys: from a session AWS \
             grants 1h at most (role chaining); the code then serves this role alone"
        }
        _ if matches!(profile.source, Source::WebIdentity(_)) => {
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
    profile: &Profile,
    steps: &[(&Step, Option<Session>)],
    left: &[(&Step, Option<Session>)],
) -> String {
    if left.iter().any(|(step, _)| step.call.needs_a_code()) {
        return "now".to_owned();
    }
    let mut with_a_code = steps.iter().filter(|(step, _)| step.call.needs_a_code());
    match with_a_code.next_back() {
        None if matches!(profile.source, Source::Login(_)) => "when the login has ended".to_owned(),
        None => "never".to_owned(),
        Some((_, Some(session))) => format!("in {}", left_of(session)),
        Some((_, None)) => "when this session has ended".to_owned(),
    }
}
