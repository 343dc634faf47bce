//! The local STS is only worth something if it refuses what AWS refuses: its own tests.

#[path = "support/sts/mod.rs"]
mod sts;

use sts::{LocalSts, client};

const REGION: &str = "ap-northeast-1";

#[test]
fn a_code_buys_one_session() {
    let sts = LocalSts::start();
    let (alice, code) = (sts.user("alice"), sts.user("alice").fresh_code());
    let mfa = [
        ("SerialNumber", alice.mfa_serial.as_str()),
        ("TokenCode", code.as_str()),
    ];
    let get = || client::call(sts.url(), REGION, &alice.into(), "GetSessionToken", &mfa);
    assert_eq!(get().map(|reply| reply.status).ok(), Some(200));
    assert_eq!(get().map(|reply| reply.status).ok(), Some(403));
}
