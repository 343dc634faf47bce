use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use super::*;
use crate::cli::by_clap;
use crate::fuzz::config;

fn words(line: &str) -> Vec<OsString> {
    let words = ["awsmfa"].into_iter().chain(line.split(' '));
    words.map(OsString::from).collect()
}

#[test]
fn the_lines_of_every_day_are_plain() {
    for line in [
        "env",
        "env dev",
        "env --shell fish",
        "env --shell zsh --profile a/b@c",
        "env dev --shell powershell",
        "env -p dev",
        "env --shell bash help",
        "env dev --no-input",
        "env dev -d 12h",
        "env --unset",
        "env --format json",
        "env dev --keep-profile",
        "env -t 123456",
        "env dev --shell sh --token-code 123456",
        "use --shell bash dev",
        "use --shell fish dev -t 123456",
        "exec dev -- terraform apply",
        "exec -- aws s3 ls --profile x",
        "exec -d 1h dev -- aws s3 ls -- --no-input",
        "exec --no-input -p dev -- true",
        "credential-process",
        "credential-process dev",
        "credential-process --profile dev",
        "credential-process dev --no-input",
        "credential-process dev -t 123456",
    ] {
        assert!(parse(&words(line)).is_some(), "{line}");
    }
}

#[test]
fn any_other_line_is_for_clap() {
    for line in [
        "env --shell nosuch",
        "env --shell",
        "env --shell bash --shell zsh",
        "env --shell=bash",
        "env --profile",
        "env --profile -x",
        "env one two",
        "env -t -",
        "env -t123456",
        "env -t 123456 --token-code 123456",
        "env one --profile two",
        "env --unset --format json",
        "env --help",
        "env -h",
        "env --",
        "env -- dev",
        "env --verbose",
        "env ",
        "credential-process --shell bash",
        "credential-process --keep-profile",
        "use --unset",
        "exec dev",
        "exec dev --no-input -- true",
        "exec --",
        "exec --refesh -- true",
        "status",
        "--help",
        "",
    ] {
        assert!(parse(&words(line)).is_none(), "{line}");
    }
    assert!(parse(&[]).is_none());
    assert!(parse(&["awsmfa".into()]).is_none());
}

/// Random lines of the words that it knows and of some that it does not.
#[test]
fn a_plain_line_means_what_it_means_to_clap() {
    let name = select(&["env", "env", "use", "exec", "exec", "credential-process"][..]);
    let word = select(
        &[
            "--shell",
            "fish",
            "--format",
            "json",
            "--profile",
            "-p",
            "dev",
            "prod",
            "-t",
            "--token-code",
            "123456",
            "-",
            "-d",
            "--duration",
            "12h",
            "--no-input",
            "--keep-profile",
            "--unset",
            "--",
            "--",
            "true",
            "--refresh",
            "-x",
            "",
        ][..],
    );
    let line = (name, proptest::collection::vec(word, 0..7));
    let ran = TestRunner::new(config(4_000)).run(&line, |(name, rest)| {
        let line = ["awsmfa", name].into_iter().chain(rest);
        let line: Vec<OsString> = line.map(OsString::from).collect();
        let Some(plain) = parse(&line) else {
            return Ok(());
        };
        let whole = by_clap(&line).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(format!("{plain:?}"), format!("{:?}", whole.command));
        prop_assert!(!whole.verbose);
        Ok(())
    });
    ran.unwrap();
}
