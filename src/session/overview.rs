//! What a profile is and whether it works, for a list of all: the files and the store are read, nobody is asked and nothing is
//! called.

use super::{in_process, plan};
use crate::aws_files::AwsFiles;
use crate::environment::Environment;
use crate::error::Result;
use crate::model::request::Request;
use crate::model::session::Timestamp;
use crate::profile::Profile;
use crate::store::Store;

/// One profile.
pub struct Overview {
    /// Resolved; the error is what is wrong with it.
    pub profile: Result<Profile>,
    /// When its stored session ends, where there is one.
    pub stored_until: Option<Timestamp>,
}

/// Looks at the profile of this name.
pub fn of(
    name: &str,
    env: &Environment,
    files: &AwsFiles,
    store: &Store,
    now: Timestamp,
) -> Overview {
    let profile = resolve(name, env, files, store);
    let stored_until = profile.as_ref().ok().and_then(|profile| {
        let plan = plan::decide(profile).ok()?;
        Some(store.read(&plan.last.entry, now)?.0.expiration)
    });
    Overview {
        profile,
        stored_until,
    }
}

/// As [`super::Resolved::of`] does it, which reads the files for one profile alone.
fn resolve(name: &str, env: &Environment, files: &AwsFiles, store: &Store) -> Result<Profile> {
    let request = Request {
        profile: Some(name.to_owned()),
        ..Request::default()
    };
    let profile = super::profile_of(&request, env, files, store)?;
    plan::decide(&profile)?;
    in_process::refuse_loop(&profile.source, env)?;
    Ok(profile)
}
