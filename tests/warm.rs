//! A run that a stored session answers pays for nothing else: no runtime, no thread, no socket, no
//! certificate is read. What is absent is proven, not how long it takes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "what cannot happen may stop a test")]

mod support;

use std::process::Stdio;

use support::World;
use support::process::finish;
use support::shells::installed;
use support::world::AWSMFA;

/// The system calls of a run, a line each.
fn trace(world: &World, args: &[&str]) -> String {
    let mut command = world.command("strace");
    let file = world.path("trace");
    command.args(["-f", "-o", file.to_str().unwrap(), AWSMFA]);
    let ran = finish(command.args(args).stdout(Stdio::piped()), "");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    world.read("trace")
}

/// Whether a line of the trace begins with one of these calls.
fn calls(trace: &str, names: &[&str]) -> Vec<String> {
    let call = |line: &str| line.split_once(' ').map(|(_, call)| call.trim().to_owned());
    let of_these = |call: &String| names.iter().any(|name| call.starts_with(name));
    trace.lines().filter_map(call).filter(of_these).collect()
}

const THREADS: [&str; 3] = ["clone(", "clone3(", "fork("];
const RUNTIME: [&str; 4] = ["epoll_create", "eventfd", "io_uring", "timerfd"];
const NETWORK: [&str; 3] = ["socket(", "socketpair(", "connect("];

#[test]
fn a_stored_session_is_printed_without_runtime_thread_network_or_certificates() {
    if !installed("strace", true) {
        return;
    }
    let world = World::alice().with_store();
    let cold = trace(&world, &["env", "-t", &world.code()]);
    // The trace does show these things where they are.
    for names in [&THREADS[..], &RUNTIME, &NETWORK] {
        assert!(!calls(&cold, names).is_empty(), "{names:?}");
    }
    let warm = trace(&world, &["env"]);
    for names in [&THREADS[..], &RUNTIME, &NETWORK] {
        assert_eq!(calls(&warm, names), [] as [&str; 0]);
    }
    assert!(!warm.contains("/ssl/"), "{warm}");
    assert!(
        !warm.contains("resolv.conf") && !warm.contains("nsswitch"),
        "{warm}"
    );
    // Nothing is written either, but for the output.
    let opened = calls(&warm, &["openat("]);
    let written: Vec<_> = opened.iter().filter(|c| c.contains("O_CREAT")).collect();
    assert!(written.is_empty(), "{written:?}");
}
