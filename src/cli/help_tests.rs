use clap::{CommandFactory, ValueEnum};

use super::*;
use crate::cli::evaluated_by::{AT_ANY_TIME, AT_START_UP};
use crate::cli::{Cli, Format, Hook};
use crate::shell::Shell;

#[test]
fn the_overview_has_every_subcommand_in_its_own_words() {
    let mut cli = Cli::command();
    cli.build();
    let shown = cli
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let mut lines: Vec<&str> = OVERVIEW.lines().filter(|l| l.starts_with("  ")).collect();
    for command in shown {
        let about = command.get_about().unwrap().to_string();
        let line = format!("  {:<20}{about}", command.get_name());
        let before = lines.len();
        lines.retain(|l| *l != line);
        assert_eq!(lines.len(), before - 1, "{line}");
    }
    assert_eq!(lines, [""; 0]);
}

#[test]
fn a_list_of_values_in_words_has_every_value() {
    let help_of = |command: &str, id: &str| {
        let mut cli = Cli::command();
        let command = cli.find_subcommand_mut(command).unwrap();
        let argument = command.get_arguments().find(|a| a.get_id() == id).unwrap();
        argument.get_help().unwrap().to_string()
    };
    let has = |text: &str, values: Vec<clap::builder::PossibleValue>| {
        for value in values {
            let name = value.get_name();
            assert!(
                text.split([' ', ',', ':']).any(|w| w == name),
                "{name}: {text}"
            );
        }
    };
    let values = |variants: &[Shell]| {
        variants
            .iter()
            .filter_map(Shell::to_possible_value)
            .collect()
    };
    has(
        &help_of("env", AT_ANY_TIME),
        values(Shell::value_variants()),
    );
    let formats = Format::value_variants()
        .iter()
        .filter_map(Format::to_possible_value);
    has(&help_of("env", "format"), formats.collect());
    let hooks = Hook::value_variants()
        .iter()
        .filter_map(Hook::to_possible_value);
    has(&help_of("hook", AT_START_UP), hooks.collect());
    let completed = clap_complete::Shell::value_variants().iter();
    let completed = completed.filter_map(ValueEnum::to_possible_value);
    has(&help_of("completions", AT_START_UP), completed.collect());
}

#[test]
fn every_hook_says_where_it_goes() {
    for hook in Hook::value_variants() {
        let name = hook.to_possible_value().unwrap().get_name().to_owned();
        assert!(HOOKS.contains(&format!("awsmfa hook {name}")), "{name}");
    }
}
