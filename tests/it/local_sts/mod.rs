//! The local STS is worth something only if it refuses what AWS refuses: its own tests.

mod iam;
mod misbehaviour;
mod roles;
mod sessions;
mod signatures;
mod vectors;

use crate::support::sts::LocalSts;
use crate::support::sts::client::{self, Credentials, Reply};

const REGION: &str = "ap-northeast-1";

/// One call in the region of alice and bob.
fn call(
    sts: &LocalSts,
    caller: impl Into<Credentials>,
    action: &str,
    params: &[(&str, &str)],
) -> Reply {
    client::call(sts.url(), REGION, &caller.into(), action, params).unwrap()
}

/// `200`, or the code and the message of the refusal.
fn outcome(reply: &Reply) -> String {
    match (reply.text("Code"), reply.text("Message")) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        _ => reply.status.to_string(),
    }
}

/// Whom STS takes these credentials for.
fn identity(sts: &LocalSts, caller: &Credentials) -> String {
    let reply = call(sts, caller.clone(), "GetCallerIdentity", &[]);
    reply
        .text("Arn")
        .map_or_else(|| outcome(&reply), str::to_owned)
}

/// A session of this user, with a code or without.
fn session(sts: &LocalSts, name: &str, with_code: bool) -> Credentials {
    let (user, code) = (sts.user(name), sts.user(name).fresh_code());
    let mfa = [
        ("SerialNumber", user.mfa_serial.as_str()),
        ("TokenCode", &code),
    ];
    let mfa = if with_code { &mfa[..] } else { &[] };
    let reply = call(sts, user, "GetSessionToken", mfa);
    reply
        .credentials()
        .unwrap_or_else(|| panic!("{}", outcome(&reply)))
}
