//! The MFA device that nobody named: IAM is asked for the user's own, else the user is. Only for long-term keys, and
//! never where nobody may be asked anything: a scripted run asks nothing but STS.

use super::first_keys::{self, FirstKeys};
use crate::aws_files::AwsFiles;
use crate::aws_files::sections::FileKind;
use crate::environment::Environment;
use crate::error::{Error, NoTerminal, Origin, Result};
use crate::iam::Iam;
use crate::mfa::terminal::Terminal;
use crate::model::device::MfaDevice;
use crate::model::request::Request;
use crate::model::serial::Serial;
use crate::output::{signals, stderr, trace};
use crate::profile::{Profile, iam_endpoint, of_default};
use crate::sts::{Identity, Sts};
use crate::system::user_command::Talk;

/// The device of the user whose keys the profile starts with. `keys` are those that the source has given already, and
/// take up those that it gives now: a process is run once.
pub fn find(
    profile: &Profile,
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
    keys: &mut Option<FirstKeys>,
) -> Result<Serial> {
    if request.no_input || request.at_prompt || request.only_stored {
        return Err(unknown(profile, files, NoTerminal::NoInput));
    }
    signals::watch()?;
    let keys = match keys {
        Some(keys) => keys,
        None => keys.insert(first_keys::keys(
            &profile.source,
            Talk::Shown,
            env,
            request.no_input,
        )?),
    };
    let keys = &keys.credentials;
    let endpoint = iam_endpoint::of(profile, env, files);
    let endpoint = match &endpoint {
        Ok(endpoint) if keys.session_token.is_none() => endpoint,
        // STS is somebody's own here and nobody says where their IAM is, or the keys are not a user's.
        _ => return ask(profile, request, files, None),
    };
    let listed =
        Iam::new(endpoint, keys, profile.source.origin()).and_then(|iam| iam.mfa_devices());
    let devices = match listed {
        Ok(devices) => devices,
        Err(Error::Refused(refusal)) => {
            trace::say(|| format!("devices: {refusal}"));
            // AWS always says whose keys they are; where it refuses that too, the keys are wrong.
            let sts = Sts::new(&profile.source_endpoint, keys, profile.source.origin())?;
            let identity = sts.caller_identity()?;
            return ask(profile, request, files, suggestion(&identity));
        }
        Err(error @ (Error::NoAnswer { .. } | Error::NotSts { .. })) => {
            trace::say(|| format!("devices: {error}"));
            return ask(profile, request, files, None);
        }
        Err(error) => return Err(error),
    };
    choose(devices, profile, request, files)
}

/// Security keys have no codes, and STS takes nothing else.
fn choose(
    devices: Vec<MfaDevice>,
    profile: &Profile,
    request: &Request,
    files: &AwsFiles,
) -> Result<Serial> {
    let only_security_keys = !devices.is_empty();
    let mut usable = devices
        .into_iter()
        .filter(|device| !device.is_security_key());
    let Some(first) = usable.next() else {
        return Err(Error::NoCodeDevice {
            profile: profile.name.clone(),
            only_security_keys,
        });
    };
    let rest: Vec<_> = usable.collect();
    let serial = match rest.is_empty() {
        true => first.serial,
        false => which([vec![first], rest].concat(), profile, request, files)?,
    };
    stderr::note(&format!("MFA device of profile {}: {serial}", profile.name));
    Serial::parse(Origin::Found, &serial)
}

/// Asks which of several; a number, or enough of the name to mean one.
fn which(
    devices: Vec<MfaDevice>,
    profile: &Profile,
    request: &Request,
    files: &AwsFiles,
) -> Result<String> {
    let terminal = terminal(profile, request, files)?;
    terminal.say(&format!(
        "profile {} has {} MFA devices:",
        profile.name,
        devices.len()
    ))?;
    for (number, device) in (1..).zip(&devices) {
        terminal.say(&format!("  {number}  {}", device.serial))?;
    }
    loop {
        let answer = terminal.ask(&format!(
            "Which one shows your code? [1-{}] ",
            devices.len()
        ))?;
        let by_number = answer.parse::<usize>().ok();
        let by_number = by_number.and_then(|number| devices.get(number.checked_sub(1)?));
        let mut named = devices
            .iter()
            .filter(|device| device.serial.ends_with(&answer));
        let by_name = match (named.next(), named.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        if let Some(device) = by_number.or(by_name) {
            return Ok(device.serial.clone());
        }
    }
}

fn ask(
    profile: &Profile,
    request: &Request,
    files: &AwsFiles,
    suggested: Option<String>,
) -> Result<Serial> {
    let terminal = terminal(profile, request, files)?;
    let question = format!("ARN of the MFA device for profile {}", profile.name);
    let answer = match suggested {
        None => terminal.ask(&format!("{question}: "))?,
        Some(suggested) => {
            let answer = terminal.ask_or_empty(&format!("{question} [{suggested}]: "))?;
            if answer.is_empty() { suggested } else { answer }
        }
    };
    Serial::parse(Origin::Typed, &answer)
}

/// Most virtual devices are called after their user; the root user's has one name everywhere.
fn suggestion(identity: &Identity) -> Option<String> {
    let (account, resource) = identity.arn.rsplit_once(':')?;
    let name = match resource {
        "root" => "root-account-mfa-device",
        _ => identity.user()?,
    };
    Some(format!("{account}:mfa/{name}"))
}

fn terminal(profile: &Profile, request: &Request, files: &AwsFiles) -> Result<Terminal> {
    Terminal::open(request.no_input).map_err(|error| match error {
        Error::NobodyToAsk { why } => unknown(profile, files, why),
        _ => unknown(profile, files, NoTerminal::None),
    })
}

fn unknown(profile: &Profile, files: &AwsFiles, why: NoTerminal) -> Error {
    Error::SerialUnknown {
        profile: profile.name.clone(),
        header: FileKind::Config.header_of(&profile.name),
        config_file: files.config_path().to_owned(),
        of_default: of_default::value(files, &profile.name, "mfa_serial"),
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_probably_called_after_its_user() {
        let suggested = |arn: &str| {
            suggestion(&Identity {
                account: "123456789012".to_owned(),
                arn: arn.to_owned(),
            })
        };
        assert_eq!(
            suggested("arn:aws:iam::123456789012:user/dept/alice").as_deref(),
            Some("arn:aws:iam::123456789012:mfa/alice")
        );
        assert_eq!(
            suggested("arn:aws-cn:iam::123456789012:root").as_deref(),
            Some("arn:aws-cn:iam::123456789012:mfa/root-account-mfa-device")
        );
        assert_eq!(
            suggested("arn:aws:sts::123456789012:assumed-role/x/y"),
            None
        );
    }
}
