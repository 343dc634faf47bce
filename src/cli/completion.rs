//! What TAB offers: the script of `awsmfa completions` calls the program back with the words typed so far, and the
//! answer comes from the definitions and, where a profile is wanted, from the AWS files.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use super::Cli;
use crate::aws_files::AwsFiles;
use crate::environment::Environment;

/// The variable by which the script calls back; clap's own `COMPLETE` could be anybody's.
pub const VARIABLE: &str = "AWSMFA_COMPLETE";

/// Answers the completion script, and says whether it was the script that called.
pub fn answer(args: &[OsString]) -> bool {
    let Some((program, words)) = args.split_first() else {
        return false;
    };
    let Some(words) = asked(std::env::var_os(VARIABLE).as_deref(), words) else {
        return false;
    };
    let line = [program.clone(), "--".into()]
        .into_iter()
        .chain(words.iter().cloned());
    let current_dir = std::env::current_dir().ok();
    // Whatever is wrong with a half-typed line, a TAB prints no error into it.
    let answered = CompleteEnv::with_factory(|| offering(&Typed::of(words)))
        .var(VARIABLE)
        .try_complete(line, current_dir.as_deref());
    answered.unwrap_or(true)
}

/// The words of the line to complete, where it is certain that a completion script asks. The variable alone may be
/// exported by anybody, and `env` would then print nothing and succeed. A script says its shell and begins with `--`,
/// behind which only a code, as future-architect's awsmfa takes it, could be meant for us.
fn asked<'a>(shell: Option<&OsStr>, words: &'a [OsString]) -> Option<&'a [OsString]> {
    let shell = shell?.to_str()?;
    Shells::builtins().completer(shell)?;
    match words.split_first()? {
        (first, line) if first == "--" && !line.first().is_some_and(is_code) => Some(line),
        // A function of PowerShell, such as the hook's, swallows the `--` before the words (measured).
        (first, _) if shell == "powershell" && is_our_name(first) => Some(words),
        _ => None,
    }
}

fn is_code(word: &OsString) -> bool {
    word.len() == 6 && word.as_encoded_bytes().iter().all(u8::is_ascii_digit)
}

/// Whether the word is the name of this program, with which a command line begins.
fn is_our_name(word: &OsString) -> bool {
    std::path::Path::new(word).file_stem() == Some(OsStr::new("awsmfa"))
}

/// What decides which words are offered, beside the definitions.
struct Typed {
    /// Flags are offered where one is begun: they would stand between the profiles that somebody
    /// looks for.
    flag_begun: bool,
    /// What follows a `--` is another program's, and has no profile of ours.
    command_begun: bool,
}

impl Typed {
    fn of(words: &[OsString]) -> Self {
        // bash, zsh and elvish send all words and say which; the others end with it.
        let index = std::env::var("_CLAP_COMPLETE_INDEX").ok();
        let index = index.and_then(|index| index.parse().ok());
        let index: usize = index.unwrap_or(words.len().saturating_sub(1));
        let word = words.get(index).map(|word| word.as_encoded_bytes());
        let mut before = words.iter().take(index);
        Self {
            flag_begun: word.is_some_and(|word| word.starts_with(b"-")),
            command_begun: before.any(|word| word == "--"),
        }
    }
}

/// The command line, with the names of the profiles wherever one is wanted.
fn offering(typed: &Typed) -> Command {
    let with_profiles = |arg: Arg| match arg.get_id().as_str() {
        "profile" | "profile_argument" | "to" | "words" if !typed.command_begun => {
            arg.add(ArgValueCandidates::new(profiles))
        }
        _ => arg,
    };
    let with_flags = |arg: Arg| {
        let hidden = arg.is_hide_set() || !arg.is_positional() && !typed.flag_begun;
        arg.hide(hidden)
    };
    let change = |command: Command| {
        let command = command.disable_help_flag(!typed.flag_begun);
        command.mut_args(with_profiles).mut_args(with_flags)
    };
    // Of the whole as well: its --verbose is offered by every subcommand.
    in_subcommands(Cli::command().mut_args(with_flags), &change)
}

/// The same in every subcommand, those of `keys` too.
fn in_subcommands(command: Command, change: &impl Fn(Command) -> Command) -> Command {
    let subcommands = command.get_subcommands().map(|c| c.get_name().to_owned());
    let subcommands: Vec<String> = subcommands.collect();
    subcommands.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |subcommand| {
            in_subcommands(change(subcommand), change)
        })
    })
}

/// The profiles of the AWS files, in their order; none where the files cannot be read.
fn profiles() -> Vec<CompletionCandidate> {
    let env = Environment::of_this_process();
    match AwsFiles::read(&env) {
        Ok(files) => files
            .names()
            .into_iter()
            .map(CompletionCandidate::new)
            .collect(),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_completion_script_is_answered() {
        let asked = |shell: &str, line: &str| {
            let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            asked(Some(OsStr::new(shell)), &words).map(<[_]>::len)
        };
        for (shell, line, words) in [
            ("bash", "-- awsmfa env d", 3),
            ("zsh", "-- awsmfa", 1),
            ("fish", "--", 0),
            ("elvish", "-- am env", 2),
            ("powershell", "-- awsmfa env", 2),
            ("powershell", "awsmfa env", 2),
            ("powershell", "/opt/bin/awsmfa.exe env", 2),
        ] {
            assert_eq!(asked(shell, line), Some(words), "{shell} {line}");
        }
        for (shell, line) in [
            ("1", "-- awsmfa env"),
            ("", "-- awsmfa env"),
            ("sh", "-- awsmfa env"),
            ("bash", "env"),
            ("bash", "awsmfa env"),
            ("bash", "-- 123456"),
            ("bash", ""),
            ("powershell", "env awsmfa"),
        ] {
            assert_eq!(asked(shell, line), None, "{shell} {line}");
        }
    }
}
