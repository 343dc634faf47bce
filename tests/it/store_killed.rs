//! Killed with -9 at random moments, three hundred times: what is left on the disk is never a secret
//! that can be read, never open to others, never in anybody's way.
#![cfg(unix)]
use crate::support;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::World;
use crate::support::sts::{LocalSts, User};
use crate::support::world::AWSMFA;

const RUNS: u32 = 300;
const WORKERS: u32 = 3;

/// alice's device takes a fresh code for each of the runs.
fn world() -> World {
    let alice = User::new(support::sts::ALICES_ACCOUNT, "alice").with_code_window(400);
    World::alice_at(LocalSts::builder().user(alice)).with_store()
}

/// A run that asks STS and stores what it gets. The duration is a new one each time: no stored
/// session serves, so that every run goes all the way.
fn run(world: &World, number: u32) -> Command {
    let mut command = world.command(AWSMFA);
    let duration = (900 + number).to_string();
    command.args(["env", "--no-input", "-t", &world.code(), "-d", &duration]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// How long a whole run takes here and now.
fn whole_run(world: &World) -> Duration {
    let started = Instant::now();
    assert!(run(world, 0).status().unwrap().success());
    started.elapsed()
}

#[test]
fn three_hundred_killed_runs_leave_nothing_behind() {
    let world = world();
    let whole = whole_run(&world);
    // The first of them make folder and key.
    fs::remove_dir_all(world.state()).unwrap();
    #[cfg(target_os = "linux")]
    support::stored::forget_key(world.state().to_str().unwrap());
    let (next, killed) = (AtomicU32::new(1), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number > RUNS {
                        return;
                    }
                    let mut child = run(&world, number).spawn().unwrap();
                    // Moments spread over a run and half of another: the order is not the time's.
                    thread::sleep(whole * (number * 37 % RUNS) / RUNS * 3 / 2);
                    let _ = child.kill();
                    let ended = child.wait().unwrap();
                    killed.fetch_add(u32::from(ended.code().is_none()), Ordering::Relaxed);
                    nothing_is_open(&world);
                }
            });
        }
    });
    let sent = world.sts().calls();
    let killed = killed.into_inner();
    assert!(
        killed > RUNS / 4,
        "{killed} were killed before they were done"
    );
    assert!(sent.len() > 30, "hardly a run came as far as the call");
    let codes = sent.iter().filter_map(|call| call.param("TokenCode"));
    nothing_is_readable(&world, codes);
    // The next run works and tidies up: its entry alone is left, no lock, no temporary file.
    let session = world.session_for_a_code(&["-d", "12h"]);
    assert_eq!(world.session(&["--no-input"]), session);
    let left = world.stored();
    assert_eq!(left.len(), 1, "{left:?}");
}

/// Every file is for its owner alone, at every moment. One that vanishes meanwhile is a lock's.
fn nothing_is_open(world: &World) {
    let mode = |path| fs::symlink_metadata(path).map(|m| m.permissions().mode() & 0o077);
    assert_eq!(mode(world.state()).unwrap_or_default(), 0);
    for file in fs::read_dir(world.state()).into_iter().flatten().flatten() {
        assert_eq!(mode(file.path()).unwrap_or_default(), 0, "{file:?}");
    }
}

/// Neither what every session's plain form has in it nor a code that was sent, in any file of the store.
fn nothing_is_readable<'a>(world: &World, codes: impl Iterator<Item = &'a str>) {
    let files = fs::read_dir(world.state()).unwrap().map(Result::unwrap);
    let bytes: Vec<Vec<u8>> = files.map(|file| fs::read(file.path()).unwrap()).collect();
    let in_no_file = |text: &str| bytes.iter().all(|bytes| !has(bytes, text.as_bytes()));
    for text in ["secret_access_key", "session_token"]
        .into_iter()
        .chain(codes)
    {
        assert!(in_no_file(text), "{text}");
    }
}

/// Six digits inside a longer number (a point in time) are no code.
fn has(bytes: &[u8], text: &[u8]) -> bool {
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    bytes.windows(text.len()).enumerate().any(|(at, window)| {
        window == text && !is_digit(at.checked_sub(1)) && !is_digit(Some(at + text.len()))
    })
}
