//! `awsmfa write` writes over sessions, and over nothing that may be somebody's only copy of a long-term key.
#![cfg(unix)]

use std::fs::OpenOptions;
use std::io::Write;

use crate::support::World;
use crate::support::pty::Terminal;
use crate::support::world::AWSMFA;

const LONG_TERM: &str =
    "aws_access_key_id = AKIAIOSFODNN7CANARY0\naws_secret_access_key = canary/of/a/long/term/key\n";
const SESSION: &str =
    "aws_access_key_id = ASIAOLD\naws_secret_access_key = old\naws_session_token = old\n";

/// `write` into these files is refused with this, costs no code and changes no byte.
#[track_caller]
fn refused(config: &str, own: &str, stderr: &str) {
    let world = World::alice();
    let config = format!("{}{config}", world.read(".aws/config"));
    let keys = format!("{}{own}", world.keys("default"));
    let world = world.config(&config).credentials(&keys);
    let code = world.code();
    world
        .awsmfa(["write", "-t", &code])
        .stderr(stderr)
        .status(1)
        .run();
    assert_eq!(world.read(".aws/config"), config);
    assert_eq!(world.read(".aws/credentials"), keys);
    assert!(world.sts().calls().is_empty());
}

fn long_term(line: usize) -> String {
    format!(
        "awsmfa: profile mfa holds long-term keys, and a session is not written over them\n\
         hint: name another profile with --to NAME; if the keys are not wanted any more, \
         remove them from line {line} of [HOME]/.aws/credentials\n"
    )
}

fn unclear(line: usize, why: &str) -> String {
    format!(
        "awsmfa: profile mfa does not clearly hold a session, so it is not overwritten: \
         [HOME]/.aws/credentials:{line}: {why}\n\
         hint: name another profile with --to NAME; if the keys are not wanted any more, \
         remove line {line} of [HOME]/.aws/credentials\n"
    )
}

/// What `aws configure` leaves after somebody pasted a session.
#[test]
fn a_long_term_key_beside_a_stale_token_stays() {
    let stale = "aws_session_token = stale\n";
    refused("", &format!("[mfa]\n{LONG_TERM}{stale}"), &long_term(5));
    refused(
        &format!("[profile mfa]\n{stale}"),
        &format!("[mfa]\n{LONG_TERM}"),
        &long_term(5),
    );
}

#[test]
fn a_long_term_key_beside_a_session_stays() {
    refused("", &format!("[mfa]\n{SESSION}{LONG_TERM}"), &long_term(8));
    refused(
        "",
        &format!("[mfa]\n{SESSION}[mfa]\n{LONG_TERM}"),
        &long_term(9),
    );
    refused(
        "",
        &format!("[mfa]\n{LONG_TERM}[mfa]\n{SESSION}"),
        &long_term(5),
    );
}

#[test]
fn half_a_key_and_what_is_not_clearly_a_session_stay() {
    refused(
        "",
        "[mfa]\naws_secret_access_key = canary\n",
        &unclear(5, "a secret key without an access key id"),
    );
    refused(
        "",
        &format!("[mfa]\n{SESSION}  AKIAIOSFODNN7CANARY0\n"),
        &unclear(
            8,
            "this line is about keys, and has more in it than an SDK reads",
        ),
    );
    refused(
        "",
        "[mfa]\naws_access_key_id = LSIAIOSFODNN7CANARY0\naws_secret_access_key = s\naws_session_token = t\n",
        &unclear(5, "its access key id is not that of a session"),
    );
}

#[test]
fn an_indented_comment_of_the_section_stays() {
    let world = World::alice();
    let own = "[mfa]\n  # the long-term key: AKIAIOSFODNN7CANARY0\naws_access_key_id = ASIAOLD\n\
        aws_secret_access_key = old\n\t; its secret: canary\naws_session_token = old\n   # until Monday\n";
    let keys = format!("{}{own}", world.keys("default"));
    let world = world.credentials(&keys);
    let code = world.code();
    world.awsmfa(["write", "-t", &code]).any_stderr().run();
    let now = world.read(".aws/credentials");
    for line in own.lines().filter(|line| line.starts_with([' ', '\t'])) {
        assert!(now.contains(line), "{line}\n{now}");
    }
    assert_eq!(now.lines().count(), keys.lines().count());
    assert!(!now.contains("old\n"), "{now}");
}

/// The code is spent by then; the keys are not.
#[test]
fn keys_that_come_into_the_target_while_the_code_is_asked_stay() {
    let world = World::alice();
    let mut terminal = Terminal::start(&world, AWSMFA, &["write"]);
    terminal.wait_for("awsmfa: MFA code for ");
    let path = world.path(".aws/credentials");
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    write!(file, "[mfa]\n{LONG_TERM}").unwrap();
    let keys = world.read(".aws/credentials");
    terminal.enter(&world.code());
    terminal.wait_for(
        "awsmfa: profile mfa holds long-term keys, and a session is not written over them",
    );
    assert_eq!(terminal.status(), 1, "{}", terminal.text());
    assert_eq!(world.read(".aws/credentials"), keys);
}

/// STS's imitations give ids that AWS does not; the store knows ours.
#[test]
fn a_session_of_ours_is_written_over_whatever_its_id_looks_like() {
    use crate::support::example;
    use crate::support::sts::Step;
    let world = World::alice().with_store();
    let mut issued = example::issued();
    issued.access_key_id = "LSIAQAAAAAAVNCBMPNSG".to_owned();
    world.sts().next(Step::AnswerWith(issued));
    let code = world.code();
    world.awsmfa(["write", "-t", &code]).any_stderr().run();
    assert!(
        world
            .read(".aws/credentials")
            .contains("= LSIAQAAAAAAVNCBMPNSG\n")
    );
    let code = world.code();
    world
        .awsmfa(["write", "--region", "eu-west-1", "-t", &code])
        .any_stderr()
        .run();
    assert!(
        !world
            .read(".aws/credentials")
            .contains("LSIAQAAAAAAVNCBMPNSG")
    );
}
