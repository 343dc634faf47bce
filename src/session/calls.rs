//! Carrying out a plan: at most one code, at most the calls that the plan names, and every session
//! on the way kept in the store under its own entry.

use super::first_keys;
use super::lookup::{endpoint_of, entry_of, header, roles_of, stored};
use crate::environment::Environment;
use crate::error::{Error, KeyOrigin, Refusal, Result};
use crate::mfa::CodeSource;
use crate::model::request::Request;
use crate::model::serial::Serial;
use crate::model::session::{Credentials, Session, Timestamp};
use crate::output::exit;
use crate::output::trace;
use crate::profile::Profile;
use crate::session::plan::{self, Call, Step};
use crate::store::{Flight, NotStored, Stage, Store, Wait};
use crate::sts::{Mfa, RoleRequest, Sts};

/// One run through a plan.
pub struct Run<'a> {
    request: &'a Request,
    profile: &'a Profile,
    store: &'a Store,
    env: &'a Environment,
    /// Where codes come from; `None` until one is needed.
    codes: Option<CodeSource>,
    /// The source's keys, once they were needed: a process is run once.
    keys: Option<Credentials>,
    not_stored: Option<NotStored>,
}

impl<'a> Run<'a> {
    /// Nothing is done yet.
    pub fn new(
        request: &'a Request,
        profile: &'a Profile,
        store: &'a Store,
        env: &'a Environment,
    ) -> Self {
        Self {
            request,
            profile,
            store,
            env,
            codes: None,
            keys: None,
            not_stored: None,
        }
    }

    /// Whether a code was got for it.
    pub fn used_a_code(&self) -> bool {
        self.codes.is_some()
    }

    /// Why what was got is not stored.
    pub fn not_stored(&self) -> Option<&NotStored> {
        self.not_stored.as_ref()
    }

    /// Starts behind the last session that is stored, and makes the calls from there on, each with
    /// the keys that the one before it got.
    pub fn carry_out(&mut self, steps: &[Step]) -> Result<Session> {
        match self.follow(steps) {
            // A process was taken to give long-term keys, and only it knows better.
            Err(Error::SourceIsSession { .. }) => {
                self.follow(&plan::decide_for_session(self.profile)?.steps)
            }
            other => other,
        }
    }

    fn follow(&mut self, steps: &[Step]) -> Result<Session> {
        let mut session = None;
        let mut next = 0;
        for (index, step) in steps.iter().enumerate().rev() {
            session = self.stored(step);
            if session.is_some() {
                next = index + 1;
                break;
            }
        }
        for step in steps.iter().skip(next) {
            session = Some(self.take(step, session.as_ref())?);
        }
        session.ok_or(Error::Internal("the plan is empty"))
    }

    /// The session of this step: another process may have got it while we waited for the lock.
    fn take(&mut self, step: &Step, before: Option<&Session>) -> Result<Session> {
        if self.request.only_stored {
            return Err(Error::NotStored);
        }
        let entry = entry_of(self.profile, step);
        let wait = if self.request.no_input {
            Wait::Briefly
        } else {
            Wait::Patiently
        };
        let mut found = None;
        let mut flight = self
            .store
            .fly(&entry, &self.profile.name, wait, || {
                found = self.stored(step);
                if found.is_none() {
                    exit::on_signals();
                }
                found.is_some()
            })
            .map_err(Error::Busy)?;
        if let Some(session) = found.or_else(|| self.stored(step)) {
            return Ok(session);
        }
        exit::on_signals();
        let session = self.call(step, before, &mut flight)?;
        let header = header(self.request, self.profile, step, &session);
        let stored = self.store.write(&entry, &header, &session);
        trace::say(|| match &stored {
            Ok(()) => format!("write {entry}: until {}", session.expiration.rfc3339()),
            Err(reason) => format!("write {entry}: {reason}"),
        });
        self.not_stored = stored.err().or(self.not_stored.take());
        Ok(session)
    }

