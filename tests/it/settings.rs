//! Our variables: a word of one is the same word in any case, another word is an error, and a variable that was
//! exported by the way does not make `env` something else.

use crate::support::World;
use crate::support::transcript::NOTHING_TO_KEEP;

#[test]
fn a_word_is_the_same_in_any_case_and_with_blanks() {
    for off in ["off", "OFF", "Off", "off ", " off", "\toff\n"] {
        let world = World::alice().env("AWSMFA_STORE", off);
        let code = world.code();
        world
            .awsmfa(["env", "--shell", "sh", "-t", &code])
            .any_stdout()
            .run();
        assert!(!world.path("state").exists(), "{off:?}");
    }
    for file in ["file", "File", "FILE "] {
        let world = World::alice().env("AWSMFA_STORE", file);
        let session = world.session_for_a_code(&[]);
        let stored = world.stored();
        let name = stored.iter().find(|name| name.ends_with(".session"));
        let bytes = std::fs::read(world.state().join(name.unwrap())).unwrap();
        let key = session.secret_access_key.as_bytes();
        assert!(bytes.windows(key.len()).any(|part| part == key), "{file:?}");
    }
}

#[test]
fn another_word_is_an_error_that_lists_the_words() {
    for word in ["None", "0", "false", "plain", "memory"] {
        let mut world = World::alice();
        world.set("AWSMFA_STORE", word);
        let told = format!(
            "awsmfa: AWSMFA_STORE is \"{word}\", which is not one of its values\n\
             hint: set AWSMFA_STORE to encrypted, file or off, or unset it\n"
        );
        world.refuses(&["-t", "123456"], &told);
        for args in [
            &["status"][..],
            &["logout"],
            &["write"],
            &["credential-process"],
        ] {
            world
                .awsmfa(args.iter().copied())
                .stderr(&*told)
                .status(1)
                .run();
        }
        // A start-up file goes on.
        world.awsmfa(["hook", "bash"]).any_stdout().run();
    }
    let world = World::alice().env("AWSMFA_KEEP_PROFILE", "maybe");
    world.refuses(
        &["-t", "123456"],
        "awsmfa: AWSMFA_KEEP_PROFILE is \"maybe\", which is not one of its values\n\
         hint: set AWSMFA_KEEP_PROFILE to 1, true, yes, on, 0, false, no or off, or unset it\n",
    );
}

#[test]
fn a_switch_takes_every_usual_word() {
    for (word, keeps) in [
        ("1", true),
        ("Yes", true),
        ("ON", true),
        ("0", false),
        ("no ", false),
    ] {
        let world = World::alice()
            .env("AWSMFA_KEEP_PROFILE", word)
            .env("AWS_PROFILE", "default");
        let code = world.code();
        let ran = world.awsmfa(["env", "--shell", "sh", "-t", &code]);
        let ran = ran.any_stdout().any_stderr().run();
        let taken = ran.stdout.contains(" AWS_PROFILE ") || ran.stdout.contains(" AWS_PROFILE&");
        assert_eq!(!taken, keeps, "{word}: {}", ran.stdout);
    }
}

/// A completion script sets `AWSMFA_COMPLETE` for the one run that it starts. Whoever has exported it gets what they
/// ask for.
#[test]
fn an_exported_variable_of_the_completion_does_not_silence_env() {
    for value in [
        "1",
        "bash",
        "zsh",
        "fish",
        "powershell",
        "elvish",
        "nonsense",
    ] {
        let world = World::alice().env("AWSMFA_COMPLETE", value);
        let code = world.code();
        let ran = world
            .awsmfa(["env", "--shell", "sh", "-t", &code])
            .any_stdout()
            .run();
        assert!(
            ran.stdout.contains("AWS_SESSION_TOKEN='"),
            "{value}: {}",
            ran.stdout
        );
        world
            .awsmfa(["env", "--shell", "sh", "nobody"])
            .stdout(NOTHING_TO_KEEP)
            .any_stderr()
            .status(1)
            .run();
    }
}
