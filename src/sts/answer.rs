//! What a 200 must be before one byte of it reaches a shell. Pure.
//!
//! An answer that was cut short is `Ok` to the SDK, with an empty token and an expiry in 1970
//! (measured); a captive portal answers 200 to anything.

use aws_sdk_sts::types::Credentials as SdkCredentials;

use crate::error::{Error, Result};
use crate::model::session::{Credentials, Secret, Session, Timestamp};
use crate::profile::endpoint::Endpoint;

/// STS says that a token may grow to 4,096 bytes; twice that is still no reason to refuse it.
const TOKEN_LIMIT: usize = 8 * 1024;

/// Checks the answer, to a call with a code or without, and takes it over.
pub fn check(
    answer: Option<&SdkCredentials>,
    now: Timestamp,
    endpoint: &Endpoint,
    with_code: bool,
) -> Result<Session> {
    let wrong = |what: &str| Error::NotSts {
        endpoint: endpoint.shown(),
        service: "STS",
        reason: format!("its answer {what}"),
        code_may_be_spent: with_code,
    };
    let answer = answer.ok_or_else(|| wrong("holds no credentials"))?;
    for (name, value, limit) in [
        ("AccessKeyId", answer.access_key_id(), 128),
        ("SecretAccessKey", answer.secret_access_key(), 256),
        ("SessionToken", answer.session_token(), TOKEN_LIMIT),
    ] {
        if value.is_empty() {
            return Err(wrong(&format!("is cut off: it has no {name}")));
        }
        if value.len() > limit || !value.bytes().all(Credentials::may_hold) {
            return Err(wrong(&format!("has a {name} that STS would not send")));
        }
    }
    let expiration = Timestamp(answer.expiration().secs());
    // What the SDK makes of an answer that broke off before it.
    if expiration.0 == 0 {
        return Err(wrong("is cut off: it has no Expiration"));
    }
    if expiration <= now {
        return Err(wrong(
            "is a session that has already ended (is this machine's clock right?)",
        ));
    }
    Ok(Session {
        credentials: Credentials {
            access_key_id: answer.access_key_id().to_owned(),
            secret_access_key: Secret::new(answer.secret_access_key()),
            session_token: Some(Secret::new(answer.session_token())),
        },
        expiration,
    })
}

/// What GetCallerIdentity says of an account and a caller.
pub fn is_identity(account: &str, arn: &str) -> bool {
    account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && arn.len() <= 2048
        && arn.starts_with("arn:")
        && arn.contains(account)
        && arn.bytes().all(Credentials::may_hold)
}

/// The refusal of anything else.
pub fn not_an_identity(endpoint: &Endpoint) -> Error {
    Error::NotSts {
        endpoint: endpoint.shown(),
        service: "STS",
        reason: "its answer names no caller".to_owned(),
        code_may_be_spent: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::DateTime;

    fn checked(id: &str, secret: &str, token: &str, expiration: i64) -> Result<Session> {
        let endpoint = Endpoint::local();
        let answer = SdkCredentials::builder()
            .access_key_id(id)
            .secret_access_key(secret)
            .session_token(token)
            .expiration(DateTime::from_secs(expiration))
            .build()
            .unwrap();
        check(Some(&answer), Timestamp(1_000), &endpoint, false)
    }

    #[test]
    fn what_sts_sends_is_accepted() {
        let session = checked("ASIAEXAMPLE", "a/b+c=", "IQoJb3JpZ2luX2VjE/+=", 2_000).unwrap();
        assert_eq!(session.expiration, Timestamp(2_000));
        assert!(checked("ASIAEXAMPLE", "s", &"t".repeat(8_192), 2_000).is_ok());
    }

    #[test]
    fn what_a_shell_could_run_is_not_from_sts() {
        for bad in "'\"`$*?[]{}~!<>|&;()#^%\\ \t\n\r\u{0}\u{7f}é".chars() {
            let value = format!("AB{bad}");
            for answer in [
                checked(&value, "s", "t", 2_000),
                checked("A", &value, "t", 2_000),
                checked("A", "s", &value, 2_000),
            ] {
                assert!(matches!(answer, Err(Error::NotSts { .. })), "{bad:?}");
            }
        }
    }

    #[test]
    fn an_answer_cut_short_is_not_from_sts() {
        for answer in [
            checked("", "s", "t", 2_000),
            checked("A", "", "t", 2_000),
            checked("A", "s", "", 2_000),
            checked("A", "s", "t", 1_000),
            checked("A", "s", &"t".repeat(8_193), 2_000),
        ] {
            assert!(matches!(answer, Err(Error::NotSts { .. })));
        }
    }
}
