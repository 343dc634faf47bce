//! Where home is, and whose: a variable, else the system's list of users, else an error; never a folder of the
//! directory that somebody stands in, and nothing of root's in the home of another user.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};

use crate::support::process::{Finished, finish};
use crate::support::stranger::{self, STRANGER};
use crate::support::world::AWSMFA;
use crate::support::{World, mount};

/// A repository with folders that nobody may take for a home: what stands in their AWS files would run.
fn with_a_trap(world: World) -> World {
    let trap = "[default]\ncredential_process = touch PWNED\nmfa_process = touch PWNED\n";
    world
        .file("work/~/.aws/config", trap)
        .file("work/.aws/config", trap)
        .file("work/x/.aws/config", trap)
}

fn env_and_write(world: &World, mut run: impl FnMut(&[&str]) -> Finished) {
    let before = world.tree();
    for line in [
        &["env", "--shell", "sh", "-t", "123456"][..],
        &["write", "-t", "123456"],
        &["status"],
        &["logout"],
        &["credential-process", "-t", "123456"],
    ] {
        let ran = run(line);
        assert!(!world.path("work/PWNED").exists(), "{line:?}");
        assert_eq!(world.tree(), before, "{line:?}: {ran:?}");
    }
    assert!(world.sts().calls().is_empty());
}

fn json(command: &mut Command, code: &str) -> Finished {
    let command = command.args(["env", "--format", "json", "-t", code]);
    finish(command.stdout(Stdio::piped()), "")
}

#[test]
fn a_user_whom_nobody_gave_a_home_gets_an_error() {
    let world = with_a_trap(World::alice());
    env_and_write(&world, |line| {
        let Some(mut command) = stranger::runs(&world, AWSMFA) else {
            return Finished {
                stdout: String::new(),
                stderr: String::new(),
                status: 1,
            };
        };
        command.env_remove("HOME").args(line).stdout(Stdio::piped());
        let ran = finish(&mut command, "");
        if ["env", "write"].contains(&line[0]) {
            assert_eq!(
                (ran.status, &*ran.stderr),
                (
                    1,
                    "awsmfa: the home directory is not known: HOME is not set, and the system has none for this user\n\
                     hint: set HOME, or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE\n"
                )
            );
        }
        ran
    });
}

#[test]
fn a_home_that_is_no_absolute_path_is_an_error() {
    for home in [".", "x", "~", "x/.."] {
        let world = with_a_trap(World::alice());
        env_and_write(&world, |line| {
            let mut command = world.command(AWSMFA);
            command.env("HOME", home).args(line).stdout(Stdio::piped());
            let ran = finish(&mut command, "");
            if ["env", "write"].contains(&line[0]) {
                let told = format!(
                    "awsmfa: HOME is {home:?}, which is not an absolute path\n\
                     hint: set HOME to the absolute path of your home directory\n"
                );
                assert_eq!((ran.status, ran.stderr.clone()), (1, told));
            }
            ran
        });
    }
}

/// `~` in a variable or in a value is the same question.
#[test]
fn a_tilde_without_a_home_is_an_error_too() {
    let world = with_a_trap(World::alice());
    let Some(mut command) = stranger::runs(&world, AWSMFA) else {
        return;
    };
    command
        .env_remove("HOME")
        .env("AWS_CONFIG_FILE", "~/.aws/config");
    let ran = json(&mut command, "123456");
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.stderr.contains("the home directory is not known"),
        "{ran:?}"
    );
}

#[test]
fn without_home_the_systems_list_of_users_says_where_it_is() {
    for home in [None, Some("")] {
        let world = with_a_trap(World::alice());
        let path = world.path("");
        let world = world.file(
            "passwd",
            format!("root:x:0:0::{}:/bin/sh\n", path.display()),
        );
        let Some(mut command) = mount::seeing(&world, "passwd", "/etc/passwd", AWSMFA) else {
            return;
        };
        match home {
            Some(home) => command.env("HOME", home),
            None => command.env_remove("HOME"),
        };
        let ran = json(&mut command, &world.code());
        assert_eq!((ran.status, &*ran.stderr), (0, ""), "{home:?}");
        assert!(ran.stdout.contains("\"AccessKeyId\""), "{home:?}: {ran:?}");
    }
}

#[test]
fn a_folder_for_sessions_that_begins_nowhere_is_ignored_with_a_word_or_not_used() {
    let world = World::alice()
        .env("AWSMFA_STORE", "file")
        .env("AWSMFA_STATE_DIR", "")
        .env("XDG_STATE_HOME", "nowhere");
    let test = world.env_json(&["-t", &world.code()]);
    test.stderr(
        "awsmfa: XDG_STATE_HOME is \"nowhere\", which is not an absolute path: \
         sessions are kept in [HOME]/.local/state/awsmfa\n",
    )
    .run();
    world.session(&["--no-input"]);
    assert_eq!(fs::read_dir(world.path("work")).unwrap().count(), 0);

    let world = World::alice()
        .env("AWSMFA_STORE", "file")
        .env("AWSMFA_STATE_DIR", "nowhere");
    let test = world.env_json(&["-t", &world.code()]);
    test.stderr(
        "awsmfa: the session is not stored, the next terminal asks again: \
         AWSMFA_STATE_DIR is \"nowhere\", which is not an absolute path\n",
    )
    .run();
    assert_eq!(fs::read_dir(world.path("work")).unwrap().count(), 0);
}

/// `sudo` that keeps HOME: what root makes there would lock the user out of it.
#[test]
fn root_in_the_home_of_another_user_reads_and_makes_nothing() {
    for (variable, folder) in [
        ("", "[HOME]/.local/state/awsmfa"),
        ("XDG_STATE_HOME", "[HOME]/xdg/awsmfa"),
        ("AWSMFA_STATE_DIR", "[HOME]/state"),
    ] {
        let world = World::alice()
            .env("AWSMFA_STORE", "file")
            .env("AWSMFA_STATE_DIR", "");
        let path = |name| world.path(name).to_str().unwrap().to_owned();
        let world = match variable {
            "" => world,
            "XDG_STATE_HOME" => {
                let xdg = path("xdg");
                world.env(variable, xdg)
            }
            _ => {
                let state = path("state");
                world.env(variable, state)
            }
        };
        if !stranger::moves_in(&world) {
            return;
        }
        let before = world.tree();
        let test = world.env_json(&["-t", &world.code()]);
        test.stderr(format!(
            "awsmfa: the session is not stored, the next terminal asks again: {folder} would belong to root in \
             the home of another user; run awsmfa as that user, or set AWSMFA_STATE_DIR\n"
        ))
        .run();
        world.awsmfa(["status"]).any_stdout().any_stderr().run();
        world.awsmfa(["logout"]).any_stderr().run();
        assert_eq!(world.tree(), before);
        for path in &before {
            assert_eq!(
                fs::symlink_metadata(path).unwrap().uid(),
                STRANGER,
                "{path:?}"
            );
        }
    }
}
