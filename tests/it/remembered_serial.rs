//! The serial number of an MFA device is no secret: typed once, it is remembered for its access key.
#![cfg(unix)]

use crate::support::World;
use crate::support::pty::Terminal;
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, User};
use crate::support::world::AWSMFA;

/// alice and bob, with keys and no word of a device, and not allowed to list theirs.
fn world() -> World {
    let nobody_lists = |name: &str| User::new(ALICES_ACCOUNT, name).without("iam:ListMFADevices");
    let sts = LocalSts::builder()
        .user(nobody_lists("alice"))
        .user(nobody_lists("bob"));
    let world = World::alice_at(sts).with_store().config("");
    let bob = world.sts().user("bob").clone();
    let keys = format!(
        "{}[bob]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        world.keys("default"),
        bob.access_key_id,
        bob.secret_access_key
    );
    world.credentials(keys)
}

/// A person who types device and code at a terminal.
fn type_both(world: &World, code: &str) -> Terminal {
    let mut terminal = Terminal::start(world, AWSMFA, &["env"]);
    terminal.wait_for(
        "awsmfa: ARN of the MFA device for profile default [arn:aws:iam::123456789012:mfa/alice]: ",
    );
    terminal.enter(&world.user().mfa_serial);
    terminal.wait_for("awsmfa: MFA code for arn:aws:iam::123456789012:mfa/alice");
    terminal.enter(code);
    terminal
}

const WRITE: &str = "Save this device as mfa_serial under [default] in ";

/// Enter alone is no.
fn decline(mut terminal: Terminal) {
    terminal.wait_for(WRITE);
    terminal.enter("");
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
}

#[test]
fn a_yes_writes_it_into_the_config_file_and_nothing_else() {
    let world = world().config("# mine\r\n[default]\r\nregion = eu-west-1\r\n");
    let mut terminal = type_both(&world, &world.code());
    terminal.wait_for(WRITE);
    terminal.enter("y");
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(
        world.read(".aws/config"),
        "# mine\r\n[default]\r\nregion = eu-west-1\r\n\
         mfa_serial = arn:aws:iam::123456789012:mfa/alice\r\n"
    );
}

#[test]
fn a_no_leaves_the_config_file_and_the_session_alone() {
    for no in ["n", "", "yo"] {
        let world = world().config("[default]\n");
        let mut terminal = type_both(&world, &world.code());
        terminal.wait_for(WRITE);
        terminal.enter(no);
        assert_eq!(terminal.status(), 0, "{}", terminal.text());
        assert_eq!(world.read(".aws/config"), "[default]\n");
    }
}

#[test]
fn a_device_that_was_typed_is_not_asked_for_again() {
    let world = world();
    decline(type_both(&world, &world.code()));
    let session = world.session(&["--no-input"]);
    let explain = ["env", "--explain", "--no-input"];
    let told = world.awsmfa(explain).any_stderr().run().stderr;
    assert!(
        told.contains("MFA device: arn:aws:iam::123456789012:mfa/alice")
            && told.contains("stored: "),
        "{told}"
    );
    assert_ne!(world.session_for_a_code(&["--refresh"]), session);
    world
        .awsmfa(["logout"])
        .stderr("awsmfa: 1 stored session forgotten\n")
        .run();
    world.session_for_a_code(&[]);
}

/// The session behind it was stored, so it is right.
#[test]
fn a_device_that_was_typed_for_a_stored_session_is_not_asked_for_again_either() {
    let world = world();
    let (serial, code) = (world.user().mfa_serial.clone(), world.code());
    world.session(&["--serial-number", &serial, "-t", &code]);
    let mut terminal = Terminal::start(&world, AWSMFA, &["env"]);
    terminal.wait_for(
        "awsmfa: ARN of the MFA device for profile default [arn:aws:iam::123456789012:mfa/alice]: ",
    );
    terminal.enter(&serial);
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    world.session(&["--no-input"]);
}

#[test]
fn it_is_remembered_for_its_own_key_only() {
    let world = world();
    decline(type_both(&world, &world.code()));
    let ran = world.assert_asks(&["bob", "-t", "123456"]);
    assert!(
        ran.stderr
            .starts_with("awsmfa: no MFA device is known for profile bob\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_aws_did_not_accept_is_not_remembered() {
    let world = world();
    let mut terminal = type_both(&world, "000000");
    terminal.wait_for("AWS refused the code");
    terminal.control('c');
    assert_eq!(terminal.status(), 130);
    world.assert_asks(&["-t", "123456"]);
}

#[test]
fn a_store_that_is_off_remembers_nothing() {
    let world = world().env("AWSMFA_STORE", "off");
    let before = world.tree();
    decline(type_both(&world, &world.code()));
    assert_eq!(world.tree(), before);
}

/// A role of the same keys needs it as much as they do.
#[test]
fn a_device_that_was_typed_serves_the_roles_of_its_source() {
    let world = world().config(
        "[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\n",
    );
    decline(type_both(&world, &world.code()));
    world.session(&["admin", "--no-input"]);
    // The list of profiles finds that session too: it looks where the run above did.
    let listed = world.awsmfa(["profiles", "--json"]).any_stdout().run();
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let admin = &listed["profiles"][0];
    assert_eq!(admin["profile"], "admin");
    assert!(admin["mfa"].is_string(), "{listed}");
    assert!(admin["stored_until"].is_string(), "{listed}");
    let actions: Vec<_> = world
        .sts()
        .calls()
        .into_iter()
        .map(|call| call.action)
        .collect();
    assert_eq!(
        actions,
        [
            "ListMFADevices",
            "GetCallerIdentity",
            "GetSessionToken",
            "AssumeRole"
        ]
    );
}
