//! `completions/awsmfa.1`: the definitions that `--help` shows, as a man page. A test makes it, so that
//! the program does not carry the generator; `AWSMFA_BLESS=1 cargo test man_page` writes it.

use clap::{Arg, Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{Cli, SessionFlags, help};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/completions/awsmfa.1");

/// The day of the version in `Cargo.toml`.
const RELEASED: &str = "2026-11-21";

const APOSTROPHE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// The variables that the program reads where no flag is given.
const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "AWS_PROFILE, AWS_DEFAULT_PROFILE",
        "The profile, where none is named.",
    ),
    (
        "AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE",
        "In place of ~/.aws/config and ~/.aws/credentials.",
    ),
    (
        "AWS_MFA_SERIAL",
        "The MFA device, where no profile names one.",
    ),
    (
        "AWS_REGION, AWS_DEFAULT_REGION",
        "The region of the STS endpoint.",
    ),
    (
        "AWS_ENDPOINT_URL_STS, AWS_CA_BUNDLE, HTTPS_PROXY, NO_PROXY",
        "As every AWS SDK reads them.",
    ),
    ("AWSMFA_KEEP_PROFILE", "1: as --keep-profile."),
    (
        "AWSMFA_STORE",
        "file: stored sessions in plain files, as the AWS CLI keeps them; off: none.",
    ),
    ("AWSMFA_STATE_DIR", "Where stored sessions are."),
    (
        "AWSMFA_KEYS",
        "The place for a new long-term key: keychain, credential-manager, secret-service or file.",
    ),
    (
        "AWSMFA_PROMPT_VARIABLE",
        "The variable that shows the profile in prompts: AWS_VAULT (the default), AWSUME_PROFILE or none.",
    ),
    ("AWSMFA_LOG", "1: as --verbose, in every run."),
];

/// What awsmfa sets and reads again by itself: nobody else sets these.
const OWN: &[&str] = &[
    "AWSMFA_PROFILE",
    "AWSMFA_EXPIRES",
    "AWSMFA_SESSION",
    "AWSMFA_REGION",
    "AWSMFA_IN_PROCESS",
    "AWSMFA_CONFIG_FILE",
    "AWSMFA_SHARED_CREDENTIALS_FILE",
];

#[test]
fn the_man_page_has_every_setting_of_the_environment() {
    let named = |variable: &str| {
        ENVIRONMENT
            .iter()
            .any(|(names, _)| names.contains(variable))
    };
    let settings = crate::environment::READ
        .iter()
        .filter(|name| name.starts_with("AWSMFA_") && !OWN.contains(name));
    let missing: Vec<&&str> = settings.filter(|name| !named(name)).collect();
    assert_eq!(missing, [&""; 0]);
}

#[test]
fn the_man_page_is_current() {
    let page = page();
    if std::env::var_os("AWSMFA_BLESS").is_some() {
        std::fs::write(FILE, &page).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap().replace("\r\n", "\n");
    assert!(
        page == committed,
        "completions/awsmfa.1 is not what the definitions say: run AWSMFA_BLESS=1 cargo test man_page"
    );
}

fn page() -> String {
    let mut cli = Cli::command();
    cli.build();
    let version = cli.get_version().unwrap_or_default().to_owned();
    let mut page = written(|out| {
        let man = Man::new(cli.clone())
            .title("AWSMFA")
            .manual("User Commands");
        let man = man.date(RELEASED).source(format!("awsmfa {version}"));
        man.render_title(out)?;
        man.render_name_section(out)
    });
    let commands: Vec<&Command> = without_help(&cli)
        .flat_map(|command| match command.has_subcommands() {
            true => without_help(command).collect(),
            false => vec![command],
        })
        .collect();

    page += &section("SYNOPSIS", |roff| {
        for (index, command) in commands.iter().enumerate() {
            if index > 0 {
                roff.control("br", []);
            }
            let usage = usage(command);
            let (name, rest) = usage.split_once(' ').unwrap();
            roff.text([bold(name), roman(format!(" {rest}"))]);
        }
    });
    let paragraph = help::OVERVIEW.split("\n\n").nth(1).unwrap();
    page += &section("DESCRIPTION", |roff| {
        roff.text([roman(paragraph.replace('\n', " "))]);
    });
    page += &section("COMMANDS", |_| {});
    for command in &commands {
        page += &of_command(command);
    }
    page += &section("OPTIONS OF THE COMMANDS THAT GET A SESSION", |_| {});
    page += &options(SessionFlags::augment_args(
        Command::new("awsmfa").disable_help_flag(true),
    ));

    let (start, codes) = help::START.split_once("\n\nExit codes: ").unwrap();
    page += &section("EXAMPLES", |roff| verbatim(roff, start));
    page += &section("ENVIRONMENT", |roff| {
        for (names, meaning) in ENVIRONMENT {
            roff.control("TP", []);
            roff.text([bold(*names)]);
            roff.text([roman(*meaning)]);
        }
    });
    page += &section("EXIT STATUS", |roff| {
        roff.text([roman(codes.replace('\n', " "))]);
    });
    // Each part begins with the definition of an apostrophe; the page needs it once.
    let page = format!("{APOSTROPHE}{}", page.replace(APOSTROPHE, ""));
    // groff sets these three as typographic signs, which no shell takes for what they look like.
    page.replace('~', "\\(ti")
        .replace('^', "\\(ha")
        .replace('`', "\\(ga")
}

fn without_help(command: &Command) -> impl Iterator<Item = &Command> {
    let commands = command.get_subcommands();
    commands.filter(|command| command.get_name() != "help")
}

/// One command: how it is called, what it does, the flags that are its own, examples.
fn of_command(command: &Command) -> String {
    let mut text = section("", |roff| {
        roff.control("SS", [usage(command).as_str()]);
        roff.text([roman(format!("{}.", command.get_about().unwrap()))]);
    });
    let shared = SessionFlags::augment_args(Command::new(""));
    // `keys` takes some of them, each with words of its own.
    let takes_all = command.get_arguments().any(|a| a.get_id() == "duration");
    let is_shared = |argument: &Arg| {
        let same = |a: &Arg| a.get_id() == argument.get_id();
        takes_all && !argument.is_positional() && shared.get_arguments().any(same)
    };
    let own = command.clone().mut_args(|argument| {
        let elsewhere = is_shared(&argument) || argument.get_id() == "help";
        let hidden = elsewhere || argument.is_hide_set();
        argument.hide(hidden)
    });
    text += &options(own);
    if command.get_arguments().any(is_shared) {
        text += &section("", |roff| {
            roff.control("PP", []);
            roff.text([roman("And the options of the commands that get a session.")]);
        });
    }
    if let Some(after) = command.get_after_help() {
        text += &section("", |roff| {
            roff.control("PP", []);
            verbatim(roff, &after.to_string());
        });
    }
    text
}

fn options(command: Command) -> String {
    written(|out| Man::new(command).render_options_section(out))
        .replace(".SH OPTIONS\n", "")
        .replace(".SH ", ".SS ")
}

fn usage(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    usage.trim_start_matches("Usage: ").to_owned()
}

/// Lines as they stand, for commands that are to be copied.
fn verbatim(roff: &mut Roff, text: &str) {
    roff.control("nf", []);
    for line in text.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
}

/// A heading, if any, and what stands below it.
fn section(heading: &str, below: impl FnOnce(&mut Roff)) -> String {
    let mut roff = Roff::new();
    if !heading.is_empty() {
        roff.control("SH", [heading]);
    }
    below(&mut roff);
    roff.render()
}

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}
