//! The request behind the session that this shell holds, for the hook: its session is renewed under
//! the same identity or not at all, whatever profile the shell names by now.

use crate::cli::SessionArgs;
use crate::cli::request as flags;
use crate::environment::Environment;
use crate::environment::session_here::Inherited;
use crate::error::{Error, Result};
use crate::model::request::{DurationSeconds, Region, Request};
use crate::model::serial::Serial;
use crate::store::Store;

/// The flags that once led to the entry in `AWSMFA_SESSION`, and that entry as the only one that will
/// do: who has changed the profile since wants to be asked. `args` say how, not what.
pub fn request(args: &SessionArgs, env: &Environment) -> Result<Request> {
    let inherited = Inherited(env);
    let entry = inherited.our_entry().ok_or(Error::NotRenewable {
        why: "there is none of awsmfa",
    })?;
    let stored = Store::open(env).renewal(entry).ok_or(Error::NotRenewable {
        why: "it is not stored",
    })?;
    let given_as = "the stored session";
    let serial = stored.serial.map(|text| Serial::parse(given_as, &text));
    let region = stored.region.map(|text| Region::parse(given_as, &text));
    Ok(Request {
        profile: Some(stored.profile),
        serial: serial.transpose()?,
        duration: stored.duration.map(DurationSeconds),
        region: region.transpose()?,
        endpoint_url: stored.endpoint_url,
        ca_bundle: stored.ca_bundle,
        role_arn: stored.role_arn,
        role_session_name: stored.role_session_name,
        external_id: stored.external_id,
        only_entry: Some(entry.to_owned()),
        ..flags::request(args, None)?
    })
}
