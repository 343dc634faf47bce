//! What is on the disk: no secret that can be read, no mode that others can use, and nothing planted
//! there is followed, believed or choked on.
#![cfg(unix)]
use crate::support;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use crate::support::World;
use crate::support::process::finish;
use crate::support::stored::Printed;
use crate::support::world::{AWSMFA, store_is_encrypted};

/// Somebody else, with no name on this machine.
const STRANGER: u32 = 54_321;

fn world() -> World {
    World::alice().with_store()
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o7777
}

/// The line that says why a session was not stored.
fn not_stored(reason: &str) -> String {
    format!("awsmfa: the session is not stored, the next terminal asks again: {reason}\n")
}

#[test]
fn no_file_holds_the_secret_key_the_token_or_the_code() {
    if !store_is_encrypted() {
        return;
    }
    let world = world();
    let code = world.code();
    let session = world.session(&["-t", &code]);
    let name = world.entry();
    for secret in [&session.secret_access_key, &session.session_token, &code] {
        assert_eq!(world.files_with(secret), [] as [&Path; 0]);
    }
    // The search does find what is there.
    assert_eq!(
        world
            .files_with("arn:aws:iam::123456789012:mfa/alice")
            .len(),
        2
    );
    assert_eq!(world.files_with(r#""profile":"default""#), [name]);
}

#[test]
fn a_plain_store_holds_the_session_and_never_the_code() {
    let world = World::alice().env("AWSMFA_STORE", "file");
    let code = world.code();
    let session = world.session(&["-t", &code]);
    assert_eq!(world.files_with(&session.session_token), [world.entry()]);
    assert_eq!(world.files_with(&code), [] as [&Path; 0]);
    assert_eq!((mode(&world.state()), mode(&world.entry())), (0o700, 0o600));
    assert_eq!(world.session(&["--no-input"]), session);
}

#[test]
fn nobody_else_can_look_in_whatever_the_umask() {
    for umask in ["000", "022", "077"] {
        let world = world();
        let script = format!(
            "umask {umask}; exec {AWSMFA} env --format json -t {}",
            world.code()
        );
        let mut shell = world.command("sh");
        let ran = finish(
            shell
                .args(["-c", &script])
                .stdout(std::process::Stdio::piped()),
            "",
        );
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "umask {umask}");
        let modes = (mode(&world.state()), mode(&world.entry()));
        assert_eq!(modes, (0o700, 0o600), "umask {umask}");
    }
}

/// 1 GB, 0 bytes, another format, every cut and flipped part: a code buys a new session.
#[test]
fn an_entry_that_is_none_counts_as_absent_and_is_replaced() {
    let world = world();
    let session = world.session_for_a_code(&[]);
    let entry = world.entry();
    let good = fs::read(&entry).unwrap();
    let middle = good.len() / 2;
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("foreign", b"{\"Credentials\": {}}\n".to_vec()),
        ("cut", good[..middle].to_vec()),
        ("first bit", flipped(0)),
        ("header bit", flipped(60)),
        ("last bit", flipped(good.len() - 1)),
        ("longer", [&good[..], b"\n"].concat()),
    ] {
        fs::write(&entry, bytes).unwrap();
        world.assert_asks(&[]);
        assert!(
            world.status_json()["store"].as_array().unwrap().is_empty(),
            "{what}"
        );
    }
    // A gigabyte that takes no room.
    fs::File::options()
        .write(true)
        .open(&entry)
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    world.assert_asks(&[]);
    let again = world.session_for_a_code(&[]);
    assert_ne!(again, session);
    assert_eq!(world.session(&["--no-input"]), again);
    assert!(fs::metadata(&entry).unwrap().len() < 65_536);
}

#[test]
fn an_entry_under_another_name_is_not_believed() {
    let world = world();
    world.session_for_a_code(&[]);
    world.session_for_a_code(&["-d", "36h", "--region", "eu-west-3"]);
    let entries: Vec<_> = world.stored().into_iter().collect();
    let bytes = |i: usize| fs::read(world.state().join(&entries[i])).unwrap();
    let (first, second) = (bytes(0), bytes(1));
    fs::write(world.state().join(&entries[0]), second).unwrap();
    fs::write(world.state().join(&entries[1]), first).unwrap();
    world.assert_asks(&[]);
    world.assert_asks(&["--region", "eu-west-3"]);
}

