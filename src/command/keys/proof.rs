//! The proof that a key is one: AWS says whose it is.

use crate::aws_files::{AwsFiles, FoundProfile};
use crate::environment::Environment;
use crate::error::{KeyOrigin, Result};
use crate::model::request::Request;
use crate::model::session::Credentials;
use crate::profile::endpoint;
use crate::sts::{Identity, Sts};

/// Asks STS, at the endpoint of the profile, whose this key is. No policy can deny that.
pub fn prove(
    keys: &Credentials,
    origin: KeyOrigin,
    profile: &str,
    request: &Request,
    files: &AwsFiles,
    env: &Environment,
) -> Result<Identity> {
    let profiles: Vec<FoundProfile> = files.profile(profile).into_iter().collect();
    let serial = profiles.first().and_then(|found| found.get("mfa_serial"));
    let arns: Vec<&str> = serial.into_iter().collect();
    let endpoint = endpoint::resolve(request, env, files, &profiles, &arns)?;
    Sts::new(&endpoint, keys, origin)?.caller_identity()
}
