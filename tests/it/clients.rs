//! The clients of other people get working credentials in each of the ways: the AWS CLI and boto3, against
//! the local STS, which checks what they sign.
#![cfg(unix)]
use std::process::Stdio;

use crate::support::{Finished, World, clients, process, shells, world::AWSMFA};

/// Asks who we are, and prints the ARN alone.
const BOTO3: &str = "import boto3, sys\n\
    session = boto3.Session(profile_name=sys.argv[1] if len(sys.argv) > 1 else None)\n\
    print(session.client('sts').get_caller_identity()['Arn'])";

/// Each client as a command line; the profile is the last word, or there is none.
fn all() -> Vec<(Vec<String>, &'static [&'static str])> {
    let mut found: Vec<(Vec<String>, &[&str])> = Vec::new();
    if let Some(aws) = clients::aws() {
        let words = [
            "sts",
            "get-caller-identity",
            "--query",
            "Arn",
            "--output",
            "text",
        ];
        let line = aws.into_iter().chain(words.map(str::to_owned));
        found.push((line.collect(), &["--profile"]));
    }
    if let Some(python) = clients::python("boto3") {
        found.push((vec![python, "-c".into(), BOTO3.into()], &[]));
    }
    found
}

/// alice, and a profile that gets its keys from us.
fn world() -> World {
    let world = World::alice().with_store();
    let config = format!(
        "{}region = eu-west-1\n[profile process]\nregion = eu-west-1\n\
         credential_process = {AWSMFA} credential-process default\n",
        world.read(".aws/config")
    );
    world.config(config)
}

/// The client's line for a profile.
fn with_profile(client: Vec<String>, flag: &[&str], profile: &str) -> Vec<String> {
    let words = flag.iter().chain([&profile]).map(|word| (*word).to_owned());
    client.into_iter().chain(words).collect()
}

/// The client ran with a session of alice's, and its own call reached STS.
#[track_caller]
fn is_alice(world: &World, ran: &Finished) {
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout, "arn:aws:iam::123456789012:user/alice\n");
    let calls = world.sts().calls();
    let last = calls.last().unwrap();
    assert_eq!(last.action, "GetCallerIdentity");
    assert!(
        last.access_key_id.starts_with("ASIA"),
        "{}",
        last.access_key_id
    );
    assert_eq!(last.outcome, "200");
}

#[track_caller]
fn run(world: &World, line: &[String]) -> Finished {
    let mut command = world.command(&line[0]);
    process::finish(command.args(&line[1..]).stdout(Stdio::piped()), "")
}

#[test]
fn by_env() {
    for (client, _) in all() {
        let world = world();
        let mut line = vec![
            "sh".to_owned(),
            "-c".to_owned(),
            format!("eval \"$(awsmfa env -t {})\" && exec \"$@\"", world.code()),
            "sh".to_owned(),
        ];
        line.extend(client);
        is_alice(&world, &run(&world, &line));
    }
}

#[test]
fn by_exec() {
    for (client, _) in all() {
        let world = world();
        let mut line = [AWSMFA, "exec", "-t", &world.code(), "--"]
            .map(str::to_owned)
            .to_vec();
        line.extend(client);
        is_alice(&world, &run(&world, &line));
    }
}

#[test]
fn by_a_credential_process() {
    for (client, flag) in all() {
        let world = world();
        let code = world.code();
        world
            .awsmfa(["credential-process", "-t", &code])
            .any_stdout()
            .any_stderr()
            .run();
        is_alice(&world, &run(&world, &with_profile(client, flag, "process")));
        assert_eq!(world.sts().calls().len(), 2, "the stored session serves");
    }
}

#[test]
fn by_a_written_profile() {
    for (client, flag) in all() {
        let world = world();
        let code = world.code();
        world.awsmfa(["write", "-t", &code]).any_stderr().run();
        is_alice(&world, &run(&world, &with_profile(client, flag, "mfa")));
    }
}

/// Without a terminal the client says what awsmfa said.
#[test]
fn a_client_without_a_session_ends_with_an_error() {
    if !shells::installed("setsid", true) {
        return;
    }
    for (client, flag) in all() {
        let world = world();
        let mut line = vec!["setsid".to_owned(), "-w".to_owned()];
        line.extend(with_profile(client, flag, "process"));
        let ran = run(&world, &line);
        assert_ne!(ran.status, 0);
        assert!(ran.stderr.contains("nobody can be asked"), "{}", ran.stderr);
        assert!(world.sts().calls().is_empty());
    }
}