/// What cannot be opened like a file must not be waited for either.
#[test]
fn a_link_a_pipe_or_a_folder_in_place_of_an_entry_is_not_followed() {
    let world = world();
    world.session_for_a_code(&[]);
    let entry = world.entry();
    let elsewhere = world.path("elsewhere");
    let lock = entry.with_extension("lock");

    fs::rename(&entry, &elsewhere).unwrap();
    symlink(&elsewhere, &entry).unwrap();
    symlink(world.path("lock-target"), &lock).unwrap();
    let before = fs::read(&elsewhere).unwrap();
    world.assert_asks(&[]);
    let session = world.session_for_a_code(&[]);
    assert_eq!(
        fs::read(&elsewhere).unwrap(),
        before,
        "written through the link"
    );
    assert!(!world.path("lock-target").exists());
    assert!(
        fs::symlink_metadata(&entry).unwrap().is_file(),
        "the link is replaced"
    );
    assert_eq!(world.session(&["--no-input"]), session);

    fs::remove_file(&entry).unwrap();
    let made = world.command("mkfifo").arg(&entry).status().unwrap();
    assert!(made.success());
    world.assert_asks(&[]);
    world.session_for_a_code(&[]);
    world.session(&["--no-input"]);
}

#[test]
fn a_readable_entry_of_ours_is_not_used() {
    let world = world();
    world.session_for_a_code(&[]);
    fs::set_permissions(world.entry(), fs::Permissions::from_mode(0o644)).unwrap();
    world.assert_asks(&[]);
}

#[test]
fn a_folder_that_is_a_link_is_refused_with_the_reason() {
    let world = world();
    fs::create_dir(world.path("elsewhere")).unwrap();
    symlink(world.path("elsewhere"), world.state()).unwrap();
    let reason = "[HOME]/state is not a folder of its own; remove it, or set AWSMFA_STATE_DIR";
    world
        .env_json(&["-t", &world.code()])
        .stderr(not_stored(reason))
        .run();
    assert_eq!(fs::read_dir(world.path("elsewhere")).unwrap().count(), 0);
}

#[test]
fn a_folder_that_others_can_enter_is_refused_with_the_command() {
    let world = world();
    fs::create_dir(world.state()).unwrap();
    fs::set_permissions(world.state(), fs::Permissions::from_mode(0o755)).unwrap();
    let reason = "[HOME]/state is open to other users; run chmod 700 [HOME]/state";
    world
        .env_json(&["-t", &world.code()])
        .stderr(not_stored(reason))
        .run();
    assert!(world.stored().is_empty());
}

#[test]
fn a_folder_or_an_entry_of_somebody_else_is_not_used() {
    let world = world();
    world.session_for_a_code(&[]);
    if !given_away(&world.entry()) {
        return;
    }
    world.assert_asks(&[]);
    assert!(given_away(&world.state()));
    let reason = "[HOME]/state belongs to another user; remove it, or set AWSMFA_STATE_DIR";
    world
        .env_json(&["-t", &world.code()])
        .stderr(not_stored(reason))
        .run();
    assert_eq!(world.stored().len(), 1);
}

/// Only root can give a file away: elsewhere this is skipped, and says so.
fn given_away(path: &Path) -> bool {
    let given = std::os::unix::fs::chown(path, Some(STRANGER), None).is_ok();
    if given {
        assert_eq!(path.symlink_metadata().unwrap().uid(), STRANGER);
    } else {
        support::shells::say_skipped("giving a file to another user takes root");
    }
    given
}

#[test]
fn each_mode_of_the_store_leaves_the_entries_of_the_other_alone() {
    let mut world = world();
    let sealed = world.session_for_a_code(&[]);
    world.set("AWSMFA_STORE", "file");
    // A second entry of its own, then back: neither run may have cleaned up the other's.
    let plain = world.session_for_a_code(&["--region", "eu-west-3"]);
    world.set("AWSMFA_STORE", "");
    assert_eq!(world.session(&["--no-input"]), sealed);
    world.session_for_a_code(&["--region", "eu-west-2"]);
    world.set("AWSMFA_STORE", "file");
    assert_eq!(
        world.session(&["--no-input", "--region", "eu-west-3"]),
        plain
    );
}

#[test]
fn what_can_never_be_read_again_is_cleaned_up_in_passing() {
    let world = world();
    world.session_for_a_code(&[]);
    let write = |name: &str, text: &str| fs::write(world.state().join(name), text).unwrap();
    write("0123456789abcdef0123456789abcdef.session", "not an entry");
    write(
        "0123456789abcdef0123456789abcdef.lock",
        "process 1 calling for profile x",
    );
    // Beyond the highest number that a process can have.
    write("tmp-4194305-abcdef", "half");
    write("notes.txt", "not ours to remove");
    world.session_for_a_code(&["--refresh"]);
    let left: Vec<String> = world.stored().into_iter().collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(left[1], "notes.txt");
}

#[test]
fn a_key_that_is_lost_costs_one_code() {
    let world = world();
    let session: Printed = world.session_for_a_code(&[]);
    #[cfg(target_os = "linux")]
    support::stored::forget_key(world.state().to_str().unwrap());
    if cfg!(target_os = "linux") {
        world.assert_asks(&[]);
        let again = world.session_for_a_code(&[]);
        assert_ne!(again, session);
        assert_eq!(world.session(&["--no-input"]), again);
        assert_eq!(world.stored().len(), 1);
    }
}
