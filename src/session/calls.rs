//! Carrying out a plan: at most one code, at most the calls that the plan names, and every session
//! on the way kept in the store under its own entry.

use super::first_keys::{self, FirstKeys};
use super::log_in;
use super::lookup::{endpoint_of, entry_of, header, roles_of, stored};
use crate::environment::Environment;
use crate::error::{Cause, Error, KeyOrigin, Result};
use crate::mfa::CodeSource;
use crate::model::request::Request;
use crate::model::serial::Serial;
use crate::model::session::{Credentials, Session, Timestamp};
use crate::output::signals;
use crate::output::trace;
use crate::profile::{Profile, Source};
use crate::session::plan::{self, Call, Step};
use crate::store::{Flight, NotStored, Stage, Store, Wait};
use crate::sts::{Mfa, RoleRequest, Sts, login};
use crate::system::user_command::Talk;

/// Why a plan is not carried out to its end.
pub enum Stop {
    /// It failed.
    Failed(Box<Error>),
    /// The source gives a session, which takes another plan.
    IsSession,
    /// The source gives long-term keys, which takes another plan.
    IsLongTerm,
}

/// What a plan gives as far as it is carried out.
pub type Carried<T> = std::result::Result<T, Stop>;

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Failed(Box::new(error))
    }
}

