//! The SDKs of other people below `awsmfa exec --server`, against the local STS, which checks what they sign.
#![cfg(unix)]
use std::process::Stdio;

use crate::support::process::{Finished, finish};
use crate::support::sts::LocalSts;
use crate::support::world::AWSMFA;
use crate::support::{World, clients};

const BOTO3: &str = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])";

const JAVASCRIPT: &str = "const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');\n\
    new STSClient({}).send(new GetCallerIdentityCommand({})).then(\n\
      answer => console.log(answer.Arn),\n\
      error => { console.error(error); process.exit(1); });";

/// alice with long-term keys in `[default]`, as most people have them, and the role `admin`, which takes MFA.
fn world_of(sts: LocalSts) -> World {
    let world = World::alice_of(sts).with_store();
    let config = format!(
        "{}region = eu-west-1\n\
         [profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\n",
        world.read(".aws/config")
    );
    let world = world.config(config);
    world.session_for_a_code(&[]);
    world
}

/// What a client prints below the server.
#[track_caller]
fn below(world: &World, client: &[String]) -> Finished {
    let mut command = world.command(AWSMFA);
    command
        .args(["exec", "--server", "admin", "--"])
        .args(client);
    // A machine of AWS's would be asked last, and here takes its time not to answer.
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    if let Some(modules) = clients::node_modules() {
        command.env("NODE_PATH", modules);
    }
    finish(command.stdout(Stdio::piped()), "")
}

/// The client's own call was signed with a session of the role.
#[track_caller]
fn is_admin(world: &World, ran: &Finished) {
    assert_eq!(ran.status, 0, "{ran:?}");
    let arn = "arn:aws:sts::123456789012:assumed-role/admin/";
    assert!(ran.stdout.contains(arn), "{ran:?}");
    let calls = world.sts().calls();
    let last = calls.last().unwrap();
    assert_eq!(last.action, "GetCallerIdentity");
    assert_eq!(last.outcome, "200");
}

#[track_caller]
fn works(client: Option<Vec<String>>) {
    if let Some(client) = client {
        let world = world_of(LocalSts::start());
        is_admin(&world, &below(&world, &client));
    }
}

#[test]
fn the_aws_cli() {
    let words = [
        "sts",
        "get-caller-identity",
        "--query",
        "Arn",
        "--output",
        "text",
    ];
    works(clients::aws().map(|aws| aws.into_iter().chain(words.map(str::to_owned)).collect()));
}

#[test]
fn boto3() {
    works(clients::python("boto3").map(|python| vec![python, "-c".into(), BOTO3.into()]));
}

#[test]
fn the_javascript_sdk() {
    works(clients::node().map(|node| vec![node, "-e".into(), JAVASCRIPT.into()]));
}

#[test]
fn the_rust_sdk() {
    let itself = std::env::current_exe().unwrap();
    let words = [
        "--exact",
        "exec_server_clients::as_the_rust_sdk",
        "--ignored",
        "--nocapture",
    ];
    let line = std::iter::once(itself.to_str().unwrap()).chain(words);
    works(Some(line.map(str::to_owned).collect()));
}

/// The program that the test above runs below the server.
#[test]
#[ignore = "a client, for the test above"]
fn as_the_rust_sdk() {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let arn = runtime.block_on(async {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest());
        let http = aws_smithy_http_client::Builder::new().build_http();
        let config = config.http_client(http).load().await;
        let sts = aws_sdk_sts::Client::new(&config);
        let answer = sts.get_caller_identity().send().await.unwrap();
        answer.arn().unwrap().to_owned()
    });
    println!("{arn}");
}

/// Any other client that prints who it is: `AWSMFA_CLIENT="java -cp … Whoami" cargo test --test it -- --ignored
/// another_client --nocapture`.
#[test]
#[ignore = "for a client that is named"]
fn another_client() {
    let client = std::env::var("AWSMFA_CLIENT").unwrap();
    let client: Vec<String> = client.split(' ').map(str::to_owned).collect();
    let world = world_of(LocalSts::start());
    let ran = below(&world, &client);
    println!("{}{}", ran.stdout, ran.stderr);
    is_admin(&world, &ran);
    for call in world.sts().calls() {
        println!(
            "{} by {}: {}",
            call.action, call.access_key_id, call.outcome
        );
    }
}

/// Asks until it has seen so many sessions, at most so many seconds.
const LOOP: &str = "\
import boto3, sys, time
session = boto3.Session()
sts = session.client('sts')
seen, start = [], time.monotonic()
while len(seen) < 4 and time.monotonic() - start < 60:
    sts.get_caller_identity()
    key = session.get_credentials().get_frozen_credentials().access_key
    if key not in seen:
        seen.append(key)
        print('session', len(seen), flush=True)
    time.sleep(float(sys.argv[1]))
";

/// A role's hour is ten seconds here.
fn hour_of_ten_seconds() -> World {
    let sts = LocalSts::builder().session_seconds_clock_offset(10 - 3_600);
    world_of(sts.start())
}

#[test]
fn a_loop_of_boto3_goes_through_three_renewals() {
    let Some(python) = clients::python("boto3") else {
        return;
    };
    let world = hour_of_ten_seconds();
    let line = ["-c", LOOP, "0.1"].map(str::to_owned);
    let ran = below(&world, &[vec![python], line.to_vec()].concat());
    assert_eq!(
        ran.stdout, "session 1\nsession 2\nsession 3\nsession 4\n",
        "{ran:?}"
    );
    assert_eq!((ran.status, &*ran.stderr), (0, ""));
    let calls = world.sts().calls();
    assert!(calls.iter().all(|call| call.outcome == "200"));
}

/// The same program with the keys in its environment.
#[test]
fn the_same_loop_fails_with_keys_in_the_environment() {
    let Some(python) = clients::python("boto3") else {
        return;
    };
    let world = hour_of_ten_seconds();
    let mut command = world.command(AWSMFA);
    command.args([
        "exec",
        "admin",
        "--",
        "env",
        "-u",
        "AWS_CREDENTIAL_EXPIRATION",
        &python,
    ]);
    command.args(["-c", LOOP, "0.1"]);
    let ran = finish(command.stdout(Stdio::piped()), "");
    assert_eq!(ran.stdout, "session 1\n");
    assert_ne!(ran.status, 0);
    assert!(ran.stderr.contains("ExpiredToken"), "{ran:?}");
}
