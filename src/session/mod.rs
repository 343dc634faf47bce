//! From a request to a session, each stage a type: [`Request`] → [`Resolved`] → [`Granted`].

mod calls;
mod explain;
mod find_device;
pub mod first_keys;
mod granted;
mod in_process;
mod log_in;
mod login;
pub mod lookup;
pub mod overview;
pub mod plan;
mod refused;
pub mod renew;
mod resolved;
mod save_serial;
pub mod source_id;
mod web_identity;

pub use granted::Granted;
pub use resolved::profile_of;

use crate::aws_files::AwsFiles;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::request::{Request, Stored};
use crate::model::session::{Credentials, Session};
use crate::output::{stderr, stdout, trace};
use crate::profile::{Profile, Source, unused};
use crate::store::{NotStored, Store};
use calls::{Carried, Run, Stop};
use first_keys::FirstKeys;
use plan::Plan;
use resolved::of_pin;

/// A request, and what the files, the environment and the store know about it. Nobody was asked.
pub struct Resolved<'e> {
    request: Request,
    env: &'e Environment,
    files: AwsFiles,
    store: Store,
    profile: Profile,
    /// Whether the session of the user is wanted, whatever roles the profile takes.
    is_of_user: bool,
}

/// What a command does after [`Resolved::explain`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It gets the session.
    GoOn,
    /// Nothing: only the explanation was wanted.
    Stop,
}

/// What came of a plan.
struct Done {
    entry: String,
    asked_seconds: u32,
    session: Session,
    /// Whether it is the session that the source itself gives.
    is_of_source: bool,
    used_a_code: bool,
    not_stored: Option<NotStored>,
}

impl<'e> Resolved<'e> {
    /// Reads the files and resolves the request, with the device that was once typed for its key where no file
    /// names one.
    pub fn of(request: Request, env: &'e Environment) -> Result<Self> {
        let files = AwsFiles::read(env)?;
        let store = match request.stored {
            Stored::Unused => Store::off(),
            Stored::Used | Stored::Replaced => Store::open(env),
        };
        let request = of_pin(request, env, &store);
        let profile = profile_of(&request, env, &files, &store)?;
        Ok(Self {
            request,
            env,
            files,
            store,
            profile,
            is_of_user: false,
        })
    }

    /// For `--explain`: says what will be done and why. With `--no-input` that is all.
    pub fn explain(&self) -> Result<Next> {
        if !self.request.explain {
            return Ok(Next::GoOn);
        }
        in_process::refuse_loop(&self.profile.source, self.env)?;
        explain::say(&self.request, &self.profile, &self.store, &self.files)?;
        match self.request.no_input {
            true => Ok(Next::Stop),
            false => Ok(Next::GoOn),
        }
    }

    /// Gets the session, from the store or from STS.
    pub fn session(self) -> Result<Granted> {
        self.session_with(None)
    }

    /// Gets the session of the user whose long-term keys these are, the profile's own, without any role.
    pub fn session_of_user(mut self, keys: Credentials) -> Result<Granted> {
        self.is_of_user = true;
        self.drop_roles();
        self.session_with(Some(FirstKeys {
            credentials: keys,
            ends: None,
        }))
    }

    fn session_with(mut self, mut keys: Option<FirstKeys>) -> Result<Granted> {
        in_process::refuse_loop(&self.profile.source, self.env)?;
        let mut new_serial = false;
        // Where only the source knows whether a device is needed, it is asked first.
        let first = match plan::may_be_session(&self.profile) {
            true => self.attempt(&mut keys),
            false => Err(Stop::IsLongTerm),
        };
        let done = match first {
            Err(Stop::IsLongTerm) => {
                new_serial = self.find_serial(&mut keys)?;
                self.attempt(&mut keys)
            }
            other => other,
        };
        let done = done.map_err(|stop| match stop {
            Stop::Failed(error) => refused::explained(*error, &self.profile, &self.files),
            Stop::IsSession | Stop::IsLongTerm => {
                Error::Internal("the source gives two kinds of keys")
            }
        })?;
        let gives_session = self.profile.source.is_session()
            || done.is_of_source
            || keys.is_some_and(|keys| keys.are_a_session());
        self.tell(&done, new_serial, gives_session);
        Ok(Granted {
            profile: self.profile,
            entry: done.entry,
            session: done.session,
            request: self.request,
            asked_seconds: done.asked_seconds,
        })
    }

