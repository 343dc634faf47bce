//! The lines that users of future-architect/awsmfa have in their scripts go on working.
use crate::support::World;
use crate::support::example;
use crate::support::sts::Step;
use crate::support::transcript::NOTHING_TO_KEEP;

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace()
}

#[test]
fn its_line_leaves_its_two_files() {
    let world = World::alice().config("");
    let config = world.read(".aws/config");
    let credentials = world.read(".aws/credentials");
    world.sts().next(Step::AnswerWith(example::issued()));
    let line = format!(
        "--profile default --mfa-profile-name session --duration-seconds 900 --serial-number {} --quiet {}",
        world.user().mfa_serial,
        world.code()
    );
    world.awsmfa(words(&line)).run();
    assert_eq!(
        world.read(".aws/config"),
        format!("{config}[profile session]\n")
    );
    assert_eq!(
        world.read(".aws/credentials"),
        format!(
            "{credentials}\n[session]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n\
             aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n\
             aws_session_token = IQoJb3JpZ2luX2VjEK//+token==\n"
        )
    );
    let calls = world.sts().calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].action, "GetSessionToken");
    assert_eq!(calls[0].param("DurationSeconds"), Some("900"));
}

/// As Go's flag package reads them, one hyphen as well as two, and `--` before the code.
#[test]
fn its_flags_may_be_written_as_gos() {
    for quiet in ["--quiet=true", "-quiet", "-quiet=false", "--quiet=0"] {
        let world = World::alice().config("");
        let line = format!(
            "-profile=default -mfa-profile-name session -duration-seconds=900 -serial-number {} {quiet} -- {}",
            world.user().mfa_serial,
            world.code()
        );
        let ran = world.awsmfa(words(&line)).any_stderr().run();
        assert!(world.read(".aws/credentials").contains("\n[session]\n"));
        assert_eq!(world.sts().calls()[0].param("DurationSeconds"), Some("900"));
        let is_loud = quiet.ends_with("false") || quiet.ends_with('0');
        assert_eq!(
            ran.stderr.contains(" is in [session] of "),
            is_loud,
            "{quiet}: {}",
            ran.stderr
        );
    }
    let world = World::alice();
    let ran = world
        .awsmfa(["-quiet=perhaps", "123456"])
        .any_stderr()
        .status(2)
        .run();
    assert!(ran.stderr.contains("quiet"), "{}", ran.stderr);
}

#[test]
fn it_asks_aws_each_time_and_the_profile_is_mfa() {
    let world = World::alice().env("AWSMFA_STORE", "file");
    for calls in 1..=2 {
        let code = world.code();
        let ran = world.awsmfa([&*code]).any_stderr().run();
        assert!(ran.stderr.contains(" is in [mfa] of "), "{}", ran.stderr);
        assert_eq!(world.sts().calls().len(), calls);
    }
    assert_eq!(world.read(".aws/credentials").matches("[mfa]").count(), 1);
}

/// Nobody evaluates it: a failure is the exit code and a sentence.
#[test]
fn a_failure_prints_no_code_for_a_shell() {
    let world = World::alice();
    for (line, status) in [
        ("--profile nobody 123456", 1),
        ("--bogus 123456", 2),
        (
            "--duration-seconds 1 --serial-number GAHT12345678 123456",
            1,
        ),
        ("000000", 3),
    ] {
        world
            .awsmfa(words(line))
            .any_stderr()
            .stdout("")
            .status(status)
            .run();
    }
    assert_eq!(world.read(".aws/credentials"), world.keys("default"));
}

#[test]
fn only_six_digits_are_a_code() {
    let world = World::alice();
    for word in ["12345", "1234567", "12345x", "１２３４５６"] {
        let ran = world
            .awsmfa([word])
            .any_stdout()
            .any_stderr()
            .status(2)
            .run();
        assert!(
            ran.stderr.starts_with("awsmfa: unrecognized subcommand "),
            "{}",
            ran.stderr
        );
    }
    assert!(world.sts().calls().is_empty());
}

#[test]
fn a_word_near_a_subcommand_is_named() {
    let world = World::new();
    for (line, near) in [
        ("evn", "env"),
        ("statuss --json", "status"),
        ("wirte", "write"),
        ("--profile dev evn", "awsmfa env --profile dev"),
    ] {
        let ran = world
            .awsmfa(words(line))
            .any_stdout()
            .any_stderr()
            .status(2)
            .run();
        assert!(
            ran.stderr
                .ends_with(&format!("\nhint: did you mean {near}?\n")),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn flags_before_a_subcommand_are_shown_in_the_right_order() {
    let world = World::new().env("AWS_ACCESS_KEY_ID", "AKIAKEEP");
    let usage = "awsmfa: flags come after the subcommand, and some stand before env\n\
        hint: run awsmfa env --profile dev --duration-seconds 900 --shell sh\n";
    let line = "--profile dev --duration-seconds 900 env --shell sh";
    world
        .awsmfa(words(line))
        .stdout(NOTHING_TO_KEEP)
        .stderr(usage)
        .status(2)
        .run();
}
