//! From the flags to a session: Request → Profile → stored Session? → Plan → Code → Session → stored.

use std::borrow::Cow;
use std::path::PathBuf;

pub mod calls;
pub mod explain;
pub mod find_device;
pub mod first_keys;
mod log_in;
pub mod lookup;
pub mod plan;
pub mod renew;
pub mod save_serial;

use crate::aws_files::AwsFiles;
use crate::cli::SessionArgs;
use crate::cli::request as flags;
use crate::environment::Environment;
use crate::environment::marks;
use crate::environment::patch::{EnvPatch, Placement};
use crate::environment::session_here::Inherited;
use crate::error::{Error, Refusal, Result};
use crate::model::request::{Request, Stored};
use crate::model::serial::Serial;
use crate::model::session::Session;
use crate::output::stderr;
use crate::output::stdout;
use crate::output::trace;
use crate::profile::{self, Profile, Source};
use crate::store::{NotStored, Store};
use calls::{Carried, Run, Stop};
use first_keys::FirstKeys;
use lookup::entry_of;
use plan::{Plan, Step};
use renew::Again;

/// A session and whose it is.
pub struct Obtained {
    /// The request, resolved.
    pub profile: Profile,
    /// The name of its store entry.
    pub entry: String,
    /// What was granted.
    pub session: Session,
    /// What was asked for.
    request: Request,
    /// The last step of the plan.
    step: Step,
}

impl Obtained {
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
            renewal: lookup::renewal(&self.request, &self.profile, &self.step),
            asked_seconds: self.step.duration,
            without_store: self.request.stored == Stored::Unused,
        }
    }
}

/// Gets a session, from the store or from STS; `None` where only an explanation was wanted.
pub fn obtain(
    args: &SessionArgs,
    profile: Option<&str>,
    env: &Environment,
) -> Result<Option<Obtained>> {
    obtain_as(flags::request(args, profile)?, env)
}

/// The same for a request that is made already.
pub fn obtain_as(request: Request, env: &Environment) -> Result<Option<Obtained>> {
    obtain_if(request, env, |_, _| Ok(()))
}

/// The same, where `allowed` may refuse before anybody is asked and anything is called.
pub fn obtain_if(
    request: Request,
    env: &Environment,
    allowed: impl FnOnce(&Profile, &AwsFiles) -> Result<()>,
) -> Result<Option<Obtained>> {
    let files = AwsFiles::read(env)?;
    let store = match request.stored {
        Stored::Unused => Store::off(),
        Stored::Used | Stored::Replaced => Store::open(env),
    };
    let mut profile = resolve(&request, env, &files, &store)?;
    allowed(&profile, &files)?;
    first_keys::refuse_loop(&profile.source, env)?;
    if request.explain {
        explain::say(&request, &profile, &store)?;
        if request.no_input {
            return Ok(None);
        }
    }
    let mut keys = None;
    let mut new_serial = false;
    // Where only the source knows whether a device is needed, it is asked first.
    let first = match plan::may_be_session(&profile) {
        true => attempt(&request, &profile, &store, env, &mut keys),
        false => Err(Stop::IsLongTerm),
    };
    let done = match first {
        Err(Stop::IsLongTerm) => {
            new_serial = find_serial(&mut profile, &request, env, &files, &mut keys)?;
            attempt(&request, &profile, &store, env, &mut keys)
        }
        other => other,
    };
    let Done {
        entry,
        step,
        session,
        used_a_code,
        not_stored,
    } = done.map_err(|stop| match stop {
        Stop::Failed(error) => without_mfa(error, &profile, &files),
        Stop::IsSession | Stop::IsLongTerm => Error::Internal("the source gives two kinds of keys"),
    })?;
    if new_serial && let Some(serial) = &profile.serial {
        save_serial::remember(serial, &profile, &store);
    }
    if used_a_code {
        if new_serial && let Some(serial) = &profile.serial {
            save_serial::offer(serial, &profile, &files, env);
        }
        if let Some(reason) = not_stored {
            stderr::note(&format!(
                "the session is not stored, the next terminal asks again: {reason}"
            ));
        }
        for ignored in files.ignored() {
            stderr::note(&format!(
                "{}: [{}] is ignored by every AWS SDK: {}",
                ignored.location, ignored.written, ignored.reason
            ));
        }
    }
    if let Source::Environment(_) = profile.source {
        stderr::note(if profile.source.is_session() {
            "the session in this shell gives way to the role's, so that cannot be renewed here"
        } else {
            "the long-term keys in this shell give way to the session, so it cannot be renewed here; \
             run aws configure to store them"
        });
    }
    Ok(Some(Obtained {
        profile,
        entry,
        session,
        request,
        step,
    }))
}

/// What came of a plan.
struct Done {
    entry: String,
    /// The last one.
    step: Step,
    session: Session,
    used_a_code: bool,
    not_stored: Option<NotStored>,
}

