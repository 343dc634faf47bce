//! One step of a plan: which call it makes, with whose keys.

use super::{Carried, Run};
use crate::environment::Environment;
use crate::error::{Error, KeyOrigin, Result};
use crate::model::session::{Session, Timestamp};
use crate::profile::Role;
use crate::session::plan::{Call, Step};
use crate::session::web_identity;
use crate::store::Flight;
use crate::sts::{Mfa, RoleRequest, Sts};

impl Run<'_> {
    /// Makes the call of a step. `signed_by` is the session that signs, and the step that got it.
    pub(super) fn call(
        &mut self,
        step: &Step,
        signed_by: Option<&(Session, &Step)>,
        flight: &mut Flight,
    ) -> Carried<Session> {
        if let Call::Take = step.call {
            return self.of_source(step, flight);
        }
        let is_of_user = self.profile.roles.is_empty();
        if is_of_user && self.request.at_prompt && self.codes.is_none() {
            // First: at a prompt there is no code, and no credential_process is run for nothing.
            self.codes = Some(self.choose_codes(step)?);
        }
        let origin = self.profile.source.origin();
        if let Call::AssumeRoleWithWebIdentity(role, identity) = step.call {
            let token = web_identity::token(identity)?;
            let sts = Sts::with_token(step.endpoint, &token, origin)?;
            let session = self.assume(role, |role, now| {
                sts.assume_role_with_web_identity(role, step.duration, now)
            })?;
            return Ok(session);
        }
        let (keys, origin) = match signed_by {
            Some((session, Step { call, .. })) => match call {
                Call::Take => (session.credentials.clone(), origin),
                _ => (session.credentials.clone(), KeyOrigin::OurSession),
            },
            None => (self.first_keys(step, flight)?, origin),
        };
        let sts = Sts::new(step.endpoint, &keys, origin)?;
        let assume = |run: &Self, role: &Role, mfa: Option<&Mfa>| {
            run.assume(role, |role, now| {
                sts.assume_role(role, mfa, step.duration, now)
            })
        };
        let session = match step.call {
            Call::GetSessionToken(Some(serial)) => {
                self.with_code(step, serial, flight, |_, mfa| {
                    sts.get_session_token(mfa, step.duration, Timestamp::now())
                })
            }
            Call::AssumeRoleWithCode(role, serial) => {
                self.with_code(step, serial, flight, |run, mfa| {
                    assume(run, role, Some(mfa))
                })
            }
            Call::AssumeRole(role) => assume(self, role, None),
            Call::GetSessionToken(None) | Call::Take | Call::AssumeRoleWithWebIdentity(..) => {
                Err(Error::Internal("a call that is not made with these keys"))
            }
        };
        Ok(session?)
    }

    fn assume(
        &self,
        role: &Role,
        call: impl FnOnce(RoleRequest, Timestamp) -> Result<Session>,
    ) -> Result<Session> {
        let now = Timestamp::now();
        let session_name = match &role.session_name {
            Some(name) => name.clone(),
            None => default_session_name(self.env, now),
        };
        let request = RoleRequest {
            arn: &role.arn,
            session_name: &session_name,
            external_id: role.external_id.as_deref(),
            options: &role.options,
        };
        call(request, now)
    }
}

/// Names user and time in CloudTrail, in the characters that STS takes: 2 to 64 of `[\w+=,.@-]`.
fn default_session_name(env: &Environment, now: Timestamp) -> String {
    let user = env.var("USER").or(env.var("USERNAME")).unwrap_or("user");
    let user: String = user
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(40)
        .collect();
    format!("awsmfa-{user}-{}", now.0)
}
