//! From a request to a session, each stage a type: [`Request`] → [`Resolved`] → [`Granted`].

mod calls;
mod explain;
mod find_device;
pub mod first_keys;
mod log_in;
mod login;
pub mod lookup;
pub mod overview;
pub mod plan;
pub mod renew;
mod save_serial;

use std::path::PathBuf;

use crate::aws_files::AwsFiles;
use crate::aws_files::sections::FileKind;
use crate::environment::Environment;
use crate::environment::marks;
use crate::environment::patch::{EnvPatch, Placement};
use crate::environment::session_here::Inherited;
use crate::error::{Cause, Error, Origin, Result};
use crate::model::request::{Request, Stored};
use crate::model::serial::Serial;
use crate::model::session::{Credentials, Session};
use crate::output::{stderr, stdout, trace};
use crate::profile::{self, Profile, Source, of_default, unused};
use crate::store::{NotStored, Store};
use calls::{Carried, Run, Stop};
use first_keys::FirstKeys;
use plan::{Plan, Step};
use renew::Again;

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

/// A session and whose it is.
pub struct Granted {
    /// The request, resolved.
    pub profile: Profile,
    /// The name of its store entry.
    pub entry: String,
    /// What was granted.
    pub session: Session,
    /// What was asked for.
    request: Request,
    /// How long it was asked for.
    asked_seconds: u32,
}

impl Granted {
    /// The account, where an ARN names it.
    pub fn account(&self) -> Option<String> {
        lookup::account(&self.profile)
    }

    /// The change of an environment that puts the session there.
    pub fn patch(&self, keep_profile: bool, env: &Environment) -> EnvPatch {
        let place = Placement {
            profile: &self.profile.name,
            entry: &self.entry,
            region: self.profile.region.as_ref(),
            keep_profile,
            // A wrong one was refused before anything was asked for.
            prompt_variable: marks::prompt_variable(env).unwrap_or_default(),
        };
        EnvPatch::put(&self.session, &place, &Inherited(env))
    }

    /// How to get it again, for who serves it for longer than it lasts.
    pub fn again(&self) -> Again {
        Again {
            entry: self.entry.clone(),
            renewal: lookup::renewal(&self.request, &self.profile, &self.profile.roles),
            asked_seconds: self.asked_seconds,
            without_store: self.request.stored == Stored::Unused,
        }
    }
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

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The AWS files.
    pub fn files(&self) -> &AwsFiles {
        &self.files
    }

    /// Where the session is stored, or will be; `None` where nothing is.
    pub fn stored_at(&self) -> Result<Option<PathBuf>> {
        if self.wants_serial() && !plan::may_be_session(&self.profile) {
            return Ok(None); // what it is called depends on an answer
        }
        let plan = plan::decide(&self.profile)?;
        Ok(self.store.path_of(&plan.last.entry))
    }

    /// The entries that the plan leads through, also those of the same sessions in other regions.
    pub fn entries(&self) -> Result<Vec<String>> {
        let of_step = |step: &Step| {
            let mut entries = lookup::elsewhere(&self.profile, &self.store, step);
            entries.push(step.entry.clone());
            entries
        };
        let plan = plan::decide(&self.profile)?;
        Ok(plan.steps().flat_map(of_step).collect())
    }

