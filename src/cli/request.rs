//! From the flags to a [`Request`]: every value checked, none acted on.

use crate::aws_files::setting_ini::{self, SettingIni};
use std::path::Path;

use zeroize::Zeroizing;

use super::{KeysRotateArgs, SessionArgs, SessionFlags};
use crate::error::{Error, Origin, Result};
use crate::model::duration::DurationSeconds;
use crate::model::parameter::{EXTERNAL_ID, ROLE_ARN, ROLE_SESSION_NAME, Shape};
use crate::model::region::Region;
use crate::model::request::{CodeArgument, Request, Stored};
use crate::model::role_options::{self, POLICY_ARN, RoleOptions, SOURCE_IDENTITY};
use crate::model::serial::Serial;
use crate::model::session::Secret;
use crate::system::bounded_read;

/// What a stored session must have left where nothing is said.
const MIN_TTL_SECONDS: i64 = 300;

impl SessionArgs {
    /// Checks the flags and the argument.
    pub fn request(&self) -> Result<Request> {
        let request = self.flags.request()?;
        Ok(Request {
            profile: self.profile_argument.clone().or(request.profile),
            ..request
        })
    }
}

impl SessionFlags {
    /// Checks the flags, with those of a `setting.ini` ranking just below.
    pub fn request(&self) -> Result<Request> {
        let setting = match &self.setting_ini {
            Some(path) => setting_ini::parse(path, &read(path)?)?,
            None => SettingIni::default(),
        };
        let serial = self
            .serial_number
            .as_deref()
            .map(|s| Serial::parse(Origin::Flag("--serial-number"), s));
        let duration = self
            .duration
            .as_deref()
            .map(|d| DurationSeconds::parse("--duration", d));
        let region = self
            .region
            .as_deref()
            .map(|r| Region::parse(Origin::Flag("--region"), r));
        Ok(Request {
            profile: self.profile.clone(),
            setting_without_serial: match &setting.serial {
                Some(_) => None,
                None => self.setting_ini.clone(),
            },
            serial: serial.transpose()?.or(setting.serial),
            duration: duration.transpose()?.or(setting.duration),
            region: region.transpose()?,
            endpoint_url: self.endpoint_url.clone(),
            ca_bundle: self.ca_bundle.clone(),
            role_arn: checked(&ROLE_ARN, &self.role_arn)?,
            role_session_name: checked(&ROLE_SESSION_NAME, &self.role_session_name)?,
            external_id: checked(&EXTERNAL_ID, &self.external_id)?,
            role_options: role_options(self)?,
            region_is_shells: self.region.is_some(),
            code: self.token_code.as_deref().map(code),
            mfa_process: self.mfa_process.clone(),
            no_input: self.no_input,
            explain: self.explain,
            stored: match (self.no_cache, self.refresh) {
                (true, _) => Stored::Unused,
                (false, true) => Stored::Replaced,
                (false, false) => Stored::Used,
            },
            min_ttl: self
                .min_ttl
                .as_deref()
                .map_or(Ok(MIN_TTL_SECONDS), min_ttl)?,
            ..Request::default()
        })
    }
}

impl KeysRotateArgs {
    /// Checks the flags and the argument.
    pub fn request(&self) -> Result<Request> {
        let call = &self.call;
        let flags = SessionFlags {
            profile: call.quiet.profile.clone(),
            no_input: call.quiet.no_input,
            region: call.region.clone(),
            endpoint_url: call.endpoint_url.clone(),
            ca_bundle: call.ca_bundle.clone(),
            serial_number: self.serial_number.clone(),
            token_code: self.token_code.clone(),
            ..SessionFlags::default()
        };
        flags.request()
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    bounded_read::read(path).map_err(|error| Error::Unreadable {
        path: path.to_owned(),
        error,
    })
}

fn role_options(flags: &SessionFlags) -> Result<RoleOptions> {
    let policy_arns = flags.policy_arn.iter().map(|arn| POLICY_ARN.check(arn));
    let tags = flags.session_tag.iter();
    let tags = tags.map(|text| role_options::tag("--session-tag", text));
    Ok(RoleOptions {
        policy_arns: policy_arns.collect::<Result<_>>()?,
        session_tags: tags.collect::<Result<_>>()?,
        transitive_tags: Vec::new(),
        source_identity: checked(&SOURCE_IDENTITY, &flags.source_identity)?,
    })
}

fn checked(shape: &Shape, value: &Option<String>) -> Result<Option<String>> {
    value.as_deref().map(|text| shape.check(text)).transpose()
}

fn code(argument: &str) -> CodeArgument {
    match argument {
        "-" => CodeArgument::Stdin,
        code => CodeArgument::Typed(Secret::new(code)),
    }
}

/// Any length, also 0; more than a session can have left means a new one each time.
fn min_ttl(text: &str) -> Result<i64> {
    let seconds = text.parse::<u64>().ok();
    let seconds = seconds.or_else(|| humantime::parse_duration(text).ok().map(|d| d.as_secs()));
    let seconds = seconds.and_then(|s| i64::try_from(s).ok());
    seconds.ok_or_else(|| Error::Duration {
        given_as: "--min-ttl",
        text: text.to_owned(),
        seconds: None,
    })
}
