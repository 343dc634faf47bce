//! Secret Service, spoken to by a real gnome-keyring on a bus of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{files_with, one_code_and};
use crate::support::World;
use crate::support::shells::installed;
use crate::support::stored::forget_key;

/// A desktop: a session bus and a key store that is unlocked with this password, or locked.
struct Desktop {
    bus: Child,
    keyring: Child,
}

impl Desktop {
    /// Now and then, on a busy machine, the daemon comes up locked with the right password: then another one.
    fn start(world: &mut World, password: Option<&str>) -> Self {
        for _ in 0..10 {
            let desktop = Self::start_once(world, password);
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_secs(5) {
                if password.is_none() || is_unlocked(world) {
                    return desktop;
                }
                thread::sleep(Duration::from_millis(20));
            }
            desktop.end();
        }
        panic!("the keyring stays locked");
    }

    fn start_once(world: &mut World, password: Option<&str>) -> Self {
        let mut bus = world.command("dbus-daemon");
        bus.args(["--session", "--nofork", "--print-address"]);
        let mut bus = bus
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let mut output = BufReader::new(bus.stdout.take().unwrap());
        output.read_line(&mut address).unwrap();
        world.set("DBUS_SESSION_BUS_ADDRESS", address.trim());
        let mut keyring = world.command("gnome-keyring-daemon");
        keyring.args(["--foreground", "--components=secrets"]);
        if password.is_some() {
            keyring.arg("--unlock");
        }
        let mut keyring = keyring
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = keyring.stdin.take().unwrap();
        input
            .write_all(password.unwrap_or_default().as_bytes())
            .unwrap();
        drop(input);
        // It says so once it is on the bus.
        let mut line = String::new();
        BufReader::new(keyring.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self { bus, keyring }
    }

    fn end(mut self) {
        for child in [&mut self.keyring, &mut self.bus] {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

/// It is on the bus before its first keyring is there.
fn is_unlocked(world: &World) -> bool {
    let mut ask = world.command("dbus-send");
    ask.args([
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.secrets",
    ]);
    ask.args(["/org/freedesktop/secrets/aliases/default"]);
    ask.arg("org.freedesktop.DBus.Properties.Get");
    ask.args(["string:org.freedesktop.Secret.Collection", "string:Locked"]);
    let answer = ask.output().unwrap();
    String::from_utf8_lossy(&answer.stdout).contains("boolean false")
}

fn is_installed() -> bool {
    installed("gnome-keyring-daemon", true) && installed("dbus-daemon", true)
}

#[test]
fn a_key_in_secret_service_is_in_no_file_and_works() {
    if !is_installed() {
        return;
    }
    let mut world = World::alice().with_store();
    let desktop = Desktop::start(&mut world, Some("desktop"));
    let before = world.read(".aws/credentials");
    let secret = world.user().secret_access_key.clone();
    let told = world
        .awsmfa(["keys", "import", "--no-input"])
        .any_stderr()
        .run()
        .stderr;
    assert!(told.contains("is in Secret Service now"), "{told}");
    assert_eq!(files_with(&world, &secret), [""; 0]);
    let session = world.session_for_a_code(&[]);

    // A reboot: locked, nobody may be asked, no code is spent.
    desktop.end();
    let desktop = Desktop::start(&mut world, None);
    assert_eq!(
        world.session(&["--no-input"]),
        session,
        "a stored session needs no key"
    );
    let code = world.code();
    let refused = world.env_json(&["--refresh", "--no-input", "-t", &code]);
    let refused = refused.any_stderr().status(5).run();
    assert!(
        refused.stderr.contains("Secret Service is locked"),
        "{}",
        refused.stderr
    );
    desktop.end();

    let desktop = Desktop::start(&mut world, Some("desktop"));
    world.session(&["--refresh", "--no-input", "-t", &code]);
    world
        .awsmfa(["keys", "export", "--no-input"])
        .any_stderr()
        .run();
    assert_eq!(world.read(".aws/credentials"), before);
    // It is gone there: the next import makes it anew.
    world
        .awsmfa(["keys", "import", "--no-input"])
        .any_stderr()
        .run();
    world
        .awsmfa(["keys", "export", "--no-input"])
        .any_stderr()
        .run();
    desktop.end();
}

#[test]
fn a_stored_session_is_given_without_the_bus() {
    if !is_installed() {
        return;
    }
    let mut world = World::alice().with_store();
    let desktop = Desktop::start(&mut world, Some("desktop"));
    world
        .awsmfa(["keys", "import", "--no-input"])
        .any_stderr()
        .run();
    let session = world.session_for_a_code(&[]);
    desktop.end();
    assert_eq!(world.session(&["--no-input"]), session);
    let code = world.code();
    let refused = world
        .env_json(&["--refresh", "-t", &code])
        .any_stderr()
        .status(1)
        .run();
    assert!(
        refused.stderr.contains("Secret Service cannot be used"),
        "{}",
        refused.stderr
    );
}

/// A reboot: the kernel has forgotten the store's key, the bus and the service are new, and the service is unlocked
/// with the desktop. In the first terminal one code is asked for, in the second nothing.
#[test]
fn after_a_reboot_an_unlocked_service_costs_one_code() {
    if !is_installed() || !installed("keyctl", true) {
        return;
    }
    let mut world = World::alice().with_store();
    let desktop = Desktop::start(&mut world, Some("desktop"));
    let import = ["keys", "import", "--no-input"];
    world.awsmfa(import).any_stderr().run();
    world.session_for_a_code(&[]);
    desktop.end();
    forget_key(world.state().to_str().unwrap());
    let desktop = Desktop::start(&mut world, Some("desktop"));
    one_code_and(&world, &[]);
    desktop.end();
}

/// Neither a dialog nor a question, whatever would have to be opened; and nothing is changed.
#[test]
fn a_locked_service_is_exit_5_where_nobody_may_be_asked() {
    if !is_installed() {
        return;
    }
    let mut world = World::alice().with_store();
    let desktop = Desktop::start(&mut world, Some("desktop"));
    world.session_for_a_code(&[]);
    let run = |world: &World, command: &str, status: i32| {
        let test = world.awsmfa(["keys", command, "--no-input"]).any_stderr();
        test.status(status).run().stderr
    };
    // So that there is a keyring that can be locked.
    run(&world, "import", 0);
    run(&world, "export", 0);
    desktop.end();
    let desktop = Desktop::start(&mut world, None);
    let in_file = world.read(".aws/credentials");
    let told = run(&world, "import", 5);
    assert!(told.contains("Secret Service is locked"), "{told}");
    assert_eq!(world.read(".aws/credentials"), in_file);
    desktop.end();

    let desktop = Desktop::start(&mut world, Some("desktop"));
    run(&world, "import", 0);
    run(&world, "rotate", 0);
    desktop.end();
    let desktop = Desktop::start(&mut world, None);
    for command in ["rotate", "export"] {
        let told = run(&world, command, 5);
        assert!(told.contains("Secret Service is locked"), "{told}");
    }
    assert_eq!(world.sts().access_keys("alice").len(), 2);
    assert_eq!(world.read(".aws/credentials"), "[default]\n");
    desktop.end();
}
