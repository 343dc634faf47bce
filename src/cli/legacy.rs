//! The form of future-architect/awsmfa, which has no subcommands: `awsmfa --serial-number ARN 123456`
//! means `awsmfa write --serial-number ARN --token-code 123456`. It is a Go program, so its flags may also be written as
//! Go's: `-serial-number ARN`, `-profile=dev`, `--quiet=true`, and `--` before the code. Pure.

use std::ffi::OsString;

use clap::{Arg, Command, CommandFactory};

use super::Cli;
use crate::error::{Error, Result};
use crate::text::sanitize;

/// Its flags.
const FLAGS: &[&str] = &[
    "profile",
    "mfa-profile-name",
    "duration-seconds",
    "serial-number",
    QUIET,
];
/// The one of them that takes no value, unless after `=`.
const QUIET: &str = "quiet";

/// The line as it is to be parsed. Every other line stays as it is.
///
/// `--refresh`, because that tool asks AWS each time: a user who typed a code wants a new session.
/// `--profile default`, because that is its default: it looks at no variable, and users of its result
/// have `AWS_PROFILE=mfa`.
pub fn in_full(line: &[OsString]) -> Result<Vec<OsString>> {
    let words: Vec<&str> = line
        .iter()
        .map(|w| w.to_str().unwrap_or_default())
        .collect();
    let all = words.get(1..).unwrap_or_default();
    let Some(at) = first_word(all).map(|at| at + 1) else {
        return match has_flag(all) && !asks_for_help(all) {
            true => Err(no_subcommand(&as_ours(all))),
            false => Ok(line.to_vec()),
        };
    };
    let (before, word) = (words.get(1..at).unwrap_or_default(), words.get(at));
    match word {
        Some(word) if is_code(word) => {
            let after = words.get(at + 1..).unwrap_or_default();
            if let Some(word) = first_word(after).and_then(|at| after.get(at)) {
                return Err(Error::Usage {
                    message: format!(
                        "only flags may follow the code, and {} is none",
                        shown(&[word])
                    ),
                    hint: "leave it out; a profile is named with --profile NAME".to_owned(),
                });
            }
            let write = ["write", "--refresh", "--token-code", word];
            let mut full: Vec<OsString> = line.get(..1).unwrap_or_default().to_vec();
            full.extend(write.map(OsString::from));
            let others = line.iter().enumerate().skip(1).filter(|(i, _)| *i != at);
            let others: Vec<OsString> = others.filter_map(|(_, word)| ours(word)).collect();
            let mut names = others.iter().filter_map(|word| word.to_str());
            if !names.any(names_profile) {
                full.push("--profile=default".into());
            }
            full.extend(others);
            Ok(full)
        }
        Some(word) if has_flag(before) && !asks_for_help(before) => {
            let after = words.get(at + 1..).unwrap_or_default();
            Err(wrong_order(word, &as_ours(before), after))
        }
        _ => Ok(line.to_vec()),
    }
}

/// Whether the line is of this form: its failures print no code for a shell.
pub fn is_meant(words: &[&str]) -> bool {
    first_word(words).is_some_and(|at| words.get(at).is_some_and(|word| is_code(word)))
}

/// Where the first word stands that is neither a flag of `write` nor a flag's value.
pub fn first_word(words: &[&str]) -> Option<usize> {
    let mut rest = words.iter().enumerate();
    while let Some((at, word)) = rest.next() {
        if !word.starts_with('-') {
            return Some(at);
        }
        if *word == "--" {
            return rest
                .next()
                .filter(|(_, word)| is_code(word))
                .map(|(at, _)| at);
        }
        if takes_value(word) == Some(true) && !word.contains('=') {
            rest.next();
        }
    }
    None
}

/// A word of a line of this form as we write it; `None` for one that says nothing.
fn ours(word: &OsString) -> Option<OsString> {
    let Some((name, value)) = word.to_str().and_then(of_go) else {
        return (word != "--").then(|| word.clone());
    };
    match (name, value) {
        // As Go reads a boolean.
        (QUIET, Some("1" | "t" | "T" | "true" | "TRUE" | "True")) => Some("--quiet".into()),
        (QUIET, Some("0" | "f" | "F" | "false" | "FALSE" | "False")) => None,
        (name, Some(value)) => Some(format!("--{name}={value}").into()),
        (name, None) => Some(format!("--{name}").into()),
    }
}

