//! A login is renewed once, whoever wants it at the same time; and what one AWS tool has renewed, the others read.
#![cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::World;
use crate::support::clients;
use crate::support::process::{self, DEADLINE};
use crate::support::stored::Printed;
use crate::support::sts::{LocalSts, Role};
use crate::support::world::AWSMFA;

const READER: &str = "arn:aws:iam::123456789012:role/reader";
const CONSOLE: &str = "arn:aws:sts::123456789012:assumed-role/reader/alice";
const PERMISSION_SETS: [&str; 4] = ["One", "Two", "Three", "Four"];

/// Four profiles of one login at IAM Identity Center, a role on each, and two of one `aws login`.
fn world() -> World {
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

fn count(world: &World, action: &str) -> usize {
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
    std::thread::sleep(Duration::from_millis(100));
    first.kill().unwrap();
    first.wait().unwrap();
    world.sts().wait_for_calls(2, DEADLINE);
    assert_eq!(actions(&world), ["CreateToken", "CreateToken"]);
    second.kill().unwrap();
    second.wait().unwrap();
}

/// What the AWS CLI and boto3 are run as, with the environment of the test.
fn clients(module: &str) -> Option<Vec<Vec<String>>> {
    const WHO: &str = "import boto3, sys\n\
        print(boto3.Session(profile_name=sys.argv[1]).client('sts').get_caller_identity()['Arn'])";
    let python = clients::python(module)?;
    let mut aws = clients::aws()?.to_vec();
    aws.extend(
        "sts get-caller-identity --query Arn --output text --profile"
            .split(' ')
            .map(str::to_owned),
    );
    Some(vec![aws, vec![python, "-c".to_owned(), WHO.to_owned()]])
}

/// Who the client is by this profile.
#[track_caller]
fn whoami(world: &World, client: &[String], profile: &str) -> String {
    let (program, args) = client.split_first().unwrap();
    let mut command = world.command(program);
    command.args(args).arg(profile).stdout(Stdio::piped());
    let ran = process::finish(&mut command, "");
    assert!(ran.stdout.contains(":assumed-role/"), "{}", ran.stderr);
    ran.stdout
}

/// One login that has ended, three tools one after the other in every order: the first renews it, the others read that.
#[test]
fn the_aws_cli_and_boto3_share_the_logins_at_identity_center_with_awsmfa() {
    let Some(clients) = clients("boto3") else {
        return;
    };
    for client in &clients {
        let world = world();
        world.write_sso_login("corp", &world.sts().log_in(-60, true));
        world.session(&["One", "--no-input"]);
        assert!(whoami(&world, client, "One").contains("AWSReservedSSO_One_"));
        assert!(whoami(&world, client, "Two").contains("AWSReservedSSO_Two_"));
        assert_eq!(count(&world, "CreateToken"), 1, "{client:?}");
        // And the other way: what the client has renewed is good for awsmfa.
        world.write_sso_login("corp", &world.sts().log_in(-60, true));
        assert!(whoami(&world, client, "Three").contains("AWSReservedSSO_Three_"));
        assert_eq!(count(&world, "CreateToken"), 2, "{client:?}");
        world.session(&["Four", "--no-input"]);
        world.session(&["deploy-Four", "--no-input"]);
        assert_eq!(count(&world, "CreateToken"), 2, "{client:?}");
    }
}

/// The same for `aws login`, which needs `awscrt` in Python. The region of the sign-in stays in the file.
#[test]
fn the_aws_cli_and_boto3_share_the_logins_at_the_console_with_awsmfa() {
    let Some(clients) = clients("awscrt") else {
        return;
    };
    for client in &clients {
        let world = world();
        let path = world.write_console_login(CONSOLE, &world.sts().sign_in(READER, -60));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(
            &path,
            text.replacen('{', r#"{"signInRegion": "us-east-1","#, 1),
        )
        .unwrap();
        world.session(&["console", "--no-input"]);
        let kept: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(kept["signInRegion"], "us-east-1");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
        assert!(whoami(&world, client, "console").contains(":assumed-role/reader/"));
        assert_eq!(count(&world, "CreateOAuth2Token"), 1, "{client:?}");
        world.write_console_login(CONSOLE, &world.sts().sign_in(READER, -60));
        assert!(whoami(&world, client, "console").contains(":assumed-role/reader/"));
        assert_eq!(count(&world, "CreateOAuth2Token"), 2, "{client:?}");
        world.session(&["console", "--no-input", "--refresh"]);
        assert_eq!(count(&world, "CreateOAuth2Token"), 2, "{client:?}");
    }
}
