//! What to ask AWS, in which order, for how long. Decided before anything is asked or sent. Pure.

use super::source_id::source_id;
use crate::error::{Error, Result};
use crate::model::duration::DurationSeconds;
use crate::model::kept_key::KeptKey;
use crate::model::serial::Serial;
use crate::profile::endpoint::Endpoint;
use crate::profile::{Profile, Role, Source, WebIdentity};
use crate::store::entry_name;

/// What GetSessionToken grants where nothing is said, 12 hours; and the length of the session that
/// all roles of a source share.
pub const SESSION_SECONDS: u32 = 43_200;
/// What AssumeRole grants where nothing is said, 1 hour; and all it grants to a session (role chaining).
pub const CHAINED_SECONDS: u32 = 3_600;
/// The session that the source itself gives lasts as long as it lasts: nobody was asked for a time, and it
/// serves every wish.
pub const AS_LONG_AS_IT_LASTS: u32 = u32::MAX;
/// The most that any role allows, 12 hours.
const ROLE_MAX_SECONDS: u32 = 43_200;

/// The sessions that lead to the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<'p> {
    /// Those on the way, in order; each signs the call after it.
    pub before: Vec<Step<'p>>,
    /// The one that was asked for.
    pub last: Step<'p>,
}

/// A session, the call that gives it, and what is known of it before it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'p> {
    /// Which call.
    pub call: Call<'p>,
    /// Who is called.
    pub endpoint: &'p Endpoint,
    /// The roles that have been assumed once it is there: none for the user's own session.
    pub roles: &'p [Role],
    /// The name under which it is stored.
    pub entry: String,
    /// `DurationSeconds`.
    pub duration: u32,
    /// A stored session answers this step if it was once asked for at least this long; 0 is any.
    pub serves_from: u32,
}

/// The calls that lead to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call<'p> {
    /// None to STS: the source gives a session, and that is it.
    Take,
    /// `GetSessionToken`, always with the code of this device; `None` while nothing names one.
    GetSessionToken(Option<&'p Serial>),
    /// `AssumeRole` without a code.
    AssumeRole(&'p Role),
    /// `AssumeRole` with the code of this device, from long-term keys.
    AssumeRoleWithCode(&'p Role, &'p Serial),
    /// `AssumeRoleWithWebIdentity`: the source's token in place of keys.
    AssumeRoleWithWebIdentity(&'p Role, &'p WebIdentity),
}

impl<'p> Plan<'p> {
    /// All of it, in order.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &Step<'p>> {
        self.before.iter().chain([&self.last])
    }
}

impl<'p> Step<'p> {
    /// After so many of the profile's roles; any stored session of it serves.
    fn new(profile: &'p Profile, call: Call<'p>, roles: usize, duration: u32) -> Self {
        let endpoint = match call {
            // Where the source says, so that one serves all its roles.
            Call::Take | Call::GetSessionToken(_) => &profile.source_endpoint,
            _ => &profile.endpoint,
        };
        let roles = profile.roles.get(..roles).unwrap_or_default();
        Self {
            call,
            endpoint,
            roles,
            entry: entry(profile, roles, endpoint),
            duration,
            serves_from: 0,
        }
    }

    /// A stored one must have been asked for at least as long.
    fn at_least_so_long(self) -> Self {
        Self {
            serves_from: self.duration,
            ..self
        }
    }
}

/// The name under which a session is stored that this endpoint gives for these roles of the profile.
pub fn entry(profile: &Profile, roles: &[Role], endpoint: &Endpoint) -> String {
    let serial = profile.serial.as_ref().map(Serial::as_str);
    entry_name(&source_id(&profile.source), serial, roles, endpoint)
}

impl Call<'_> {
    /// Whether it is made with a code.
    pub fn needs_a_code(self) -> bool {
        matches!(
            self,
            Self::GetSessionToken(_) | Self::AssumeRoleWithCode(..)
        )
    }
}

/// Decides. Refuses what cannot be had, with the way that works. What a `credential_process` gives is known
/// once it has run: until then it is taken to give a session where nothing speaks of MFA, else long-term
/// keys. See [`decide_for_session`].
pub fn decide(profile: &Profile) -> Result<Plan<'_>> {
    decide_as(
        profile,
        profile.source.is_session() || may_be_session(profile),
    )
}

/// Decides for a source that has turned out to give a session.
pub fn decide_for_session(profile: &Profile) -> Result<Plan<'_>> {
    decide_as(profile, true)
}

/// Whether only the source itself knows if a device and a code are needed.
pub fn may_be_session(profile: &Profile) -> bool {
    let is_process = matches!(profile.source, Source::Process { .. });
    is_process && profile.serial.is_none() && profile.roles.is_empty()
}

fn decide_as(profile: &Profile, source_is_session: bool) -> Result<Plan<'_>> {
    let take = || Step::new(profile, Call::Take, 0, AS_LONG_AS_IT_LASTS);
    let Some((last, first)) = profile.roles.split_last() else {
        let last = match source_is_session {
            true => take(),
            false => {
                let call = Call::GetSessionToken(profile.serial.as_ref());
                let duration = seconds(profile.duration, SESSION_SECONDS);
                Step::new(profile, call, 0, duration).at_least_so_long()
            }
        };
        let before = Vec::new();
        return Ok(Plan { before, last });
    };
    let duration = seconds(profile.duration, CHAINED_SECONDS);
    refuse_too_long(profile, duration, source_is_session)?;
    let identity = match &profile.source {
        Source::WebIdentity(identity) => Some(identity),
        _ => None,
    };
    let device = profile.serial.as_ref();
    let device = device.filter(|_| !source_is_session && identity.is_none());
    let is_long = duration > CHAINED_SECONDS;
    let mut before = Vec::new();
    if source_is_session {
        before.push(take());
    }
    if device.is_some() && !is_long {
        // One code a day for all roles of this source; any session of it that is still good will do.
        let call = Call::GetSessionToken(device);
        before.push(Step::new(profile, call, 0, SESSION_SECONDS));
    }
    let assume = |nth, role| match identity {
        Some(identity) if nth == 0 => Call::AssumeRoleWithWebIdentity(role, identity),
        _ => Call::AssumeRole(role),
    };
    for (nth, role) in first.iter().enumerate() {
        before.push(Step::new(
            profile,
            assume(nth, role),
            nth + 1,
            CHAINED_SECONDS,
        ));
    }
    let call = match device {
        Some(serial) if is_long => Call::AssumeRoleWithCode(last, serial),
        _ => assume(first.len(), last),
    };
    let last = Step::new(profile, call, profile.roles.len(), duration).at_least_so_long();
    Ok(Plan { before, last })
}

/// No role lasts longer than 12 hours, and one that is assumed from a session no longer than one.
fn refuse_too_long(profile: &Profile, seconds: u32, source_is_session: bool) -> Result<()> {
    let Some((last, first)) = profile.roles.split_last() else {
        return Ok(());
    };
    let role = last.arn.clone();
    if seconds > ROLE_MAX_SECONDS {
        return Err(Error::RoleDuration { role, seconds });
    }
    let is_chained = !first.is_empty() || source_is_session;
    if !is_chained || seconds <= CHAINED_SECONDS {
        return Ok(());
    }
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
    Err(Error::RoleChaining {
        role,
        seconds,
        keys_in,
    })
}

fn seconds(asked_for: Option<DurationSeconds>, default: u32) -> u32 {
    asked_for.map_or(default, |d| d.0)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