/// One run through a plan.
pub struct Run<'a> {
    request: &'a Request,
    profile: &'a Profile,
    store: &'a Store,
    env: &'a Environment,
    /// Where codes come from; `None` until one is needed.
    codes: Option<CodeSource>,
    /// The source's keys, once they were needed: a process is run once.
    keys: Option<FirstKeys>,
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

    /// With the keys that an earlier run has got of the same source.
    pub fn with_keys(self, keys: Option<FirstKeys>) -> Self {
        Self { keys, ..self }
    }

    /// The source's keys, where they were needed.
    pub fn into_keys(self) -> Option<FirstKeys> {
        self.keys
    }

    /// Whether a code was got for it.
    pub fn used_a_code(&self) -> bool {
        self.codes.is_some()
    }

    /// Why what was got is not stored.
    pub fn not_stored(&mut self) -> Option<NotStored> {
        self.not_stored.take()
    }

    /// Starts behind the last session that is stored, and makes the calls from there on, each with
    /// the keys that the one before it got.
    pub fn carry_out(&mut self, steps: &[Step]) -> Carried<Session> {
        match self.follow(steps) {
            // A process was taken to give long-term keys, and only it knows better.
            Err(Stop::IsSession) => self.follow(&plan::decide_for_session(self.profile)?.steps),
            other => other,
        }
    }

    fn follow(&mut self, steps: &[Step]) -> Carried<Session> {
        let mut before = None;
        let mut next = 0;
        for (index, step) in steps.iter().enumerate().rev() {
            if let Some(session) = self.stored(step) {
                before = Some((session, step));
                next = index + 1;
                break;
            }
        }
        for step in steps.iter().skip(next) {
            before = Some((self.take(step, before.as_ref())?, step));
        }
        let (session, _) = before.ok_or(Error::Internal("the plan is empty"))?;
        Ok(session)
    }

    /// The session of this step: another process may have got it while we waited for the lock.
    fn take(&mut self, step: &Step, before: Option<&(Session, &Step)>) -> Carried<Session> {
        if self.request.only_stored {
            return Err(Error::NotStored.into());
        }
        signals::survive_file_limit();
        let entry = entry_of(self.profile, step);
        if first_keys::is_awaited(&entry, self.env) {
            let profile = self.profile.name.clone();
            return Err(Error::MfaProcessLoop { profile }.into());
        }
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
                    let _ = signals::watch();
                }
                found.is_some()
            })
            .map_err(Error::Busy)?;
        if let Some(session) = found.or_else(|| self.stored(step)) {
            return Ok(session);
        }
        signals::watch()?;
        let session = self.call(step, before, &mut flight)?;
        if !session.expiration.is_known() {
            return Ok(session); // the next run takes it from where it is
        }
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
        before: Option<&(Session, &Step)>,
        flight: &mut Flight,
    ) -> Carried<Session> {
        if step.call == Call::Take {
            return self.of_source(step, flight);
        }
        let endpoint = endpoint_of(self.profile, step);
        let is_of_user = step.call == Call::GetSessionToken && self.profile.roles.is_empty();
        if is_of_user && self.request.at_prompt && self.codes.is_none() {
            // First: at a prompt there is no code, and no credential_process is run for nothing.
            self.codes = Some(self.choose_codes(step)?);
        }
        if step.call == Call::AssumeRoleWithWebIdentity {
            let token = first_keys::web_identity_token(&self.profile.source)?;
            let sts = Sts::with_token(endpoint, &token, self.profile.source.origin())?;
            let session = self.assume(step, |role, now| {
                sts.assume_role_with_web_identity(role, step.duration, now)
            })?;
            return Ok(session);
        }
        let (keys, origin) = match before {
            Some((session, before)) => {
                let origin = match before.call {
                    Call::Take => self.profile.source.origin(),
                    _ => KeyOrigin::OurSession,
                };
                (session.credentials.clone(), origin)
            }
            None => (self.first_keys(step, flight)?, self.profile.source.origin()),
        };
        let sts = Sts::new(endpoint, &keys, origin)?;
        let assume = |run: &Self, mfa: Option<&Mfa>| {
            run.assume(step, |role, now| {
                sts.assume_role(role, mfa, step.duration, now)
            })
        };
        let session = match step.call {
            Call::GetSessionToken => self.with_code(step, flight, |_, mfa| {
                sts.get_session_token(mfa, step.duration, Timestamp::now())
            }),
            Call::AssumeRoleWithCode => {
                self.with_code(step, flight, |run, mfa| assume(run, Some(mfa)))
            }
            Call::AssumeRole | Call::AssumeRoleWithWebIdentity => assume(self, None),
            Call::Take => Err(Error::Internal("the source was asked already")),
        };
        Ok(session?)
    }

    /// The session that the source itself gives.
    fn of_source(&mut self, step: &Step, flight: &mut Flight) -> Carried<Session> {
        if let Source::Login(login) = &self.profile.source {
            let endpoint = &self.profile.source_endpoint;
            let get = || login::session(login, endpoint, Timestamp::now());
            flight.now(Stage::Calling);
            return match get() {
                Err(error) => {
                    flight.now(Stage::Asking);
                    log_in::offer(error, login, self.request)?;
                    flight.now(Stage::Calling);
                    Ok(get()?)
                }
                session => Ok(session?),
            };
        }
        self.first_keys(step, flight)?;
        let keys = self.keys.clone();
        let keys = keys.ok_or(Error::Internal("the source gave nothing"))?;
        Ok(keys.session(&self.profile.source, Timestamp::now())?)
    }

    /// The source's keys. Where they turn out to be what another plan is for, that plan's refusal or a
    /// [`Stop`] ends this one, before any call.
    fn first_keys(&mut self, step: &Step, flight: &mut Flight) -> Carried<Credentials> {
        let source = &self.profile.source;
        let keys = match &self.keys {
            Some(keys) => keys,
            None => {
                if source.credentials().is_none() {
                    flight.now(Stage::Asking); // the process may ask somebody
                }
                let talk = match self.request.at_prompt {
                    true => Talk::Dropped,
                    false => Talk::Shown,
                };
                self.keys.insert(first_keys::keys(
                    source,
                    talk,
                    self.env,
                    self.request.no_input,
                )?)
            }
        };
        match (keys.are_a_session(), step.call == Call::Take) {
            (true, false) => {
                plan::decide_for_session(self.profile)?; // its refusal says more
                return Err(Stop::IsSession);
            }
            (false, true) => return Err(Stop::IsLongTerm),
            _ => {}
        }
        flight.now(Stage::Calling);
        Ok(keys.credentials.clone())
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
            None => self.choose_codes(step)?,
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
                Err(Error::Refused(refusal))
                    if refusal.cause == Cause::WrongCode && codes.ask_again() => {}
                result => break result,
            }
        };
        self.codes = Some(codes);
        result
    }

    fn choose_codes(&self, step: &Step) -> Result<CodeSource> {
        let mfa_process = self.profile.mfa_process.as_ref();
        let mfa_process = mfa_process.filter(|_| !self.request.at_prompt);
        let awaiting = |process| {
            let entry = entry_of(self.profile, step);
            (process, first_keys::awaiting(&entry, self.env))
        };
        CodeSource::choose(
            self.request.code.as_ref(),
            mfa_process.map(awaiting),
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
            options: &role.options,
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
