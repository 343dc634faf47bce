//! `awsmfa keys`: long-term keys in the operating system's key store.

mod add;
mod export;
mod import;
mod in_files;
mod list;
mod proof;
mod remove;
mod rotate;

use std::path::Path;

use crate::cli::{KeysArgs, KeysCallArgs, KeysCommand, KeysQuietArgs};
use crate::environment::Environment;
use crate::error::{KeysError, Origin, Result};
use crate::keys::index::Index;
use crate::model::region::Region;
use crate::model::request::Request;
use crate::profile;

/// Runs the subcommand.
pub fn run(args: &KeysArgs, env: &Environment) -> Result<()> {
    match &args.command {
        KeysCommand::Import(args) => import::run(args, env),
        KeysCommand::Add(args) => add::run(args, env),
        KeysCommand::Rotate(args) => rotate::run(args, env),
        KeysCommand::List(args) => list::run(args, env),
        KeysCommand::Remove(args) => remove::run(args, env),
        KeysCommand::Export(args) => export::run(args, env),
    }
}

/// What a key is proven with.
fn request(args: &KeysCallArgs) -> Result<Request> {
    let region = args.region.as_deref();
    let region = region.map(|text| Region::parse(Origin::Flag("--region"), text));
    Ok(Request {
        profile: args.quiet.profile.clone(),
        region: region.transpose()?,
        endpoint_url: args.endpoint_url.clone(),
        ca_bundle: args.ca_bundle.clone(),
        no_input: args.quiet.no_input,
        ..Request::default()
    })
}

/// A key that is being replaced stays where it is until that has ended.
fn refuse_unfinished(profile: &str, access_key_id: &str, kept: &Index) -> Result<()> {
    match kept.unfinished(access_key_id) {
        None => Ok(()),
        Some(_) => Err(KeysError::Unfinished {
            profile: profile.to_owned(),
        }
        .into()),
    }
}

/// The profile that is meant: the argument's, else the shell's.
fn profile_of(args: &KeysQuietArgs, env: &Environment) -> Result<String> {
    let request = Request {
        profile: args.profile.clone(),
        ..Request::default()
    };
    Ok(profile::name(&request, env)?.0)
}

/// A path as a person would type it.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
