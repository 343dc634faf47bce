//! What one session costs the system, as the kernel saw it: one connection, to the endpoint and nowhere
//! else; no look-up of instance metadata; no certificate read for an endpoint that has none.
#![cfg(target_os = "linux")]
use crate::support::process::finish;
use crate::support::world::AWSMFA;
use crate::support::{World, shells};

/// The calls of these kinds that `awsmfa` with these arguments makes, threads and children included.
fn traced(world: &World, calls: &str, args: &[&str]) -> Option<String> {
    traced_to(world, calls, args, 0)
}

/// The same for a run that ends with this status.
fn traced_to(world: &World, calls: &str, args: &[&str], status: i32) -> Option<String> {
    if !shells::installed("strace", true) {
        return None;
    }
    let log = world.path("strace.log");
    let mut command = world.command("strace");
    command
        .args(["-f", "-e", &format!("trace={calls}"), "-o"])
        .arg(&log)
        .arg(AWSMFA)
        .args(args);
    let ran = finish(command.stdout(std::process::Stdio::piped()), "");
    assert_eq!(ran.status, status, "{}", ran.stderr);
    Some(world.read("strace.log"))
}

#[test]
fn the_endpoint_is_the_only_address_that_is_asked() {
    let world = World::alice();
    let code = world.code();
    let args = ["env", "--shell", "sh", "-t", &code];
    let Some(log) = traced(&world, "connect,sendto,sendmsg", &args) else {
        return;
    };
    let port = world.sts().address().port();
    let connects: Vec<_> = log
        .lines()
        .filter(|line| line.contains("connect("))
        .collect();
    let ours = format!("sin_port=htons({port}), sin_addr=inet_addr(\"127.0.0.1\")");
    assert_eq!(connects.len(), 1, "{log}");
    assert!(connects[0].contains(&ours), "{log}");
    // A name server would be asked over UDP, or through a socket of the resolver.
    assert!(
        !log.contains("AF_UNIX") && !log.contains("htons(53)"),
        "{log}"
    );
    assert_eq!(world.sts().connections(), 1);
}

/// What every SDK does at the end of its chain: ask the machine's metadata service for keys and a region.
/// Here nothing leaves the machine that is not for STS, least of all where there is nothing to ask STS with.
#[test]
fn the_metadata_of_the_machine_is_never_asked() {
    const SENDING: &str = "connect,sendto,sendmsg,sendmmsg";
    let role = "[profile pod]\nrole_arn = arn:aws:iam::123456789012:role/reader\n";
    let source = |name: &str| format!("{role}credential_source = {name}\n");
    for (config, args) in [
        (String::new(), &["env", "--shell", "sh"][..]),
        (String::new(), &["env", "--shell", "sh", "--no-input"]),
        (String::new(), &["credential-process"]),
        (String::new(), &["exec", "--", "true"]),
        (role.to_owned(), &["env", "--shell", "sh", "pod"]),
        (
            source("Ec2InstanceMetadata"),
            &["env", "--shell", "sh", "pod"],
        ),
        (source("EcsContainer"), &["env", "--shell", "sh", "pod"]),
        (source("Environment"), &["env", "--shell", "sh", "pod"]),
    ] {
        let world = World::new()
            .config(config)
            .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1")
            .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1");
        let Some(log) = traced_to(&world, SENDING, args, 1) else {
            return;
        };
        assert!(!log.contains('('), "{args:?}: {log}");
    }
    // A role's region and keys come from the files, and its two calls go to one address.
    let world = World::alice();
    let config = world.read(".aws/config") + role + "source_profile = default\n";
    let world = world.config(config);
    let args = ["env", "--shell", "sh", "pod", "-t", &world.code()];
    let log = traced(&world, SENDING, &args).unwrap();
    let port = format!("sin_port=htons({})", world.sts().address().port());
    let connects: Vec<&str> = log.lines().filter(|l| l.contains("sin")).collect();
    assert_eq!(connects.len(), 2, "{log}");
    assert!(connects.iter().all(|line| line.contains(&port)), "{log}");
}

#[test]
fn no_certificate_is_read_for_an_endpoint_without_any() {
    let world = World::alice();
    let code = world.code();
    let args = ["env", "--shell", "sh", "-t", &code];
    let Some(log) = traced(&world, "open,openat", &args) else {
        return;
    };
    assert!(log.contains(".aws/credentials"), "{log}");
    for folder in [
        "/etc/ssl",
        "/usr/share/ca-certificates",
        "/etc/pki",
        "/usr/lib/ssl",
        "cert",
    ] {
        assert!(!log.contains(folder), "{folder}: {log}");
    }
}

/// Secrets are seen by everybody in a list of processes.
#[test]
fn no_secret_is_an_argument_of_a_process() {
    let world = World::alice();
    let code = world.code();
    let world = world.file("code", &code);
    let args = ["env", "--shell", "sh", "--mfa-process", "cat $HOME/code"];
    let Some(log) = traced(&world, "execve", &args) else {
        return;
    };
    assert!(log.contains("/sh\""), "{log}");
    assert!(!log.contains(&code), "{log}");
}
