//! A rotation that fails or ends between two steps: nothing is lost, `doctor` says so, and the next one goes on.

use std::process::Stdio;
use std::time::Duration;

use super::{alice_at, import};
use crate::support::World;
use crate::support::process::finish;
use crate::support::shells::installed;
use crate::support::sts::{LocalSts, Step};
use crate::support::world::AWSMFA;

const ROTATE: [&str; 3] = ["keys", "rotate", "--no-input"];

/// alice with a stored session; her key in the passphrase file, or in the credentials file.
fn world(in_store: bool) -> World {
    let world = alice_at(LocalSts::builder().new_key_unknown_for(0));
    if in_store {
        import(&world);
    }
    world.session_for_a_code(&[]);
    world
}

fn doctor(world: &World) -> String {
    let test = world.awsmfa(["doctor", "--shell", "bash"]).any_stdout();
    test.any_stderr().run().stdout
}

/// The profile works; the next rotation says this, and leaves one active key and the old one, which is inactive.
#[track_caller]
fn goes_on(world: &World, says: &str) {
    world.session_for_a_code(&["--no-cache"]);
    let told = world.awsmfa(ROTATE).any_stderr().run().stderr;
    assert!(told.contains(says), "{says} is not in {told}");
    let keys = world.sts().access_keys("alice");
    let old = &world.user().access_key_id;
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert!(
        keys.iter().all(|key| key.is_active == (key.id != *old)),
        "{keys:?}"
    );
    world.session_for_a_code(&["--no-cache"]);
}

/// AWS has made a key and nobody here has ever seen its secret.
#[test]
fn a_key_whose_answer_was_lost_is_deleted_and_another_made() {
    for in_store in [true, false] {
        for lost in [Step::Close, Step::Reset, Step::Truncated] {
            let world = world(in_store);
            world.sts().next(Step::Pass); // ListAccessKeys
            world.sts().next(lost.clone());
            world.awsmfa(ROTATE).any_stderr().status(4).run();
            let keys = world.sts().access_keys("alice");
            let made = keys.iter().find(|k| k.id != world.user().access_key_id);
            let made = made.unwrap().id.clone();
            let told = doctor(&world);
            let line =
                "profile default has not ended\n                  run awsmfa keys rotate default\n";
            assert!(told.contains(line), "{told}");
            // Until then the key stays where it is.
            let move_it = if in_store { "export" } else { "import" };
            let refused = world
                .awsmfa(["keys", move_it, "--no-input"])
                .any_stderr()
                .status(1);
            let told = refused.run().stderr;
            assert!(told.contains("run awsmfa keys rotate default"), "{told}");
            goes_on(&world, &format!("the access key {made} is deleted"));
            assert!(doctor(&world).contains("awsmfa keys rotate default --delete"));
        }
    }
}

/// Somebody made it in the console after the interruption and uses it: it is named and stays.
#[test]
fn a_key_that_came_since_is_never_taken_for_ours() {
    let world = world(true);
    world.sts().next(Step::Pass);
    world.sts().next(Step::Hang); // no key is made
    let before = world.sts().calls().len();
    let mut command = world.command(AWSMFA);
    let mut child = command.args(ROTATE).stderr(Stdio::null()).spawn().unwrap();
    world
        .sts()
        .wait_for_calls(before + 2, Duration::from_secs(20));
    child.kill().unwrap();
    child.wait().unwrap();
    let theirs = world.sts().make_access_key("alice");
    // It has been used: GetAccessKeyLastUsed knows.
    let keys = format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        theirs.id, theirs.secret
    );
    let other = World::alice();
    let code = world.code();
    let sts = world.sts().url();
    let serial = world.user().mfa_serial.clone();
    let other = other.credentials(keys).env("AWS_ENDPOINT_URL_STS", sts);
    other.session(&["--serial-number", &serial, "-t", &code]);
    let told = world.awsmfa(ROTATE).any_stderr().status(5).run().stderr;
    assert!(
        told.contains(&theirs.id) && told.contains("last used"),
        "{told}"
    );
    assert_eq!(world.sts().access_keys("alice").len(), 2);
}

/// Each of the writes fails in turn, as on a disk that is full: what was made and cannot be kept is deleted again.
#[test]
fn a_disk_that_is_full_at_any_moment_loses_no_key() {
    at_every(&["fsync", "renameat2", "rename"], "error=ENOSPC");
}

/// Killed before each of the system calls by which something outlives the process.
#[test]
fn killed_between_any_two_steps_it_goes_on() {
    at_every(&["renameat2", "rename", "sendto", "writev"], "signal=KILL");
}

/// Rotates with this injected into the first, second, … of these calls until a run meets none.
fn at_every(calls: &[&str], what: &str) {
    if !installed("strace", true) {
        return;
    }
    for in_store in [true, false] {
        let mut failed = 0;
        for call in calls {
            for nth in 1..30 {
                let world = world(in_store);
                let inject = format!("inject={call}:{what}:when={nth}");
                let mut command = world.command("strace");
                let trace = world.path("trace").display().to_string();
                command.args(["-f", "-qq", "-o", &trace, "-e", &inject, AWSMFA]);
                let ran = finish(command.args(ROTATE).stdout(Stdio::piped()), "");
                let trace = world.read("trace");
                if !trace.contains("INJECTED") && !trace.contains("killed by SIGKILL") {
                    break;
                }
                failed += 1;
                let old = &world.user().access_key_id;
                let keys = world.sts().access_keys("alice");
                let told = ran.stderr;
                if told.contains("it is deleted again") {
                    assert_eq!(keys.len(), 1, "{call} {nth}: {told}");
                }
                assert!(keys.iter().any(|k| k.is_active), "{call} {nth}: {told}");
                world.session_for_a_code(&["--no-cache"]);
                let again = world.awsmfa(ROTATE).any_stderr().run().stderr;
                let keys = world.sts().access_keys("alice");
                // One that was killed after its end is followed by a whole one.
                let active = keys.iter().filter(|key| key.is_active);
                assert_eq!(active.count(), 1, "{call} {nth}: {told}\n{again}");
                assert!(keys.len() == 2, "{call} {nth}: {told}\n{again}");
                assert!(keys.iter().all(|k| k.id != *old || !k.is_active));
                world.session_for_a_code(&["--no-cache"]);
            }
        }
        assert!(failed > 5, "{failed}");
    }
}