    /// For `--explain`: says what will be done and why. With `--no-input` that is all.
    pub fn explain(&self) -> Result<Next> {
        if !self.request.explain {
            return Ok(Next::GoOn);
        }
        first_keys::refuse_loop(&self.profile.source, self.env)?;
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

    fn drop_roles(&mut self) {
        let profile = &mut self.profile;
        if self.is_of_user && !profile.roles.is_empty() {
            profile.roles.clear();
            profile.duration = None; // it is the role's
            profile.endpoint = profile.source_endpoint.clone();
        }
    }

    fn session_with(mut self, mut keys: Option<FirstKeys>) -> Result<Granted> {
        first_keys::refuse_loop(&self.profile.source, self.env)?;
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
            Stop::Failed(error) => self.without_mfa(*error),
            Stop::IsSession | Stop::IsLongTerm => {
                Error::Internal("the source gives two kinds of keys")
            }
        })?;
        if new_serial && let Some(serial) = &self.profile.serial {
            save_serial::remember(serial, &self.profile, &self.store);
        }
        if done.used_a_code {
            if new_serial && let Some(serial) = &self.profile.serial {
                save_serial::offer(serial, &self.profile, &self.files, self.env);
            }
            if let Some(reason) = done.not_stored {
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
        let gives_session = self.profile.source.is_session()
            || done.is_of_source
            || keys.is_some_and(|keys| keys.are_a_session());
        self.name_unused_flags(gives_session);
        if let Source::Environment(_) = self.profile.source {
            stderr::note(if self.profile.source.is_session() {
                "the session in this shell gives way to the role's, so that cannot be renewed here"
            } else {
                "the long-term keys in this shell give way to the session, so it cannot be renewed here; \
                 run aws configure to store them"
            });
        }
        Ok(Granted {
            profile: self.profile,
            entry: done.entry,
            session: done.session,
            request: self.request,
            asked_seconds: done.asked_seconds,
        })
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
            let why = "the profile means another identity now";
            return Err(Error::NotRenewable { why }.into());
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

    /// AWS does not say that it was the missing code; only here is it known that none was sent.
    fn without_mfa(&self, error: Error) -> Error {
        let lacking = of_default::lacking(&self.profile, &self.files);
        let wanted = lacking.iter().filter(|l| l.may_be_wanted_by_a_role());
        let lines: Vec<String> = wanted.map(|l| l.line.clone()).collect();
        match error {
            Error::Refused(refusal)
                if refusal.cause == Cause::NotAuthorized
                    && !self.profile.roles.is_empty()
                    && !lines.is_empty() =>
            {
                Error::RoleLacksOfDefault {
                    refusal,
                    lines,
                    header: self.header(),
                    config_file: self.files.config_path().to_owned(),
                }
            }
            Error::Refused(refusal)
                if self.profile.serial.is_none()
                    && !self.profile.source.is_session()
                    && refusal.cause == Cause::NotAuthorized =>
            {
                Error::RoleWithoutMfa {
                    refusal,
                    header: self.header(),
                    config_file: self.files.config_path().to_owned(),
                }
            }
            error => error,
        }
    }

    /// The header of the profile's section in the config file.
    fn header(&self) -> String {
        FileKind::Config.header_of(&self.profile.name)
    }

    /// A role without a serial is a role without MFA and needs none; nor does a session.
    fn wants_serial(&self) -> bool {
        let profile = &self.profile;
        profile.serial.is_none() && profile.roles.is_empty() && !profile.source.is_session()
    }

    /// Resolves anew: the serial may name the partition, and so the region.
    fn set_serial(&mut self, serial: Serial) -> Result<()> {
        let request = Request {
            serial: Some(serial),
            ..self.request.clone()
        };
        self.profile = profile::resolve(&request, self.env, &self.files)?;
        self.drop_roles();
        Ok(())
    }

    /// Finds the device that nothing names, for who wants to write it down; nothing is asked where none is needed.
    pub fn find_device(&mut self) -> Result<()> {
        match self.profile.source {
            Source::Keys { .. } | Source::Environment(_) | Source::KeyStore(_) => {
                self.find_serial(&mut None).map(drop)
            }
            // A login needs none, and what a process gives is known once it has run.
            Source::Login(_) | Source::Process { .. } | Source::WebIdentity { .. } => Ok(()),
        }
    }

    /// Finds the device, or asks for it, where nothing names one; whether that was done now.
    fn find_serial(&mut self, keys: &mut Option<FirstKeys>) -> Result<bool> {
        if !self.wants_serial() {
            return Ok(false);
        }
        plan::decide(&self.profile)?; // nobody is asked for what a refusal makes useless
        if let Some(path) = &self.request.setting_without_serial {
            return Err(Error::SettingWithoutSerial { path: path.clone() });
        }
        let Self {
            request,
            env,
            files,
            profile,
            ..
        } = self;
        let serial = find_device::find(profile, request, env, files, keys)?;
        self.set_serial(serial)?;
        Ok(true)
    }
}

/// The profile of a request, with the device that was once found or typed for its key where no file names one.
pub fn profile_of(
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
    store: &Store,
) -> Result<Profile> {
    let profile = profile::resolve(request, env, files)?;
    if profile.serial.is_some() || profile.source.is_session() {
        return Ok(profile);
    }
    let remembered = store.remembered_serial(&first_keys::id(&profile.source));
    match remembered.and_then(|text| Serial::parse(Origin::Remembered, &text).ok()) {
        // Resolved anew: the serial may name the partition, and so the region.
        Some(serial) => {
            let request = Request {
                serial: Some(serial),
                ..request.clone()
            };
            profile::resolve(&request, env, files)
        }
        None => Ok(profile),
    }
}

/// Where nothing else names a profile, the pin of this directory does.
fn of_pin(request: Request, env: &Environment, store: &Store) -> Request {
    let is_named =
        request.ignores_pin || request.profile.is_some() || profile::variable(env).is_some();
    match (!is_named).then(|| store.pin_here(env)).flatten() {
        Some(pin) => Request {
            profile: Some(pin.profile),
            is_of_pin: true,
            ..request
        },
        None => request,
    }
}
