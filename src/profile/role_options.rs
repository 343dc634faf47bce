//! What a profile says about its role's session: `policy_arns`, and aws-vault's `session_tags`,
//! `transitive_session_tags` and `source_identity`. Pure.

use crate::aws_files::FoundProfile;
use crate::error::{Error, Result};
use crate::model::request::Request;
use crate::model::role_options::{self, POLICY_ARN, RoleOptions, SOURCE_IDENTITY};

/// What limits a session: nobody may lose it without a word.
const LIMITS: &str = "policy_arns";

/// The options that this profile names for its own role.
pub fn of(profile: &FoundProfile) -> Result<RoleOptions> {
    let list = |key: &'static str| {
        let text = profile.get(key).unwrap_or_default();
        let words = text.split(',').map(str::trim);
        words.filter(|word| !word.is_empty())
    };
    let at = |key: &'static str| {
        let location = profile.location(key).unwrap_or_default();
        move |error: Error| error.at(location.clone())
    };
    let policy_arns = list(LIMITS).map(|arn| POLICY_ARN.check(arn));
    let session_tags = list("session_tags").map(|text| role_options::tag("session_tags", text));
    let identity = profile.get("source_identity");
    Ok(RoleOptions {
        policy_arns: policy_arns.collect::<Result<_>>().map_err(at(LIMITS))?,
        session_tags: session_tags
            .collect::<Result<_>>()
            .map_err(at("session_tags"))?,
        transitive_tags: list("transitive_session_tags").map(str::to_owned).collect(),
        source_identity: identity
            .map(|text| SOURCE_IDENTITY.check(text))
            .transpose()
            .map_err(at("source_identity"))?,
    })
}

/// The session of a user that should be limited or tagged: AWS does that only to the session of a role.
pub fn refuse_without_role(chain: &[FoundProfile], request: &Request) -> Result<()> {
    let named = chain
        .first()
        .filter(|profile| profile.get(LIMITS).is_some());
    let given_as = match (&request.role_options, named) {
        (options, _) if !options.policy_arns.is_empty() => "--policy-arn".to_owned(),
        (options, _) if !options.session_tags.is_empty() => "--session-tag".to_owned(),
        (options, _) if options.source_identity.is_some() => "--source-identity".to_owned(),
        _ if request.role_session_name.is_some() => "--role-session-name".to_owned(),
        _ if request.external_id.is_some() => "--external-id".to_owned(),
        (_, Some(profile)) => match profile.location(LIMITS) {
            Some(location) => format!("{LIMITS} ({location})"),
            None => LIMITS.to_owned(),
        },
        (_, None) => return Ok(()),
    };
    Err(Error::NoRoleToLimit { given_as })
}

/// What AssumeRoleWithWebIdentity has no parameter for: a session without it would not be what was asked for.
pub fn refuse_of_web_identity(chain: &[FoundProfile], request: &Request) -> Result<()> {
    let Some(of_token) = chain.last() else {
        return Ok(());
    };
    let lines = ["session_tags", "transitive_session_tags", "source_identity"];
    if let Some(key) = lines.into_iter().find(|key| of_token.get(key).is_some()) {
        return Err(Error::WebIdentityTakesNone {
            given_as: key,
            location: of_token.location(key),
        });
    }
    // With another role after it, the flags are for that one.
    let is_last = chain.len() == 1 && request.role_arn.is_none();
    let options = &request.role_options;
    let flags = [
        ("--session-tag", !options.session_tags.is_empty()),
        ("--source-identity", options.source_identity.is_some()),
        ("--external-id", request.external_id.is_some()),
    ];
    match flags.into_iter().find(|(_, is_given)| is_last && *is_given) {
        Some((given_as, _)) => Err(Error::WebIdentityTakesNone {
            given_as,
            location: None,
        }),
        None => Ok(()),
    }
}
