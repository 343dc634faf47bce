//! The request behind a session that somebody holds, for the hook and for the server: it is renewed under the same
//! identity or not at all, whatever the profile variable says by now.

use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::error::{Error, Origin, Result};
use crate::model::duration::DurationSeconds;
use crate::model::region::Region;
use crate::model::request::{Request, Stored};
use crate::model::serial::Serial;
use crate::store::{Renewal, Store};

/// The flags that once led to this store entry, and that entry as the only one that will do: where the profile
/// means another identity by now, the user has to ask for the session. `how` says how to get it, not which one.
pub fn of_entry(entry: &str, how: Request, env: &Environment) -> Result<Request> {
    let stored = Store::open(env).renewal(entry).ok_or(Error::NotStored)?;
    of_flags(stored, entry, how)
}

/// What a session was asked with, and how it is asked for again by who holds it without a shell.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Again {
    /// Its store entry: the same identity or none.
    pub entry: String,
    /// The flags.
    pub renewal: Renewal,
    /// How long it was asked for.
    pub asked_seconds: u32,
    /// Nothing is read or written.
    pub without_store: bool,
}

impl Again {
    /// The request for a session with more than this left. Nobody is asked anything.
    pub fn request(&self, min_ttl: i64) -> Result<Request> {
        let how = Request {
            min_ttl,
            no_input: true,
            at_prompt: true,
            stored: match self.without_store {
                true => Stored::Unused,
                false => Stored::Used,
            },
            ..Request::default()
        };
        of_flags(self.renewal.clone(), &self.entry, how)
    }
}

impl Again {
    /// What gets it where somebody can be asked.
    pub fn command(&self) -> String {
        let flags = &self.renewal;
        let mut words = vec!["awsmfa env".to_owned()];
        words.push(match flags.profile.starts_with('-') {
            true => format!("--profile={}", flags.profile),
            false => flags.profile.clone(),
        });
        let given = [
            (
                "--duration",
                flags.duration.map(|seconds| seconds.to_string()),
            ),
            ("--serial-number", flags.serial.clone()),
            ("--role-arn", flags.role_arn.clone()),
            ("--role-session-name", flags.role_session_name.clone()),
            ("--external-id", flags.external_id.clone()),
            ("--region", flags.region.clone()),
            ("--endpoint-url", flags.endpoint_url.clone()),
        ];
        let options = &flags.role_options;
        let policies = options
            .policy_arns
            .iter()
            .map(|arn| ("--policy-arn", Some(arn.clone())));
        let tags = options.session_tags.iter();
        let tags = tags.map(|(key, value)| ("--session-tag", Some(format!("{key}={value}"))));
        let identity = ("--source-identity", options.source_identity.clone());
        let given = given
            .into_iter()
            .chain(policies)
            .chain(tags)
            .chain([identity])
            .filter_map(|(name, value)| Some((name, value?)));
        words.extend(given.map(|(name, value)| format!("{name} {value}")));
        words.join(" ")
    }
}

/// `how` with the flags of before.
fn of_flags(stored: Renewal, entry: &str, how: Request) -> Result<Request> {
    let serial = stored
        .serial
        .map(|text| Serial::parse(Origin::StoredSession, &text));
    let region = stored
        .region
        .map(|text| Region::parse(Origin::StoredSession, &text));
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
        role_options: stored.role_options,
        region_is_shells: stored.region_is_shells,
        only_entry: Some(entry.to_owned()),
        ..how
    })
}
