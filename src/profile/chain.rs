//! From a profile to the keys behind it: `source_profile` by `source_profile`. Pure.

use super::Role;
use super::own_keys::has_keys;
use super::{include, of_default, role_options};
use crate::aws_files::sections::{FileKind, is_identifier};
use crate::aws_files::{AwsFiles, FoundProfile};
use crate::environment::Environment;
use crate::environment::session_here::SessionHere;
use crate::error::{Error, Origin, Result};
use crate::model::duration::DurationSeconds;
use crate::model::parameter::ROLE_ARN_KEY;
use crate::model::request::{MfaProcess, Request};
use crate::model::role_options::RoleOptions;
use crate::model::serial::Serial;

/// The profile and its sources, nearest first. Empty where there is no default profile: then keys
/// in the environment are used.
pub fn profiles(
    (name, chosen_by): (&str, &Origin),
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
) -> Result<Vec<FoundProfile>> {
    let Some(first) = include::profile(files, name)? else {
        let asked_for = request.profile.is_some() || name != "default";
        // The lines of its key may have been its only lines in the files.
        if files.kept_key(name).is_some()
            || (!asked_for && SessionHere(env).long_term_keys().is_some())
        {
            return Ok(Vec::new());
        }
        return Err(unknown(name, chosen_by, files));
    };
    let mut chain = vec![first];
    while let Some(last) = chain.last() {
        // As in the SDKs: a source that has keys is used by its keys, whatever role it also names.
        let ends = last.get("role_arn").is_none() || (chain.len() > 1 && has_keys(last));
        let Some(source) = last.get("source_profile").filter(|_| !ends) else {
            break;
        };
        if source == last.name() {
            break; // "source_profile = itself" means its own keys
        }
        let location = last.location("source_profile");
        if chain.iter().any(|p| p.name() == source) {
            let names = chain.iter().map(FoundProfile::name).chain([source]);
            let path = names.collect::<Vec<_>>().join(" -> ");
            return Err(Error::SourceProfileLoop {
                key: "source_profile",
                path,
                location,
            });
        }
        let Some(found) = include::profile(files, source)? else {
            return Err(Error::SourceProfileUnknown {
                key: "source_profile",
                profile: last.name().to_owned(),
                source_profile: source.to_owned(),
                similar: files.similar_to(source),
                only_one: of_default::only_one_with_keys(last, files),
                location,
            });
        };
        chain.push(found);
    }
    Ok(chain)
}

/// The roles to assume, in the order of assuming them: the farthest source's first, and that of
/// `--role-arn` last.
pub fn roles(chain: &[FoundProfile], request: &Request) -> Result<Vec<Role>> {
    let of_chain = chain
        .iter()
        .enumerate()
        .rev()
        .filter(|(index, profile)| *index == 0 || !has_keys(profile))
        .filter_map(|(_, profile)| {
            let arn = profile.get("role_arn")?;
            Some(role(arn, profile))
        });
    let mut roles = of_chain.collect::<Result<Vec<Role>>>()?;
    if let Some(arn) = &request.role_arn {
        roles.push(Role {
            arn: arn.clone(),
            session_name: None,
            external_id: None,
            options: RoleOptions::default(),
            profile: None,
        });
    }
    if let Some(last) = roles.last_mut() {
        last.session_name = request
            .role_session_name
            .clone()
            .or(last.session_name.take());
        last.external_id = request.external_id.clone().or(last.external_id.take());
        last.options = request.role_options.over(&last.options);
    }
    Ok(roles)
}

/// The role that a profile names.
fn role(arn: &str, profile: &FoundProfile) -> Result<Role> {
    let location = profile.location("role_arn").unwrap_or_default();
    Ok(Role {
        // Refused here, and not by STS after a code was spent on the way there.
        arn: ROLE_ARN_KEY
            .check(arn)
            .map_err(|error| error.at(location))?,
        session_name: profile.get("role_session_name").map(str::to_owned),
        external_id: profile.get("external_id").map(str::to_owned),
        options: role_options::of(profile)?,
        profile: Some(profile.name().to_owned()),
    })
}

