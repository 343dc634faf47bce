//! `awsmfa exec [PROFILE] -- COMMAND…`: one command with the session, which this shell does not get.

use std::ffi::OsStr;
#[cfg(windows)]
use std::ffi::OsString;
use std::path::Path;
#[cfg(any(windows, test))]
use std::path::PathBuf;
use std::process;

use super::serve;
use crate::aws_files::AwsFiles;
use crate::cli::{ExecArgs, WithProfile};
use crate::environment::marks;
use crate::environment::patch::EnvPatch;
use crate::environment::{Environment, words};
use crate::error::{Error, Result};
use crate::session::{Next, Resolved};

/// What the system says of a program that is not there.
const ENOENT: i32 = 2;

/// Runs the command; returns only where it could not be started.
pub fn run(mut args: ExecArgs, env: &Environment) -> Result<()> {
    match args.with_profile.take() {
        Some(other) if is_meant(&other, env) => super::run(*other.reading?, env),
        _ => start(&args, env),
    }
}

/// Whether the first word is the profile. It is if there is a profile of that name; and also if there is no program of
/// that name and `--` comes later: then it was meant as a profile, and the error says that there is none.
fn is_meant(other: &WithProfile, env: &Environment) -> bool {
    let exists = AwsFiles::read(env).is_ok_and(|files| files.profile(&other.profile).is_some());
    exists || other.dashes_follow && runnable(OsStr::new(&other.profile)) == Err(ENOENT)
}

fn start(args: &ExecArgs, env: &Environment) -> Result<()> {
    let Some((program, rest)) = args.words.split_first() else {
        return Err(Error::Internal("exec has no command"));
    };
    if let Err(errno) = runnable(program) {
        return Err(Error::Command {
            command: program.to_string_lossy().into_owned(),
            error: std::io::Error::from_raw_os_error(errno),
        });
    }
    marks::prompt_variable(env)?;
    let resolved = Resolved::of(args.flags.request()?, env)?;
    if resolved.explain()? == Next::Stop {
        return Ok(());
    }
    let granted = resolved.session()?;
    let mut command = process::Command::new(found(program));
    command.args(rest);
    // On Windows it ends when this goes.
    let mut _server = None;
    if args.server {
        let server = _server.insert(serve::start(&granted)?);
        let mut patch = granted.patch(false, env);
        patch.point_to_server(&server.url, &server.token);
        patch.hide(AwsFiles::read(env)?.that_give_default_keys());
        place(&patch, &mut command);
    } else {
        let keep_profile = args.keep_profile || words::KEEP_PROFILE.checked(env);
        place(&granted.patch(keep_profile, env), &mut command);
    }
    let error = become_command(command);
    Err(Error::Command {
        command: program.to_string_lossy().into_owned(),
        error,
    })
}

/// Whether there is such a program, and whether it may be run, found out as the system does: no code is spent for
/// a mistyped one. Windows looks in more places than `PATH`, and says itself what it does not find.
#[cfg(unix)]
fn runnable(name: &OsStr) -> std::result::Result<(), i32> {
    use rustix::fs::{Access, access};
    const EACCES: i32 = 13;
    let Some(folders) = std::env::var_os("PATH") else {
        return Ok(());
    };
    let files: Vec<_> = match Path::new(name).components().count() {
        1 => std::env::split_paths(&folders)
            .map(|folder| folder.join(name))
            .collect(),
        _ => vec![Path::new(name).to_owned()],
    };
    let is_program = |file: &Path| file.is_file() && access(file, Access::EXEC_OK).is_ok();
    if files.iter().any(|file| is_program(file)) {
        return Ok(());
    }
    match files.iter().any(|file| file.exists()) {
        true => Err(EACCES),
        false => Err(ENOENT),
    }
}

#[cfg(windows)]
fn runnable(_: &OsStr) -> std::result::Result<(), i32> {
    Ok(())
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
    crate::output::signals::leave_ctrl_c_to_the_command();
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
