//! What the AWS files, the flags and the environment together say about one request: whose keys,
//! which MFA device, which roles, which STS. Resolving is pure; [`crate::aws_files`] has done the reading.

mod chain;
mod configured_url;
pub mod console;
pub mod endpoint;
mod find_source;
pub mod iam_endpoint;
mod include;
pub mod login;
mod login_lines;
pub mod of_default;
pub mod other_tools;
mod own_keys;
mod partition;
pub mod pasted;
mod role_options;
mod source;
pub mod unused;

use std::borrow::Cow;

use crate::aws_files::AwsFiles;
use crate::environment::Environment;
use crate::error::{Error, Location, Origin, Result};
use crate::model::duration::DurationSeconds;
use crate::model::region::Region;
use crate::model::request::{MfaProcess, Request};
use crate::model::role_options::RoleOptions;
use crate::model::serial::Serial;
use endpoint::Endpoint;
pub use own_keys::keys as long_term_keys;
pub use source::{Source, TokenFrom, WebIdentity};

/// One request, resolved.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The profile's name.
    pub name: String,
    /// What chose it: `the argument`, a variable, or `the default`.
    pub chosen_by: Origin,
    /// The profile and its sources, as far as the files have them, nearest first.
    pub reads_from: Vec<String>,
    /// Its first line; `None` where the files have no such profile and the environment has keys.
    pub location: Option<Location>,
    /// Where the keys come from that everything starts with.
    pub source: Source,
    /// The roles to assume, the first one with the source's keys, each next with the one before.
    pub roles: Vec<Role>,
    /// The MFA device; `None` where nothing names one.
    pub serial: Option<Serial>,
    /// A command that prints the code.
    pub mfa_process: Option<MfaProcess>,
    /// How long the session shall last, where the request or the profile says so.
    pub duration: Option<DurationSeconds>,
    /// The STS to ask for the last call.
    pub endpoint: Endpoint,
    /// The STS to ask with the source's own keys: the source's, so that one session serves all its roles.
    pub source_endpoint: Endpoint,
    /// The region that the profile or its source names: what `env` puts into the shell.
    pub region: Option<Region>,
}

/// One role to assume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// `role_arn`.
    pub arn: String,
    /// `role_session_name`, where one is set.
    pub session_name: Option<String>,
    /// `external_id`, where one is set.
    pub external_id: Option<String>,
    /// What the session may do less than the role, and what it carries.
    pub options: RoleOptions,
    /// The profile that names the role; `None` for `--role-arn`.
    pub profile: Option<String>,
}

/// The profile where nothing names one.
pub const DEFAULT: &str = "default";

/// Which profile a request means, and what chose it: the argument, else the first of the variables,
/// else `default`. `env` takes the two AWS variables away, so one that is there again is newer than
/// our session.
pub fn name(request: &Request, env: &Environment) -> Result<(String, Origin)> {
    let (chosen_by, name) = match &request.profile {
        Some(name) if request.is_of_pin => (Origin::Pin, name.into()),
        Some(name) => (Origin::Argument, name.into()),
        None => match variable(env) {
            Some((variable, name)) => (Origin::Variable(variable), name),
            None => (Origin::Default, DEFAULT.into()),
        },
    };
    let name = &*name;
    if crate::aws_files::sections::is_identifier(name) {
        Ok((name.to_owned(), chosen_by))
    } else {
        Err(Error::ProfileName {
            origin: chosen_by,
            name: name.to_owned(),
        })
    }
}

/// The variable that names a profile, and the name.
pub fn variable(env: &Environment) -> Option<(&'static str, Cow<'_, str>)> {
    // Bytes that are not UTF-8 are a wrong name, not a missing one: a missing one would mean another account.
    ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWSMFA_PROFILE"]
        .into_iter()
        .find_map(|name| Some((name, env.path(name)?.to_string_lossy())))
}

/// Resolves the request against the files and the environment.
pub fn resolve(request: &Request, env: &Environment, files: &AwsFiles) -> Result<Profile> {
    let (name, chosen_by) = name(request, env).map_err(|error| chain::or_ignored(error, files))?;
    let profiles = chain::profiles((&name, &chosen_by), request, env, files)?;
    let source = find_source::of(&profiles, env, &name, files)?;
    let roles = chain::roles(&profiles, request)?;
    if roles.is_empty() {
        role_options::refuse_without_role(&profiles, request)?;
    }
    if let Source::WebIdentity(_) = source {
        role_options::refuse_of_web_identity(&profiles, request)?;
    }
    let serial = match source.is_session() {
        true => None, // MFA was a matter of the tool that got it
        false => chain::serial(&profiles, request, env)?,
    };
    let duration = match request.duration {
        Some(duration) => Some(duration),
        // With --role-arn the profile is the source, and says how long its own sessions are.
        None if request.role_arn.is_some() => None,
        None => chain::duration(&profiles)?,
    };
    let of_source = profiles
        .get(profiles.len().saturating_sub(1)..)
        .unwrap_or_default();
    let arns: Vec<&str> = serial
        .iter()
        .map(Serial::as_str)
        .chain(roles.iter().map(|r| r.arn.as_str()))
        .collect();
    let endpoint = endpoint::resolve(request, env, files, &profiles, &arns)?;
    let source_endpoint = match profiles.len() {
        0 | 1 => endpoint.clone(), // it is its own source
        _ => endpoint::resolve(request, env, files, of_source, &arns)?,
    };
    Ok(Profile {
        source,
        mfa_process: chain::mfa_process(&profiles, request),
        duration,
        endpoint,
        source_endpoint,
        region: match &request.region {
            // A renewal gets the region of STS back: only if a flag named it was it the shell's too.
            Some(region) if request.region_is_shells => Some(region.clone()),
            _ => endpoint::of_profiles(&profiles)?,
        },
        reads_from: profiles.iter().map(|p| p.name().to_owned()).collect(),
        location: profiles.first().and_then(|p| p.header()),
        roles,
        serial,
        name,
        chosen_by,
    })
}
