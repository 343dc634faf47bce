//! What to ask AWS, in which order, for how long. Decided before anything is asked or sent. Pure.

use crate::error::{Error, Result};
use crate::profile::{Profile, Role};
use crate::request::DurationSeconds;

/// What GetSessionToken grants where nothing is said, 12 hours; and the length of the session that
/// all roles of a source share.
pub const SESSION_SECONDS: u32 = 43_200;
/// What AssumeRole grants where nothing is said, 1 hour; and all it grants to a session (role chaining).
pub const CHAINED_SECONDS: u32 = 3_600;
/// The most that any role allows, 12 hours.
const ROLE_MAX_SECONDS: u32 = 43_200;

/// The calls, in order; each signs with the keys that the one before it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One call at least.
    pub steps: Vec<Step>,
}

/// One call to STS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `GetSessionToken`, always with the code.
    GetSessionToken {
        /// `DurationSeconds`.
        duration: u32,
    },
    /// `AssumeRole`.
    AssumeRole {
        /// Which role.
        role: Role,
        /// `DurationSeconds`.
        duration: u32,
        /// Whether the code goes with it.
        with_code: bool,
    },
}

/// Decides. Refuses what cannot be had, with the way that works.
pub fn decide(profile: &Profile) -> Result<Plan> {
    let source_is_session = profile.source.credentials().session_token.is_some();
    let Some((last, first)) = profile.roles.split_last() else {
        if source_is_session {
            return Err(Error::SourceIsSession {
                profile: profile.name.clone(),
                keys_from: profile.source.to_string(),
            });
        }
        let duration = seconds(profile.duration, SESSION_SECONDS);
        return Ok(Plan {
            steps: vec![Step::GetSessionToken { duration }],
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
        return Err(Error::RoleChaining {
            profile: profile.name.clone(),
            role: last.arn.clone(),
            seconds: duration,
        });
    }
    let has_mfa = profile.serial.is_some() && !source_is_session;
    let direct = has_mfa && duration > CHAINED_SECONDS;
    let mut steps = Vec::new();
    if has_mfa && !direct {
        // One code a day for all roles of this source.
        steps.push(Step::GetSessionToken {
            duration: SESSION_SECONDS,
        });
    }
    for role in first {
        steps.push(Step::AssumeRole {
            role: role.clone(),
            duration: CHAINED_SECONDS,
            with_code: false,
        });
    }
    steps.push(Step::AssumeRole {
        role: last.clone(),
        duration,
        with_code: direct,
    });
    Ok(Plan { steps })
}

impl Plan {
    /// Whether somebody has to give a code.
    pub fn needs_code(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::GetSessionToken { .. } => true,
            Step::AssumeRole { with_code, .. } => *with_code,
        })
    }
}

fn seconds(asked_for: Option<DurationSeconds>, default: u32) -> u32 {
    asked_for.map_or(default, |d| d.0)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
