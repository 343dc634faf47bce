//! What is wrong with a command line that does not parse: clap's words become ours.

use std::ffi::OsString;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Cli, Command};
use crate::error::{Error, Result};
use crate::text::sanitize;
use crate::text::suggest::nearest;

/// Help and version are text to show; anything else that clap refuses of this line becomes an error of ours.
pub fn explain(refused: &clap::Error, line: &[OsString]) -> Result<Command> {
    if matches!(
        refused.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return Ok(Command::Show(refused.render().to_string()));
    }
    let (subcommand, path) = subcommand_of(line);
    let rendered = sanitize::without_codes(&refused.render().to_string());
    if matches!(
        refused.kind(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
    ) {
        return Err(Error::Usage {
            message: "a subcommand is missing".to_owned(),
            hint: match &*path {
                "awsmfa" => "run awsmfa --help to see them; the main one is awsmfa env".to_owned(),
                path => format!("run {path} --help to see them"),
            },
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
        Some(ContextValue::String(similar)) => format!("did you mean {similar}?"),
        Some(ContextValue::Strings(similar)) if !similar.is_empty() => {
            format!("did you mean {}?", similar.join(" or "))
        }
        _ => match refused.get(ContextKind::InvalidSubcommand) {
            Some(ContextValue::String(word)) => {
                let names = subcommand.get_subcommands().map(clap::Command::get_name);
                nearest(word, names).first().map_or_else(
                    || format!("run {path} --help"),
                    |similar| format!("did you mean {similar}?"),
                )
            }
            _ => format!("run {path} --help"),
        },
    };
    Err(Error::Usage { message, hint })
}

/// The subcommand that a line names, and what is typed for it.
fn subcommand_of(line: &[OsString]) -> (clap::Command, String) {
    let (mut command, mut path) = (Cli::command(), "awsmfa".to_owned());
    let words = line.iter().skip(1).filter_map(|word| word.to_str());
    for word in words.skip_while(|word| word.starts_with('-')) {
        let Some(inner) = command.find_subcommand(word) else {
            break;
        };
        (command, path) = (inner.clone(), format!("{path} {word}"));
    }
    (command, path)
}

/// A flag that the subcommand does not have, where clap takes every word.
pub fn unexpected_flag(subcommand: &str, flag: &str) -> Error {
    let flag = sanitize::clean(&sanitize::without_codes(flag), &[]);
    Error::Usage {
        hint: match Cli::flag_near(subcommand, &flag) {
            Some(similar) => format!("did you mean --{similar}?"),
            None => format!("run awsmfa {subcommand} --help"),
        },
        message: format!("unexpected argument '{flag}' found"),
    }
}
