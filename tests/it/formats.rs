//! `env --format dotenv` and `--format github-actions`, each read by what reads such files.
#![cfg(unix)]
use crate::support;
use std::process::Stdio;

use crate::support::pty::Terminal;
use crate::support::sts::Step;
use crate::support::world::AWSMFA;
use crate::support::{World, example, process, shells};

const ENTRY: &str = "AWSMFA_SESSION=ASIAIOSFODNN7EXAMPLE:[ENTRY]\n";
const LINES: &str = "AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n\
    AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n\
    AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjEK//+token==\n\
    AWS_CREDENTIAL_EXPIRATION=2099-12-31T23:59:59Z\n\
    AWSMFA_PROFILE=default\n\
    AWSMFA_EXPIRES=4102444799\n";
const REGION: &str =
    "AWS_REGION=eu-west-1\nAWS_DEFAULT_REGION=eu-west-1\nAWSMFA_REGION=eu-west-1\n";
const MASKS: &str = "::add-mask::ASIAIOSFODNN7EXAMPLE\n\
    ::add-mask::wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n\
    ::add-mask::IQoJb3JpZ2luX2VjEK//+token==\n";

/// The name of the store entry holds the port of the local STS.
fn without_entry(text: &str) -> String {
    let line = text
        .lines()
        .find(|line| line.starts_with("AWSMFA_SESSION="));
    text.replace(&format!("{}\n", line.unwrap()), ENTRY)
}

#[test]
fn dotenv_is_bare_lines() {
    let world = example::world();
    let text = example::printed(&world, &["--format", "dotenv"], "");
    assert_eq!(text, format!("{LINES}{ENTRY}{REGION}"));
}

/// docker's --env-file takes everything behind the first `=` as it stands; so does this reader, and a
/// dotenv library must come to the same.
#[test]
fn a_dotenv_library_and_docker_read_the_same_values() {
    let world = example::world();
    let text = example::printed(&world, &["--format=dotenv"], "");
    let as_docker: Vec<(&str, &str)> = text.lines().map(|l| l.split_once('=').unwrap()).collect();
    assert!(as_docker.iter().all(|(name, value)| {
        !value.contains(['\'', '"', ' ', '#', '$']) && !name.contains(' ')
    }));
    let Some(python) = support::clients::python("dotenv") else {
        return;
    };
    let world = world.file("env-file", &text);
    let script = "import dotenv, sys\nfor item in dotenv.dotenv_values(sys.argv[1]).items(): print('='.join(item))";
    let mut command = world.command(&python);
    command.args(["-c", script]).arg(world.path("env-file"));
    let read = process::finish(command.stdout(Stdio::piped()), "");
    assert_eq!(read.stdout, text, "{}", read.stderr);
}

#[test]
fn a_failure_prints_nothing_in_a_format_that_nobody_evaluates() {
    let world = World::alice();
    for format in ["--format=dotenv", "--format=json"] {
        for (args, status) in [
            (vec!["--no-input"], 5),
            (vec!["--bogus"], 2),
            (vec!["-t", "000000"], 3),
        ] {
            let args = ["env", format].into_iter().chain(args);
            world
                .awsmfa(args)
                .any_stderr()
                .stdout("")
                .status(status)
                .run();
        }
    }
}

#[test]
fn a_job_hears_the_masks_and_the_file_gets_the_variables() {
    for (before, between) in [("", ""), ("A=b\n", ""), ("A=b", "\n")] {
        let world = example::world().file("github-env", before);
        let world = world.env("AWS_PROFILE", "default");
        let file = world.path("github-env");
        let world = world.env("GITHUB_ENV", file.to_str().unwrap());
        let text = example::printed(&world, &["--format", "github-actions"], "");
        assert_eq!(text, MASKS);
        let written = without_entry(&world.read("github-env"));
        assert_eq!(written, format!("{before}{between}{LINES}{ENTRY}{REGION}"));
    }
}

#[test]
fn without_a_job_nobody_is_asked_for_a_code() {
    let world = World::alice();
    let args = ["env", "--format", "github-actions", "-t", "123456"];
    world
        .awsmfa(args)
        .stderr(
            "awsmfa: GITHUB_ENV is not set, so there are no later steps to hand a session to\n\
             hint: run it in a step of a GitHub Actions job; elsewhere use --format dotenv or shell\n",
        )
        .status(1)
        .run();
    let nowhere = world.path("nowhere/file");
    let ran = world
        .awsmfa(args)
        .env("GITHUB_ENV", nowhere.to_str().unwrap())
        .any_stderr()
        .status(1)
        .run();
    assert!(
        world
            .redacted(&ran.stderr)
            .starts_with("awsmfa: cannot write [HOME]/nowhere/file: ")
    );
    assert!(world.sts().calls().is_empty());
}

#[test]
fn on_a_terminal_no_format_shows_a_secret_unless_it_is_asked_to() {
    if !shells::installed("bash", true) {
        return;
    }
    for format in ["dotenv", "github-actions"] {
        let world = example::world().file("github-env", "");
        let file = world.path("github-env");
        let world = world.env("GITHUB_ENV", file.to_str().unwrap());
        for reveal in [false, true] {
            world.sts().next(Step::AnswerWith(example::issued()));
            let code = world.code();
            let mut args = vec!["env", "--format", format, "-t", &code];
            args.extend(reveal.then_some("--reveal"));
            let shown = Terminal::start(&world, AWSMFA, &args).transcript();
            let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
            assert_eq!(shown.contains(secret), reveal, "{shown}");
        }
    }
}
