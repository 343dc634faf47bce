//! The lines that are run again and again, read without clap: `env`, `use`, `exec` and `credential-process` with the
//! flags of every day. Pure.
//!
//! clap builds every argument, asks it and takes it apart: a third of the instructions of a run with a
//! stored session (callgrind), and 50 pages of memory, each of which costs a page fault.

use std::ffi::OsString;

use clap::ValueEnum;

use super::{
    Command, CredentialProcessArgs, EnvArgs, ExecArgs, Format, SessionArgs, SessionFlags, UseArgs,
};
use crate::shell::Shell;

/// What the words say; `None` for any line that is not so plain, a wrong one too: clap has the words
/// for it.
pub fn parse(line: &[OsString]) -> Option<Command> {
    let mut words = line.iter().skip(1);
    let name = words.next()?.to_str()?;
    // Before anything is made of the words: most other lines are rare ones.
    match name {
        "env" | "use" | "exec" | "credential-process" => Plain::of(words)?.into_command(name),
        _ => None,
    }
}

/// The words of such a line.
#[derive(Default)]
struct Plain {
    argument: Option<String>,
    /// Whether flags come after the argument: to `exec` it is then not surely the profile.
    flags_follow: bool,
    profile: Option<String>,
    shell: Option<Shell>,
    format: Option<Format>,
    token_code: Option<String>,
    duration: Option<String>,
    no_input: bool,
    keep_profile: bool,
    unset: bool,
    /// What follows `--`.
    command: Vec<OsString>,
}

impl Plain {
    fn of<'w>(mut words: impl Iterator<Item = &'w OsString>) -> Option<Self> {
        let mut plain = Self::default();
        while let Some(word) = words.next() {
            let word = word.to_str()?;
            if word == "--" {
                plain.command = words.cloned().collect();
                return (!plain.command.is_empty()).then_some(plain);
            }
            let mut next = || words.next()?.to_str();
            plain.flags_follow |= plain.argument.is_some();
            match word {
                "--shell" => set(&mut plain.shell, Shell::from_str(next()?, false).ok()?),
                "--format" => set(&mut plain.format, Format::from_str(next()?, false).ok()?),
                "--profile" | "-p" => set(&mut plain.profile, value(next()?)?),
                "--token-code" | "-t" => set(&mut plain.token_code, value(next()?)?),
                "--duration" | "-d" => set(&mut plain.duration, value(next()?)?),
                "--no-input" => set_flag(&mut plain.no_input),
                "--keep-profile" => set_flag(&mut plain.keep_profile),
                "--unset" => set_flag(&mut plain.unset),
                argument => set(&mut plain.argument, value(argument)?),
            }?;
        }
        Some(plain)
    }

    fn into_command(self, name: &str) -> Option<Command> {
        let named_twice = self.profile.is_some() && self.argument.is_some();
        let mixed = self.unset && self.format.is_some();
        if named_twice || mixed {
            return None;
        }
        let is_of_env = self.format.is_some() || self.unset;
        let is_of_shell = self.shell.is_some() || self.keep_profile;
        let has_command = !self.command.is_empty();
        match name {
            "exec" if has_command && self.shell.is_none() && !is_of_env => self.into_exec(),
            _ if has_command => None,
            "env" => Some(Command::Env(EnvArgs {
                shell: self.shell,
                format: self.format.unwrap_or_default(),
                unset: self.unset,
                keep_profile: self.keep_profile,
                session: self.into_session(),
                ..EnvArgs::default()
            })),
            "use" if !is_of_env => Some(Command::Use(UseArgs {
                shell: self.shell,
                keep_profile: self.keep_profile,
                session: self.into_session(),
            })),
            "credential-process" if !is_of_env && !is_of_shell => {
                Some(Command::CredentialProcess(CredentialProcessArgs {
                    session: self.into_session(),
                }))
            }
            _ => None,
        }
    }

    /// The argument is the profile where `--` follows it.
    fn into_exec(mut self) -> Option<Command> {
        if self.flags_follow {
            return None;
        }
        self.profile = self.profile.or(self.argument.take());
        Some(Command::Exec(ExecArgs {
            keep_profile: self.keep_profile,
            server: false,
            words: std::mem::take(&mut self.command),
            flags: self.into_session().flags,
            with_profile: None,
        }))
    }

    fn into_session(self) -> SessionArgs {
        SessionArgs {
            profile_argument: self.argument,
            flags: SessionFlags {
                profile: self.profile,
                token_code: self.token_code,
                duration: self.duration,
                no_input: self.no_input,
                ..SessionFlags::default()
            },
        }
    }
}

/// Nothing may be said twice.
fn set<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.replace(value).is_none().then_some(())
}

fn set_flag(slot: &mut bool) -> Option<()> {
    (!std::mem::replace(slot, true)).then_some(())
}

fn value(word: &str) -> Option<String> {
    (!word.is_empty() && !word.starts_with('-')).then(|| word.to_owned())
}

#[cfg(test)]
#[path = "fast_path_tests.rs"]
mod tests;
