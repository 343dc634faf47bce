//! The IAM beside the local STS: devices, access keys, and the policies that want MFA.

use super::session;
use crate::support::sts::client::{Credentials, Reply, call};
use crate::support::sts::{LocalSts, User};

const ALICE: &str = "alice";
const ACCOUNT: &str = crate::support::sts::ALICES_ACCOUNT;

fn alice() -> User {
    User::new(ACCOUNT, ALICE)
}

fn iam_as(sts: &LocalSts, keys: &Credentials, action: &str, params: &[(&str, &str)]) -> Reply {
    call(sts.url(), "us-east-1", keys, action, params).unwrap()
}

#[test]
fn every_device_is_listed_a_page_at_a_time() {
    let many: Vec<String> = (1..=8)
        .map(|n| format!("arn:aws:iam::{ACCOUNT}:mfa/{n}"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let sts = LocalSts::builder()
        .user(alice().with_devices(&many))
        .page_size(5)
        .start();
    let keys = Credentials::from(sts.user(ALICE));
    let first = iam_as(&sts, &keys, "ListMFADevices", &[]);
    assert_eq!(first.status, 200);
    assert_eq!(first.body.matches("<SerialNumber>").count(), 5);
    assert_eq!(first.text("IsTruncated"), Some("true"));
    let marker = first.text("Marker").unwrap();
    let second = iam_as(&sts, &keys, "ListMFADevices", &[("Marker", marker)]);
    assert_eq!(second.body.matches("<SerialNumber>").count(), 3);
    assert_eq!(second.text("IsTruncated"), Some("false"));
}

#[test]
fn iam_wants_its_own_signature() {
    let sts = LocalSts::start();
    let keys = Credentials::from(sts.user(ALICE));
    let elsewhere = call(sts.url(), "eu-west-1", &keys, "ListMFADevices", &[]).unwrap();
    assert_eq!(elsewhere.text("Code"), Some("SignatureDoesNotMatch"));
    let wrong = Credentials {
        secret_access_key: "wrong".to_owned(),
        ..keys
    };
    let refused = iam_as(&sts, &wrong, "ListMFADevices", &[]);
    assert_eq!(refused.text("Code"), Some("SignatureDoesNotMatch"));
}

#[test]
fn without_mfa_a_strict_policy_lets_devices_be_listed_and_nothing_else() {
    let sts = LocalSts::builder().user(alice().who_must_use_mfa()).start();
    let keys = Credentials::from(sts.user(ALICE));
    assert_eq!(iam_as(&sts, &keys, "ListMFADevices", &[]).status, 200);
    let refused = iam_as(&sts, &keys, "ListAccessKeys", &[]);
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("explicit deny"), "{}", refused.body);
    let session = session(&sts, ALICE, true);
    assert_eq!(iam_as(&sts, &session, "ListAccessKeys", &[]).status, 200);
}

#[test]
fn a_session_without_mfa_is_nobody_to_iam() {
    let sts = LocalSts::start();
    let keys = Credentials::from(sts.user(ALICE));
    let session = iam_as(&sts, &keys, "GetSessionToken", &[]).credentials();
    let refused = iam_as(&sts, &session.unwrap(), "ListMFADevices", &[]);
    assert_eq!(refused.text("Code"), Some("InvalidClientTokenId"));
}

/// Two at most; a new one is known after a while; an inactive one is refused; a deleted one is gone.
#[test]
fn an_access_key_lives_as_in_aws() {
    let sts = LocalSts::start();
    let old = Credentials::from(sts.user(ALICE));
    let session = session(&sts, ALICE, true);
    let made = iam_as(&sts, &session, "CreateAccessKey", &[]);
    let new = Credentials {
        access_key_id: made.text("AccessKeyId").unwrap().to_owned(),
        secret_access_key: made.text("SecretAccessKey").unwrap().to_owned(),
        session_token: None,
    };
    let third = iam_as(&sts, &session, "CreateAccessKey", &[]);
    assert_eq!(
        (third.status, third.text("Code")),
        (409, Some("LimitExceeded"))
    );
    let used = |keys: &Credentials| {
        let id = [("AccessKeyId", keys.access_key_id.as_str())];
        let reply = iam_as(&sts, &session, "GetAccessKeyLastUsed", &id);
        reply.text("LastUsedDate").is_some()
    };
    assert!(!used(&new));
    let outcomes: Vec<_> = (0..3)
        .map(|_| iam_as(&sts, &new, "GetCallerIdentity", &[]).status)
        .collect();
    assert_eq!(outcomes, [403, 403, 200]);
    assert!(used(&new));

    let id = ("AccessKeyId", old.access_key_id.as_str());
    let set = |status| iam_as(&sts, &new, "UpdateAccessKey", &[id, ("Status", status)]).status;
    assert_eq!(set("Inactive"), 200);
    let refused = iam_as(&sts, &old, "GetCallerIdentity", &[]);
    assert_eq!(refused.text("Code"), Some("InvalidClientTokenId"));
    assert_eq!(set("Active"), 200);
    assert_eq!(iam_as(&sts, &old, "GetCallerIdentity", &[]).status, 200);
    assert_eq!(iam_as(&sts, &new, "DeleteAccessKey", &[id]).status, 200);
    let refused = iam_as(&sts, &new, "DeleteAccessKey", &[id]);
    assert_eq!(
        (refused.status, refused.text("Code")),
        (404, Some("NoSuchEntity"))
    );
    assert_eq!(sts.access_keys(ALICE).len(), 1);
}
