//! `--verbose` and `AWSMFA_LOG`: what a run read, decided and asked, for whoever helps from afar; and no
//! secret in it, nor anywhere else that one does not belong. Every secret here holds the word "canary".
#![cfg(unix)]
use crate::support::asked::{at_prompt, loaded};
use crate::support::office::Office;
use crate::support::proxy::Proxy;
use crate::support::sts::{ALICES_ACCOUNT, Builder, Issued, LocalSts, Step, User};
use crate::support::world::store_is_encrypted;
use crate::support::{Finished, World};
use insta::assert_snapshot;

const ROLE: &str = "arn:aws:iam::123456789012:role/admin";

fn sts() -> Builder {
    let mut alice = User::new(ALICES_ACCOUNT, "alice");
    alice.secret_access_key = "canary/+LongTermSecretAccessKey".to_owned();
    LocalSts::builder().user(alice)
}

/// alice, who has a store, and a shell that has somebody's session in it.
fn world() -> World {
    with_secrets(World::alice_at(sts()).with_store())
}

fn with_secrets(world: World) -> World {
    world
        .env("AWSMFA_LOG", "1")
        .env("AWS_ACCESS_KEY_ID", "ASIAINHERITED0000001")
        .env("AWS_SECRET_ACCESS_KEY", "canaryInheritedSecret")
        .env("AWS_SESSION_TOKEN", "canaryInheritedToken")
        .env("AWS_SECURITY_TOKEN", "canaryOlderToken")
}

/// What STS grants next.
fn grant(world: &World) {
    world.sts().next(Step::AnswerWith(Issued {
        access_key_id: "ASIAGRANTED000000001".to_owned(),
        secret_access_key: "canaryGrantedSecret".to_owned(),
        session_token: "canaryGrantedToken".to_owned(),
        expiration: "2099-12-31T23:59:59Z".to_owned(),
    }));
}

/// Runs it at the highest level. No secret is said, and no file has one but those named.
#[track_caller]
fn run(world: &World, args: &[&str], stdin: &str, status: i32, with_secrets: &[&str]) -> Finished {
    let all = [args, &["--verbose"]].concat();
    // The command of exec has flags of its own.
    let all = if args.contains(&"--") { args } else { &all };
    let test = world.awsmfa(all.iter().copied()).stdin(stdin);
    let ran = test.any_stdout().any_stderr().status(status).run();
    let Finished { stderr, .. } = &ran;
    assert!(!stderr.contains("canary"), "{args:?}: {stderr}");
    // A command line that does not parse is known to nobody yet.
    assert_eq!(stderr.contains(" ms: "), status != 2, "{args:?}: {stderr}");
    for path in world.files_with("canary") {
        let is_named = |name: &&str| path == world.path(name);
        assert!(with_secrets.iter().any(is_named), "{args:?}: {path:?}");
    }
    ran
}

const CREDENTIALS: &[&str] = &[".aws/credentials"];

/// A run whose output is for people alone.
#[track_caller]
fn says_nothing_secret(world: &World, args: &[&str], status: i32, with_secrets: &[&str]) -> String {
    let Finished { stdout, stderr, .. } = run(world, args, "", status, with_secrets);
    assert!(!stdout.contains("canary"), "{args:?}: {stdout}");
    stderr
}