    fn call(
        &mut self,
        step: &Step,
        before: Option<&Session>,
        flight: &mut Flight,
    ) -> Result<Session> {
        let endpoint = endpoint_of(self.profile, step);
        let is_of_user = step.call == Call::GetSessionToken && self.profile.roles.is_empty();
        if is_of_user && self.request.at_prompt && self.codes.is_none() {
            // First: at a prompt there is no code, and no credential_process is run for nothing.
            self.codes = Some(self.choose_codes()?);
        }
        if step.call == Call::AssumeRoleWithWebIdentity {
            let token = first_keys::web_identity_token(&self.profile.source)?;
            let sts = Sts::with_token(endpoint, &token, self.profile.source.origin())?;
            return self.assume(step, |role, now| {
                sts.assume_role_with_web_identity(role, step.duration, now)
            });
        }
        let (keys, origin) = match before {
            Some(session) => (session.credentials.clone(), KeyOrigin::OurSession),
            None => (self.first_keys(step, flight)?, self.profile.source.origin()),
        };
        let sts = Sts::new(endpoint, &keys, origin)?;
        let assume = |run: &Self, mfa: Option<&Mfa>| {
            run.assume(step, |role, now| {
                sts.assume_role(role, mfa, step.duration, now)
            })
        };
        match step.call {
            Call::GetSessionToken => self.with_code(step, flight, |_, mfa| {
                sts.get_session_token(mfa, step.duration, Timestamp::now())
            }),
            Call::AssumeRoleWithCode => {
                self.with_code(step, flight, |run, mfa| assume(run, Some(mfa)))
            }
            Call::AssumeRole | Call::AssumeRoleWithWebIdentity => assume(self, None),
        }
    }

    /// The source's keys. Where they turn out to be a session and that makes another plan, that plan's
    /// refusal or [`Error::SourceIsSession`] ends this one, before any call.
    fn first_keys(&mut self, step: &Step, flight: &mut Flight) -> Result<Credentials> {
        if let Some(keys) = &self.keys {
            return Ok(keys.clone());
        }
        let source = &self.profile.source;
        if source.credentials().is_none() {
            flight.now(Stage::Asking); // the process may ask somebody
        }
        let keys = self
            .keys
            .insert(first_keys::keys(source, self.env)?)
            .clone();
        if keys.session_token.is_some()
            && plan::decide_for_session(self.profile)?.steps.first() != Some(step)
        {
            return Err(plan::refuse_session(self.profile));
        }
        flight.now(Stage::Calling);
        Ok(keys)
    }

    /// Calls with a code, and asks for another one where somebody can give it.
    fn with_code(
        &mut self,
        step: &Step,
        flight: &mut Flight,
        call: impl Fn(&Self, &Mfa) -> Result<Session>,
    ) -> Result<Session> {
        let serial = self
            .profile
            .serial
            .as_ref()
            .ok_or(Error::Internal("the plan has a code but no device"))?;
        let mut codes = match self.codes.take() {
            Some(codes) => codes,
            None => self.choose_codes()?,
        };
        let question = self.question(step, serial);
        let result = loop {
            if codes.takes_time() {
                flight.now(Stage::Asking);
            }
            trace::say(|| format!("code: from {codes}"));
            let code = codes.next(&question)?;
            flight.now(Stage::Calling);
            match call(
                self,
                &Mfa {
                    serial,
                    code: &code,
                },
            ) {
                Err(Error::Rejected(rejected))
                    if rejected.refusal == Refusal::WrongCode && codes.ask_again() => {}
                result => break result,
            }
        };
        self.codes = Some(codes);
        result
    }

    fn choose_codes(&self) -> Result<CodeSource> {
        let mfa_process = self.profile.mfa_process.as_ref();
        CodeSource::choose(
            self.request.code.as_ref(),
            mfa_process.filter(|_| !self.request.at_prompt),
            self.request.no_input,
        )
    }

    /// Says so where the code buys a single role.
    fn question(&self, step: &Step, serial: &Serial) -> String {
        let name = &self.profile.name;
        match step.call {
            Call::AssumeRoleWithCode => {
                format!("MFA code for {serial} (profile {name}, for this role alone): ")
            }
            _ => {
                format!("MFA code for {serial} (profile {name}): ")
            }
        }
    }

    fn assume(
        &self,
        step: &Step,
        call: impl FnOnce(RoleRequest, Timestamp) -> Result<Session>,
    ) -> Result<Session> {
        let role = roles_of(self.profile, step).last();
        let role = role.ok_or(Error::Internal("the plan has no such role"))?;
        let now = Timestamp::now();
        let session_name = match &role.session_name {
            Some(name) => name.clone(),
            None => default_session_name(self.env, now),
        };
        let request = RoleRequest {
            arn: &role.arn,
            session_name: &session_name,
            external_id: role.external_id.as_deref(),
        };
        call(request, now)
    }

    fn stored(&self, step: &Step) -> Option<Session> {
        stored(self.request, self.profile, self.store, step)
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
