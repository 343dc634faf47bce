//! The form of future-architect/awsmfa, which has no subcommands: `awsmfa --serial-number ARN 123456`
//! means `awsmfa write --serial-number ARN --token-code 123456`. Pure.

use std::ffi::OsString;

use clap::{Arg, Args, Command, CommandFactory};

use crate::cli::{Cli, WriteArgs};
use crate::error::{Error, Result};
use crate::foreign;

/// The line as it is to be parsed. Every other line stays as it is.
///
/// `--refresh`, because that tool asks AWS each time: whoever typed a code wants what it buys.
pub fn in_full(line: &[OsString]) -> Result<Vec<OsString>> {
    let words: Vec<&str> = line
        .iter()
        .map(|w| w.to_str().unwrap_or_default())
        .collect();
    let all = words.get(1..).unwrap_or_default();
    let Some(at) = first_word(all).map(|at| at + 1) else {
        return match has_flag(all) && !asks_for_help(all) {
            true => Err(no_subcommand(all)),
            false => Ok(line.to_vec()),
        };
    };
    let (before, word) = (words.get(1..at).unwrap_or_default(), words.get(at));
    match word {
        Some(word) if is_code(word) => {
            let write = ["write", "--refresh", "--token-code", word];
            let mut full: Vec<OsString> = line.get(..1).unwrap_or_default().to_vec();
            full.extend(write.map(OsString::from));
            let others = line.iter().enumerate().skip(1).filter(|(i, _)| *i != at);
            full.extend(others.map(|(_, word)| word.clone()));
            Ok(full)
        }
        Some(word) if has_flag(before) && !asks_for_help(before) => Err(wrong_order(word, before)),
        _ => Ok(line.to_vec()),
    }
}

/// Whether the line is of this form: its failures print no code for a shell.
pub fn is_meant(words: &[&str]) -> bool {
    first_word(words).is_some_and(|at| words.get(at).is_some_and(|word| is_code(word)))
}

/// Where the first word stands that is neither a flag of `write` nor a flag's value.
fn first_word(words: &[&str]) -> Option<usize> {
    let mut rest = words.iter().enumerate();
    while let Some((at, word)) = rest.next() {
        if !word.starts_with('-') {
            return Some(at);
        }
        if *word == "--" {
            return None;
        }
        if takes_value(word) == Some(true) && !word.contains('=') {
            rest.next();
        }
    }
    None
}

/// Exactly six ASCII digits; any other word is a subcommand or a mistake.
fn is_code(word: &str) -> bool {
    word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a value follows this flag of `write`; `None` for what is none.
fn takes_value(flag: &str) -> Option<bool> {
    let name = flag.split('=').next().unwrap_or(flag);
    let write = WriteArgs::augment_args(Command::new("write"));
    let named = |arg: &&Arg| {
        let long = arg.get_long().into_iter();
        let mut longs = long.chain(arg.get_all_aliases().unwrap_or_default());
        longs.any(|long| name.strip_prefix("--") == Some(long))
            || arg.get_short().is_some_and(|c| name == format!("-{c}"))
    };
    Some(
        write
            .get_arguments()
            .find(named)?
            .get_action()
            .takes_values(),
    )
}

fn has_flag(words: &[&str]) -> bool {
    words.iter().any(|word| takes_value(word).is_some())
}

fn asks_for_help(words: &[&str]) -> bool {
    let help = ["-h", "--help", "-V", "--version"];
    words.iter().any(|word| help.contains(word))
}

/// The words as they may be repeated: without a code, and nothing that steers a terminal.
fn shown(words: &[&str]) -> String {
    foreign::clean(&foreign::without_codes(&words.join(" ")), &[])
}

fn no_subcommand(flags: &[&str]) -> Error {
    Error::Usage {
        message: "these flags want a subcommand, or a code of six digits".to_owned(),
        hint: format!("run awsmfa env {}", shown(flags)),
    }
}

fn wrong_order(word: &str, flags: &[&str]) -> Error {
    let cli = Cli::command();
    let (word, flags) = (shown(&[word]), shown(flags));
    if cli.find_subcommand(&word).is_some() {
        return Error::Usage {
            message: format!("flags stand behind the subcommand, and {word} comes after some"),
            hint: format!("run awsmfa {word} {flags}"),
        };
    }
    Error::Usage {
        message: format!("unrecognized subcommand '{word}'"),
        hint: match Cli::subcommand_near(&word) {
            Some(near) => format!("did you mean awsmfa {near} {flags}?"),
            None => "run awsmfa --help".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(line: &str) -> std::result::Result<String, String> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let full = in_full(&words).map_err(|e| format!("{e}; {}", e.hint().unwrap_or_default()))?;
        let words: Vec<_> = full.iter().map(|w| w.to_str().unwrap()).collect();
        Ok(words.join(" "))
    }

    #[test]
    fn a_code_without_a_subcommand_is_a_write() {
        assert_eq!(
            full("awsmfa --profile p --mfa-profile-name m --duration-seconds 900 --serial-number arn --quiet 123456"),
            Ok("awsmfa write --refresh --token-code 123456 --profile p --mfa-profile-name m --duration-seconds 900 --serial-number arn --quiet".into())
        );
        assert_eq!(
            full("awsmfa 000000 --serial-number=arn"),
            Ok("awsmfa write --refresh --token-code 000000 --serial-number=arn".into())
        );
    }

    #[test]
    fn nothing_else_is_a_code() {
        for line in [
            "awsmfa 12345",
            "awsmfa 1234567",
            "awsmfa 12345a",
            "awsmfa env 123456",
            "awsmfa status --json",
            "awsmfa exec -- echo 123456",
            "awsmfa",
            "awsmfa --help",
        ] {
            assert_eq!(full(line), Ok(line.into()));
        }
    }

    #[test]
    fn flags_before_a_subcommand_are_shown_behind_it() {
        assert_eq!(
            full("awsmfa --profile dev env"),
            Err("flags stand behind the subcommand, and env comes after some; run awsmfa env --profile dev".into())
        );
        assert_eq!(
            full("awsmfa --token-code 123456"),
            Err("these flags want a subcommand, or a code of six digits; run awsmfa env --token-code ******".into())
        );
        assert_eq!(
            full("awsmfa --serial-number 123456"),
            Err("these flags want a subcommand, or a code of six digits; run awsmfa env --serial-number ******".into())
        );
        assert_eq!(
            full("awsmfa -p dev evn"),
            Err("unrecognized subcommand 'evn'; did you mean awsmfa env -p dev?".into())
        );
    }
}
