//! What comes back in place of a session: checked before one byte of it reaches a shell, named for what
//! it is, and asked for once.

use crate::support::World;
use crate::support::sts::{Issued, Refusal, Step, clock};
use crate::support::transcript::NOTHING_TO_KEEP;

const SPENT: &str = "hint: check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again; \
                     the code may have been used, so wait for the next one\n";
const NOT_STS: &str = "hint: check AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL and the proxy; \
                       a Wi-Fi sign-in page answers like this\n";
const NOT_STS_BUT_SPENT: &str = "hint: check AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL and the proxy; \
                                 a Wi-Fi sign-in page answers like this; \
                                 the code may have been used, so wait for the next one\n";

/// A session that a test makes up; its parts are easy to find in what is printed.
fn issued() -> Issued {
    Issued {
        access_key_id: "ASIACANARYID".to_owned(),
        secret_access_key: "canary/key+".to_owned(),
        session_token: "canary//token==".to_owned(),
        expiration: clock::rfc3339(clock::now() + 3600),
    }
}

/// One call with a code, answered by this step: exit 4, code that fails, and this on stderr.
#[track_caller]
fn fails(step: Step, stderr: &str) {
    let world = World::alice();
    world.sts().next(step.clone());
    let code = world.code();
    let test = world.awsmfa(["env", "--shell", "sh", "-t", &code]);
    let ran = test.stdout(NOTHING_TO_KEEP).any_stderr().status(4).run();
    assert_eq!(world.redacted(&ran.stderr), stderr, "{step:?}");
    assert_eq!(
        world.sts().calls().len(),
        1,
        "{step:?}: a code was sent twice"
    );
}

