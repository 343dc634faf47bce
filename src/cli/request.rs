//! From the flags to a [`Request`]: every value checked, none acted on.

use crate::aws_files::setting_ini::{self, SettingIni};
use crate::cli::SessionArgs;
use crate::error::{Error, Result};
use crate::model::request::{
    CodeArgument, DurationSeconds, EXTERNAL_ID, ROLE_ARN, ROLE_SESSION_NAME, Region, Request,
    Shape, Stored,
};
use crate::model::role_options::{self, POLICY_ARN, RoleOptions, SOURCE_IDENTITY};
use crate::model::serial::Serial;
use crate::model::session::Secret;
use crate::system::bounded_read;

/// Checks the flags and the profile given as an argument, with those of a `setting.ini` ranking just below.
pub fn request(args: &SessionArgs, profile: Option<&str>) -> Result<Request> {
    let setting = match &args.setting_ini {
        Some(path) => {
            let unreadable = |error| Error::Unreadable {
                path: path.clone(),
                error,
            };
            setting_ini::parse(path, &bounded_read::read(path).map_err(unreadable)?)?
        }
        None => SettingIni::default(),
    };
    let serial = args
        .serial_number
        .as_deref()
        .map(|s| Serial::parse("--serial-number", s));
    let duration = args
        .duration
        .as_deref()
        .map(|d| DurationSeconds::parse("--duration", d));
    let region = args.region.as_deref().map(|r| Region::parse("--region", r));
    Ok(Request {
        profile: profile.map(str::to_owned).or_else(|| args.profile.clone()),
        is_of_pin: false,
        ignores_pin: false,
        serial: serial.transpose()?.or(setting.serial),
        duration: duration.transpose()?.or(setting.duration),
        region: region.transpose()?,
        endpoint_url: args.endpoint_url.clone(),
        ca_bundle: args.ca_bundle.clone(),
        role_arn: checked(&ROLE_ARN, &args.role_arn)?,
        role_session_name: checked(&ROLE_SESSION_NAME, &args.role_session_name)?,
        external_id: checked(&EXTERNAL_ID, &args.external_id)?,
        role_options: role_options(args)?,
        region_is_shells: args.region.is_some(),
        code: args.token_code.as_deref().map(code),
        mfa_process: args.mfa_process.clone(),
        no_input: args.no_input,
        explain: args.explain,
        at_prompt: false,
        only_stored: false,
        only_entry: None,
        stored: match (args.no_cache, args.refresh) {
            (true, _) => Stored::Unused,
            (false, true) => Stored::Replaced,
            (false, false) => Stored::Used,
        },
        min_ttl: min_ttl(&args.min_ttl)?,
    })
}

fn role_options(args: &SessionArgs) -> Result<RoleOptions> {
    let policy_arns = args.policy_arn.iter().map(|arn| POLICY_ARN.check(arn));
    let tags = args.session_tag.iter();
    let tags = tags.map(|text| role_options::tag("--session-tag", text));
    Ok(RoleOptions {
        policy_arns: policy_arns.collect::<Result<_>>()?,
        session_tags: tags.collect::<Result<_>>()?,
        transitive_tags: Vec::new(),
        source_identity: checked(&SOURCE_IDENTITY, &args.source_identity)?,
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
