//! Whoever else can reach the port of `exec --server` gets nothing, and is in nobody's way.
#![cfg(target_os = "linux")]
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::thread;

use crate::support::served::{self, Served, ask};
use crate::support::{World, example};

fn served() -> (World, Served) {
    let world = example::world().with_store();
    let code = world.code();
    let served = Served::start(&world, &["-t", &code]);
    (world, served)
}

/// The whole answer but for its date.
#[track_caller]
fn refused(served: &Served, request: &str) -> String {
    let (status, body) = served.ask(request);
    assert_eq!(status, 403, "{request:?}: {body}");
    body
}

#[test]
fn every_wrong_request_gets_the_same_answer() {
    let (_world, served) = served();
    let right = served.request();
    let (address, token) = (&served.address, &served.token);
    let port = served.port();
    let half = &token[..32];
    for wrong in [
        right.replace(token, ""),
        right.replace(token, "x"),
        right.replace(token, half),
        right.replace(token, &format!("{token}0")),
        right.replace(token, &format!("Bearer {token}")),
        right.replace(&format!("Authorization: {token}\r\n"), ""),
        right.replace("Authorization: ", "Authorization: x\r\nAuthorization: "),
        right.replace("GET", "POST"),
        right.replace("GET", "HEAD"),
        right.replace("GET", "OPTIONS"),
        right.replace("GET / ", "GET /latest/meta-data/ "),
        right.replace("GET / ", "GET /? "),
        right.replace("GET / ", "GET // "),
        right.replace("GET / ", &format!("GET http://{address}/ ")),
        // A name of the attacker's that points here: DNS rebinding.
        right.replace(
            &format!("Host: {address}"),
            &format!("Host: evil.example:{port}"),
        ),
        right.replace(
            &format!("Host: {address}"),
            &format!("Host: localhost:{port}"),
        ),
        right.replace(&format!("Host: {address}"), "Host: 127.0.0.1"),
        right.replace("Host: ", &format!("Host: {address}\r\nHost: ")),
        // A page in the user's browser.
        right.replace("Host: ", "Origin: https://evil.example\r\nHost: "),
    ] {
        assert_ne!(wrong, right);
        assert_eq!(refused(&served, &wrong), "");
    }
    // What is no HTTP is not let in either.
    for garbage in ["\r\n\r\n", "GET\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n"] {
        assert!(refuses_or_hangs_up(address, garbage), "{garbage:?}");
    }
    let endless = format!(
        "GET / HTTP/1.1\r\nHost: {address}\r\nX: {}\r\n\r\n",
        "x".repeat(64 * 1024)
    );
    assert!(refuses_or_hangs_up(address, &endless));
    served.session();
    served.end();
}

fn refuses_or_hangs_up(address: &str, request: &str) -> bool {
    ask(address, request).is_none_or(|(status, _)| (400..500).contains(&status))
}

/// Kilobytes of memory that the server has.
fn memory(world: &World) -> u64 {
    let servers = served::servers(world);
    let status = fs::read_to_string(format!("/proc/{}/status", servers[0].0)).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let words = line.unwrap().split_whitespace().nth(1);
    words.unwrap().parse().unwrap()
}

/// Two thousand warm it up (an allocator's pools, hyper's code); ten thousand more add nothing.
#[test]
fn ten_thousand_requests_leave_the_memory_as_it_is() {
    let (world, served) = served();
    let right = served.request();
    let wrong = right.replace(&served.token, "wrong");
    let flood = |count: usize| {
        thread::scope(|scope| {
            for request in [&right, &wrong] {
                let address = &served.address;
                scope.spawn(move || {
                    for _ in 0..count / 2 {
                        let (status, _) = ask(address, request).unwrap();
                        assert!(matches!(status, 200 | 403));
                    }
                });
            }
        });
    };
    flood(2_000);
    let before = memory(&world);
    flood(10_000);
    let after = memory(&world);
    println!("{before} kB after 2,000 requests, {after} kB after 12,000");
    assert!(after < before + 1_024, "{before} kB, then {after} kB");
    served.end();
}

/// Connections that say nothing, or half of a request, and stay.
#[test]
fn whoever_holds_connections_open_holds_up_nobody() {
    let (world, served) = served();
    served.session();
    let before = memory(&world);
    let mut open = Vec::new();
    for n in 0..500 {
        let mut stream = TcpStream::connect(&served.address).unwrap();
        if n % 2 == 0 {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: ");
        }
        open.push(stream);
        if n % 50 == 0 {
            served.session();
        }
    }
    served.session();
    let files = fs::read_dir(format!("/proc/{}/fd", served::servers(&world)[0].0));
    let files = files.unwrap().count();
    assert!(files < 90, "{files} files are open");
    let after = memory(&world);
    println!("{before} kB before, {after} kB with 500 connections, {files} files");
    assert!(after < before + 2_048, "{before} kB, then {after} kB");
    served.session();
    drop(open);
    served.end();
}

/// Another user of the machine can see the port and reach it, and that is all.
#[test]
fn another_user_is_refused() {
    let (world, served) = served();
    if !crate::support::shells::installed("setpriv", true) || !rustix::process::geteuid().is_root()
    {
        return;
    }
    let script = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{}; printf 'GET / HTTP/1.1\\r\\nHost: {}\\r\\nAuthorization: guess\\r\\n\\r\\n' >&3; \
         head -1 <&3; cat /proc/{}/environ",
        served.port(),
        served.address,
        served.command.id(),
    );
    let mut command = world.command("setpriv");
    command.args([
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "bash",
        "-c",
        &script,
    ]);
    let ran = crate::support::process::finish(
        command
            .current_dir("/")
            .stdout(std::process::Stdio::piped()),
        "",
    );
    assert!(ran.stdout.starts_with("HTTP/1.1 403"), "{ran:?}");
    assert!(ran.stderr.contains("Permission denied"), "{ran:?}");
    assert!(!ran.stdout.contains(&served.token));
    served.end();
}
