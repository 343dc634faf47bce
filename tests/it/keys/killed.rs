//! Killed with -9 at random moments: the key is in the file or in the key store or in both, never nowhere.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::{alice, typed};
use crate::support::World;
use crate::support::world::AWSMFA;

/// In CI; `AWSMFA_KILLS=300` for more.
fn kills() -> u32 {
    let told = std::env::var("AWSMFA_KILLS").ok();
    told.and_then(|told| told.parse().ok()).unwrap_or(30)
}

/// Runs the command and kills it at the `nth` of so many moments; whether it was still running.
fn killed(world: &World, args: &[&str], whole: Duration, nth: u32, of: u32) -> bool {
    let mut command = world.command(AWSMFA);
    command
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    thread::sleep(whole * (nth * 37 % of) / of * 11 / 10);
    let _ = child.kill();
    child.wait().unwrap().code().is_none()
}

fn finish_any(world: &World, args: &[&str]) -> Option<i32> {
    let mut command = world.command(AWSMFA);
    command
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().unwrap().code()
}

/// A second key in the passphrase file: it stays, so nobody is asked for a new passphrase.
fn world() -> World {
    let world = alice();
    let bob = world.sts().user("bob").clone();
    let keys = world.keys("default")
        + &format!(
            "[bob]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            bob.access_key_id, bob.secret_access_key
        );
    let world = world.credentials(keys);
    let (status, text) = typed(&world, &["keys", "import", "bob"], &super::NEW);
    assert_eq!(status, 0, "{text}");
    world
}

#[test]
fn an_import_or_export_that_is_killed_loses_no_key() {
    let world = world();
    let (import, export) = (
        ["keys", "import", "--no-input"],
        ["keys", "export", "--no-input"],
    );
    let before = world.read(".aws/credentials");
    let finish = |args: &[&str]| {
        let started = Instant::now();
        world.awsmfa(args.iter().copied()).any_stderr().run();
        started.elapsed()
    };
    let (of_import, of_export) = (finish(&import), finish(&export));
    let (runs, mut were_killed) = (kills(), 0);
    for nth in 0..runs {
        were_killed += u32::from(killed(&world, &import, of_import, nth, runs));
        finish(&import);
        assert_eq!(world.read(".aws/credentials"), "[default]\n[bob]\n");
        were_killed += u32::from(killed(&world, &export, of_export, nth, runs));
        // Where it was done already, there is nothing to export any more: exit 1.
        let again = finish_any(&world, &export);
        assert!(matches!(again, Some(0 | 1)), "{again:?}");
        assert_eq!(world.read(".aws/credentials"), before);
    }
    assert!(
        were_killed > runs / 2,
        "{were_killed} of {} were killed",
        runs * 2
    );
}
