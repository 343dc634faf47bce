//! `awsmfa pin` and `awsmfa unpin`: which profile a directory means. The hook's function comes here by way of
//! [`super::typed`] and then acts at once; any other shell notices at its next prompt.

use std::path::Path;

use crate::cli::{PinArgs, UnpinArgs};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::request::Request;
use crate::output::stderr;
use crate::session::Resolved;
use crate::store::pins::{self, Pins};

/// The profile that a shell means without a word.
const OF_SHELL: [&str; 3] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWSMFA_PROFILE"];

/// Pins this directory.
pub fn pin(args: &PinArgs, env: &Environment) -> Result<()> {
    let of_shell = || OF_SHELL.into_iter().find_map(|name| env.var(name));
    let profile = args.profile.as_deref().or_else(of_shell);
    let profile = profile.ok_or(Error::NothingToPin)?;
    let request = Request {
        profile: Some(profile.to_owned()),
        ..Request::default()
    };
    Resolved::of(request, env)?;
    let directory = pins::here().ok_or(Error::NoDirectory)?;
    Pins::change(env, &directory, Some(profile))?;
    stderr::note(&format!(
        "{directory}, and all below it, means profile {profile}"
    ));
    Ok(())
}

/// Takes a directory's pin away.
pub fn unpin(args: &UnpinArgs, env: &Environment) -> Result<()> {
    let directory = match &args.directory {
        Some(directory) => pins::physical(directory),
        None => pins::here(),
    };
    let directory = directory.ok_or(Error::NoDirectory)?;
    if let Some(former) = Pins::change(env, &directory, None)? {
        let profile = former.profile;
        stderr::note(&format!("{directory} means profile {profile} no more"));
        return Ok(());
    }
    let pins = Pins::read(env);
    let above = pins.of(Path::new(&directory));
    Err(Error::NotPinned {
        above: above.map(|pin| (pin.directory.clone(), pin.profile.clone())),
        directory,
    })
}