    /// Remembers a device that was found or typed, and says what is worth knowing of a session that was got.
    fn tell(&self, done: &Done, new_serial: bool, gives_session: bool) {
        if new_serial && let Some(serial) = &self.profile.serial {
            save_serial::remember(serial, &self.profile, &self.store);
        }
        if done.used_a_code {
            if new_serial && let Some(serial) = &self.profile.serial {
                save_serial::offer(serial, &self.profile, &self.files, self.env);
            }
            if let Some(reason) = &done.not_stored {
                stderr::note(&format!(
                    "the session is not stored, the next terminal asks again: {reason}"
                ));
            }
            for ignored in self.files.ignored() {
                stderr::note(&format!(
                    "{}: [{}] is ignored by every AWS SDK: {}",
                    ignored.location, ignored.written, ignored.reason
                ));
            }
        }
        self.name_unused_flags(gives_session);
        if let Source::Environment(_) = self.profile.source {
            stderr::note(if self.profile.source.is_session() {
                "the role's session replaces the one in this shell, so it cannot be renewed here"
            } else {
                "the session replaces the long-term keys in this shell, so it cannot be renewed here; \
                 run aws configure to store them"
            });
        }
    }

    /// Names the flags that had no effect, if `--explain` has not.
    fn name_unused_flags(&self, gives_session: bool) {
        let (request, profile) = (&self.request, &self.profile);
        let explained = unused::flags(request, profile, profile.source.is_session());
        let explained = explained.filter(|_| request.explain);
        match unused::flags(request, profile, gives_session) {
            Some(words) if !request.at_prompt && explained.is_none() => stderr::note(&words),
            _ => {}
        }
    }

    /// Decides and carries it out. `keys` are those that the source has given already, and take up those that it
    /// gives now.
    fn attempt(&self, keys: &mut Option<FirstKeys>) -> Carried<Done> {
        trace::say(|| explain::facts(&self.profile).join("; "));
        let plan = self.plan()?;
        for step in plan.steps() {
            trace::say(|| explain::call(&self.profile, step));
        }
        let entry = plan.last.entry.clone();
        let only_entry = self.request.only_entry.as_ref();
        if only_entry.is_some_and(|only| *only != entry) {
            return Err(Error::AnotherIdentity.into());
        }
        stdout::leave_session_of(&entry);
        let run = Run::new(&self.request, &self.profile, &self.store, self.env);
        let mut run = run.with_keys(keys.take());
        let session = run.carry_out(&plan);
        let (used_a_code, not_stored) = (run.used_a_code(), run.not_stored());
        *keys = run.into_keys();
        Ok(Done {
            entry,
            asked_seconds: plan.last.duration,
            session: session?,
            is_of_source: plan.last.call == plan::Call::Take,
            used_a_code,
            not_stored,
        })
    }

    /// At a prompt nobody gives a code: what a process gave the last time says whether one is needed.
    fn plan(&self) -> Result<Plan<'_>> {
        let plan = plan::decide(&self.profile)?;
        let gave_a_session = || {
            let header = self.store.header(&plan.last.entry);
            header.is_some_and(|header| header.is_of_source)
        };
        let is_process = matches!(self.profile.source, Source::Process { .. });
        if self.request.at_prompt && is_process && gave_a_session() {
            return plan::decide_for_session(&self.profile);
        }
        Ok(plan)
    }
}
