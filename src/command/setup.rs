//! `awsmfa setup [PROFILE]`: the first minute. Finds the keys and the MFA device, writes down what is missing, puts
//! the hook into this shell's start-up file, and gets a first session as proof. Every change is shown and agreed to
//! before it is made; what is known is not asked for; a second run has nothing to do.

mod keys;
mod start_up_file;
mod undo;

use std::path::Path;

use zeroize::Zeroizing;

use crate::aws_files::AwsFiles;
use crate::aws_files::edit::{self, Existing};
use crate::aws_files::sections::FileKind;
use crate::aws_files::write::{self, Patience};
use crate::cli::SetupArgs;
use crate::environment::Environment;
use crate::error::{Error, Origin, Result};
use crate::model::region::Region;
use crate::model::request::Request;
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::profile::{self, Profile};
use crate::session::Resolved;
use crate::setup::change::{difference, shown};
use crate::setup::desk::Desk;
use crate::setup::journal::{self, Made};
use crate::shell::{Shell, detect};
use crate::store::Store;
use crate::system::bounded_read;
use crate::text::durations::human_seconds;

/// Runs the command.
pub fn run(args: &SetupArgs, env: &Environment) -> Result<()> {
    let env = env.clone().with_surroundings();
    let shell = args.shell.unwrap_or_else(|| detect::asking(&env));
    let store = Store::open(&env);
    if args.undo {
        return undo::run(&store, &env, shell);
    }
    let request = Request {
        profile: args.profile.clone(),
        ..Request::default()
    };
    let mut setup = Setup {
        desk: Desk::open(args.yes)?,
        made: journal::read(&store),
        name: profile::name(&request, &env)?.0,
        request,
        env,
        store,
    };
    setup.keys()?;
    setup.device()?;
    setup.region()?;
    setup.start_up_file(shell)?;
    setup.first_session(shell)
}

struct Setup {
    env: Environment,
    store: Store,
    desk: Desk,
    request: Request,
    /// The profile that is set up.
    name: String,
    /// What was changed, in this run and those before.
    made: Vec<Made>,
}

/// What came of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is there now, or was there before.
    Done,
    /// The user said no.
    Declined,
    /// The file cannot be written.
    Unwritable,
}

impl Setup {
    /// Finds the MFA device, by IAM or by asking the user, and writes it as `mfa_serial` into the config file.
    fn device(&mut self) -> Result<()> {
        let mut resolved = Resolved::of(self.request.clone(), &self.env)?;
        resolved.find_device()?;
        let profile = resolved.profile();
        // Keys of the environment have no profile to write into.
        let (Some(owner), Some(serial)) = (profile.source.profile(), &profile.serial) else {
            return Ok(());
        };
        if !serial.is_remembered() {
            return Ok(());
        }
        let (owner, serial) = (owner.to_owned(), serial.as_str().to_owned());
        self.offer_setting(&owner, ("mfa_serial", &serial))
    }

    /// The region that programs will be in; Enter leaves it open.
    fn region(&mut self) -> Result<()> {
        let profile = self.profile()?;
        let is_known = profile.region.is_some()
            || ["AWS_REGION", "AWS_DEFAULT_REGION"]
                .iter()
                .any(|name| self.env.var(name).is_some());
        if is_known || !self.desk.has_terminal() {
            return Ok(());
        }
        let question = format!(
            "Region for profile {} (ap-northeast-1, …; Enter for none): ",
            self.name
        );
        let region = loop {
            let typed = self.desk.line(&question)?;
            if typed.is_empty() {
                return Ok(());
            }
            match Region::parse(Origin::Typed, &typed) {
                Ok(region) => break region,
                Err(error) => stderr::error(&error),
            }
        };
        let name = self.name.clone();
        self.offer_setting(&name, ("region", region.as_str()))
    }

    /// One value in the profile's section of the config file.
    fn offer_setting(&mut self, profile: &str, value: (&str, &str)) -> Result<()> {
        let path = AwsFiles::read(&self.env)?.config_path().to_owned();
        let put = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            let text = edit::put(FileKind::Config, &text, profile, &[value], Existing::Kept);
            let mut text = text.map_err(|_| Error::Internal("the config file was read before"))?;
            Ok(std::mem::take(&mut *text).into_bytes())
        };
        self.offer(&path, "Write this?", put)?;
        Ok(())
    }

    /// Shows a change, asks, makes it under the file's lock, and writes it down for `--undo`.
    fn offer(
        &mut self,
        file: &Path,
        question: &str,
        edit: impl Fn(&[u8]) -> Result<Vec<u8>>,
    ) -> Result<Outcome> {
        let before = bounded_read::read(file).unwrap_or_default();
        let Some(wanted) = difference(&before, &edit(&before)?) else {
            return Ok(Outcome::Done);
        };
        for line in shown(file, &wanted).lines() {
            stderr::line(line);
        }
        if !self.desk.agrees(question)? {
            return Ok(Outcome::Declined);
        }
        let created = !file.exists();
        let mut made = None;
        let written = write::edit_any(file, Patience::Endless, |bytes| {
            let after = edit(bytes)?;
            made = difference(bytes, &after);
            Ok(Zeroizing::new(after))
        });
        match written {
            Ok(()) => {}
            Err(error @ Error::Unwritable { .. }) => {
                stderr::error(&error);
                return Ok(Outcome::Unwritable);
            }
            Err(error) => return Err(error),
        }
        if let Some(made) = made {
            self.made.push(Made::new(file, created, &made));
            if !journal::write(&self.store, &self.made) {
                stderr::note("awsmfa setup --undo cannot undo this: no note of it can be kept");
            }
        }
        Ok(Outcome::Done)
    }

    /// A session as proof, and how it comes into this shell.
    fn first_session(&self, shell: Shell) -> Result<()> {
        if !self.desk.has_terminal() {
            stderr::hint("open a new terminal and run awsmfa use");
            return Ok(());
        }
        let granted = Resolved::of(self.request.clone(), &self.env)?.session()?;
        let left = granted.session.expiration.seconds_after(Timestamp::now());
        stderr::note(&format!(
            "it works: profile {} has a session for {}",
            granted.profile.name,
            human_seconds(left)
        ));
        self.long_term_keys(&granted.profile)?;
        let idiom = shell.idiom("env");
        stderr::hint(&format!(
            "open a new terminal and run awsmfa use, or here and now: {idiom}"
        ));
        Ok(())
    }

    fn profile(&self) -> Result<Profile> {
        let files = AwsFiles::read(&self.env)?;
        profile::resolve(&self.request, &self.env, &files)
    }
}