#[test]
fn an_answer_that_is_cut_short_is_no_session() {
    let world = World::alice();
    world.sts().next(Step::Truncated);
    let test = world.awsmfa(["env", "--shell", "sh", "-t", &world.code()]);
    let ran = test.stdout(NOTHING_TO_KEEP).any_stderr().status(4).run();
    // It has no expiration; that is no reason to look at the clock.
    assert!(ran.stderr.contains("is cut off"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("clock"), "{}", ran.stderr);
}

#[test]
fn an_empty_answer_is_no_session() {
    fails(
        Step::Empty,
        &format!(
            "awsmfa: [STS] is not AWS STS: it answered HTTP 200 without an AWS error\n{NOT_STS}"
        ),
    );
}

#[test]
fn the_page_of_a_captive_portal_is_no_session() {
    fails(
        Step::Html(200),
        &format!(
            "awsmfa: [STS] is not AWS STS: it answered HTTP 200 without an AWS error\n{NOT_STS}"
        ),
    );
    fails(
        Step::Html(302),
        &format!(
            "awsmfa: [STS] is not AWS STS: it redirects to http://portal.invalid/login (HTTP 302)\n{NOT_STS}"
        ),
    );
}

#[test]
fn a_session_that_is_over_is_no_session() {
    fails(
        Step::Expired,
        &format!(
            "awsmfa: [STS] is not AWS STS: its answer is a session that has already ended (is this machine's clock right?)\n{NOT_STS_BUT_SPENT}"
        ),
    );
}

#[test]
fn a_flood_and_a_connection_that_ends_are_no_session() {
    fails(
        Step::BigBody,
        &format!(
            "awsmfa: [STS] is not AWS STS: its answer is longer than any of STS\n{NOT_STS_BUT_SPENT}"
        ),
    );
    fails(
        Step::Close,
        &format!(
            "awsmfa: [STS] did not answer: connection closed before message completed\n{SPENT}"
        ),
    );
    fails(
        Step::Reset,
        &format!("awsmfa: [STS] did not answer: its answer is cut off\n{SPENT}"),
    );
    fails(
        Step::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
        &format!("awsmfa: [STS] did not answer: invalid HTTP version parsed\n{SPENT}"),
    );
}

/// An unquoted `eval $(…)` would glob or run what is quoted correctly: it is refused on the way in.
#[test]
fn a_character_that_any_shell_could_act_on_is_no_part_of_a_session() {
    for bad in "'\"`$*?[]{}~!<>|&;()#^%\\ \t\u{7f}é‘".chars() {
        for (field, part) in [
            (0, "AccessKeyId"),
            (1, "SecretAccessKey"),
            (2, "SessionToken"),
        ] {
            let mut issued = issued();
            let value = match field {
                0 => &mut issued.access_key_id,
                1 => &mut issued.secret_access_key,
                _ => &mut issued.session_token,
            };
            value.insert(3, bad);
            fails(
                Step::AnswerWith(issued),
                &format!(
                    "awsmfa: [STS] is not AWS STS: its answer has a {part} that STS would not send\n{NOT_STS_BUT_SPENT}"
                ),
            );
        }
    }
}

#[test]
fn an_expiration_that_is_no_date_is_no_session() {
    for expiration in [
        "",
        "tomorrow",
        "1970-01-01T00:00:00Z",
        "2020-13-45T00:00:00Z",
        "$(id)",
    ] {
        let world = World::alice();
        world.sts().next(Step::AnswerWith(Issued {
            expiration: expiration.to_owned(),
            ..issued()
        }));
        let test = world.awsmfa(["env", "--shell", "sh", "-t", &world.code()]);
        let ran = test.stdout(NOTHING_TO_KEEP).any_stderr().status(4).run();
        assert!(
            ran.stderr.contains("\nhint: "),
            "{expiration:?}: {}",
            ran.stderr
        );
        assert!(
            !ran.stderr.contains("canary"),
            "{expiration:?}: {}",
            ran.stderr
        );
    }
}

/// STS's documentation says 4,096 bytes and more to come.
#[test]
fn a_token_of_8_kib_is_a_session() {
    let world = World::alice();
    let token = "t".repeat(8 * 1024);
    world.sts().next(Step::AnswerWith(Issued {
        session_token: token.clone(),
        ..issued()
    }));
    let test = world.awsmfa(["env", "--shell", "sh", "-t", &world.code()]);
    assert!(
        test.any_stdout()
            .run()
            .stdout
            .contains(&format!("AWS_SESSION_TOKEN='{token}'"))
    );
}

/// STS repeats in some errors what was sent; a proxy may send anything.
#[test]
fn what_an_error_repeats_of_the_request_reaches_no_terminal() {
    let world = World::alice();
    world.sts().next(Step::EchoCode);
    let code = world.code();
    let test = world.awsmfa(["env", "--shell", "sh", "-t", &code]);
    let ran = test.stdout(NOTHING_TO_KEEP).any_stderr().status(3).run();
    let authorization = world.sts().calls()[0].headers.clone();
    let authorization = authorization
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case("authorization"));
    let signature = authorization
        .unwrap()
        .1
        .rsplit('=')
        .next()
        .unwrap()
        .to_owned();
    for leak in [code.as_str(), &signature, &world.user().secret_access_key] {
        assert!(!ran.stderr.contains(leak), "{leak}: {}", ran.stderr);
    }
    assert!(
        !ran.stderr.chars().any(|c| c.is_control() && c != '\n'),
        "{:?}",
        ran.stderr
    );
}

/// A token may have 8 KiB and a message is cut: what is cut first is no longer the token that is looked for.
#[test]
fn a_long_token_that_an_error_repeats_reaches_no_terminal() {
    let world = World::new().local_sts();
    let token = "FwoGZXIvYXdzEBYaDNk/+=".repeat(372);
    let config =
        "[profile r]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = s\n";
    let keys = world.keys("s").replace("AKIA", "ASIA");
    let world = world
        .config(config)
        .credentials(format!("{keys}aws_session_token = {token}\n"));
    for repeated in [
        token.clone(),
        token[..6_000].to_owned(),
        token[22..400].to_owned(),
    ] {
        let message = format!("The token {repeated} included in the request is expired");
        let refusal = Refusal::new(403, "ExpiredToken", message);
        world.sts().next(Step::Refuse(refusal));
        let test = world.awsmfa(["env", "--shell", "sh", "r"]);
        let ran = test.any_stdout().any_stderr().status(3).run();
        assert!(ran.stderr.contains("The token …"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("YXdzEBYa"), "{}", ran.stderr);
    }
}