/// The MFA device: the flag's, the profile's, its source's, the environment's.
pub fn serial(
    chain: &[FoundProfile],
    request: &Request,
    env: &Environment,
) -> Result<Option<Serial>> {
    if let Some(serial) = &request.serial {
        return Ok(Some(serial.clone()));
    }
    if let Some(profile) = chain.iter().find(|p| p.get("mfa_serial").is_some()) {
        if let Some(location) = profile.continued("mfa_serial") {
            let key = "mfa_serial";
            return Err(Error::KeyContinued { key, location });
        }
        let origin = Origin::line(profile.location("mfa_serial"), "mfa_serial");
        return Serial::parse(origin, profile.get("mfa_serial").unwrap_or_default()).map(Some);
    }
    let variable = "AWS_MFA_SERIAL";
    env.var(variable)
        .map(|text| Serial::parse(Origin::Variable(variable), text))
        .transpose()
}

/// The command that prints the code: the flag's, the profile's, its source's.
pub fn mfa_process(chain: &[FoundProfile], request: &Request) -> Option<MfaProcess> {
    if let Some(command) = &request.mfa_process {
        return Some(MfaProcess {
            command: command.clone(),
            given_as: "--mfa-process".to_owned(),
        });
    }
    let profile = chain.iter().find(|p| p.get("mfa_process").is_some())?;
    Some(MfaProcess {
        command: profile.get("mfa_process")?.to_owned(),
        given_as: format!(
            "mfa_process, {}",
            profile.location("mfa_process").unwrap_or_default()
        ),
    })
}

/// `duration_seconds` of the profile itself; a source's is for the source.
pub fn duration(chain: &[FoundProfile]) -> Result<Option<DurationSeconds>> {
    let Some((profile, text)) = chain
        .first()
        .and_then(|p| Some((p, p.get("duration_seconds")?)))
    else {
        return Ok(None);
    };
    let location = profile.location("duration_seconds").unwrap_or_default();
    DurationSeconds::parse("duration_seconds", text)
        .map(Some)
        .map_err(|error| error.at(location))
}

/// A name that no SDK reads may stand in a file all the same: then its line is the thing to change.
pub fn or_ignored(error: Error, files: &AwsFiles) -> Error {
    match &error {
        Error::ProfileName { name, .. } => ignored(name, files).unwrap_or(error),
        _ => error,
    }
}

/// A section that is there but that no SDK reads is a likelier cause than a wrong name.
fn ignored(name: &str, files: &AwsFiles) -> Option<Error> {
    let squeezed = |text: &str| {
        let text = text.trim().trim_start_matches("profile");
        text.replace(|c: char| !c.is_alphanumeric(), "")
            .to_lowercase()
    };
    let ignored = files
        .ignored()
        .find(|i| squeezed(&i.written) == squeezed(name))?;
    let header = if !is_identifier(name) {
        "[profile NAME]".to_owned()
    } else if ignored.location.path == files.credentials_path() {
        FileKind::Credentials.header_of(name)
    } else {
        FileKind::Config.header_of(name)
    };
    Some(Error::ProfileIgnored {
        name: name.to_owned(),
        ignored,
        header,
    })
}

fn unknown(name: &str, chosen_by: &Origin, files: &AwsFiles) -> Error {
    if *chosen_by == Origin::Argument && name.len() == 6 && name.bytes().all(|b| b.is_ascii_digit())
    {
        return Error::ProfileIsCode;
    }
    ignored(name, files).unwrap_or_else(|| Error::ProfileUnknown {
        chosen_by: chosen_by.clone(),
        name: name.to_owned(),
        similar: files.similar_to(name),
        all: files.names().into_iter().map(str::to_owned).collect(),
        config_file: files.config_path().to_owned(),
    })
}
