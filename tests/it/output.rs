//! What `env` prints and where: exact bytes per shell, secrets never on a terminal, JSON as the AWS CLI
//! writes it, and an end without a word where nobody reads.

#[cfg(unix)]
use crate::support;
#[cfg(target_os = "linux")]
use std::fs::File;

use crate::support::World;
#[cfg(unix)]
use crate::support::example::issued;
use crate::support::example::{printed, world};
#[cfg(unix)]
use crate::support::pty::Terminal;
#[cfg(unix)]
use crate::support::sts::Step;
use crate::support::transcript::NOTHING_TO_KEEP;
use insta::assert_snapshot;

#[test]
fn json_is_what_aws_sts_get_session_token_prints() {
    assert_snapshot!(printed(&world(), &["--format", "json"], ""), @r#"
    {
        "Credentials": {
            "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "SessionToken": "IQoJb3JpZ2luX2VjEK//+token==",
            "Expiration": "2099-12-31T23:59:59+00:00"
        }
    }
    "#);
}

#[test]
fn a_profile_variable_that_is_taken_away_is_told_of_once() {
    let args = ["--shell", "sh"];
    let world = world()
        .env("AWS_PROFILE", "default")
        .env("AWS_DEFAULT_PROFILE", "default");
    let text = printed(
        &world,
        &args,
        "awsmfa: AWS_PROFILE and AWS_DEFAULT_PROFILE are unset, because the JavaScript SDK ignores the session beside it (--keep-profile keeps it)\n",
    );
    assert!(text.contains(" AWS_PROFILE AWS_DEFAULT_PROFILE "), "{text}");
    let kept = printed(&world, &["--shell", "sh", "--keep-profile"], "");
    assert!(
        !kept.contains(" AWS_PROFILE") && !kept.contains("AWS_DEFAULT_PROFILE"),
        "{kept}"
    );
    let kept = printed(&world.env("AWSMFA_KEEP_PROFILE", "1"), &args, "");
    assert!(
        !kept.contains(" AWS_PROFILE") && !kept.contains("AWS_DEFAULT_PROFILE"),
        "{kept}"
    );
}

/// They are gone once the session has taken their place.
#[test]
fn long_term_keys_of_the_environment_serve_and_are_told_of() {
    let world = World::alice().credentials("");
    let (id, secret) = (
        world.user().access_key_id.clone(),
        world.user().secret_access_key.clone(),
    );
    let world = world
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", secret);
    let text = printed(
        &world,
        &["--shell", "sh"],
        "awsmfa: the session replaces the long-term keys in this shell, so it cannot be renewed here; \
         run aws configure to store them\n",
    );
    assert!(text.contains("AWS_SESSION_TOKEN="), "{text}");
}

#[test]
fn a_reader_that_has_gone_ends_it_without_a_word() {
    let world = world();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    world
        .awsmfa(["env", "--shell", "sh", "-t", &world.code()])
        .stdout_to(writer)
        .status(1)
        .run();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    world.awsmfa(["--help"]).stdout_to(writer).status(1).run();
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let world = world();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let test = world
        .awsmfa(["env", "--shell", "sh", "-t", &world.code()])
        .stdout_to(full);
    let stderr = "awsmfa: cannot write the output: No space left on device (os error 28)\n";
    test.stderr(stderr).status(1).run();
}

#[test]
fn a_failure_prints_no_json() {
    let world = world();
    let test = world.awsmfa(["env", "--format", "json", "-t", "000000"]);
    test.stdout("").any_stderr().status(3).run();
    let test = world.awsmfa(["env", "--shell", "sh", "-t", "000000"]);
    test.stdout(NOTHING_TO_KEEP).any_stderr().status(3).run();
}

/// The screen after `env` with these arguments on a terminal.
#[cfg(unix)]
fn screen(world: &World, args: &[&str]) -> String {
    world.sts().next(Step::AnswerWith(issued()));
    let code = world.code();
    let args = [&["env", "-t", &code, "--shell", "bash"], args].concat();
    Terminal::start(world, support::world::AWSMFA, &args).transcript()
}

#[cfg(unix)]
#[test]
fn a_terminal_is_shown_no_secret_and_nothing_that_evaluates() {
    let world = world();
    for args in [&[][..], &["--format", "json"]] {
        let screen = screen(&world, args);
        for secret in [issued().secret_access_key, issued().session_token] {
            assert!(!screen.contains(&secret), "{screen}");
        }
        assert!(!screen.contains("export"), "{screen}");
        assert!(
            screen.contains("AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n"),
            "{screen}"
        );
        assert!(
            screen.contains("hint: run eval \"$(awsmfa env)\""),
            "{screen}"
        );
    }
}

#[cfg(unix)]
#[test]
fn reveal_shows_the_code_on_a_terminal() {
    let world = world();
    let shown = screen(&world, &["--reveal"]);
    assert!(
        shown.contains(&format!("AWS_SESSION_TOKEN='{}'", issued().session_token)),
        "{shown}"
    );
    let shown = screen(&world, &["--reveal", "--format", "json"]);
    assert!(
        shown.contains(&format!("\"SessionToken\": \"{}\"", issued().session_token)),
        "{shown}"
    );
}
