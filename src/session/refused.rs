//! A role that AWS refuses: AWS does not say what was missing, but it is known here what was not sent.

use crate::aws_files::AwsFiles;
use crate::aws_files::sections::FileKind;
use crate::error::{Cause, Error};
use crate::profile::{Profile, of_default};

/// The refusal with what may have been missing: the lines that aws-vault would have taken from `[default]`, or the code.
pub fn explained(error: Error, profile: &Profile, files: &AwsFiles) -> Error {
    let Error::Refused(refusal) = error else {
        return error;
    };
    if refusal.cause != Cause::NotAuthorized {
        return Error::Refused(refusal);
    }
    let header = FileKind::Config.header_of(&profile.name);
    let config_file = files.config_path().to_owned();
    let lacking = of_default::lacking(profile, files).into_iter();
    let wanted = lacking.filter(|lacking| lacking.may_be_wanted_by_a_role());
    let lines: Vec<String> = wanted.map(|lacking| lacking.line).collect();
    match profile.serial {
        _ if !lines.is_empty() && !profile.roles.is_empty() => Error::RoleLacksOfDefault {
            refusal,
            lines,
            header,
            config_file,
        },
        None if !profile.source.is_session() => Error::RoleWithoutMfa {
            refusal,
            header,
            config_file,
        },
        _ => Error::Refused(refusal),
    }
}
