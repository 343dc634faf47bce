//! The line of `awsmfa exec [PROFILE] -- COMMAND…`. PowerShell swallows the `--` of a function's arguments, so the
//! first word may be the profile or the command: both readings are made here, and the command chooses between them
//! by what the AWS files hold. Pure.

use std::ffi::{OsStr, OsString};

use super::{Command, ExecArgs, Parsed, errors};
use crate::error::Result;

/// The reading of a line whose first word is the profile.
#[derive(Debug)]
pub struct WithProfile {
    /// The first word.
    pub profile: String,
    /// Whether a `--` comes later: then the first word was hardly meant to be the command.
    pub dashes_follow: bool,
    /// The line with that profile: flags of ours may follow it, and the next word begins the command.
    pub reading: Result<Box<Parsed>>,
}

/// Completes what clap makes of the line.
pub fn read(line: &[OsString], mut parsed: Parsed) -> Result<Parsed> {
    let Command::Exec(args) = &mut parsed.command else {
        return Ok(parsed);
    };
    let (Some(at), Some(first)) = (begin(line, args), first_word(args)) else {
        return Ok(parsed);
    };
    // `--` right before the words: they are the command and nothing else.
    let before = at.checked_sub(1).and_then(|before| line.get(before));
    if before.is_some_and(|word| word == "--") {
        return Ok(parsed);
    }
    // A mistyped flag of ours would be run as the command, when the code has been spent.
    if first.starts_with('-') {
        return Err(errors::unexpected_flag("exec", &first));
    }
    // What clap took out of the line has moved the words: then the first of them is not where it is looked for.
    if args.flags.profile.is_some()
        || line.get(at).map(OsString::as_os_str) != Some(OsStr::new(&first))
    {
        return Ok(parsed);
    }
    let mut with_flag = line.to_vec();
    if let Some(word) = with_flag.get_mut(at) {
        *word = format!("--profile={first}").into();
    }
    let reading = super::by_clap(&with_flag);
    let mut rest = args.words.iter().skip(1);
    if args.words.get(1).is_some_and(|word| word == "--") {
        return reading;
    }
    args.with_profile = Some(WithProfile {
        profile: first,
        dashes_follow: rest.any(|word| word == "--"),
        reading: reading.map(Box::new),
    });
    Ok(parsed)
}

/// Where the words begin: they are the end of the line.
fn begin(line: &[OsString], args: &ExecArgs) -> Option<usize> {
    line.len().checked_sub(args.words.len())
}

fn first_word(args: &ExecArgs) -> Option<String> {
    args.words.first()?.to_str().map(str::to_owned)
}
