//! `awsmfa exec`: the session is in the child alone, and the child's end is ours.
#![cfg(unix)]
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::process::finish;
use crate::support::sts::Step;
use crate::support::{World, example};

/// A world with a stored session, so that no run needs a code.
fn world() -> World {
    let world = World::alice().with_store();
    let code = world.code();
    world.awsmfa(["exec", "-t", &code, "--", "true"]).run();
    world
}

#[test]
fn the_child_gets_the_session_and_no_stale_variable() {
    let world = example::world();
    world.sts().next(Step::AnswerWith(example::issued()));
    let code = world.code();
    let printed = world
        .awsmfa(["exec", "-t", &code, "--", "env"])
        .env("AWS_SECURITY_TOKEN", "stale")
        .env("AWS_SESSION_TOKEN", "stale")
        .env("AWS_PROFILE", "default")
        .env("AWS_DEFAULT_PROFILE", "default")
        .env("MINE", "stays")
        .any_stdout()
        .run()
        .stdout;
    let value = |name: &str| {
        let mut lines = printed.lines();
        lines.find_map(|line| {
            line.strip_prefix(name)?
                .strip_prefix('=')
                .map(str::to_owned)
        })
    };
    for (name, expected) in [
        ("AWS_ACCESS_KEY_ID", Some("ASIAIOSFODNN7EXAMPLE")),
        (
            "AWS_SECRET_ACCESS_KEY",
            Some("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ),
        ("AWS_SESSION_TOKEN", Some("IQoJb3JpZ2luX2VjEK//+token==")),
        ("AWS_CREDENTIAL_EXPIRATION", Some("2099-12-31T23:59:59Z")),
        ("AWS_REGION", Some("eu-west-1")),
        ("AWSMFA_PROFILE", Some("default")),
        ("AWS_SECURITY_TOKEN", None),
        ("AWS_PROFILE", None),
        ("AWS_DEFAULT_PROFILE", None),
        ("MINE", Some("stays")),
    ] {
        assert_eq!(value(name).as_deref(), expected, "{name}");
    }
}

#[test]
fn the_exit_code_is_the_commands() {
    let world = world();
    for code in [0, 1, 5, 42, 255] {
        let script = format!("exit {code}");
        world
            .awsmfa(["exec", "--", "sh", "-c", &script])
            .status(code)
            .run();
    }
}

/// It is the same process: a signal reaches the command, and the command's end by one is ours.
#[test]
fn a_signal_ends_what_it_is_sent_to() {
    let world = world();
    for (signal, status) in [("TERM", 143), ("KILL", 137), ("INT", 130)] {
        let script = format!("kill -{signal} $$");
        world
            .awsmfa(["exec", "--", "sh", "-c", &script])
            .status(status)
            .run();
    }
    let script = "trap 'echo caught; exit 7' TERM; kill -TERM $$; sleep 9";
    let args = ["exec", "--", "sh", "-c", script];
    world.awsmfa(args).stdout("caught\n").status(7).run();
}

#[test]
fn standard_input_and_every_argument_arrive_as_they_are() {
    let world = world();
    let args = [
        "exec",
        "--",
        "sh",
        "-c",
        "cat; printf '<%s>' \"$@\"",
        "sh",
        "a b",
        "",
        "--",
        "-p",
        "*",
    ];
    world
        .awsmfa(args)
        .stdin("line\n")
        .stdout("line\n<a b><><--><-p><*>")
        .run();
}

#[test]
fn what_cannot_be_run_is_127_or_126_with_a_sentence() {
    let world = world().file("work/no-program", "text");
    world
        .awsmfa(["exec", "--", "no-such-program"])
        .stderr(
            "awsmfa: cannot run no-such-program: No such file or directory (os error 2)\n\
             hint: check the name and PATH; the form is awsmfa exec [PROFILE] -- COMMAND\n",
        )
        .status(127)
        .run();
    let path = world.path("work/no-program");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    world
        .awsmfa(["exec", "--", "./no-program"])
        .stderr(
            "awsmfa: cannot run ./no-program: Permission denied (os error 13)\n\
             hint: check its mode: ls -l ./no-program\n",
        )
        .status(126)
        .run();
}

/// Ours only before the child starts, and always with a message.
#[test]
fn without_a_session_the_command_does_not_run() {
    let world = World::alice();
    let marker = world.path("ran");
    let marker = marker.to_str().unwrap();
    for (args, status) in [
        (vec!["-t", "000000"], 3),
        (vec!["--no-input"], 5),
        (vec!["-p", "nobody"], 1),
    ] {
        let args = ["exec"]
            .into_iter()
            .chain(args)
            .chain(["--", "touch", marker]);
        let ran = world.awsmfa(args).any_stderr().status(status).run();
        assert!(ran.stderr.starts_with("awsmfa: "), "{}", ran.stderr);
    }
    assert!(!world.path("ran").exists());
}

/// PowerShell swallows the first `--` of a function's arguments.
#[test]
fn without_the_dashes_the_first_word_is_the_profile_if_there_is_one_of_that_name() {
    let world = world();
    let default = world.read(".aws/config");
    let config = format!("{default}{}", default.replace("[default]", "[profile dev]"));
    let keys = format!("{}{}", world.keys("default"), world.keys("dev"));
    let world = world.config(config).credentials(keys);
    let print = "printf %s $AWSMFA_PROFILE";
    for (args, profile) in [
        (vec!["dev", "sh", "-c", print], "dev"),
        (vec!["dev", "--", "sh", "-c", print], "dev"),
        (vec!["sh", "-c", print], "default"),
        (vec!["dev", "--no-input", "sh", "-c", print], "dev"),
        (vec!["-p", "dev", "--", "sh", "-c", print], "dev"),
    ] {
        let args = ["exec"].into_iter().chain(args);
        world.awsmfa(args).stdout(profile).any_stderr().run();
    }
}

/// The code is good after each of these: it was asked for in none.
#[test]
fn a_line_with_a_mistake_spends_no_code() {
    let world = World::alice();
    let code = world.code();
    let told = |args: &str, status: i32, stderr: &str| {
        let args = args.split(' ').map(|word| word.replace("CODE", &code));
        let args = ["exec".to_owned()].into_iter().chain(args);
        world.awsmfa(args).stderr(stderr).status(status).run();
    };
    told(
        "default -t CODE --refesh -- true",
        2,
        "awsmfa: unexpected argument '--refesh' found\nhint: did you mean --refresh?\n",
    );
    told(
        "--no-inptu -- true",
        2,
        "awsmfa: unexpected argument '--no-inptu' found\nhint: did you mean --no-input?\n",
    );
    told(
        "defualt -t CODE -- true",
        1,
        "awsmfa: there is no profile defualt\nhint: did you mean default?\n",
    );
    told(
        "-t CODE -- no-such-command",
        127,
        "awsmfa: cannot run no-such-command: No such file or directory (os error 2)\n\
         hint: check the name and PATH; the form is awsmfa exec [PROFILE] -- COMMAND\n",
    );
    // What is there and is no program spends none either.
    fs::write(world.path("work/no-program"), "").unwrap();
    for (command, of_path) in [("./no-program", false), ("/", false), ("no-program", true)] {
        let mut world_path = world.variables()["PATH"].clone();
        if of_path {
            world_path = format!("{}:{world_path}", world.path("work").display());
        }
        let test = world
            .awsmfa(["exec", "-t", &code, "--", command])
            .env("PATH", &world_path);
        let ran = test.any_stderr().status(126).run();
        let told = format!("awsmfa: cannot run {command}: Permission denied");
        assert!(ran.stderr.starts_with(&told), "{}", ran.stderr);
    }
    assert_eq!(world.sts().calls().len(), 0);
    let args = ["exec", "-t", &code, "--", "true"];
    world.awsmfa(args).run();
}

/// `nohup`, and the `&` of a script: a handler of ours would undo it for the command.
#[test]
fn a_signal_that_is_ignored_stays_ignored_also_after_a_call() {
    let world = World::alice();
    let line = format!(
        "trap '' HUP INT; awsmfa exec -t {} -- sh -c 'kill -HUP $$; kill -INT $$; echo survived; kill -TERM $$'",
        world.code()
    );
    let mut command = world.command("sh");
    let ran = finish(command.args(["-c", &line]).stdout(Stdio::piped()), "");
    assert_eq!(
        (ran.stdout.as_str(), ran.status),
        ("survived\n", 143),
        "{ran:?}"
    );
}
