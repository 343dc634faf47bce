//! What is wrong with a command line that does not parse: clap's words become ours.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Cli, Command};
use crate::error::{Error, Result};
use crate::text::sanitize;

/// Help and version are text to show; anything else that clap refuses becomes an error of ours.
pub fn explain(refused: &clap::Error) -> Result<Command> {
    if matches!(
        refused.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return Ok(Command::Show(refused.render().to_string()));
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
        Some(ContextValue::String(similar)) => format!("did you mean {similar}?"),
        Some(ContextValue::Strings(similar)) if !similar.is_empty() => {
            format!("did you mean {}?", similar.join(" or "))
        }
        _ => match refused.get(ContextKind::InvalidSubcommand) {
            Some(ContextValue::String(word)) => Cli::subcommand_near(word).map_or_else(
                || "run awsmfa --help".to_owned(),
                |similar| format!("did you mean {similar}?"),
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
            Some(similar) => format!("did you mean --{similar}?"),
            None => format!("run awsmfa {subcommand} --help"),
        },
        message: format!("unexpected argument '{flag}' found"),
    }
}
