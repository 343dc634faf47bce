//! A network that keeps the answer: bounded time, bounded memory, and a code that may be spent is said to
//! be. (What comes back in place of an answer is in `sts_answers.rs`.)
#![cfg(unix)]
use std::net::TcpListener;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::process::finish;
use crate::support::sts::Step;
use crate::support::transcript::NOTHING_TO_KEEP;
use crate::support::world::AWSMFA;
use crate::support::{Finished, World, shells};
use insta::assert_snapshot;

/// Two attempts, and what a busy machine adds.
const BOUND: Duration = Duration::from_secs(25);

/// A role that anybody in the account may assume, without a code.
fn reader(world: World) -> World {
    let role = "arn:aws:iam::123456789012:role/reader";
    world.config(format!(
        "[default]\nrole_arn = {role}\nsource_profile = default\n"
    ))
}

/// `env` ends with 4 and code that fails, in time; what it said.
#[track_caller]
fn fails(world: &World, args: &[&str]) -> String {
    let started = Instant::now();
    let args = [&["env", "--shell", "sh"], args].concat();
    let test = world.awsmfa(args).stdout(NOTHING_TO_KEEP).any_stderr();
    let Finished { stderr, .. } = test.status(4).run();
    assert!(
        started.elapsed() < BOUND,
        "{:?}: {stderr}",
        started.elapsed()
    );
    world.redacted(&stderr)
}

/// A server that accepts and never says a word, at this address.
fn silence() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// With a code and, for a role, without one: neither is asked for again.
#[test]
fn an_sts_that_hangs_is_left_and_a_code_may_be_spent() {
    let (alice, reader) = (World::alice(), reader(World::alice()));
    let code = alice.code();
    let (with_code, without) = thread::scope(|scope| {
        alice.sts().next(Step::Hang);
        reader.sts().next(Step::Hang);
        let without = scope.spawn(|| fails(&reader, &[]));
        let with_code = scope.spawn(|| fails(&alice, &["-t", &code]));
        (with_code.join().unwrap(), without.join().unwrap())
    });
    assert_snapshot!(with_code, @"
    awsmfa: [STS] did not answer: no answer within 10 seconds
    hint: check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again; the code may have been used, so wait for the next one
    ");
    assert_snapshot!(without, @"
    awsmfa: [STS] did not answer: no answer within 10 seconds
    hint: check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again
    ");
    assert_eq!(
        (alice.sts().calls().len(), reader.sts().calls().len()),
        (1, 1)
    );
}

/// Nothing was sent, so the code is as good as before.
#[test]
fn a_server_that_never_speaks_tls_is_left_and_no_code_is_spent() {
    let (listener, url) = silence();
    let world = World::alice();
    let code = world.code();
    let told = fails(&world, &["-t", &code, "--endpoint-url", &url]);
    assert_snapshot!(told.replace(&url, "[SILENCE]"), @"
    awsmfa: [SILENCE] did not answer: no connection within 5 seconds
    hint: check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again
    ");
    drop(listener);
}

#[test]
fn a_port_that_nobody_listens_on_spends_no_code() {
    let world = World::alice();
    let code = world.code();
    assert_snapshot!(fails(&world, &["-t", &code, "--endpoint-url", "http://127.0.0.1:1"]), @"
    awsmfa: http://127.0.0.1:1 did not answer: [REFUSED]
    hint: check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again
    ");
}

#[test]
fn an_answer_that_is_lost_is_asked_for_again_without_a_code() {
    for step in [
        Step::Close,
        Step::Reset,
        Step::Status(503),
        Step::Throttling,
    ] {
        let world = reader(World::alice());
        world.sts().next(step.clone());
        world.sts().next(step.clone());
        world.awsmfa(["env", "--shell", "sh"]).any_stdout().run();
        assert_eq!(world.sts().calls().len(), 3, "{step:?}");
    }
}

#[test]
fn a_load_balancer_without_an_sts_is_asked_three_times() {
    let world = World::alice();
    for _ in 0..3 {
        world.sts().next(Step::Status(503));
    }
    let code = world.code();
    assert_snapshot!(fails(&world, &["-t", &code]), @"
    awsmfa: [STS] did not answer: HTTP 503
    hint: try again in a minute
    ");
    assert_eq!(world.sts().calls().len(), 3);
    // Whether a gateway that gave up has used the code, nobody knows.
    let world = World::alice();
    world.sts().next(Step::Status(504));
    let code = world.code();
    assert_snapshot!(fails(&world, &["-t", &code]), @"
    awsmfa: [STS] did not answer: HTTP 504
    hint: try again in a minute; the code may have been used, so wait for the next one
    ");
    assert_eq!(world.sts().calls().len(), 1);
}

/// Of 10 MB a small part is read, whatever the server says of its length: the kernel counts.
#[test]
fn a_flood_is_not_read_to_its_end() {
    if !shells::installed("strace", true) {
        return;
    }
    let chunks = format!("{:x}\r\n{}\r\n", 0x1000, "A".repeat(0x1000)).repeat(2_500);
    let head = "HTTP/1.1 200 \r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n";
    for step in [
        Step::BigBody,
        Step::Raw((head.to_owned() + &chunks).into_bytes()),
    ] {
        let world = World::alice();
        world.sts().next(step);
        let log = world.path("strace.log");
        let mut command = world.command("strace");
        command
            .args(["-f", "-e", "trace=recvfrom,read", "-o"])
            .arg(&log);
        command
            .arg(AWSMFA)
            .args(["env", "--shell", "sh", "-t", &world.code()]);
        let ran = finish(command.stdout(Stdio::piped()), "");
        assert_eq!(ran.status, 4, "{}", ran.stderr);
        let read = |line: &str| line.rsplit("= ").next()?.trim().parse::<u64>().ok();
        let read: u64 = world.read("strace.log").lines().filter_map(read).sum();
        assert!((65_536..1_000_000).contains(&read), "{read} bytes");
    }
}
