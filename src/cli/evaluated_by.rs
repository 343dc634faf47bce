//! Which shell evaluates what a line prints. A failure of that line must then be code that fails, whatever is
//! wrong with it: a line that does not parse is searched for the few words that matter. Pure.

use std::ffi::OsString;

use clap::{CommandFactory, ValueEnum};

use super::{Cli, Command, EnvArgs, Format, legacy};
use crate::shell::Shell;

/// The argument that names the shell which evaluates what is printed: a subcommand that has neither this one nor
/// the next prints for a person or for another program.
pub const AT_ANY_TIME: &str = "evaluated_by";
/// The same in a start-up file.
pub const AT_START_UP: &str = "evaluated_at_start_up";

/// A shell that evaluates standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvaluatedBy {
    /// The shell that the line names; `None` for the one that asks.
    pub shell: Option<Shell>,
    /// `--keep-profile`.
    pub keep_profile: bool,
    /// Whether a start-up file evaluates it: a failure is then no reason to end the session of the shell.
    pub at_start_up: bool,
}

impl EvaluatedBy {
    fn at_start_up(shell: Option<Shell>) -> Self {
        Self {
            shell,
            keep_profile: false,
            at_start_up: true,
        }
    }

    fn at_any_time(shell: Option<Shell>, keep_profile: bool) -> Self {
        Self {
            shell,
            keep_profile,
            at_start_up: false,
        }
    }
}

impl Command {
    /// Who evaluates its output; `None` where somebody reads it, or another program.
    pub fn evaluated_by(&self) -> Option<EvaluatedBy> {
        match self {
            Command::Env(args) => args.evaluated_by(),
            Command::Use(args) => Some(EvaluatedBy::at_any_time(args.shell, args.keep_profile)),
            Command::Off(args) => Some(EvaluatedBy::at_any_time(args.shell, false)),
            Command::Hook(args) => Some(EvaluatedBy::at_start_up(args.shell.shell())),
            Command::Completions(args) => {
                let name = args.shell.to_string();
                Some(EvaluatedBy::at_start_up(Shell::from_str(&name, true).ok()))
            }
            Command::Exec(_)
            | Command::Status(_)
            | Command::Doctor(_)
            | Command::Setup(_)
            | Command::Logout(_)
            | Command::Profiles(_)
            | Command::Console(_)
            | Command::Write(_)
            | Command::Keys(_)
            | Command::CredentialProcess(_)
            | Command::Serve
            | Command::Pin(_)
            | Command::Unpin(_)
            | Command::Hooked(_) // which says so itself
            | Command::Show(_) => None,
        }
    }
}

impl EnvArgs {
    fn evaluated_by(&self) -> Option<EvaluatedBy> {
        let is_code = self.format == Format::Shell && !self.where_stored;
        is_code.then(|| EvaluatedBy::at_any_time(self.shell, self.keep_profile))
    }
}

/// The same for a line that does not parse. Without a subcommand, or with an unknown one, it may be a
/// mistyped `env`.
pub fn of_words(line: &[OsString]) -> Option<EvaluatedBy> {
    let words: Vec<_> = line.iter().skip(1).map(|a| a.to_string_lossy()).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let format = value_of("--format", &words).and_then(|name| Format::from_str(name, true).ok());
    if legacy::is_meant(&words) || format.is_some_and(|format| format != Format::Shell) {
        return None;
    }
    let flag = value_of("--shell", &words).and_then(|name| Shell::from_str(name, true).ok());
    let at_any_time = EvaluatedBy::at_any_time(flag, words.contains(&"--keep-profile"));
    let mut cli = Cli::command();
    cli.build(); // which adds `help`
    let command = legacy::first_word(&words).and_then(|at| words.get(at));
    let Some(command) = command.and_then(|name| cli.find_subcommand(name)) else {
        return Some(at_any_time);
    };
    let has = |id: &str| command.get_arguments().any(|a| a.get_id() == id);
    let named = |word: &&str| Shell::from_str(word, true).ok();
    match (has(AT_ANY_TIME), has(AT_START_UP)) {
        (true, _) => Some(at_any_time),
        (_, true) => Some(EvaluatedBy::at_start_up(words.iter().find_map(named))),
        (false, false) => None,
    }
}

/// The value of a flag, before any `--`.
fn value_of<'w>(flag: &str, words: &[&'w str]) -> Option<&'w str> {
    let words = words.split(|w| *w == "--").next()?;
    let after = words
        .windows(2)
        .find_map(|pair| (*pair.first()? == flag).then(|| pair.get(1).copied())?);
    let joined = |w: &&'w str| w.strip_prefix(flag)?.strip_prefix('=');
    after.or_else(|| words.iter().find_map(joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<EvaluatedBy> {
        let words = ["awsmfa"].into_iter().chain(line.split(' '));
        of_words(&words.map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_shell_is_found_in_words_that_do_not_parse() {
        for (line, shell) in [
            ("env --bogus --shell fish", Some(Shell::Fish)),
            ("env --shell=pwsh --bogus", Some(Shell::PowerShell)),
            ("evn --shell zsh", Some(Shell::Zsh)),
            ("--shell zsh", Some(Shell::Zsh)),
            ("off --bogus", None),
            ("env -- --shell fish", None),
        ] {
            let found = EvaluatedBy::at_any_time(shell, false);
            assert_eq!(of(line), Some(found), "{line}");
        }
        let keeps = EvaluatedBy::at_any_time(None, true);
        assert_eq!(of("env --keep-profile --bogus"), Some(keeps));
        let start_up = EvaluatedBy::at_start_up(Some(Shell::Fish));
        assert_eq!(of("hook fish --bogus"), Some(start_up));
        assert_eq!(of("completions fish --bogus"), Some(start_up));
    }

    #[test]
    fn nobody_evaluates_what_is_not_code() {
        for line in [
            "exec -- --shell fish",
            "status --bogus",
            "doctor --shell fish --bogus",
            "env --format json --bogus",
            "write --bogus",
            "help --bogus",
            "123456 --bogus",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
