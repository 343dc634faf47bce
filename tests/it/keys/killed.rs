//! Killed with -9 at random moments: the key is in the file or in the key store or in both, never nowhere; and of a
//! rotation's two keys the one that is used always works, and the other is known.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::{alice_at, typed};
use crate::support::World;
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, User};
use crate::support::world::AWSMFA;

/// A number of the environment, for who wants more kills or others than CI has.
fn told(name: &str, otherwise: u64) -> u64 {
    let told = std::env::var(name).ok();
    told.and_then(|told| told.parse().ok()).unwrap_or(otherwise)
}

/// Random and the same in every run.
struct Moments(u64);

impl Moments {
    /// From nothing to a tenth more than the whole.
    fn next(&mut self, whole: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let thousandths = u32::try_from(self.0 % 1100).unwrap();
        whole * thousandths / 1000
    }
}

/// Runs the command and kills it after this time; whether it was still running.
fn killed(world: &World, args: &[&str], after: Duration) -> bool {
    let mut command = world.command(AWSMFA);
    command
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    thread::sleep(after);
    let _ = child.kill();
    child.wait().unwrap().code().is_none()
}

const IMPORT: [&str; 3] = ["keys", "import", "--no-input"];
const EXPORT: [&str; 3] = ["keys", "export", "--no-input"];
const ROTATE: [&str; 3] = ["keys", "rotate", "--no-input"];

/// alice, with a code for every kill, a session that lets her rotate, and a second key in the passphrase file: that
/// one stays, so nobody is asked for a new passphrase.
fn world() -> World {
    let alice = User::new(ALICES_ACCOUNT, "alice").with_code_window(1000);
    let sts = LocalSts::builder().user(alice).new_key_unknown_for(1);
    let world = alice_at(sts);
    let bob = world.sts().user("bob").clone();
    let keys = world.keys("default")
        + &format!(
            "[bob]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            bob.access_key_id, bob.secret_access_key
        );
    let world = world.credentials(keys);
    let (status, text) = typed(&world, &["keys", "import", "bob"], &super::NEW);
    assert_eq!(status, 0, "{text}");
    world.session_for_a_code(&[]);
    world
}

/// How long it takes to its end. Where an export or an import had come to its end already, there is nothing to do.
fn finish(world: &World, args: &[&str]) -> Duration {
    let started = Instant::now();
    let mut command = world.command(AWSMFA);
    let ran = command.args(args).output().unwrap();
    let status = ran.status.code().unwrap();
    let told = String::from_utf8(ran.stderr).unwrap();
    let nothing_left = status == 1 && args == EXPORT && told.contains("has no key in a key store");
    assert!(status == 0 || nothing_left, "{args:?}: {status}\n{told}");
    started.elapsed()
}

/// The one key that is used works, IAM has no other but the one that the last rotation left, and no secret of any
/// other is kept.
fn assert_settled(world: &World, empty_file: u64, in_store: bool) {
    let index: serde_json::Value = serde_json::from_str(&world.read("state/keys.json")).unwrap();
    let rotations = index["rotations"].as_array().unwrap();
    assert!(rotations.iter().all(|r| r["is_done"] == true), "{index}");
    let listed = world.awsmfa(["keys", "list", "--json"]).any_stdout().run();
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let mut of_profile = listed["keys"].as_array().unwrap().iter();
    let used = of_profile.find(|key| key["profile"] == "default").unwrap();
    assert_eq!(used["plain_text"], !in_store, "{listed}\n{index}");
    let used = used["access_key_id"].as_str().unwrap();
    for key in world.sts().access_keys("alice") {
        let is_known = key.is_active == (key.id == used)
            && (key.is_active || rotations.iter().any(|r| r["old"] == key.id.as_str()));
        assert!(is_known, "{key:?} beside {used}: {index}");
    }
    let code = world.code();
    world.session(&["--no-cache", "-t", &code]);
    let file = world.read(".aws/credentials");
    assert!(!file.contains("awsmfa_spare"), "{file}");
    assert_eq!(file.contains("aws_secret_access_key"), !in_store, "{file}");
    // A section of it has always the same length.
    let size = fs::metadata(world.state().join("keys.age")).unwrap().len();
    assert_eq!(size > empty_file, in_store);
}

#[test]
fn an_import_export_or_rotation_that_is_killed_loses_no_key_and_leaves_none() {
    let world = world();
    let empty_file = fs::metadata(world.state().join("keys.age")).unwrap().len();
    let mut size = None;
    let round = [
        (&IMPORT, true),
        (&ROTATE, true),
        (&EXPORT, false),
        (&ROTATE, false),
    ];
    let whole = round.map(|(args, _)| finish(&world, args));
    let (kills, seed) = (told("AWSMFA_KILLS", 24), told("AWSMFA_SEED", 24));
    let mut moments = Moments(seed.max(1));
    let started = Instant::now();
    let (mut runs, mut were_running) = (0, 0);
    let mut each = round.iter().zip(whole).cycle();
    // A run that had come to its end counts as none.
    while were_running < kills {
        let ((args, in_store), whole) = each.next().unwrap();
        runs += 1;
        were_running += u64::from(killed(&world, *args, moments.next(whole)));
        if *args == &ROTATE {
            let code = world.code();
            world.session(&["--no-cache", "-t", &code]);
        }
        finish(&world, *args);
        assert_settled(&world, empty_file, *in_store);
        if *in_store {
            let now = fs::metadata(world.state().join("keys.age")).unwrap().len();
            assert_eq!(now, *size.get_or_insert(now), "a secret is left over");
        }
    }
    println!(
        "{were_running} killed in {runs} runs, seed {seed}, in {} s",
        started.elapsed().as_secs()
    );
}
