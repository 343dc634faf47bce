//! A hint is applied as it stands, and then the thing works.
#![cfg(unix)]
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

use crate::support::World;
use crate::support::hooked::two_accounts;
use crate::support::process::finish;

/// Runs what the hint of this text tells to run, in a shell.
#[track_caller]
fn apply(world: &World, told: &str) {
    let commands = told.lines().filter_map(|line| {
        let line = line.trim_start();
        line.strip_prefix("hint: ")
            .unwrap_or(line)
            .strip_prefix("run ")
    });
    let commands: Vec<&str> = commands.collect();
    let [command] = commands[..] else {
        panic!("not one thing to run: {told}");
    };
    let ran = finish(world.command("sh").args(["-c", command]), "");
    assert_eq!(ran.status, 0, "{command}: {}", ran.stderr);
}

/// A home like `/home/Taro Yamada`, and a customer's folder with an apostrophe.
#[test]
fn a_path_with_spaces_is_one_word_of_the_command() {
    let world = two_accounts().file("work/it's a shop/src/readme", "");
    let work = world.path("work/it's a shop");
    let here = |args: &[&str], directory| {
        let mut command = world.command(crate::support::world::AWSMFA);
        finish(command.args(args).current_dir(directory), "")
    };
    assert_eq!(here(&["pin", "a"], work.clone()).status, 0);
    let told = here(&["unpin"], work.join("src"));
    assert_eq!(told.status, 1);
    apply(&world, &told.stderr);
    assert!(!world.path("state/pins").exists());

    let credentials = world.path("work/it's a shop/credentials");
    fs::copy(world.path(".aws/credentials"), &credentials).unwrap();
    fs::set_permissions(&credentials, fs::Permissions::from_mode(0o644)).unwrap();
    let world = world.env("AWS_SHARED_CREDENTIALS_FILE", credentials.to_str().unwrap());
    let told = world.any(&["doctor"]).any_stdout().run().stdout;
    let line = told.lines().find(|line| line.contains("chmod 600"));
    apply(&world, line.unwrap());
    let mode = credentials.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// Nobody typed the name, so "did you mean" would be no help.
#[test]
fn a_pin_of_a_profile_that_is_gone_is_said_to_be_the_pins() {
    let world = two_accounts();
    world.log_in("a");
    world.any(&["pin", "a"]).run();
    let config = world
        .read(".aws/config")
        .replace("[profile a]", "[profile aa]");
    let credentials = world.read(".aws/credentials").replace("[a]", "[aa]");
    let world = world.config(config).credentials(credentials);
    let told = world.awsmfa(["exec", "--", "true"]).stderr(
        "awsmfa: there is no profile a, which the pin of this directory names\n\
         hint: run awsmfa pin aa in the directory that is pinned, or awsmfa unpin; awsmfa status shows which it is\n",
    );
    told.status(1).run();
    world.any(&["pin", "aa"]).run();
    world.any(&["exec", "--", "true"]).run();
}

/// Plain files would be in the same folder.
#[test]
fn a_folder_that_is_refused_is_not_mended_by_plain_files() {
    let world = World::alice().env("AWSMFA_STORE", "file");
    fs::create_dir(world.path("real")).unwrap();
    symlink(world.path("real"), world.path("state")).unwrap();
    let told = world.any(&["doctor"]).any_stdout().status(1).run().stdout;
    let after = told.split_once("no session can be stored").unwrap().1;
    let mend = after.lines().nth(1).unwrap().trim_start();
    assert_eq!(
        mend, "set AWSMFA_STATE_DIR to a folder of your own",
        "{told}"
    );
    let world = world.env("AWSMFA_STORE", "off");
    let told = world.any(&["doctor"]).any_stdout().status(1).run().stdout;
    let after = told.split_once("AWSMFA_STORE is off\n").unwrap().1;
    assert_eq!(
        after.lines().next().unwrap().trim_start(),
        "unset AWSMFA_STORE"
    );
}

/// `awsmfa off` is a function of the hook.
#[test]
fn what_doctor_says_works_without_the_hook_too() {
    let world = World::alice().env("AWS_SECURITY_TOKEN", "old");
    let told = world.any(&["doctor", "--shell", "sh"]).status(1).run();
    let line = told.stdout.split_once("AWS_SECURITY_TOKEN").unwrap().1;
    let mend = line.lines().nth(1).unwrap().trim_start();
    let mend = mend.strip_prefix("run ").unwrap();
    let script = format!("{mend}; printenv AWS_SECURITY_TOKEN; true");
    let ran = finish(
        world
            .command("sh")
            .args(["-c", &script])
            .stdout(Stdio::piped()),
        "",
    );
    assert_eq!(
        (&*ran.stdout, ran.status),
        ("", 0),
        "{mend}: {}",
        ran.stderr
    );

    let world = world.file(".bashrc", "eval \"$(awsmfa hook bash)\"\n");
    let told = world.any(&["doctor", "--shell", "bash"]).status(1).run();
    assert!(
        told.stdout.contains("\n                  run awsmfa off\n"),
        "{}",
        told.stdout
    );
}
