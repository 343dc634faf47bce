//! The user whose key is rotated, as IAM sees them: their access keys, and which of them may go.

use std::thread;
use std::time::{Duration, Instant};

use crate::aws_files::AwsFiles;
use crate::error::{Cause, Error, KeysError, NoTerminal, Result};
use crate::iam::{AccessKey, Iam};
use crate::keys::index::{Index, Rotation};
use crate::mfa::terminal::Terminal;
use crate::model::session::{Credentials, Timestamp};
use crate::output::stderr;
use crate::sts::Identity;
use crate::text::durations::human_seconds;

/// How far apart two clocks may be that both are thought right, and how long a call may take.
const LEEWAY_SECONDS: i64 = 120;
/// How long a new key may take to be known. AWS speaks of seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// One server that knows the key is not all of them.
const KNOWN_IN_A_ROW: u8 = 3;

/// The user, and the calls in their name.
pub struct User<'a> {
    pub iam: Iam<'a>,
    pub profile: &'a str,
    pub no_input: bool,
    /// Where the keys of other profiles are looked up.
    pub files: &'a AwsFiles,
    pub kept: &'a Index,
}

impl User<'_> {
    /// The access keys, two at most.
    pub fn keys(&self) -> Result<Vec<AccessKey>> {
        allowed(self.iam.access_keys())
    }

    pub fn set_inactive(&self, access_key_id: &str) -> Result<()> {
        allowed(self.iam.set_active(access_key_id, false))
    }

    pub fn delete(&self, access_key_id: &str) -> Result<()> {
        allowed(self.iam.delete_access_key(access_key_id))
    }

    pub fn create(&self) -> Result<Credentials> {
        allowed(self.iam.create_access_key())
    }

    /// Whether this is the key of an interrupted rotation whose secret never arrived: made in its moment, known to
    /// nobody here and never used. Any other may be somebody's.
    pub fn is_leftover(&self, key: &AccessKey, rotation: &Rotation) -> bool {
        key.created.seconds_after(rotation.started).abs() <= LEEWAY_SECONDS
            && self.profile_with(&key.id).is_none()
            && matches!(self.iam.last_used(&key.id), Ok(None))
    }

    /// Asks whether this key may be deleted, so that there is room for a new one; an error where it may not.
    pub fn agree_to_delete(&self, key: &AccessKey, used: &str) -> Result<()> {
        let state = match key.is_active {
            true => "active",
            false => "inactive",
        };
        let refused = |state: String, why| KeysError::TwoKeys {
            profile: self.profile.to_owned(),
            used: used.to_owned(),
            other: key.id.clone(),
            state,
            why,
        };
        if let Some(profile) = self.profile_with(&key.id) {
            let state = format!("{state}, which profile {profile} uses");
            return Err(refused(state, None).into());
        }
        let last_used = match self.iam.last_used(&key.id) {
            Ok(Some(when)) => {
                let ago = Timestamp::now().seconds_after(when).max(0);
                format!("last used {} ago", human_seconds(ago))
            }
            Ok(None) => "never used".to_owned(),
            Err(_) => "AWS does not say when it was used".to_owned(),
        };
        let state = format!("{state}, {last_used}");
        let terminal = Terminal::open(self.no_input).map_err(|error| match error {
            Error::NobodyToAsk { why } => refused(state.clone(), Some(why)).into(),
            _ => Error::from(refused(state.clone(), Some(NoTerminal::None))),
        })?;
        terminal.say(&format!(
            "the user has two access keys, which is all that AWS allows: {used}, which profile {} uses, and {}, {state}",
            self.profile, key.id
        ))?;
        let question = format!("delete {} for ever to make room? [y/N] ", key.id);
        match &*terminal.ask_or_empty(&question)?.to_ascii_lowercase() {
            "y" | "yes" | "はい" => Ok(()),
            _ => Err(KeysError::Declined.into()),
        }
    }

    /// A profile here that has this key.
    pub fn profile_with(&self, access_key_id: &str) -> Option<String> {
        let in_files = self.files.names().into_iter().find(|name| {
            let profile = self.files.profile(name);
            profile.is_some_and(|found| found.own("aws_access_key_id") == Some(access_key_id))
        });
        let mut kept = self.kept.keys.iter();
        let mut kept = || kept.find(|entry| entry.key.access_key_id == access_key_id);
        in_files
            .map(str::to_owned)
            .or_else(|| kept().map(|entry| entry.key.profile.clone()))
    }
}

/// Proves a new key, which AWS knows after some seconds, and not everywhere at once.
pub fn prove_patiently(
    profile: &str,
    new: &str,
    prove: impl Fn() -> Result<Identity>,
) -> Result<Identity> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(200);
    let mut in_a_row = 0;
    loop {
        match prove() {
            Ok(identity) => {
                in_a_row += 1;
                if in_a_row == KNOWN_IN_A_ROW {
                    return Ok(identity);
                }
                thread::sleep(Duration::from_millis(100));
            }
            Err(Error::Refused(refusal)) if refusal.cause == Cause::UnknownKey => {
                if started.elapsed() >= PATIENCE {
                    return Err(KeysError::NotKnownYet {
                        profile: profile.to_owned(),
                        new: new.to_owned(),
                        seconds: started.elapsed().as_secs(),
                    }
                    .into());
                }
                if pause == Duration::from_millis(800) {
                    stderr::note(&format!("waiting until AWS knows the new access key {new}"));
                }
                in_a_row = 0;
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_secs(2));
            }
            Err(error) => return Err(error),
        }
    }
}

/// What a policy forbids is said with the line that allows it.
fn allowed<T>(answer: Result<T>) -> Result<T> {
    answer.map_err(|error| match error {
        Error::Refused(refusal)
            if matches!(refusal.cause, Cause::Forbidden | Cause::NotAuthorized) =>
        {
            KeysError::NotAllowed { refusal }.into()
        }
        error => error,
    })
}
