//! The key of the store lives in the kernel's *user* keyring, whatever keyring the login session has:
//! stored in one kind of session, read in another. And where the kernel refuses, life goes on.
#![cfg(target_os = "linux")]
use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::World;
use crate::support::process::{Finished, finish};
use crate::support::shells::{installed, say_skipped};
use crate::support::stored::Printed;
use crate::support::world::AWSMFA;

/// Somebody else, with no name on this machine.
const STRANGER: u32 = 54_321;

fn world() -> World {
    World::alice().with_store()
}

/// Kinds of login session, each a command that runs `awsmfa`, which stands for `{}`.
const SESSIONS: [&str; 3] = [
    "{}",
    "keyctl session - {}",
    "keyctl session - sh -c 'keyctl revoke @s; exec {}'",
];

fn run(world: &World, session: &str, args: &str) -> Finished {
    let line = session.replace("{}", &format!("awsmfa env --format json {args}"));
    run_script(world.command("sh").args(["-c", &line]))
}

fn run_script(command: &mut Command) -> Finished {
    finish(command.stdout(Stdio::piped()), "")
}

#[test]
fn what_is_stored_in_one_kind_of_session_is_read_in_every_other() {
    if !installed("keyctl", true) {
        return;
    }
    for stored_in in SESSIONS {
        let world = world();
        let ran = run(&world, stored_in, &format!("-t {}", world.code()));
        assert!(
            !ran.stderr.contains("not stored"),
            "{stored_in}: {}",
            ran.stderr
        );
        let session = Printed::of(&ran.stdout);
        for read_in in SESSIONS {
            let ran = run(&world, read_in, "--no-input");
            assert_eq!(ran.status, 0, "{stored_in}, {read_in}: {}", ran.stderr);
            assert_eq!(Printed::of(&ran.stdout), session, "{stored_in}, {read_in}");
        }
    }
}

/// As `su` and `sudo` leave it: the process is somebody else's, the session keyring is not.
#[test]
fn a_user_who_was_switched_to_has_a_store_of_their_own() {
    if !installed("setpriv", true) || !installed("keyctl", true) {
        return;
    }
    if !rustix::process::geteuid().is_root() {
        say_skipped("becoming another user takes root");
        return;
    }
    let world = world();
    // Where the build lies only its owner may be able to go.
    fs::copy(AWSMFA, world.path("awsmfa")).unwrap();
    give_away(&world.path(""));
    let as_stranger = |line: &str| {
        let id = STRANGER.to_string();
        let mut command = world.command("setpriv");
        command.args([
            "--reuid",
            &id,
            "--regid",
            &id,
            "--clear-groups",
            "sh",
            "-c",
            line,
        ]);
        run_script(&mut command)
    };
    let env = format!("{} env --format json", world.path("awsmfa").display());
    let stored = as_stranger(&format!("{env} -t {}", world.code()));
    assert_eq!((stored.status, stored.stderr.as_str()), (0, ""));
    for session in SESSIONS {
        let read = as_stranger(&session.replace("{}", &format!("{env} --no-input")));
        assert_eq!(read.stdout, stored.stdout, "{session}: {}", read.stderr);
    }
    let key = format!("awsmfa:{}", world.state().display());
    let purged = as_stranger(&format!("keyctl purge user {key}"));
    assert_eq!(purged.status, 0, "{}", purged.stderr);
}

fn give_away(path: &Path) {
    chown(path, Some(STRANGER), Some(STRANGER)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give_away(&entry.unwrap().path());
        }
    }
}

#[test]
fn direnv_reads_what_a_terminal_stored_and_the_other_way_round() {
    if !installed("direnv", true) || !installed("bash", true) {
        return;
    }
    let in_direnv = |world: &World, line: &str| {
        fs::write(world.path("work/.envrc"), line).unwrap();
        assert!(run_script(world.command("direnv").arg("allow")).status == 0);
        let ran = run_script(world.command("direnv").args(["exec", ".", "env"]));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let mut lines = ran.stdout.lines();
        let token = lines.find_map(|line| line.strip_prefix("AWS_SESSION_TOKEN="));
        token.map(str::to_owned)
    };
    let world = world();
    let stored = world.session_for_a_code(&[]);
    let read = in_direnv(&world, r#"eval "$(awsmfa env --no-input)""#);
    assert_eq!(read, Some(stored.session_token));

    let world = self::world();
    let line = format!(r#"eval "$(awsmfa env -t {})""#, world.code());
    let stored = in_direnv(&world, &line);
    assert_eq!(stored, Some(world.session(&["--no-input"]).session_token));
}

/// As a container's seccomp filter refuses them: strace answers in the kernel's place.
#[test]
fn where_the_kernel_has_no_keyring_for_us_it_works_stores_nothing_and_says_so_once() {
    if !installed("strace", true) {
        return;
    }
    for (errno, calls) in [
        ("EPERM", "keyctl,add_key,request_key"),
        ("ENOSYS", "keyctl,add_key,request_key"),
        // As a full quota refuses one more key.
        ("EDQUOT", "add_key"),
    ] {
        let world = world();
        let refused = |args: &[&str]| {
            let mut command = world.command("strace");
            let inject = format!("inject={calls}:error={errno}");
            command.args(["-f", "-qq", "-o", "/dev/null", "-e", &inject]);
            run_script(
                command
                    .arg(AWSMFA)
                    .args(["env", "--format", "json"])
                    .args(args),
            )
        };
        let code = world.code();
        // Two sessions are got and neither is stored; it is one line all the same.
        let ran = refused(&[
            "-t",
            &code,
            "--role-arn",
            "arn:aws:iam::123456789012:role/admin",
        ]);
        assert_eq!(ran.status, 0, "{errno}: {}", ran.stderr);
        Printed::of(&ran.stdout);
        let told = ran.stderr.lines().collect::<Vec<_>>();
        let [line] = told.as_slice() else {
            panic!("{errno}: {told:?}")
        };
        let before = "awsmfa: the session is not stored, the next terminal asks again: \
                      the operating system's key store cannot be used (kernel keyring: ";
        assert!(line.starts_with(before), "{line}");
        assert!(
            line.ends_with("; AWSMFA_STORE=file keeps sessions in plain files"),
            "{line}"
        );
        assert!(world.stored().is_empty(), "{:?}", world.stored());
        assert_eq!(refused(&["--no-input"]).status, 5);
    }
}
