//! A command line that does not parse: exit 2, a hint, and a failure that `eval` sees, in the language
//! of the shell that the words name.

use crate::support::World;
use crate::support::transcript::NOTHING_TO_KEEP;

#[track_caller]
fn usage(args: &[&str], stderr: &str) {
    let world = World::new();
    let args = [args, &["--shell", "sh"]].concat();
    world
        .awsmfa(args)
        .stdout(NOTHING_TO_KEEP)
        .stderr(stderr)
        .status(2)
        .run();
}

#[test]
fn an_unknown_flag_is_named() {
    usage(
        &["env", "--durration", "12h"],
        "awsmfa: unexpected argument '--durration' found\nhint: did you mean --duration?\n",
    );
}

#[test]
fn an_unknown_subcommand_is_named() {
    usage(
        &["envs"],
        "awsmfa: unrecognized subcommand 'envs'\nhint: did you mean env?\n",
    );
}

/// It would work for 30 seconds more, and stderr may be a log.
#[test]
fn a_code_in_the_wrong_place_is_not_repeated() {
    let world = World::new();
    for args in [
        &["env", "dev", "123456"][..],
        &["env", "--shell", "123456"],
        &["env", "-d", "1h", "-d", "123456"],
    ] {
        let ran = world
            .awsmfa(args.iter().copied())
            .any_stdout()
            .any_stderr()
            .status(2)
            .run();
        assert!(!ran.stderr.contains("123456"), "{}", ran.stderr);
    }
}

/// Where every word may be a profile or a program, too: the error is another one, and is said without the code.
#[test]
fn nor_by_the_subcommands_that_take_any_word() {
    let world = World::new();
    // Windows itself finds a program, later: there the missing profile is told first.
    let not_found = match cfg!(windows) {
        true => (1, ""),
        false => (127, "cannot run ******"),
    };
    for (args, status, told) in [
        (&["logout", "123456"][..], 0, "of profile ******"),
        (&["use", "123456"], 1, "awsmfa env ******"),
        (&["use", "--profile=123456"], 1, "awsmfa env ******"),
        (&["exec", "--", "123456"], not_found.0, not_found.1),
        (&["exec", "123456"], not_found.0, not_found.1),
        (
            &["--verbose", "exec", "--", "123456"],
            not_found.0,
            not_found.1,
        ),
        (&["env", "--shell", "powershell", "-p", "123456"], 1, ""),
        (&["write", "--to", "123456"], 1, ""),
        (&["hook", "123456"], 2, "******"),
        (&["completions", "123456"], 2, "******"),
        (&["--", "123456", "123456"], 2, ""),
    ] {
        let ran = world.awsmfa(args.iter().copied());
        let ran = ran.any_stdout().any_stderr().status(status).run();
        assert!(ran.stderr.contains(told), "{args:?}: {}", ran.stderr);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.contains("123456"), "{args:?}: {said}");
    }
    // A time is no code.
    let ran = world.awsmfa(["env", "--shell", "sh", "-d", "999999"]);
    let ran = ran.any_stdout().any_stderr().status(1).run();
    assert!(ran.stderr.contains("999999"), "{}", ran.stderr);
}

#[test]
fn the_failure_is_in_the_language_of_the_shell_that_is_named() {
    let world = World::new();
    for (shell, ends) in [
        (
            "bash",
            "builtin unset -v AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION; false;\n",
        ),
        ("dash", NOTHING_TO_KEEP),
        ("fish", "; false;\n"),
        ("cmd", "cmd /c exit 2\r\n"),
    ] {
        for args in [
            &["env", "--bogus", "--shell", shell][..],
            &["env", &format!("--shell={shell}"), "--bogus"],
        ] {
            let ran = world
                .awsmfa(args.iter().copied())
                .any_stdout()
                .any_stderr()
                .status(2)
                .run();
            assert!(ran.stdout.ends_with(ends), "{args:?}: {}", ran.stdout);
        }
    }
    let ran = world
        .awsmfa(["env", "--bogus", "--shell", "powershell"])
        .any_stdout()
        .any_stderr()
        .status(2)
        .run();
    assert!(ran.stdout.contains("throw "), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
}

/// Nobody evaluates help or JSON.
#[test]
fn help_goes_to_standard_output_and_a_failure_of_json_prints_nothing_there() {
    let world = World::new();
    let help = world.awsmfa(["--help"]).any_stdout().run();
    assert!(
        help.stdout.contains("eval \"$(awsmfa env)\""),
        "{}",
        help.stdout
    );
    let version = world.awsmfa(["--version"]).any_stdout().run();
    assert_eq!(
        version.stdout,
        concat!("awsmfa ", env!("CARGO_PKG_VERSION"), "\n")
    );
    world
        .awsmfa(["env", "--format", "json", "--bogus"])
        .any_stderr()
        .status(2)
        .run();
    world
        .awsmfa(["env", "--format", "json", "-p", "nobody"])
        .any_stderr()
        .status(1)
        .run();
}

/// The help that lists what the subcommand takes is its own.
#[test]
fn the_help_that_is_named_is_that_of_the_subcommand() {
    for (args, hint) in [
        (&["nothing"][..], "run awsmfa --help"),
        (&["env", "a", "b"], "run awsmfa env --help"),
        (&["env", "--shell", "rc"], "run awsmfa env --help"),
        (&["--verbose", "status", "x"], "run awsmfa status --help"),
        (&["exec"], "run awsmfa exec --help"),
        (&["keys"], "run awsmfa keys --help to see them"),
        (
            &["--verbose"],
            "run awsmfa --help to see them; the main one is awsmfa env",
        ),
        (&["keys", "nothing"], "run awsmfa keys --help"),
        // `exec` is a subcommand, but none of `keys`.
        (&["keys", "exec"], "run awsmfa keys --help"),
        (&["keys", "list", "a"], "run awsmfa keys list --help"),
        (&["keys", "lst"], "did you mean list?"),
    ] {
        let world = World::new();
        let ran = world.awsmfa(args.iter().copied());
        let ran = ran.any_stdout().any_stderr().status(2).run();
        assert!(
            ran.stderr.ends_with(&format!("\nhint: {hint}\n")),
            "{args:?}: {}",
            ran.stderr
        );
    }
}

/// The flag that a code implies was not typed, so no error may name it.
#[test]
fn a_word_after_the_code_is_what_is_wrong() {
    for (args, word) in [
        (&["123456", "dev"][..], "dev"),
        (&["123456", "--quiet", "env"], "env"),
        (&["--", "123456", "654321"], "******"),
    ] {
        World::new()
            .awsmfa(args.iter().copied())
            .stderr(format!(
                "awsmfa: only flags may follow the code, and {word} is none\n\
                 hint: leave it out; a profile is named with --profile NAME\n"
            ))
            .status(2)
            .run();
    }
}
