//! The lines that are run again and again, `env` and `credential-process` with a profile, a shell and a
//! code at most, read without clap. Pure.
//!
//! clap builds every argument, asks it and takes it apart: a third of the instructions of a run with a
//! stored session (callgrind), and 50 pages of memory, each of which costs a page fault.

use std::ffi::OsString;

use clap::ValueEnum;

use super::{Command, CredentialProcessArgs, EnvArgs, SessionArgs};
use crate::shell::Shell;

/// What the words say; `None` for any line that is not so plain, a wrong one too: clap has the words
/// for it.
pub fn parse(words: &[OsString]) -> Option<Command> {
    let (mut profile_argument, mut profile, mut shell, mut token_code) = (None, None, None, None);
    let mut rest = words.iter().skip(1).map(|word| word.to_str());
    let command = rest.next()??;
    while let Some(word) = rest.next() {
        match word? {
            "--shell" => set(&mut shell, Shell::from_str(rest.next()??, false).ok()?)?,
            "--profile" | "-p" => set(&mut profile, value(rest.next()??)?)?,
            "--token-code" | "-t" => set(&mut token_code, value(rest.next()??)?)?,
            word => set(&mut profile_argument, value(word)?)?,
        }
    }
    if profile.is_some() && profile_argument.is_some() {
        return None;
    }
    let session = SessionArgs {
        profile,
        token_code,
        ..SessionArgs::default()
    };
    match command {
        "env" => Some(Command::Env(EnvArgs {
            profile_argument,
            shell,
            session,
            ..EnvArgs::default()
        })),
        "credential-process" if shell.is_none() => {
            Some(Command::CredentialProcess(CredentialProcessArgs {
                profile_argument,
                session,
            }))
        }
        _ => None,
    }
}

/// Nothing may be said twice.
fn set<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.replace(value).is_none().then_some(())
}

fn value(word: &str) -> Option<String> {
    (!word.is_empty() && !word.starts_with('-')).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    fn words(line: &str) -> Vec<OsString> {
        let words = ["awsmfa"].into_iter().chain(line.split(' '));
        words.map(OsString::from).collect()
    }

    #[test]
    fn a_plain_line_means_what_it_means_to_clap() {
        for line in [
            "env",
            "env dev",
            "env --shell fish",
            "env --shell zsh --profile a/b@c",
            "env dev --shell powershell",
            "env -p dev",
            "env --shell bash help",
            "credential-process",
            "credential-process dev",
            "credential-process --profile dev",
            "env -t 123456",
            "env dev --shell sh --token-code 123456",
            "credential-process dev -t 123456",
        ] {
            let whole = Cli::try_parse_from(words(line)).unwrap();
            let plain = parse(&words(line)).unwrap_or_else(|| panic!("{line} is plain"));
            assert_eq!(
                format!("{plain:?}"),
                format!("{:?}", whole.command),
                "{line}"
            );
            assert!(!whole.verbose);
        }
    }

    #[test]
    fn any_other_line_is_for_clap() {
        for line in [
            "env --shell nosuch",
            "env --shell",
            "env --shell bash --shell zsh",
            "env --shell=bash",
            "env --profile",
            "env --profile -x",
            "env one two",
            "env -t -",
            "env -t123456",
            "env -t 123456 --token-code 123456",
            "env one --profile two",
            "env --help",
            "env -h",
            "env --",
            "env --verbose",
            "env ",
            "credential-process --shell bash",
            "exec dev",
            "--help",
            "",
        ] {
            assert!(parse(&words(line)).is_none(), "{line}");
        }
        assert!(parse(&[]).is_none());
        assert!(parse(&["awsmfa".into()]).is_none());
    }
}
