//! What README and `docs/`, in both languages, tell people to type is something that the program takes: each
//! `awsmfa …` in their code is given to [`parse`], each flag and each variable `AWSMFA_…` that they name is there.

mod code;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::CommandFactory;

use code::{Code, calls, code_of, words};

use super::{Cli, Command, parse};

/// The first line of what a hook is told (`docs/hook-protocol.md`): a record, which nobody types.
const RECORD: &str = "1";

struct Page {
    /// Its path in the repository.
    name: String,
    text: String,
}

fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = vec!["README.md".to_owned(), "README.ja.md".to_owned()];
    for folder in ["docs", "docs/ja"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") {
                names.push(format!("{folder}/{name}"));
            }
        }
    }
    names.sort();
    let read = |name: String| Page {
        text: fs::read_to_string(root.join(&name)).unwrap(),
        name,
    };
    names.into_iter().map(read).collect()
}

/// What is wrong with the words of a command.
fn mistake(words: &[String]) -> Option<String> {
    let line: Vec<OsString> = ["awsmfa"]
        .into_iter()
        .chain(words.iter().map(String::as_str))
        .map(OsString::from)
        .collect();
    let parsed = match parse(&line) {
        Ok(parsed) => parsed,
        Err(mistake) => return Some(mistake.error.to_string()),
    };
    // The flags of `exec` after the profile are read in a second reading.
    let Command::Exec(args) = parsed.command else {
        return None;
    };
    let reading = args.with_profile.filter(|with| with.dashes_follow)?.reading;
    reading.err().map(|error| error.to_string())
}

/// Whether the words name a subcommand, and nothing else.
fn is_name(words: &[String]) -> bool {
    let cli = Cli::command();
    words
        .iter()
        .try_fold(&cli, |command, word| command.find_subcommand(word))
        .is_some()
}

/// The same for a span, where `[PROFILE]` may be omitted and the command of `exec` is.
fn mistake_in_span(words: &[String]) -> Option<String> {
    let plain = |word: &String| word.trim_matches(['[', ']']).to_owned();
    let words: Vec<String> = words.iter().map(plain).collect();
    let with_command = |dashes: &[&str]| {
        let added = dashes.iter().map(|word| (*word).to_owned());
        words.iter().cloned().chain(added).collect::<Vec<_>>()
    };
    let wrong = mistake(&words)?;
    let is_fine = is_name(&words)
        || mistake(&with_command(&["COMMAND"])).is_none() && words.last()? == "--"
        || mistake(&with_command(&["--", "COMMAND"])).is_none();
    (!is_fine).then_some(wrong)
}

/// Every flag of every subcommand, with its hyphens.
fn flags(command: &clap::Command) -> BTreeSet<String> {
    let own = command.get_arguments().flat_map(|argument| {
        let aliases = argument.get_all_aliases().unwrap_or_default();
        argument.get_long().into_iter().chain(aliases)
    });
    let own = own.map(|name| format!("--{name}"));
    own.chain(command.get_subcommands().flat_map(flags))
        .collect()
}

#[test]
fn every_command_of_the_pages_parses() {
    let mut wrong = Vec::new();
    let mut named = BTreeSet::new();
    for page in pages() {
        // Code between fences would not be looked at.
        assert!(!page.text.contains("```"), "{} has a fence", page.name);
        for code in code_of(&page.text) {
            let (Code::Line(text) | Code::Span(text)) = &code;
            for words in calls(text) {
                if words == [RECORD] {
                    continue;
                }
                let mistake = match code {
                    Code::Line(_) => mistake(&words),
                    Code::Span(_) => mistake_in_span(&words),
                };
                wrong.extend(mistake.map(|mistake| format!("{}: {text}: {mistake}", page.name)));
                named.extend(words.into_iter().next());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let cli = Cli::command();
    let shown = cli
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let unnamed: Vec<_> = shown
        .map(clap::Command::get_name)
        .filter(|name| !named.contains(*name))
        .collect();
    assert!(unnamed.is_empty(), "no page has {unnamed:?}");
}

#[test]
fn every_flag_and_every_variable_of_the_pages_is_there() {
    let mut cli = Cli::command();
    cli.build();
    let flags = flags(&cli);
    // The one list of what the program reads.
    let read = include_str!("../../environment/mod.rs");
    let mut wrong = Vec::new();
    for page in pages() {
        for code in code_of(&page.text) {
            if let Code::Span(text) = code
                && let Some(flag) = text.split([' ', '=']).next()
                && flag.len() > 2
                && flag.starts_with("--")
                && !flags.contains(flag)
            {
                wrong.push(format!("{}: no subcommand has {flag}", page.name));
            }
        }
        let names = page
            .text
            .split(|c: char| c != '_' && !c.is_ascii_alphanumeric());
        for name in names.filter(|name| name.starts_with("AWSMFA_") && !name.ends_with('_')) {
            if !read.contains(&format!("\"{name}\"")) {
                wrong.push(format!("{}: nothing reads {name}", page.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_program_does_not_take_is_a_mistake() {
    let split = |line: &str| words(line, None);
    for line in [
        "evn",
        "env --unst",
        "exec dev --polcy-arn x -- ls",
        "keys imprt",
        "exec dev --",
    ] {
        assert!(mistake(&split(line)).is_some(), "{line}");
    }
    for line in [
        "evn",
        "env --unst",
        "exec dev --polcy-arn x --",
        "keys imprt",
    ] {
        assert!(mistake_in_span(&split(line)).is_some(), "{line}");
    }
    for line in [
        "exec",
        "exec dev --",
        "exec --server",
        "logout [PROFILE]",
        "keys",
    ] {
        assert_eq!(mistake_in_span(&split(line)), None, "{line}");
    }
}
