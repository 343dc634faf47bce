//! No value can run code or arrive changed: each of 600 hostile ones, in each place where a value comes in,
//! is refused with code that fails and nothing else, or is printed exactly. (What the shells make of what is
//! printed is in `matrix.rs`.)

use crate::support;
use crate::support::sts::{ALICES_ACCOUNT, Issued, LocalSts, Step, User};
use crate::support::transcript::NOTHING_TO_KEEP;
use crate::support::values::{is_profile, is_sent_by_sts, strings};
use crate::support::{Finished, World, example};

/// alice, with codes enough for all of them.
fn world() -> World {
    let alice = User::new(ALICES_ACCOUNT, "alice").with_code_window(2_000);
    World::alice_of(LocalSts::builder().user(alice).start())
}

/// Says what came of the value: `true` for a session.
#[track_caller]
fn assert_refused_or_loaded(value: &str, ran: &Finished) -> bool {
    let told = format!("{value:?}: {ran:#?}");
    let steers = |c: char| c.is_control() && c != '\n';
    assert!(!ran.stderr.contains(steers), "steers the terminal: {told}");
    if ran.status == 0 {
        assert!(ran.stdout.contains("AWS_SESSION_TOKEN='"), "{told}");
        return true;
    }
    assert!([1, 2, 4].contains(&ran.status), "{told}");
    assert!(ran.stderr.starts_with("awsmfa: "), "{told}");
    assert!(ran.stderr.contains("\nhint: "), "{told}");
    assert_eq!(ran.stdout, NOTHING_TO_KEEP, "{told}");
    false
}

/// Runs `env` with these arguments and variables added for each string; what was accepted comes back.
#[track_caller]
fn accepted<'s>(
    world: &World,
    strings: &'s [String],
    args: &[&str],
    variable: Option<&str>,
) -> Vec<&'s str> {
    let loaded = strings.iter().filter(|value| {
        let args = args.iter().map(|arg| arg.replace("{}", value));
        let args = ["env", "--shell", "sh", "-t"]
            .map(str::to_owned)
            .into_iter()
            .chain([world.code()])
            .chain(args);
        let mut command = world.command(support::world::AWSMFA);
        command.args(args).stdout(std::process::Stdio::piped());
        if let Some(variable) = variable {
            command.env(variable, value);
        }
        assert_refused_or_loaded(value, &support::process::finish(&mut command, ""))
    });
    let loaded = loaded.map(String::as_str).collect();
    assert!(!world.path("work/canary").exists());
    loaded
}

#[test]
fn a_profiles_name_is_refused_or_exact() {
    let strings = strings();
    let world = world();
    // A section for each name that an SDK reads.
    let keys = |name: &String| world.keys(name);
    let names = strings.iter().filter(|name| is_profile(name));
    let credentials: String = names.map(keys).collect();
    let serial = world.user().mfa_serial.clone();
    let world = world.credentials(credentials).env("AWS_MFA_SERIAL", serial);
    let by_flag = accepted(&world, &strings, &["--profile={}"], None);
    assert!(by_flag.contains(&"%PATH%"), "{by_flag:?}");
    let by_variable = accepted(&world, &strings, &[], Some("AWS_PROFILE"));
    // An empty variable is none: the default profile's session is loaded.
    let by_variable: Vec<_> = by_variable
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(by_flag, by_variable);
}

#[test]
fn a_region_is_refused_or_exact() {
    let strings = strings();
    let world = world();
    let is_region = |s: &&str| {
        (1..=63).contains(&s.len())
            && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !s.starts_with('-')
    };
    let expected: Vec<&str> = strings
        .iter()
        .map(String::as_str)
        .filter(is_region)
        .collect();
    assert_eq!(accepted(&world, &strings, &["--region={}"], None), expected);
    let regions: Vec<_> = world
        .sts()
        .calls()
        .into_iter()
        .map(|call| call.region)
        .collect();
    assert_eq!(regions, expected, "what the request was signed for");
    let by_variable = accepted(&world, &strings, &[], Some("AWS_REGION"));
    let by_variable: Vec<_> = by_variable
        .into_iter()
        .filter(|region| !region.is_empty())
        .collect();
    assert_eq!(by_variable, expected);
}

#[test]
fn a_code_is_six_digits_or_refused() {
    let strings = strings();
    let world = World::alice();
    for code in &strings {
        let ran = world.awsmfa(["env", "--shell", "sh", &format!("--token-code={code}")]);
        let ran = ran.stdin("").any_stdout().any_stderr().status(1).run();
        assert!(!assert_refused_or_loaded(code, &ran));
        assert!(
            code.len() < 12 || !ran.stderr.contains(code.as_str()),
            "{code:?} is shown: {}",
            ran.stderr
        );
        let ran = world.awsmfa(["env", "--shell", "sh", "--token-code=-"]);
        let ran = ran.stdin(code).any_stdout().any_stderr().status(1).run();
        assert!(!assert_refused_or_loaded(code, &ran));
    }
    assert_eq!(world.sts().calls().len(), 0);
}

#[test]
fn a_serial_number_or_an_endpoint_is_refused_or_sent_as_it_is() {
    let strings = strings();
    let world = World::alice();
    for value in &strings {
        // What is right is followed by the question for a code, which nobody can be asked.
        let is_token = (9..=256).contains(&value.len())
            && value
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b));
        let is_duration = value
            .parse()
            .is_ok_and(|seconds: u32| (900..=129_600).contains(&seconds));
        for (flag, fits) in [
            ("--serial-number", is_token),
            ("--endpoint-url", false),
            ("--duration", is_duration),
        ] {
            let flag = format!("{flag}={value}");
            let ran = world.awsmfa(["env", "--shell", "sh", "--no-input", &flag]);
            let ran = ran
                .any_stdout()
                .any_stderr()
                .status(if fits { 5 } else { 1 })
                .run();
            assert!(fits || !assert_refused_or_loaded(value, &ran));
        }
    }
    assert_eq!(world.sts().calls().len(), 0);
}

#[test]
fn what_sts_sends_is_refused_or_exact() {
    let world = world();
    for value in strings() {
        let harmless = is_sent_by_sts(&value);
        world.sts().next(Step::AnswerWith(Issued {
            session_token: value.clone(),
            ..example::issued()
        }));
        let ran = world.awsmfa(["env", "--shell", "sh", "-t", &world.code()]);
        let ran = ran
            .any_stdout()
            .any_stderr()
            .status(if harmless { 0 } else { 4 })
            .run();
        assert_eq!(assert_refused_or_loaded(&value, &ran), harmless);
        assert!(!harmless || ran.stdout.contains(&format!("AWS_SESSION_TOKEN='{value}'")));
    }
}