/// Decides and carries it out. `keys` are those that the source has given already, and take up those that it
/// gives now.
fn attempt(
    request: &Request,
    profile: &Profile,
    store: &Store,
    env: &Environment,
    keys: &mut Option<FirstKeys>,
) -> Carried<Done> {
    trace::say(|| explain::facts(profile).join("; "));
    let mut steps = decide(request, profile, store)?.steps;
    for step in &steps {
        trace::say(|| explain::call(profile, step));
    }
    let entry = last_entry(profile, &steps)?;
    if request.only_entry.as_ref().is_some_and(|e| *e != entry) {
        let why = "the profile means another identity now";
        return Err(Error::NotRenewable { why }.into());
    }
    stdout::is_for_entry(&entry);
    let mut run = Run::new(request, profile, store, env).with_keys(keys.take());
    let session = run.carry_out(&steps);
    let (used_a_code, not_stored) = (run.used_a_code(), run.not_stored());
    *keys = run.into_keys();
    let step = steps.pop();
    Ok(Done {
        entry,
        step: step.ok_or(Error::Internal("the plan is empty"))?,
        session: session?,
        used_a_code,
        not_stored,
    })
}

/// The plan. At a prompt nobody gives a code: what a process gave the last time says whether one is needed.
fn decide(request: &Request, profile: &Profile, store: &Store) -> Result<Plan> {
    let plan = plan::decide(profile)?;
    let gave_a_session = || {
        let entry = last_entry(profile, &plan.steps).ok()?;
        Some(store.header(&entry)?.is_of_source)
    };
    let is_process = matches!(profile.source, Source::Process { .. });
    if request.at_prompt && is_process && gave_a_session() == Some(true) {
        return plan::decide_for_session(profile);
    }
    Ok(plan)
}

/// AWS does not say that it was the missing code; only here is it known that none was sent.
fn without_mfa(error: Error, profile: &Profile, files: &AwsFiles) -> Error {
    match error {
        Error::Rejected(rejected)
            if profile.serial.is_none()
                && !profile.source.is_session()
                && rejected.refusal == Refusal::NotAuthorized =>
        {
            Error::RoleWithoutMfa {
                rejected,
                profile: profile.name.clone(),
                config_file: files.config_path().to_owned(),
            }
        }
        error => error,
    }
}

/// Where the session of a request is stored, or will be; `None` where nothing is.
pub fn stored_at(request: &Request, env: &Environment) -> Result<Option<PathBuf>> {
    let files = AwsFiles::read(env)?;
    let store = Store::open(env);
    let profile = resolve(request, env, &files, &store)?;
    if wants_serial(&profile) && !plan::may_be_session(&profile) {
        return Ok(None); // what it is called depends on an answer
    }
    let entry = last_entry(&profile, &plan::decide(&profile)?.steps)?;
    Ok(store.path_of(&entry))
}

fn last_entry(profile: &Profile, steps: &[Step]) -> Result<String> {
    let last = steps.last().ok_or(Error::Internal("the plan is empty"))?;
    Ok(entry_of(profile, last))
}

/// Resolves the request, with the device that was once typed for its key where no file names one.
pub fn resolve(
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
    store: &Store,
) -> Result<Profile> {
    let request = &of_pin(request, env, store);
    let profile = profile::resolve(request, env, files)?;
    if profile.serial.is_some() || profile.source.is_session() {
        return Ok(profile);
    }
    let remembered = store
        .remembered_serial(&first_keys::id(&profile.source))
        .and_then(|text| Serial::parse("remembered", &text).ok());
    match remembered {
        Some(serial) => with_serial(serial, request, env, files),
        None => Ok(profile),
    }
}

/// Where nothing else names a profile, the pin of this directory does.
fn of_pin<'a>(request: &'a Request, env: &Environment, store: &Store) -> Cow<'a, Request> {
    let is_named =
        request.ignores_pin || request.profile.is_some() || profile::variable(env).is_some();
    let pin = (!is_named).then(|| store.pin_here(env)).flatten();
    pin.map_or(Cow::Borrowed(request), |pin| {
        Cow::Owned(Request {
            profile: Some(pin.profile),
            is_of_pin: true,
            ..request.clone()
        })
    })
}

/// A role without a serial is a role without MFA and needs none; nor does a session.
fn wants_serial(profile: &Profile) -> bool {
    profile.serial.is_none() && profile.roles.is_empty() && !profile.source.is_session()
}

/// Resolves anew: the serial may name the partition, and so the region.
fn with_serial(
    serial: Serial,
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
) -> Result<Profile> {
    let request = Request {
        serial: Some(serial),
        ..request.clone()
    };
    profile::resolve(&request, env, files)
}

/// Finds the device, or asks for it, where nothing names one; whether that was done now.
fn find_serial(
    profile: &mut Profile,
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
    keys: &mut Option<FirstKeys>,
) -> Result<bool> {
    if !wants_serial(profile) {
        return Ok(false);
    }
    plan::decide(profile)?; // nobody is asked for what a refusal makes useless
    let serial = find_device::find(profile, request, env, files, keys)?;
    *profile = with_serial(serial, request, env, files)?;
    Ok(true)
}