/// The words with Go's flags as we write them.
fn as_ours<'w>(words: &[&'w str]) -> Vec<std::borrow::Cow<'w, str>> {
    let ours = |word: &&'w str| match of_go(word) {
        Some(_) if !word.starts_with("--") => format!("-{word}").into(),
        _ => (*word).into(),
    };
    words.iter().map(ours).collect()
}

/// A flag of that program, `-name` or `--name`, and its value after `=`.
fn of_go(word: &str) -> Option<(&str, Option<&str>)> {
    let flag = word.strip_prefix("--").or(word.strip_prefix('-'))?;
    let (name, value) = match flag.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (flag, None),
    };
    FLAGS.contains(&name).then_some((name, value))
}

/// Exactly six ASCII digits; any other word is a subcommand or a mistake.
fn is_code(word: &str) -> bool {
    word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a value follows this flag, of `write` or of that program; `None` for what is none.
fn takes_value(flag: &str) -> Option<bool> {
    match of_go(flag) {
        Some((name, _)) => Some(name != QUIET),
        None => takes_value_in(Cli::command().find_subcommand("write")?, flag),
    }
}

/// The flags that this subcommand has as well, each with its value.
fn flags_of<'w>(subcommand: &Command, flags: &[&'w str]) -> Vec<&'w str> {
    let mut kept = Vec::new();
    let mut rest = flags.iter();
    while let Some(flag) = rest.next() {
        let value = (takes_value(flag) == Some(true) && !flag.contains('='))
            .then(|| rest.next())
            .flatten();
        if takes_value_in(subcommand, flag).is_some() {
            kept.extend([flag].into_iter().chain(value));
        }
    }
    kept
}

fn takes_value_in(subcommand: &Command, flag: &str) -> Option<bool> {
    let name = flag.split('=').next().unwrap_or(flag);
    let named = |arg: &&Arg| {
        let long = arg.get_long().into_iter();
        let mut longs = long.chain(arg.get_all_aliases().unwrap_or_default());
        longs.any(|long| name.strip_prefix("--") == Some(long))
            || arg.get_short().is_some_and(|c| name == format!("-{c}"))
    };
    Some(
        subcommand
            .get_arguments()
            .find(named)?
            .get_action()
            .takes_values(),
    )
}

/// `--profile NAME`, `--profile=NAME`, `-p NAME`, `-pNAME`.
fn names_profile(word: &str) -> bool {
    word.split('=').next() == Some("--profile")
        || (word.starts_with("-p") && !word.starts_with("--"))
}

fn has_flag(words: &[&str]) -> bool {
    words.iter().any(|word| takes_value(word).is_some())
}

fn asks_for_help(words: &[&str]) -> bool {
    let help = ["-h", "--help", "-V", "--version"];
    words.iter().any(|word| help.contains(word))
}

/// The words as they may be repeated: without a code, and nothing that steers a terminal.
fn shown<W: AsRef<str>>(words: &[W]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    sanitize::clean(&sanitize::without_codes(&words.join(" ")), &[])
}

fn no_subcommand<W: AsRef<str>>(flags: &[W]) -> Error {
    let flags = shown(flags);
    Error::Usage {
        message: "these flags need a subcommand, or a code of six digits".to_owned(),
        hint: format!(
            "run awsmfa env {flags} for this shell, or awsmfa write {flags} for the AWS files"
        ),
    }
}

fn wrong_order<W: AsRef<str>>(word: &str, flags: &[W], after: &[&str]) -> Error {
    let flags: Vec<&str> = flags.iter().map(AsRef::as_ref).collect();
    let cli = Cli::command();
    if let Some(subcommand) = cli.find_subcommand(word) {
        let kept = flags_of(subcommand, &flags);
        let line: Vec<&str> = [word].iter().chain(&kept).chain(after).copied().collect();
        return Error::Usage {
            message: format!("flags come after the subcommand, and some stand before {word}"),
            hint: format!("run awsmfa {}", shown(&line)),
        };
    }
    if !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        return Error::Usage {
            message: format!("a code has six digits, and this one has {}", word.len()),
            hint: "give the whole code, or omit it and be asked for it: awsmfa write".to_owned(),
        };
    }
    let (word, flags) = (shown(&[word]), shown(&flags));
    Error::Usage {
        message: format!("unrecognized subcommand '{word}'"),
        hint: match Cli::subcommand_near(&word) {
            Some(similar) => format!("did you mean awsmfa {similar} {flags}?"),
            None => "run awsmfa --help".to_owned(),
        },
    }
}

#[cfg(test)]
#[path = "legacy_tests.rs"]
mod tests;