#[test]
fn no_subcommand_shows_a_secret() {
    let world = world().env("GITHUB_ENV", "github-env");
    let world = world.file("work/github-env", "");
    let shown = |args: &[&str], stdin: &str, files: &[&str]| {
        let ran = run(&world, args, stdin, 0, files);
        assert!(
            ran.stdout.contains("canaryGrantedToken"),
            "{args:?}: {}",
            ran.stdout
        );
    };
    let code = world.code();
    grant(&world);
    shown(
        &["env", "--shell", "sh", "-t", "-"],
        &format!("{code}\n"),
        CREDENTIALS,
    );
    // From here on the stored session serves.
    for shell in ["bash", "zsh", "fish", "powershell", "cmd"] {
        shown(&["env", "--shell", shell], "", CREDENTIALS);
    }
    for format in ["json", "dotenv"] {
        shown(&["env", "--format", format], "", CREDENTIALS);
    }
    shown(&["use", "--shell", "sh"], "", CREDENTIALS);
    shown(&["credential-process"], "", CREDENTIALS);
    shown(&["exec", "--", "env"], "", CREDENTIALS);
    let files = [".aws/credentials", "work/github-env"];
    shown(&["env", "--format", "github-actions"], "", &files);
    for args in [
        &["env", "--shell", "sh", "--explain", "--no-input"][..],
        &["env", "--shell", "sh", "--unset"],
        &["env", "--where-stored"],
        &["status"],
        &["status", "--json"],
        &["write", "--to", "mfa"],
        &["hook", "bash"],
        &["hook", "direnv"],
        &["completions", "zsh"],
        &["logout"],
        &["logout", "--all"],
    ] {
        says_nothing_secret(&world, args, 0, &files);
    }
    says_nothing_secret(&world, &["off"], 1, &files);
    says_nothing_secret(&world, &["use"], 1, &files);
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn no_failure_of_the_files_or_the_line_shows_a_secret() {
    let env = |more: &[&'static str]| [&["env", "--shell", "sh"][..], more].concat();
    let world = world();
    for (args, status) in [
        (env(&["-t", "canary"]), 1),
        (env(&["-t", "canary-canary-canary"]), 1),
        (env(&["--mfa-process", "echo canary"]), 1),
        (env(&["--mfa-process", "true canary; exit 3"]), 1),
        (env(&["--mfa-process", "echo 000000 # canary"]), 3),
        (
            env(&["--endpoint-url", "https://canary:canary@localhost"]),
            1,
        ),
        (env(&["--no-input"]), 5),
    ] {
        says_nothing_secret(&world, &args, status, CREDENTIALS);
    }
    // Half a line, a value without its name, the halves of a key exchanged.
    for bad in [
        "[default]\naws_secret_access_key canary\n",
        "canary\n[default]\n",
        "[default]\naws_access_key_id = canary/K7MDENG/bPxRfiCYEXAMPLEKEYcanary00\naws_secret_access_key = AKIA\n",
        "[default\naws_secret_access_key = canary\n",
        "[default] aws_secret_access_key = canary\n",
    ] {
        let world = self::world().credentials(bad);
        says_nothing_secret(&world, &env(&["-t", "123456"]), 1, CREDENTIALS);
    }
    // Commands that give keys, or should.
    for printed in [
        "canary",
        r#"{"Version": 1, "AccessKeyId": "canary"}"#,
        r#"{"Version": 2, "AccessKeyId": "AKIACANARY", "SecretAccessKey": "canary"}"#,
    ] {
        let config = format!(
            "[profile p]\nmfa_serial = GAHT12345678\ncredential_process = echo '{printed}'\n"
        );
        let world = self::world().config(config);
        says_nothing_secret(
            &world,
            &env(&["p", "-t", "123456"]),
            1,
            &[".aws/config", ".aws/credentials"],
        );
    }
}

/// STS repeats the code and the signed request; a code is not said on the way there either.
#[test]
fn no_refusal_and_no_dead_network_shows_a_secret() {
    let long = ["--role-arn", ROLE, "-d", "2h", "--external-id", "12"];
    for (step, status) in [
        (Step::EchoCode, 3),
        (Step::Close, 4),
        (Step::Truncated, 4),
        (Step::Html(302), 4),
        (Step::Status(504), 4),
    ] {
        for more in [&[][..], &long] {
            let world = world();
            world.sts().next(step.clone());
            let code = world.code();
            let args = [&["env", "--shell", "sh", "-t", &code][..], more].concat();
            let said = says_nothing_secret(&world, &args, status, CREDENTIALS);
            assert!(!said.contains(&code), "{step:?}: {said}");
        }
    }
}

#[test]
fn no_proxy_shows_its_password() {
    // user:canary
    for (wanted, status) in [("Basic dXNlcjpjYW5hcnk=", 0), ("Basic other", 4)] {
        let (world, office) = Office::with(sts(), |to| Proxy::wanting(to, wanted));
        let ca = world.path("ca.pem").to_str().unwrap().to_owned();
        let proxy = office.proxy.url().replace("//", "//user:canary@");
        let world = with_secrets(world)
            .env("HTTPS_PROXY", &proxy)
            .env("AWS_CA_BUNDLE", ca)
            .env("AWS_ENDPOINT_URL_STS", "");
        let code = world.code();
        let args = ["env", "--shell", "sh", "-t", &code];
        let said = run(&world, &args, "", status, CREDENTIALS).stderr;
        assert!(said.contains("proxy variables: HTTPS_PROXY"), "{said}");
        assert!(!said.contains("dXNlcjpjYW5hcnk"), "{said}");
    }
}

/// A line without what differs from run to run.
fn steady(world: &World, said: &str) -> String {
    let said = world.redacted(said);
    let lines = said.lines().map(|line| {
        let (start, rest) = line.split_once(" ms: ").unwrap();
        assert!(
            start
                .strip_prefix("awsmfa: ")
                .unwrap()
                .parse::<u64>()
                .is_ok(),
            "{line}"
        );
        let rest = rest.replace(std::env::consts::OS, "[SYSTEM]");
        let (rest, _) = rest.split_once(": until ").unwrap_or((&rest, ""));
        let is_entry = |word: &&str| word.trim_end_matches(':').len() == 32;
        let entry = rest.split(' ').find(is_entry).unwrap_or("[NONE]");
        rest.replace(entry.trim_end_matches(':'), "[ENTRY]") + "\n"
    });
    lines.collect()
}

#[test]
fn it_says_what_was_read_decided_and_asked() {
    if !store_is_encrypted() {
        return;
    }
    // Half a minute longer than it should last: twelve hours are left while the test looks.
    let sts = LocalSts::builder().session_seconds_clock_offset(30);
    let world = World::alice_at(sts).with_store();
    let env = ["env", "--shell", "sh", "--verbose"];
    let code = world.code();
    let cold = world.awsmfa(env.iter().copied().chain(["-t", &code]));
    let cold = cold.any_stdout().any_stderr().run().stderr;
    assert_snapshot!(steady(&world, &cold), @"
    0.1.0 on [SYSTEM]; set: AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL_IAM AWSMFA_STATE_DIR HOME
    read [HOME]/.aws/config, 2 lines
    read [HOME]/.aws/credentials, 3 lines
    store: encrypted, in [HOME]/state/
    profile default, chosen by the default, [HOME]/.aws/config:1; keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2; MFA device: arn:aws:iam::123456789012:mfa/alice
    call: GetSessionToken for 12h with the code, in us-east-1
    stored [ENTRY]: none
    stored [ENTRY]: none
    region us-east-1 by the partition of arn:aws:iam::123456789012:mfa/alice; trust nobody; proxy variables: none
    code: from --token-code
    ask [STS]
    answer: HTTP 200
    write [ENTRY]
    print code for sh
    ");
    let warm = world.awsmfa(env).any_stdout().any_stderr().run().stderr;
    assert_snapshot!(steady(&world, &warm), @"
    0.1.0 on [SYSTEM]; set: AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL_IAM AWSMFA_STATE_DIR HOME
    read [HOME]/.aws/config, 2 lines
    read [HOME]/.aws/credentials, 3 lines
    store: encrypted, in [HOME]/state/
    profile default, chosen by the default, [HOME]/.aws/config:1; keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2; MFA device: arn:aws:iam::123456789012:mfa/alice
    call: GetSessionToken for 12h with the code, in us-east-1
    stored [ENTRY]: serves, 12h left of 12h
    print code for sh
    ");
}

/// What a hook asks at the prompt is asked in silence, but for whoever wants to know.
#[test]
fn the_checks_of_a_prompt_are_told_too() {
    let world = World::alice().with_store();
    let code = world.code();
    let session = loaded(&world, &["-t", &code]);
    let prompt = || at_prompt(&world, &session, 300).any_stdout();
    prompt().run();
    let told = prompt().env("AWSMFA_LOG", "1").any_stderr().run().stderr;
    assert!(told.contains(" ms: profile default, chosen by"), "{told}");
    assert!(told.contains(": serves, "), "{told}");
    // What fails is one sentence of the hook's own, without the error and its hint.
    world.any(&["logout"]).run();
    let said = "awsmfa: the session ends in 5 min and cannot be renewed: run awsmfa use default\n";
    prompt().stderr(said).run();
    let told = prompt().env("AWSMFA_LOG", "1").any_stderr().run().stderr;
    assert!(told.ends_with(said), "{told}");
    assert!(!told.contains("hint: "), "{told}");
}

#[test]
fn it_is_silent_unless_it_is_asked_for() {
    let world = World::alice();
    for (value, speaks) in [
        ("", false),
        ("0", false),
        ("off", false),
        ("1", true),
        ("debug", true),
    ] {
        let test = world.awsmfa(["status"]).env("AWSMFA_LOG", value);
        let said = test.any_stderr().run().stderr;
        assert_eq!(said.contains(" ms: "), speaks, "{value:?}: {said}");
    }
    // The flag of exec's own, and the command's.
    let exec = |args: &[&str]| {
        let code = world.code();
        let all = [&["exec", "-t", &code], args].concat();
        world.awsmfa(all).any_stdout().any_stderr().run().stderr
    };
    assert!(exec(&["--verbose", "--", "true"]).contains(" ms: "));
    assert!(exec(&["default", "--verbose", "true"]).contains(" ms: "));
    assert_eq!(exec(&["--", "true", "--verbose"]), "");
    assert_eq!(exec(&["default", "true", "--verbose"]), "");
}
