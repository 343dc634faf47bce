//! A login is renewed once, whoever wants it at the same time, and made anew once.
#![cfg(unix)]
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::World;
use crate::support::process::DEADLINE;
use crate::support::pty::Terminal;
use crate::support::stored::Printed;
use crate::support::sts::{LocalSts, Role};
use crate::support::world::AWSMFA;

pub const READER: &str = "arn:aws:iam::123456789012:role/reader";
pub const CONSOLE: &str = "arn:aws:sts::123456789012:assumed-role/reader/alice";
const PERMISSION_SETS: [&str; 4] = ["One", "Two", "Three", "Four"];

/// Four profiles of one login at IAM Identity Center, a role on each, and two of one `aws login`.
pub fn world() -> World {
    let mut sts = LocalSts::builder();
    let mut config = "[sso-session corp]\nsso_region = eu-west-1\n\
        sso_start_url = https://example.awsapps.com/start\n"
        .to_owned();
    for name in PERMISSION_SETS {
        let arn = format!(
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_{name}_0a1b2c3d4e5f6071"
        );
        let deploy = format!("arn:aws:iam::210987654321:role/deploy-by-{name}");
        sts = sts.role(Role::new(&arn));
        sts = sts.role(Role::new(&deploy).trusting(&arn));
        config += &format!(
            "[profile {name}]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = {name}\n\
             region = eu-west-1\n[profile deploy-{name}]\nrole_arn = {deploy}\nsource_profile = {name}\n"
        );
    }
    for name in ["console", "console-too"] {
        config += &format!("[profile {name}]\nlogin_session = {CONSOLE}\nregion = eu-west-1\n");
    }
    let world = World::alice_at(sts).with_store().with_portal();
    world.config(config).credentials("")
}

fn actions(world: &World) -> Vec<String> {
    let calls = world.sts().calls().into_iter();
    calls.map(|call| call.action).collect()
}

pub fn count(world: &World, action: &str) -> usize {
    let actions = actions(world);
    actions.iter().filter(|other| *other == action).count()
}

fn start(world: &World, args: &[&str]) -> Child {
    let mut command = world.command(AWSMFA);
    command.args(["env", "--format", "json"]).args(args);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(Stdio::piped()).spawn().unwrap()
}

/// All that were started have got a session, without a word.
#[track_caller]
fn all_get_one(started: Vec<Child>) {
    for child in started {
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        Printed::of(&String::from_utf8_lossy(&output.stdout));
    }
}

/// Eight profiles of one login at once, by twenty-four processes. The portal holds its answer back until all have come
/// as far as they can.
#[test]
fn a_token_of_identity_center_is_renewed_once_for_all_its_profiles() {
    let world = world();
    world.write_sso_login("corp", &world.sts().log_in(-60, true));
    world.sts().hold();
    let mut started = Vec::new();
    for name in PERMISSION_SETS {
        let deploy = format!("deploy-{name}");
        for profile in [name, &deploy, name] {
            started.push(start(&world, &[profile]));
            started.push(start(&world, &[profile, "--no-input"]));
        }
    }
    world.sts().wait_for_calls(1, DEADLINE);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(actions(&world), ["CreateToken"], "the others wait");
    world.sts().release();
    all_get_one(started);
    assert_eq!(count(&world, "CreateToken"), 1);
    assert_eq!(count(&world, "GetRoleCredentials"), PERMISSION_SETS.len());
    // With a good token nobody waits for anybody.
    world.awsmfa(["logout", "--all"]).any_stderr().run();
    world.sts().hold();
    let before = actions(&world).len();
    let started = PERMISSION_SETS.map(|name| start(&world, &[name, "--no-input"]));
    world
        .sts()
        .wait_for_calls(before + PERMISSION_SETS.len(), DEADLINE);
    world.sts().release();
    all_get_one(started.into());
}

#[test]
fn a_login_at_the_console_is_renewed_once_for_all_its_profiles() {
    let world = world();
    world.write_console_login(CONSOLE, &world.sts().sign_in(READER, -60));
    let mut started = Vec::new();
    for _ in 0..6 {
        started.push(start(&world, &["console"]));
        started.push(start(&world, &["console-too", "--no-input"]));
    }
    all_get_one(started);
    assert_eq!(actions(&world), ["CreateOAuth2Token"]);
}

/// A process that is killed while it renews holds up nobody: its lock goes with it.
#[test]
fn whoever_is_killed_while_renewing_holds_up_nobody() {
    let world = world();
    world.write_sso_login("corp", &world.sts().log_in(-60, true));
    world.sts().hold();
    let mut first = start(&world, &["One"]);
    world.sts().wait_for_calls(1, DEADLINE);
    let mut second = start(&world, &["Two"]);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(actions(&world), ["CreateToken"], "the second one waits");
    first.kill().unwrap();
    first.wait().unwrap();
    world.sts().wait_for_calls(2, DEADLINE);
    assert_eq!(actions(&world), ["CreateToken", "CreateToken"]);
    second.kill().unwrap();
    second.wait().unwrap();
}

/// The AWS CLI takes no lock. Where it has renewed the login in the same moment, our refresh token is spent, and what it
/// has written is used.
#[test]
fn a_login_that_the_aws_cli_renews_in_the_same_moment_has_not_ended() {
    let world = world();
    world.write_sso_login("corp", &world.sts().log_in(-60, true));
    world.sts().hold();
    let ours = start(&world, &["One", "--no-input"]);
    world.sts().wait_for_calls(1, DEADLINE);
    world.sts().log_everybody_out();
    world.write_sso_login("corp", &world.sts().log_in(3600, true));
    world.sts().release();
    all_get_one(vec![ours]);
    assert_eq!(
        actions(&world),
        ["CreateToken", "GetRoleCredentials", "GetRoleCredentials"]
    );
}

/// Two terminals, two profiles, one login that has ended: one question, one login, two sessions.
#[test]
fn one_terminal_logs_in_and_the_other_waits_for_that() {
    let world = world().with_aws_that_logs_in();
    world.write_sso_login("corp", &world.sts().log_in(3600, true));
    std::fs::rename(world.path(".aws/sso/cache"), world.path("ready")).unwrap();
    let line = |profile| format!("x=$(awsmfa env {profile} --shell sh) && echo got ${{#x}}");
    let mut one = Terminal::start(&world, "sh", &["-c", &line("One")]);
    one.wait_for("Run aws sso login --profile One now? [Y/n] ");
    let mut two = Terminal::start(&world, "sh", &["-c", &line("Two")]);
    two.wait_for("awsmfa: waiting for another awsmfa (process ");
    // Where nobody may wait for a person, the reason is who is being asked.
    let ran = world.env_json(&["Three", "--no-input"]).status(5);
    let told = ran.any_stderr().run().stderr;
    assert!(
        told.starts_with("awsmfa: another awsmfa has not finished (process ")
            && told.contains(" asking for profile One)"),
        "{told}"
    );
    one.enter("");
    one.wait_for("got ");
    two.wait_for("got ");
    assert_eq!((one.status(), two.status()), (0, 0));
    assert_eq!(world.read("called"), "sso login --profile One\n");
    assert_eq!(count(&world, "CreateToken"), 0);
}
