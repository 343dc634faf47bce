//! What to ask AWS, in which order, for how long. Decided before anything is asked or sent. Pure.

use crate::error::{Error, Result};
use crate::model::kept_key::KeptKey;
use crate::model::request::DurationSeconds;
use crate::profile::{Profile, Source};

/// What GetSessionToken grants where nothing is said, 12 hours; and the length of the session that
/// all roles of a source share.
pub const SESSION_SECONDS: u32 = 43_200;
/// What AssumeRole grants where nothing is said, 1 hour; and all it grants to a session (role chaining).
pub const CHAINED_SECONDS: u32 = 3_600;
/// The session that the source itself gives lasts as long as it lasts: nobody was asked for a time, and it
/// serves every wish.
pub const AS_LONG_AS_IT_LASTS: u32 = u32::MAX;
const TAKE: Step = Step {
    call: Call::Take,
    duration: AS_LONG_AS_IT_LASTS,
    roles: 0,
    serves_from: 0,
};
/// The most that any role allows, 12 hours.
const ROLE_MAX_SECONDS: u32 = 43_200;

/// The calls, in order; each signs with the keys that the one before it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One call at least.
    pub steps: Vec<Step>,
}

/// One call to STS, and the session that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which call.
    pub call: Call,
    /// `DurationSeconds`.
    pub duration: u32,
    /// How many of the profile's roles have been assumed after it: 0 is the user's own session.
    pub roles: usize,
    /// A stored session answers this step if it was once asked for at least this long; 0 is any.
    pub serves_from: u32,
}

/// The calls that lead to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// None to STS: the source gives a session, and that is it.
    Take,
    /// `GetSessionToken`, always with the code.
    GetSessionToken,
    /// `AssumeRole` without a code.
    AssumeRole,
    /// `AssumeRole` with the code, from long-term keys.
    AssumeRoleWithCode,
    /// `AssumeRoleWithWebIdentity`: the source's token in place of keys.
    AssumeRoleWithWebIdentity,
}

/// Decides. Refuses what cannot be had, with the way that works. What a `credential_process` gives is known
/// once it has run: until then it is taken to give a session where nothing speaks of MFA, else long-term
/// keys. See [`decide_for_session`].
pub fn decide(profile: &Profile) -> Result<Plan> {
    decide_as(
        profile,
        profile.source.is_session() || may_be_session(profile),
    )
}

/// Decides for a source that has turned out to give a session.
pub fn decide_for_session(profile: &Profile) -> Result<Plan> {
    decide_as(profile, true)
}

/// Whether only the source itself knows if a device and a code are needed.
pub fn may_be_session(profile: &Profile) -> bool {
    let is_process = matches!(profile.source, Source::Process { .. });
    is_process && profile.serial.is_none() && profile.roles.is_empty()
}

fn decide_as(profile: &Profile, source_is_session: bool) -> Result<Plan> {
    let by_web_identity = matches!(profile.source, Source::WebIdentity { .. });
    let Some((last, first)) = profile.roles.split_last() else {
        if source_is_session {
            return Ok(Plan { steps: vec![TAKE] });
        }
        let duration = seconds(profile.duration, SESSION_SECONDS);
        return Ok(Plan {
            steps: vec![Step {
                call: Call::GetSessionToken,
                duration,
                roles: 0,
                serves_from: duration,
            }],
        });
    };
    let duration = seconds(profile.duration, CHAINED_SECONDS);
    if duration > ROLE_MAX_SECONDS {
        return Err(Error::RoleDuration {
            role: last.arn.clone(),
            seconds: duration,
        });
    }
    let chained = !first.is_empty() || source_is_session;
    if chained && duration > CHAINED_SECONDS {
        let keys_in = match &profile.source {
            Source::Keys { profile, .. }
            | Source::Process { profile, .. }
            | Source::KeyStore(KeptKey { profile, .. })
                if !source_is_session =>
            {
                Some(profile.clone())
            }
            _ => None,
        };
        return Err(Error::RoleChaining {
            role: last.arn.clone(),
            seconds: duration,
            keys_in,
        });
    }
    let has_mfa = profile.serial.is_some() && !source_is_session && !by_web_identity;
    let direct = has_mfa && duration > CHAINED_SECONDS;
    let mut steps = Vec::new();
    if source_is_session {
        steps.push(TAKE);
    }
    if has_mfa && !direct {
        // One code a day for all roles of this source; any session of it that is still good will do.
        steps.push(Step {
            call: Call::GetSessionToken,
            duration: SESSION_SECONDS,
            roles: 0,
            serves_from: 0,
        });
    }
    for roles in 1..=first.len() {
        steps.push(Step {
            call: if by_web_identity && roles == 1 {
                Call::AssumeRoleWithWebIdentity
            } else {
                Call::AssumeRole
            },
            duration: CHAINED_SECONDS,
            roles,
            serves_from: 0,
        });
    }
    let call = if direct {
        Call::AssumeRoleWithCode
    } else if by_web_identity && first.is_empty() {
        Call::AssumeRoleWithWebIdentity
    } else {
        Call::AssumeRole
    };
    steps.push(Step {
        call,
        duration,
        roles: profile.roles.len(),
        serves_from: duration,
    });
    Ok(Plan { steps })
}

fn seconds(asked_for: Option<DurationSeconds>, default: u32) -> u32 {
    asked_for.map_or(default, |d| d.0)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
