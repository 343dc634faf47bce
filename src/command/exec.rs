//! `awsmfa exec [PROFILE] -- COMMAND…`: one command with the session, which this shell does not get.

use std::ffi::{OsStr, OsString};
#[cfg(any(windows, test))]
use std::path::{Path, PathBuf};
use std::process;

use clap::Parser;

use super::obtain::obtain;
use crate::cli::{Cli, Command, ExecArgs};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::patch::EnvPatch;
use crate::profile::files::AwsFiles;
use crate::usage;

/// Runs the command; returns only where it could not be started.
pub fn run(args: &ExecArgs, env: &Environment) -> Result<()> {
    let line: Vec<OsString> = std::env::args_os().collect();
    match with_profile_as_flag(&line, args, env) {
        Some(line) => match Cli::try_parse_from(line) {
            Ok(Cli {
                command: Command::Exec(args),
            }) => start(&args, env),
            Ok(_) => Err(Error::Internal("exec became another command")),
            Err(refused) => usage::explain(&refused),
        },
        None => start(args, env),
    }
}

/// Whether the first word is the profile: it is where `--` follows it, and where there is a profile of
/// that name (PowerShell swallows the `--` of a function's arguments). Then the line is rewritten with
/// `--profile`, so that our flags may follow it and the next word begins the command.
fn with_profile_as_flag(
    line: &[OsString],
    args: &ExecArgs,
    env: &Environment,
) -> Option<Vec<OsString>> {
    let first = args.words.first()?.to_str()?;
    let at = line.len().checked_sub(args.words.len())?;
    let escaped = at
        .checked_sub(1)
        .and_then(|before| line.get(before))
        .is_some_and(|word| word == "--");
    if escaped || args.session.profile.is_some() || line.get(at)? != OsStr::new(first) {
        return None;
    }
    let is_followed = args.words.get(1).is_some_and(|word| word == "--");
    let exists = || AwsFiles::read(env).is_ok_and(|files| files.profile(first).is_some());
    if !is_followed && !exists() {
        return None;
    }
    let mut line = line.to_vec();
    *line.get_mut(at)? = OsString::from(format!("--profile={first}"));
    Some(line)
}

fn start(args: &ExecArgs, env: &Environment) -> Result<()> {
    let Some((program, rest)) = args.words.split_first() else {
        return Err(Error::Internal("exec has no command"));
    };
    let Some(obtained) = obtain(&args.session, None, env)? else {
        return Ok(());
    };
    let keep_profile = args.keep_profile || env.flag("AWSMFA_KEEP_PROFILE");
    let mut command = process::Command::new(found(program));
    command.args(rest);
    place(&obtained.patch(keep_profile, env), &mut command);
    let error = become_command(command);
    Err(Error::Command {
        command: program.to_string_lossy().into_owned(),
        error,
    })
}

/// The session in the child's environment alone, stale variables gone.
fn place(patch: &EnvPatch, command: &mut process::Command) {
    for name in &patch.unset {
        command.env_remove(name);
    }
    for (name, value) in &patch.set {
        command.env(name, value.expose());
    }
}

/// The command takes our place: its signals, its terminal and its exit status are its own.
#[cfg(unix)]
fn become_command(mut command: process::Command) -> std::io::Error {
    std::os::unix::process::CommandExt::exec(&mut command)
}

/// Windows has no such thing: we wait, leave Ctrl-C to the command, which gets it as we do, and end as it
/// did, 32 bits of status and all.
#[cfg(windows)]
fn become_command(mut command: process::Command) -> std::io::Error {
    crate::ending::leave_ctrl_c_to_the_command();
    match command.status() {
        Ok(status) => process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

#[cfg(unix)]
fn found(program: &OsStr) -> &OsStr {
    program
}

#[cfg(windows)]
fn found(program: &OsStr) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path);
    found_in(folders, program, |file| file.is_file()).map_or_else(|| program.to_owned(), Into::into)
}

/// Windows starts a bare name as NAME.exe alone, but npm, cdk, yarn and many more are NAME.cmd: found as
/// every shell finds them, though never in the current folder.
#[cfg(any(windows, test))]
fn found_in(
    folders: impl Iterator<Item = PathBuf>,
    name: &OsStr,
    is_file: impl Fn(&Path) -> bool,
) -> Option<PathBuf> {
    if Path::new(name).components().count() != 1 {
        return None;
    }
    let mut files = folders.flat_map(|folder| {
        [".com", ".exe", ".bat", ".cmd"].map(|extension| {
            let mut file = name.to_owned();
            file.push(extension);
            folder.join(file)
        })
    });
    files.find(|file| is_file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_found_as_the_shells_of_windows_find_it() {
        let found = |name: &str| {
            let there = ["first/cdk.cmd", "second/cdk.exe", "second/python3.11.exe"];
            let folders = ["first", "second"].map(PathBuf::from);
            let is_file = |file: &Path| there.iter().any(|t| Path::new(t) == file);
            found_in(folders.into_iter(), OsStr::new(name), is_file)
        };
        assert_eq!(found("cdk"), Some(PathBuf::from("first/cdk.cmd")));
        assert_eq!(
            found("python3.11"),
            Some(PathBuf::from("second/python3.11.exe"))
        );
        assert_eq!(found("cdk.exe"), None);
        assert_eq!(found("./cdk"), None);
        assert_eq!(found("none"), None);
    }
}
