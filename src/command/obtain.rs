//! From the flags to a session: Request → Profile → stored Session? → Plan → Code → Session → stored.

use super::explain;
use super::flags;
use super::run::{Run, entry_of};
use crate::cli::SessionArgs;
use crate::ending;
use crate::environment::Environment;
use crate::error::{Error, NoTerminal, Result};
use crate::inherited::Inherited;
use crate::mfa::terminal::Terminal;
use crate::patch::{EnvPatch, Placement};
use crate::plan;
use crate::profile::files::AwsFiles;
use crate::profile::serial::Serial;
use crate::profile::{self, Profile, Source};
use crate::request::{Request, Stored};
use crate::session::Session;
use crate::stderr;
use crate::stdout;
use crate::store::Store;
use crate::sts::Refusal;

/// A session and whose it is.
pub struct Obtained {
    /// The request, resolved.
    pub profile: Profile,
    /// The name of its store entry.
    pub entry: String,
    /// What was granted.
    pub session: Session,
}

impl Obtained {
    /// The change of an environment that puts the session there.
    pub fn patch(&self, keep_profile: bool, env: &Environment) -> EnvPatch {
        let place = Placement {
            profile: &self.profile.name,
            entry: &self.entry,
            region: self.profile.region.as_ref(),
            keep_profile,
        };
        EnvPatch::put(&self.session, &place, &Inherited(env))
    }
}

/// Gets a session, from the store or from STS; `None` where only an explanation was wanted.
pub fn obtain(
    args: &SessionArgs,
    profile: Option<&str>,
    env: &Environment,
) -> Result<Option<Obtained>> {
    obtain_if(args, profile, env, |_, _| Ok(()))
}

/// The same, where `allowed` may refuse before anybody is asked and anything is called.
pub fn obtain_if(
    args: &SessionArgs,
    profile: Option<&str>,
    env: &Environment,
    allowed: impl FnOnce(&Profile, &AwsFiles) -> Result<()>,
) -> Result<Option<Obtained>> {
    let request = flags::request(args, profile)?;
    let files = AwsFiles::read(env)?;
    let mut profile = profile::resolve(&request, env, &files)?;
    allowed(&profile, &files)?;
    let store = match request.stored {
        Stored::Unused => Store::off(),
        Stored::Used | Stored::Replaced => Store::open(env),
    };
    if request.explain {
        explain::say(&request, &profile, &store)?;
        if request.no_input {
            return Ok(None);
        }
    }
    let typed_serial = find_serial(&mut profile, &request, env, &files, &store)?;
    let steps = plan::decide(&profile)?.steps;
    let mut run = Run::new(&request, &profile, &store, env);
    let entry = steps
        .last()
        .map(|step| entry_of(&profile, step))
        .ok_or(Error::Internal("the plan is empty"))?;
    stdout::is_for_entry(&entry);
    let session = run.carry_out(&steps).map_err(|error| match error {
        // AWS does not say that it was the missing code; only here is it known that none was sent.
        Error::Rejected(rejected)
            if profile.serial.is_none() && rejected.refusal == Refusal::NotAuthorized =>
        {
            let config_file = files.config_path().to_owned();
            Error::RoleWithoutMfa {
                rejected,
                profile: profile.name.clone(),
                config_file,
            }
        }
        error => error,
    })?;
    if run.used_a_code() {
        if typed_serial && let Some(serial) = &profile.serial {
            store.remember_serial(&profile.source.credentials().access_key_id, serial.as_str());
        }
        if let Some(reason) = run.not_stored() {
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
    if matches!(profile.source, Source::Environment(_)) {
        stderr::note(
            "the long-term keys in this shell give way to the session, so it cannot be renewed here; \
             run aws configure to store them",
        );
    }
    Ok(Some(Obtained {
        profile,
        entry,
        session,
    }))
}

/// Completes the profile with a serial that was typed before or is typed now; whether it was typed
/// now. A role without a serial is a role without MFA and needs none.
fn find_serial(
    profile: &mut Profile,
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
    store: &Store,
) -> Result<bool> {
    if profile.serial.is_some() || !profile.roles.is_empty() {
        return Ok(false);
    }
    plan::decide(profile)?; // nobody is asked for what a refusal makes useless
    let key = &profile.source.credentials().access_key_id;
    let remembered = store
        .remembered_serial(key)
        .and_then(|text| Serial::parse("remembered", &text).ok());
    let typed = remembered.is_none();
    let serial = match remembered {
        Some(serial) => serial,
        None => ask_serial(profile, request, files)?,
    };
    // The serial may name the partition, and so the region.
    let with_serial = Request {
        serial: Some(serial),
        ..request.clone()
    };
    *profile = profile::resolve(&with_serial, env, files)?;
    Ok(typed)
}

fn ask_serial(profile: &Profile, request: &Request, files: &AwsFiles) -> Result<Serial> {
    ending::on_signals();
    let terminal = Terminal::open(request.no_input).map_err(|error| Error::SerialUnknown {
        profile: profile.name.clone(),
        config_file: files.config_path().to_owned(),
        why: match error {
            Error::NobodyToAsk { why } => why,
            _ => NoTerminal::None,
        },
    })?;
    let answer = terminal.ask(&format!(
        "ARN of the MFA device for profile {}: ",
        profile.name
    ))?;
    Serial::parse("typed", &answer)
}
