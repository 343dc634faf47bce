//! Carrying out a plan: at most one code, at most the calls that the plan names, and every session
//! on the way kept in the store under its own entry.

mod call;
mod code;
mod source;

use super::first_keys::FirstKeys;
use super::in_process;
use super::lookup::{header, stored};
use crate::environment::Environment;
use crate::error::Error;
use crate::mfa::CodeSource;
use crate::model::request::Request;
use crate::model::session::Session;
use crate::output::signals;
use crate::output::trace;
use crate::profile::Profile;
use crate::session::plan::{self, Plan, Step};
use crate::store::{Flown, NotStored, Store, Wait};

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

    /// The session that the plan leads to: the last one that is stored, and from there on each call with the keys that
    /// the one before it got.
    pub fn carry_out(&mut self, plan: &Plan) -> Carried<Session> {
        match self.session_of(&plan.last, &plan.before) {
            // A process was taken to give long-term keys, and only it knows better.
            Err(Stop::IsSession) => {
                let plan = plan::decide_for_session(self.profile)?;
                self.session_of(&plan.last, &plan.before)
            }
            other => other,
        }
    }

    fn session_of(&mut self, step: &Step, before: &[Step]) -> Carried<Session> {
        if let Some(session) = self.stored(step) {
            return Ok(session);
        }
        let signed_by = match before.split_last() {
            Some((step, before)) => Some((self.session_of(step, before)?, step)),
            None => None,
        };
        self.take(step, signed_by.as_ref())
    }

    /// The session of this step: another process may have got it while we waited for the lock.
    fn take(&mut self, step: &Step, signed_by: Option<&(Session, &Step)>) -> Carried<Session> {
        if self.request.only_stored {
            return Err(Error::NotStored.into());
        }
        signals::survive_file_limit();
        if in_process::is_awaited(&step.entry, self.env) {
            let profile = self.profile.name.clone();
            return Err(Error::MfaProcessLoop { profile }.into());
        }
        let flown = self
            .store
            .fly(&step.entry, &self.profile.name, self.wait(), || {
                let found = self.stored(step);
                if found.is_none() {
                    let _ = signals::watch();
                }
                found
            })
            .map_err(Error::Busy)?;
        let mut flight = match flown {
            Flown::There(session) => return Ok(session),
            Flown::Ours(flight) => flight,
        };
        if let Some(session) = self.stored(step) {
            return Ok(session);
        }
        signals::watch()?;
        let session = self.call(step, signed_by, &mut flight)?;
        if session.expiration.is_known() {
            self.store(step, &session);
        }
        Ok(session) // one that says no end is taken from where it is by the next run as well
    }

    /// How long another process is waited for.
    fn wait(&self) -> Wait {
        match self.request.no_input {
            true => Wait::Briefly,
            false => Wait::Patiently,
        }
    }

    fn store(&mut self, step: &Step, session: &Session) {
        let header = header(self.request, self.profile, step, session);
        let stored = self.store.write(&step.entry, &header, session);
        trace::say(|| match &stored {
            Ok(()) => format!(
                "write {}: until {}",
                step.entry,
                session.expiration.rfc3339()
            ),
            Err(reason) => format!("write {}: {reason}", step.entry),
        });
        self.not_stored = stored.err().or(self.not_stored.take());
    }

    fn stored(&self, step: &Step) -> Option<Session> {
        stored(self.request, self.profile, self.store, step)
    }
}
