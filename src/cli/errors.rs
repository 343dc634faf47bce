//! A command line that does not parse: its failure must reach `eval` too, so what little can be
//! known without parsing is scanned, and clap's words become ours.

use std::ffi::OsString;

use clap::ValueEnum;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::legacy;
use crate::cli::{Cli, Format, SERVE};
use crate::environment::{Environment, words};
use crate::error::{Error, Result};
use crate::output::stdout::{self, Evaluated};
use crate::shell::{Shell, detect};
use crate::text::sanitize;

/// Subcommands whose output nobody evaluates. Any other word may be a mistyped `env`.
const NOT_EVALUATED: &[&str] = &[
    "completions",
    "console",
    "credential-process",
    "doctor",
    "exec",
    "help",
    "logout",
    "pin",
    "profiles",
    SERVE,
    "status",
    "unpin",
    "write",
];

/// Makes failures visible to `eval` before anything has been parsed.
pub fn expect_evaluation(args: &[OsString], env: &Environment) {
    let words: Vec<_> = args.iter().skip(1).map(|a| a.to_string_lossy()).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    // Without a subcommand it is a mistyped `env` as well.
    let command = legacy::first_word(&words).and_then(|at| words.get(at));
    let asks_for_text = words
        .iter()
        .any(|w| matches!(*w, "--help" | "-h" | "--version" | "-V"))
        || value_of("--format", &words)
            .and_then(|name| Format::from_str(name, true).ok())
            .is_some_and(|format| format != Format::Shell);
    if asks_for_text
        || legacy::is_meant(&words)
        || command.is_some_and(|c| NOT_EVALUATED.contains(c))
    {
        return;
    }
    // A start-up file evaluates the hook: the session that the shell inherited is not its business.
    let is_hook = command == Some(&"hook");
    let of_hook = || words.iter().find_map(|w| Shell::from_str(w, true).ok());
    let named = if is_hook { of_hook() } else { named(&words) };
    stdout::is_evaluated(Evaluated {
        shell: named.unwrap_or_else(|| detect::detect(env.var("MSYSTEM").is_some())),
        env: env.clone(),
        entry: None,
        keep_profile: words.contains(&"--keep-profile") || words::KEEP_PROFILE.checked(env),
        status_only: is_hook,
        of_hook: None,
    });
}

fn named(words: &[&str]) -> Option<Shell> {
    Shell::from_str(value_of("--shell", words)?, true).ok()
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

/// Prints help and version, and turns a refusal of clap's into an error of ours.
pub fn explain(refused: &clap::Error) -> Result<()> {
    if matches!(
        refused.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return stdout::write(&refused.render().to_string());
    }
    let rendered = sanitize::without_codes(&refused.render().to_string());
    if refused.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Err(Error::Usage {
            message: "a subcommand is missing".to_owned(),
            hint: "run awsmfa --help to see them; the main one is awsmfa env".to_owned(),
        });
    }
    // clap says the sentence first, then lists, tips and the usage in paragraphs of their own.
    let sentence = rendered.split("\n\n").next().unwrap_or_default();
    let sentence = sentence.strip_prefix("error: ").unwrap_or(sentence);
    let message = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let hint = match refused
        .get(ContextKind::SuggestedSubcommand)
        .or(refused.get(ContextKind::SuggestedArg))
        .or(refused.get(ContextKind::SuggestedValue))
    {
        Some(ContextValue::String(near)) => format!("did you mean {near}?"),
        Some(ContextValue::Strings(near)) if !near.is_empty() => {
            format!("did you mean {}?", near.join(" or "))
        }
        _ => match refused.get(ContextKind::InvalidSubcommand) {
            Some(ContextValue::String(word)) => Cli::subcommand_near(word).map_or_else(
                || "run awsmfa --help".to_owned(),
                |near| format!("did you mean {near}?"),
            ),
            _ => "run awsmfa --help".to_owned(),
        },
    };
    Err(Error::Usage { message, hint })
}

/// A flag that the subcommand does not have, where clap takes every word.
pub fn unexpected_flag(subcommand: &str, flag: &str) -> Error {
    let flag = sanitize::clean(&sanitize::without_codes(flag), &[]);
    Error::Usage {
        hint: match Cli::flag_near(subcommand, &flag) {
            Some(near) => format!("did you mean --{near}?"),
            None => format!("run awsmfa {subcommand} --help"),
        },
        message: format!("unexpected argument '{flag}' found"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_is_found_in_words_that_do_not_parse() {
        assert_eq!(
            named(&["env", "--bogus", "--shell", "fish"]),
            Some(Shell::Fish)
        );
        assert_eq!(
            named(&["env", "--shell=pwsh", "--bogus"]),
            Some(Shell::PowerShell)
        );
        assert_eq!(named(&["exec", "--", "--shell", "fish"]), None);
    }
}
