//! The MFA device that no file names: found by IAM, chosen among several, or suggested; and never looked for where
//! nobody may be asked.
#![cfg(unix)]

use insta::assert_snapshot;

use crate::support::World;
use crate::support::pty::Terminal;
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, User};
use crate::support::world::AWSMFA;

const DEVICE: &str = "arn:aws:iam::123456789012:mfa/alice";

fn alice() -> User {
    User::new(ALICES_ACCOUNT, "alice")
}

/// A home with two lines in `credentials` and nothing else.
fn world(alice: User) -> World {
    let sts = LocalSts::builder().user(alice);
    World::alice_at(sts).with_store().config("")
}

fn actions(world: &World) -> Vec<String> {
    world
        .sts()
        .calls()
        .iter()
        .map(|call| call.action.clone())
        .collect()
}

#[test]
fn one_device_is_used_without_a_question_and_remembered() {
    let world = world(alice());
    let mut terminal = Terminal::start(&world, AWSMFA, &["env"]);
    terminal.wait_for(&format!("awsmfa: MFA device of profile default: {DEVICE}"));
    terminal.wait_for("awsmfa: MFA code for ");
    terminal.enter(&world.code());
    terminal.wait_for("[y/N] ");
    terminal.enter("n");
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(actions(&world), ["ListMFADevices", "GetSessionToken"]);
    // The next one asks neither the user nor IAM.
    world.session(&["--no-input"]);
    world.session_for_a_code(&["--refresh"]);
    assert_eq!(actions(&world)[2..], ["GetSessionToken"]);
}

#[test]
fn a_script_that_brings_its_code_needs_no_terminal_to_find_it() {
    let world = world(alice());
    let code = world.code();
    let ran = world
        .awsmfa(["env", "--shell", "sh", "-t", &code])
        .any_stdout()
        .any_stderr()
        .run();
    assert_eq!(
        ran.stderr,
        format!("awsmfa: MFA device of profile default: {DEVICE}\n")
    );
}

#[test]
fn under_no_input_nobody_looks() {
    let world = world(alice());
    let code = world.code();
    let ran = world.awsmfa(["env", "--shell", "sh", "--no-input", "-t", &code]);
    let ran = ran.status(5).any_stdout().any_stderr().run();
    assert_snapshot!(world.redacted(&ran.stderr), @r#"
    awsmfa: no MFA device is known for profile default
    hint: write mfa_serial = arn:aws:iam::123456789012:mfa/NAME under [default] in [HOME]/.aws/config, or give --serial-number
    "#);
    assert!(actions(&world).is_empty());
}

#[test]
fn several_are_asked_about() {
    let others = [
        "arn:aws:iam::123456789012:mfa/old",
        DEVICE,
        "arn:aws:iam::123456789012:u2f/user/alice/key",
    ];
    let world = world(alice().with_devices(&others));
    let mut terminal = Terminal::start(&world, AWSMFA, &["env"]);
    terminal.wait_for("awsmfa: profile default has 2 MFA devices:");
    terminal.wait_for("Which one shows your code? [1-2] ");
    terminal.enter("9");
    terminal.wait_for("Which one shows your code? [1-2] ");
    terminal.enter("2");
    terminal.wait_for(&format!("awsmfa: MFA code for {DEVICE}"));
    terminal.enter(&world.code());
    terminal.wait_for("[y/N] ");
    terminal.enter("y");
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(
        world.read(".aws/config"),
        format!("[default]\nmfa_serial = {DEVICE}\n")
    );
}

#[test]
fn security_keys_alone_are_no_help() {
    let world = world(alice().with_devices(&["arn:aws:iam::123456789012:u2f/user/alice/key"]));
    let ran = world.awsmfa(["env", "--shell", "sh", "-t", "123456"]);
    let ran = ran.status(1).any_stdout().any_stderr().run();
    assert_snapshot!(ran.stderr, @r#"
    awsmfa: profile default has only security keys, and STS takes only codes
    hint: add an authenticator app as a second device (IAM console, your user, Security credentials), or sign in with aws login --profile default
    "#);
    assert_eq!(actions(&world), ["ListMFADevices"]);
}

#[test]
fn no_device_at_all_is_said() {
    let world = world(alice().with_devices(&[]));
    let ran = world.awsmfa(["env", "--shell", "sh", "-t", "123456"]);
    let ran = ran.status(1).any_stdout().any_stderr().run();
    assert_snapshot!(ran.stderr, @r#"
    awsmfa: profile default has no MFA device
    hint: add one in the IAM console (your user, Security credentials, Assign MFA device), then run awsmfa setup
    "#);
}

#[test]
fn where_listing_is_denied_enter_takes_the_suggestion() {
    let world = world(alice().without("iam:ListMFADevices"));
    let mut terminal = Terminal::start(&world, AWSMFA, &["env"]);
    terminal.wait_for(&format!(
        "ARN of the MFA device for profile default [{DEVICE}]: "
    ));
    terminal.enter("");
    terminal.wait_for("awsmfa: MFA code for ");
    terminal.enter(&world.code());
    terminal.wait_for("[y/N] ");
    terminal.enter("");
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(
        actions(&world),
        ["ListMFADevices", "GetCallerIdentity", "GetSessionToken"]
    );
}

#[test]
fn keys_that_aws_does_not_know_are_said_to_be_so() {
    let world = world(alice());
    let world = world.credentials(
        "[default]\naws_access_key_id = AKIAUNKNOWN00000000\naws_secret_access_key = canary\n",
    );
    let ran = world.awsmfa(["env", "--shell", "sh", "-t", "123456"]);
    let ran = ran.status(3).any_stdout().any_stderr().run();
    assert!(
        ran.stderr.contains("does not know the access key …0000"),
        "{}",
        ran.stderr
    );
}

#[test]
fn ctrl_c_at_the_choice_ends_silently_and_gives_the_terminal_back() {
    let world = world(alice().with_devices(&["arn:aws:iam::123456789012:mfa/old", DEVICE]));
    let mut terminal = Terminal::start(&world, AWSMFA, &["env"]);
    terminal.wait_for("Which one shows your code? [1-2] ");
    terminal.control('c');
    assert_eq!(terminal.status(), 130, "{}", terminal.text());
}
