//! The four actions, with the rules of the real ones.

use std::collections::BTreeMap;

use super::answer::Answer;
use super::authenticate::Caller;
use super::constraints::{self, Parameters};
use super::iam::Iam;
use super::iam_actions;
use super::principal::Principal;
use super::refusal::{self, Refusal};
use super::role::{Role, Visitor};
use super::user::User;

const VERSION: &str = "2011-06-15";
const HOUR: i64 = 3600;

pub fn perform(
    iam: &Iam,
    caller: Caller,
    values: &BTreeMap<String, String>,
) -> Result<Answer, Refusal> {
    let value = |name| values.get(name).map_or("", String::as_str);
    match (value("Action"), value("Version")) {
        ("GetSessionToken", VERSION) => get_session_token(iam, caller, Parameters::of(values)),
        ("AssumeRole", VERSION) => assume_role(iam, caller, Parameters::of(values)),
        (_, iam_actions::VERSION) => iam_actions::perform(iam, caller, values),
        ("GetCallerIdentity", VERSION) => Ok(Answer::CallerIdentity(caller.principal)),
        (action, version) => Err(refusal::unknown_action(action, version)),
    }
}

fn get_session_token(
    iam: &Iam,
    caller: Caller,
    mut parameters: Parameters<'_>,
) -> Result<Answer, Refusal> {
    let seconds = parameters.seconds("DurationSeconds", 12 * HOUR, 36 * HOUR);
    let mfa = Mfa::of(&mut parameters);
    parameters.finish()?;
    let Caller {
        principal: Principal::User(user),
        has_session: false,
        ..
    } = caller
    else {
        return Err(refusal::session_for_session());
    };
    let mfa_at = mfa.check(iam, Some(&user))?;
    // An hour is the most for an account's own key, and STS shortens without a word.
    let seconds = if user.is_root() {
        seconds.min(HOUR)
    } else {
        seconds
    };
    Ok(Answer::SessionToken(iam.issue(
        Principal::User(user),
        mfa_at,
        seconds,
    )))
}

fn assume_role(
    iam: &Iam,
    caller: Caller,
    mut parameters: Parameters<'_>,
) -> Result<Answer, Refusal> {
    let arn = parameters.required("RoleArn", &constraints::ROLE_ARN);
    let session_name = parameters.required("RoleSessionName", &constraints::ROLE_SESSION_NAME);
    let external_id = parameters.optional("ExternalId", &constraints::EXTERNAL_ID);
    let seconds = parameters.seconds("DurationSeconds", HOUR, 12 * HOUR);
    let mfa = Mfa::of(&mut parameters);
    let is_tagged = parameters
        .optional("Tags.member.1.Key", &constraints::TAG_KEY)
        .is_some();
    let identity = parameters.optional("SourceIdentity", &constraints::ROLE_SESSION_NAME);
    let packed = parameters.packed();
    parameters.finish()?;
    if packed > 1024 {
        return Err(refusal::packed_policy_too_large(packed * 100 / 1024));
    }
    if !arn.starts_with("arn:") {
        return Err(refusal::validation(format!("{arn} is invalid")));
    }
    let long_term_user = match &caller.principal {
        Principal::User(user) if user.is_root() => return Err(refusal::root_has_no_roles()),
        Principal::User(user) if !caller.has_session => Some(user),
        _ => None,
    };
    let mfa_at = mfa.check(iam, long_term_user)?.or(caller.mfa_at);
    let mfa_age = mfa_at.map(|given| iam.now() - given);
    let visitor = Visitor {
        principal: &caller.principal,
        mfa_age,
        external_id,
    };
    // A role that is not there gets the same answer as one that does not trust the caller.
    let role = iam.role(arn).filter(|role| role.admits(&visitor));
    let role = role.ok_or_else(|| refusal::not_authorized(&caller.principal.arn(), arn))?;
    if !role.allows_marks && (is_tagged || identity.is_some()) {
        let action = if is_tagged {
            "TagSession"
        } else {
            "SetSourceIdentity"
        };
        return Err(refusal::access_denied(format!(
            "User: {} is not authorized to perform: sts:{action} on resource: {arn}",
            caller.principal.arn()
        )));
    }
    if caller.has_session && seconds > HOUR {
        return Err(refusal::chained_too_long());
    }
    if seconds > role.max_session_seconds {
        return Err(refusal::longer_than_role());
    }
    let assumed = Principal::Role {
        role: role.clone(),
        session_name: session_name.to_owned(),
    };
    Ok(Answer::AssumedRole(
        iam.issue(assumed.clone(), None, seconds),
        assumed,
    ))
}

/// The one action that is not signed: the token says who calls.
pub fn assume_role_with_web_identity(
    iam: &Iam,
    values: &BTreeMap<String, String>,
) -> Result<Answer, Refusal> {
    let mut parameters = Parameters::of(values);
    let arn = parameters.required("RoleArn", &constraints::ROLE_ARN);
    let session_name = parameters.required("RoleSessionName", &constraints::ROLE_SESSION_NAME);
    let token = parameters.required("WebIdentityToken", &constraints::WEB_IDENTITY_TOKEN);
    let seconds = parameters.seconds("DurationSeconds", HOUR, 12 * HOUR);
    parameters.finish()?;
    let trusts = |role: &&Role| role.web_identity_token.as_deref() == Some(token);
    let role = iam.role(arn).filter(trusts);
    let role = role.ok_or_else(refusal::not_authorized_web_identity)?;
    if seconds > role.max_session_seconds {
        return Err(refusal::longer_than_role());
    }
    let assumed = Principal::Role {
        role: role.clone(),
        session_name: session_name.to_owned(),
    };
    Ok(Answer::WebIdentity(
        iam.issue(assumed.clone(), None, seconds),
        assumed,
    ))
}

/// The serial number and code of a call.
struct Mfa<'a> {
    serial: Option<&'a str>,
    code: Option<&'a str>,
}

impl<'a> Mfa<'a> {
    fn of(parameters: &mut Parameters<'a>) -> Self {
        Mfa {
            serial: parameters.optional("SerialNumber", &constraints::SERIAL_NUMBER),
            code: parameters.optional("TokenCode", &constraints::TOKEN_CODE),
        }
    }

    /// When the code was given, if one was. Only a user with its long-term key has a device to give one from.
    fn check(&self, iam: &Iam, user: Option<&User>) -> Result<Option<i64>, Refusal> {
        match (self.serial, self.code, user) {
            (None, None, _) => Ok(None),
            (Some(serial), Some(code), Some(user)) => {
                iam.check_code(user, serial, code).map(|()| Some(iam.now()))
            }
            (Some(_), Some(_), None) => Err(refusal::not_your_device()),
            (Some(_), None, _) | (None, Some(_), _) => Err(refusal::half_an_mfa()),
        }
    }
}
