//! `awsmfa credential-process`: a session for whatever reads `credential_process` from an AWS profile.
//! The caller has our standard input and output and often swallows standard error; the question goes
//! to the terminal, if there is one.

use serde::Serialize;

use crate::cli::CredentialProcessArgs;
use crate::environment::Environment;
use crate::error::Result;
use crate::model::request::Request;
use crate::output::json;
use crate::output::stdout;
use crate::session::{Next, Resolved};

/// Runs the command.
pub fn run(args: &CredentialProcessArgs, env: &Environment) -> Result<()> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer<'a> {
        version: u8,
        access_key_id: &'a str,
        secret_access_key: &'a str,
        session_token: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        expiration: Option<String>,
    }
    // The caller may be in any directory, and means the same profile in each: no pin counts.
    let request = Request {
        ignores_pin: true,
        ..args.session.request()?
    };
    let resolved = Resolved::of(request, env)?;
    if resolved.explain()? == Next::Stop {
        return Ok(());
    }
    let session = resolved.session()?.session;
    let known = session.expiration.is_known();
    stdout::write(&json::text(&Answer {
        version: 1,
        access_key_id: &session.credentials.access_key_id,
        secret_access_key: session.credentials.secret_access_key.expose(),
        session_token: session.token(),
        expiration: known.then(|| session.expiration.rfc3339()),
    })?)
}
