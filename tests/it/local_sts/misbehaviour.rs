//! The steps a test can order, the log it reads, and clients that talk nonsense.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::{REGION, identity, outcome, session};
use crate::support::sts::client::{self, Reply};
use crate::support::sts::{Gate, IN_FLIGHT, Issued, LocalSts, Refusal, Step};

const SOON: Duration = Duration::from_secs(10);

/// What alice's client makes of the answer when she asks for a session without a code.
fn ask(sts: &LocalSts) -> std::io::Result<Reply> {
    client::call(
        sts.url(),
        REGION,
        &sts.user("alice").into(),
        "GetSessionToken",
        &[],
    )
}

/// The answer to one such request on a server that misbehaves once.
fn ask_once(step: Step) -> std::io::Result<Reply> {
    ask(&LocalSts::builder().script(vec![step]).start())
}

#[test]
fn an_answer_can_be_missing_cut_or_empty() {
    assert!(ask_once(Step::Close).is_err());
    assert!(ask_once(Step::Raw(b"\x16\x03\x01".to_vec())).is_err());
    let cut = ask_once(Step::Reset).map(|reply| reply.body);
    assert!(
        !cut.unwrap_or_default()
            .contains("</GetSessionTokenResponse>")
    );
    let truncated = ask_once(Step::Truncated).unwrap();
    assert_eq!(truncated.status, 200);
    assert!(truncated.body.contains("<SessionToken>") && truncated.text("SessionToken").is_none());
    let empty = ask_once(Step::Empty).unwrap();
    assert_eq!((empty.status, empty.body.as_str()), (200, ""));
    assert_eq!(ask_once(Step::BigBody).unwrap().body.len(), 10_000_025);
}

#[test]
fn somebody_else_can_answer() {
    assert!(ask_once(Step::Html(200)).unwrap().body.contains("Wi-Fi"));
    assert_eq!(ask_once(Step::Html(302)).unwrap().status, 302);
    assert_eq!(ask_once(Step::Status(503)).unwrap().status, 503);
    assert_eq!(
        outcome(&ask_once(Step::Throttling).unwrap()),
        "Throttling: Rate exceeded"
    );
    let refusal = Refusal::new(500, "InternalFailure", "a < b & c");
    let said = outcome(&ask_once(Step::Refuse(refusal)).unwrap());
    assert_eq!(said, "InternalFailure: a &lt; b &amp; c");
}

#[test]
fn a_session_can_be_over_or_forged() {
    let over = ask_once(Step::Expired).unwrap();
    assert!(
        over.text("Expiration").unwrap()
            < crate::support::sts::clock::rfc3339(crate::support::sts::clock::now()).as_str()
    );
    let forged = Issued {
        access_key_id: "ASIA'; id #".to_owned(),
        secret_access_key: "`id`".to_owned(),
        session_token: "\u{1b}[2J".to_owned(),
        expiration: "tomorrow".to_owned(),
    };
    let reply = ask_once(Step::AnswerWith(forged)).unwrap();
    assert_eq!(reply.text("AccessKeyId"), Some("ASIA'; id #"));
    assert_eq!(reply.text("SessionToken"), Some("&#x1B;[2J"));
}

#[test]
fn a_refusal_can_repeat_what_was_sent() {
    let sts = LocalSts::builder()
        .script(vec![Step::Pass, Step::EchoCode])
        .start();
    assert_eq!(outcome(&ask(&sts).unwrap()), "200");
    let params = [("TokenCode", "123456")];
    let said = outcome(&super::call(
        &sts,
        sts.user("alice"),
        "GetSessionToken",
        &params,
    ));
    assert!(said.contains("123456") && said.contains("Signature=") && said.contains("&#x1B;["));
}

#[test]
fn a_request_can_be_watched_while_it_waits() {
    let sts = LocalSts::start();
    sts.hold();
    thread::scope(|scope| {
        let client = scope.spawn(|| ask(&sts));
        assert_eq!(sts.wait_for_calls(1, SOON)[0].outcome, IN_FLIGHT);
        sts.release();
        assert_eq!(client.join().unwrap().unwrap().status, 200);
    });
    let gate = Gate::shut();
    sts.next(Step::SlowThenOk(gate.clone()));
    thread::scope(|scope| {
        let client = scope.spawn(|| ask(&sts));
        assert_eq!(sts.wait_for_calls(2, SOON)[1].outcome, IN_FLIGHT);
        gate.open();
        assert_eq!(client.join().unwrap().unwrap().status, 200);
    });
    assert_eq!(sts.calls()[1].outcome, "200");
}

#[test]
fn a_client_left_hanging_is_freed_when_the_sts_goes() {
    let sts = LocalSts::builder().script(vec![Step::Hang]).start();
    let (url, alice) = (sts.url().to_owned(), sts.user("alice").into());
    let hung = thread::spawn(move || client::call(&url, REGION, &alice, "GetSessionToken", &[]));
    sts.wait_for_calls(1, SOON);
    drop(sts);
    assert!(hung.join().unwrap().is_err());
}

#[test]
fn the_log_tells_who_asked_for_what_and_what_came_of_it() {
    let sts = LocalSts::start();
    identity(&sts, &session(&sts, "alice", true));
    let calls = sts.calls();
    let told: Vec<_> = calls
        .iter()
        .map(|call| (call.action.as_str(), call.outcome.as_str()))
        .collect();
    assert_eq!(
        told,
        [("GetSessionToken", "200"), ("GetCallerIdentity", "200")]
    );
    assert_eq!(calls[0].access_key_id, sts.user("alice").access_key_id);
    assert_eq!(calls[0].region, REGION);
    assert_eq!(
        calls[0].param("SerialNumber"),
        Some(sts.user("alice").mfa_serial.as_str())
    );
    assert!(calls[1].header("x-amz-security-token").is_some());
    assert_eq!(sts.connections(), 2);
}

#[test]
fn a_connection_serves_many_requests_and_says_continue() {
    let sts = LocalSts::start();
    let mut stream = TcpStream::connect(sts.address()).unwrap();
    let mut answer = |request: &str| {
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..count]).into_owned()
    };
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n";
    assert_eq!(answer(head), "HTTP/1.1 100 Continue\r\n\r\n");
    assert!(answer("a").starts_with("HTTP/1.1 403 "));
    assert!(answer("GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 403 "));
    assert_eq!((sts.connections(), sts.calls().len()), (1, 2));
}

#[test]
fn nonsense_gets_a_400_and_hurts_nobody_else() {
    let sts = LocalSts::start();
    let nonsense: [&[u8]; 4] = [
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: minus one\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ];
    for bytes in nonsense {
        let mut stream = TcpStream::connect(sts.address()).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    assert_eq!(ask(&sts).unwrap().status, 200);
    assert_eq!(sts.calls().len(), 1);
}
