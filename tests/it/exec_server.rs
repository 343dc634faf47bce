//! `awsmfa exec --server`: sessions for as long as the command runs.
#![cfg(unix)]
use std::fs;
use std::process::Stdio;
use std::thread;

use crate::support::process::{DEADLINE, finish};
use crate::support::pty::Terminal;
use crate::support::served::{self, Served};
use crate::support::shells;
use crate::support::sts::{LocalSts, Step};
use crate::support::{World, example};

/// alice with a stored session and the profiles `admin` (MFA) and `reader` (a role without).
fn world() -> World {
    world_of(World::alice())
}

/// The same where a session that was asked for an hour (a role's) lasts this long.
fn short(seconds: i64) -> World {
    of_life(seconds - 3_600)
}

fn of_life(offset: i64) -> World {
    world_of(World::alice_at(
        LocalSts::builder().session_seconds_clock_offset(offset),
    ))
}

fn world_of(world: World) -> World {
    let world = world.with_store();
    let config = format!(
        "{}region = eu-west-1\n\
         [profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\n\
         [profile reader]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = bare\n",
        world.read(".aws/config")
    );
    let keys = format!("{}{}", world.keys("default"), world.keys("bare"));
    let world = world.config(config).credentials(keys);
    world.session_for_a_code(&[]);
    world
}

#[test]
fn the_command_gets_a_server_and_no_key() {
    let world = example::world();
    world.sts().next(Step::AnswerWith(example::issued()));
    let code = world.code();
    let printed = world
        .awsmfa(["exec", "--server", "-t", &code, "--", "env"])
        .env("AWS_PROFILE", "default")
        .env("AWS_SECURITY_TOKEN", "stale")
        .env("AWS_SESSION_TOKEN", "stale")
        .env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/stale")
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/stale")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "/stale")
        .env("MINE", "stays")
        .any_stdout()
        .run()
        .stdout;
    let value = |name: &str| {
        let mut lines = printed.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    };
    for gone in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_PROFILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWSMFA_SESSION",
        "AWSMFA_EXPIRES",
    ] {
        assert_eq!(value(gone), None, "{gone}");
    }
    assert_eq!(value("AWS_REGION"), Some("eu-west-1"));
    assert_eq!(value("AWSMFA_PROFILE"), Some("default"));
    assert_eq!(value("MINE"), Some("stays"));
    let url = value("AWS_CONTAINER_CREDENTIALS_FULL_URI").unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let token = value("AWS_CONTAINER_AUTHORIZATION_TOKEN").unwrap();
    assert_eq!(token.len(), 64);
    // Every SDK would take the long-term keys of [default] first.
    assert_eq!(value("AWS_SHARED_CREDENTIALS_FILE"), Some("/dev/null"));
    assert_eq!(value("AWS_CONFIG_FILE"), None);
    for secret in ["wJalrXUtnFEMI", "IQoJb3JpZ2luX2VjEK"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn it_answers_as_a_container_does() {
    let world = example::world();
    world.sts().next(Step::AnswerWith(example::issued()));
    let code = world.code();
    let served = Served::start(&world, &["-t", &code]);
    let expected = serde_json::json!({
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "Token": "IQoJb3JpZ2luX2VjEK//+token==",
        "Expiration": "2099-12-31T23:59:59Z",
    });
    assert_eq!(served.session(), expected);
    assert_eq!(served.end(), "");
}

/// Below it the files are where they were for awsmfa itself.
#[test]
fn awsmfa_works_below_it() {
    let world = world();
    let script =
        "awsmfa env admin --shell sh >/dev/null && awsmfa exec admin -- printenv AWSMFA_PROFILE";
    let args = ["exec", "--server", "reader", "--", "sh", "-c", script];
    world.awsmfa(args).stdout("admin\n").run();
}

#[test]
fn the_exit_code_is_the_commands_and_no_process_is_left() {
    let world = world();
    for code in [0, 1, 5, 42, 255] {
        let script = format!("exit {code}");
        let args = ["exec", "--server", "--", "sh", "-c", &script];
        world.awsmfa(args).status(code).run();
    }
    for (signal, status) in [("TERM", 143), ("KILL", 137), ("INT", 130)] {
        let script = format!("kill -{signal} $$");
        let args = ["exec", "--server", "--", "sh", "-c", &script];
        world.awsmfa(args).status(status).run();
    }
    let args = ["exec", "--server", "--", "no-such-program"];
    world.awsmfa(args).any_stderr().status(127).run();
    let world = world.file("work/no-program", "text");
    let args = ["exec", "--server", "--", "./no-program"];
    world.awsmfa(args).any_stderr().status(126).run();
    #[cfg(target_os = "linux")]
    served::wait_for_no_server(&world);
}

/// The command is the process that was started: what is sent to it arrives once.
#[test]
fn a_signal_reaches_the_command_once() {
    let world = world();
    let script = "trap 'echo caught' INT TERM; kill -INT $$; kill -TERM $$; exit 7";
    let args = ["exec", "--server", "--", "sh", "-c", script];
    world
        .awsmfa(args)
        .stdout("caught\ncaught\n")
        .status(7)
        .run();
    let mut served = Served::start(&world, &[]);
    let id = served.command.id().to_string();
    let killed = world.command("kill").args(["-TERM", &id]).status().unwrap();
    assert!(killed.success());
    let status = served.command.wait().unwrap();
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&status),
        Some(15)
    );
    #[cfg(target_os = "linux")]
    served::wait_for_no_server(&world);
}

/// Ctrl-C and Ctrl-Z are the command's own, and the server goes on through both.
#[test]
#[ignore = "the keys of job control race with the shell on a busy machine; run it by itself"]
fn job_control_is_the_shells() {
    let world = world();
    let Some(bash) = shells::named("bash") else {
        return;
    };
    // It starts no process: one that is stopped before it is another program would stop sh for ever. The words that are
    // waited for stand nowhere in what is typed.
    let world = world.file(
        "work/job.py",
        "import os, signal\n\
         signal.signal(signal.SIGINT, lambda *_: os.write(1, b'caught\\n'))\n\
         signal.signal(signal.SIGCONT, lambda *_: os.write(1, b'goes on\\n'))\n\
         print('up', flush=True)\n\
         while True:\n    signal.pause()\n",
    );
    let mut terminal = Terminal::shell(&world, bash);
    terminal.enter("awsmfa exec --server -- python3 job.py");
    terminal.wait_for("up");
    for _ in 0..2 {
        terminal.send("\u{3}");
        terminal.wait_for("caught");
        terminal.send("\u{1a}");
        terminal.wait_for("Stopped");
        #[cfg(target_os = "linux")]
        assert_eq!(served::servers(&world).len(), 1);
        terminal.wait_for("READY# ");
        terminal.enter("fg");
        terminal.wait_for("goes on");
    }
    terminal.send("\u{1a}");
    terminal.wait_for("Stopped");
    terminal.wait_for("READY# ");
    terminal.enter("kill -KILL %1; wait; echo o'v'er");
    terminal.wait_for("over");
    #[cfg(target_os = "linux")]
    served::wait_for_no_server(&world);
}

/// A reader of its output is not kept waiting by the server.
#[test]
fn the_end_of_the_output_is_the_commands() {
    let world = world();
    let mut command = world.command("sh");
    let line = "x=$(awsmfa exec --server -- echo out 2>&1); echo \"<$x>\"";
    let ran = finish(command.args(["-c", line]).stdout(Stdio::piped()), "");
    assert_eq!(ran.stdout, "<out>\n");
}

#[test]
#[cfg(target_os = "linux")]
fn no_secret_is_an_argument_of_a_process() {
    let world = world();
    let served = Served::start(&world, &["admin"]);
    let session = served.session();
    let servers = served::servers(&world);
    let [(_, line)] = &servers[..] else {
        panic!("{servers:?}")
    };
    assert_eq!(line, "awsmfa\0serve-credentials\0");
    let environment = fs::read(format!("/proc/{}/environ", servers[0].0)).unwrap();
    let environment = String::from_utf8_lossy(&environment).into_owned();
    for secret in [
        &served.token,
        session["SecretAccessKey"].as_str().unwrap(),
        session["Token"].as_str().unwrap(),
    ] {
        assert!(!environment.contains(secret));
    }
    served.end();
}

#[test]
fn a_session_that_ends_gives_way_to_a_new_one() {
    let world = short(4);
    let served = Served::start(&world, &["admin"]);
    let before = world.sts().calls().len();
    let mut keys = std::collections::BTreeSet::new();
    while keys.len() < 4 {
        keys.insert(served.key());
    }
    let calls = world.sts().calls();
    assert!(
        calls[before..]
            .iter()
            .all(|call| call.action == "AssumeRole")
    );
    assert_eq!(served.end(), "");
}

/// A renewal is due with every request, since the sessions are so short. AWS does not answer it before all are
/// served, with the session that is still good.
#[test]
fn fifty_at_once_cause_one_call() {
    let world = short(300);
    let served = Served::start(&world, &["admin"]);
    let before = world.sts().calls().len();
    world.sts().hold();
    let (address, request) = (&served.address, served.request());
    let answers: Vec<_> = thread::scope(|scope| {
        let ask = || scope.spawn(|| served::ask(address, &request));
        let asked: Vec<_> = (0..50).map(|_| ask()).collect();
        asked.into_iter().map(|a| a.join().unwrap()).collect()
    });
    assert_eq!(world.sts().calls().len(), before + 1);
    world.sts().release();
    let ok = answers
        .iter()
        .flatten()
        .filter(|(status, _)| *status == 200);
    assert_eq!(ok.count(), 50, "{answers:?}");
    served.end();
}

/// What another terminal got is picked up, and until then the reason is said, once on standard error.
#[test]
fn where_a_code_is_needed_it_says_so_and_goes_on_when_there_is_a_session() {
    let world = of_life(20 - 43_200);
    let code = world.code();
    let served = Served::start(&world, &["-t", &code]);
    let first = served.key();
    let body = loop {
        match served.ask(&served.request()) {
            (200, body) => assert!(body.contains(&first), "the old one is served"),
            (400, body) => break body,
            other => panic!("{other:?}"),
        }
    };
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["code"], "LoginRequired");
    assert_eq!(
        body["message"],
        "the session of profile default has ended, and a new one takes an MFA code; \
         run awsmfa env default in another terminal"
    );
    let code = world.code();
    world.env_json(&["default", "-t", &code]).run();
    assert_ne!(served.key(), first);
    let said = served.end();
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].ends_with(
            "and a new one takes an MFA code; run awsmfa env default in another terminal"
        ),
        "{said}"
    );
    assert!(lines.len() <= 2, "once for each session: {said}");
}

/// What the command was started with is one identity: another account's session is not put in its place.
#[test]
fn a_profile_that_means_another_identity_now_is_not_renewed() {
    let world = short(4);
    let served = Served::start(&world, &["admin"]);
    let first = served.key();
    let config = world.read(".aws/config");
    let config = config.replace("role/admin", "role/reader");
    fs::write(world.path(".aws/config"), config).unwrap();
    while let (200, body) = served.ask(&served.request()) {
        assert!(body.contains(&first), "the old one is served: {body}");
    }
    // A renewal that began before the end may have failed just after it: it is said when one fails after the end.
    let (_, body) = served.ask(&served.request());
    let said = "the session cannot be renewed: its profile means another identity now; run awsmfa use for a new one";
    assert!(body.contains(said), "{body}");
    assert_eq!(served.end(), format!("awsmfa: {said}\n"));
}

#[test]
fn while_aws_is_away_the_old_session_is_served() {
    let world = short(50);
    let served = Served::start(&world, &["admin"]);
    let first = served.key();
    // The three tries of one renewal; then a minute's pause while the session is good.
    for _ in 0..3 {
        world.sts().next(Step::Status(503));
    }
    let before = world.sts().calls().len();
    for _ in 0..10 {
        assert_eq!(served.key(), first);
    }
    assert_eq!(
        world.sts().wait_for_calls(before + 3, DEADLINE).len(),
        before + 3
    );
    served.end();
}

#[test]
fn without_a_store_a_role_that_needs_no_code_is_renewed_all_the_same() {
    let world = short(4).env("AWSMFA_STORE", "off");
    let served = Served::start(&world, &["reader"]);
    let first = served.key();
    while served.key() == first {}
    assert_eq!(served.end(), "");
}

#[test]
fn the_server_is_started_by_exec_alone() {
    let world = World::new();
    world
        .awsmfa(["serve-credentials"])
        .stderr(
            "awsmfa: serve-credentials is started by awsmfa exec --server alone\n\
             hint: run awsmfa exec --server -- COMMAND\n",
        )
        .status(2)
        .run();
}

/// Nothing is in the way of a pipeline or of a command that reads its terminal.
#[test]
fn standard_input_is_the_commands() {
    let world = world();
    let args = ["exec", "--server", "--", "cat"];
    world.awsmfa(args).stdin("line\n").stdout("line\n").run();
}
