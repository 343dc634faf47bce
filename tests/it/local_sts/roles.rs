//! AssumeRole: whom a role admits, and for how long.

use super::{call, identity, outcome, session};
use crate::support::sts::client::Credentials;
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, Role};

const READER: &str = "arn:aws:iam::123456789012:role/reader";
const ADMIN: &str = "arn:aws:iam::123456789012:role/admin";
const DEPLOY: &str = "arn:aws:iam::210987654321:role/team/deploy";
const CHAINED: &str = "arn:aws:iam::210987654321:role/chained";
const VAULT: &str = "arn:aws:iam::123456789012:role/vault";
const PARTNER: &str = "arn:aws:iam::210987654321:role/partner";

/// The session of the role, or what STS said instead.
fn assume(
    sts: &LocalSts,
    caller: impl Into<Credentials>,
    role: &str,
    more: &[(&str, &str)],
) -> Result<Credentials, String> {
    let params = [&[("RoleArn", role), ("RoleSessionName", "me")], more].concat();
    let reply = call(sts, caller, "AssumeRole", &params);
    reply.credentials().ok_or_else(|| outcome(&reply))
}

fn denied(caller: &str, role: &str) -> Option<String> {
    Some(format!(
        "AccessDenied: User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}"
    ))
}

#[test]
fn a_role_admits_its_own_account_or_whom_it_names() {
    let sts = LocalSts::start();
    let (alice, bob) = (sts.user("alice"), sts.user("bob"));
    let reader = assume(&sts, alice, READER, &[]).unwrap();
    assert_eq!(
        identity(&sts, &reader),
        "arn:aws:sts::123456789012:assumed-role/reader/me"
    );
    assert_eq!(
        assume(&sts, bob, READER, &[]).err(),
        denied(&bob.arn(), READER)
    );
    // The answer for a role that is not there.
    let nowhere = "arn:aws:iam::123456789012:role/nowhere";
    assert_eq!(
        assume(&sts, alice, nowhere, &[]).err(),
        denied(&alice.arn(), nowhere)
    );
    assert_eq!(
        assume(&sts, alice, CHAINED, &[]).err(),
        denied(&alice.arn(), CHAINED)
    );
    let chained = assume(&sts, reader, CHAINED, &[]).unwrap();
    assert_eq!(
        identity(&sts, &chained),
        "arn:aws:sts::210987654321:assumed-role/chained/me"
    );
}

#[test]
fn mfa_comes_with_the_call_or_in_the_session_but_not_through_a_role() {
    let second = "arn:aws:iam::123456789012:role/second";
    let sts = LocalSts::builder()
        .role(Role::new(second).trusting(READER).with_mfa())
        .start();
    let (alice, code) = (sts.user("alice"), sts.user("alice").fresh_code());
    let mfa = [
        ("SerialNumber", alice.mfa_serial.as_str()),
        ("TokenCode", &code),
    ];
    assert_eq!(
        assume(&sts, alice, DEPLOY, &[]).err(),
        denied(&alice.arn(), DEPLOY)
    );
    let without = session(&sts, "alice", false);
    assert_eq!(
        assume(&sts, without, DEPLOY, &[]).err(),
        denied(&alice.arn(), DEPLOY)
    );
    assert!(assume(&sts, alice, DEPLOY, &mfa).is_ok());
    let with = session(&sts, "alice", true);
    let deploy = assume(&sts, with.clone(), DEPLOY, &[]).unwrap();
    assert_eq!(
        identity(&sts, &deploy),
        "arn:aws:sts::210987654321:assumed-role/deploy/me"
    );
    let reader = assume(&sts, with.clone(), READER, &[]).unwrap();
    let name = "arn:aws:sts::123456789012:assumed-role/reader/me";
    assert_eq!(
        assume(&sts, reader, second, &[]).err(),
        denied(name, second)
    );
    // A session has no device of its own.
    let code = alice.fresh_code();
    let mfa = [
        ("SerialNumber", alice.mfa_serial.as_str()),
        ("TokenCode", &code),
    ];
    let refused = assume(&sts, with, DEPLOY, &mfa).unwrap_err();
    assert!(refused.contains("unable to validate MFA code"), "{refused}");
}

#[test]
fn an_old_code_does_not_open_a_role_with_a_limit() {
    let impatient = "arn:aws:iam::123456789012:role/impatient";
    let sts = LocalSts::builder()
        .role(Role::new(impatient).with_mfa_age(-1))
        .start();
    let with = session(&sts, "alice", true);
    assert!(assume(&sts, with.clone(), VAULT, &[]).is_ok());
    let alice = sts.user("alice").arn();
    assert_eq!(
        assume(&sts, with, impatient, &[]).err(),
        denied(&alice, impatient)
    );
}

#[test]
fn an_external_id_must_be_the_right_one() {
    let sts = LocalSts::start();
    let alice = sts.user("alice");
    let with = |id| assume(&sts, alice, PARTNER, &[("ExternalId", id)]).err();
    assert_eq!(with("Unique:1/2"), None);
    assert_eq!(with("other"), denied(&alice.arn(), PARTNER));
    assert_eq!(
        assume(&sts, alice, PARTNER, &[]).err(),
        denied(&alice.arn(), PARTNER)
    );
}

#[test]
fn a_role_lasts_as_long_as_it_allows_and_an_hour_from_a_session() {
    let sts = LocalSts::start();
    let (alice, code) = (sts.user("alice"), sts.user("alice").fresh_code());
    let twelve_hours = [
        ("DurationSeconds", "43200"),
        ("SerialNumber", &alice.mfa_serial),
        ("TokenCode", &code),
    ];
    assert!(assume(&sts, alice, ADMIN, &twelve_hours).is_ok());
    let longer = [("DurationSeconds", "3601")];
    assert_eq!(
        assume(&sts, alice, READER, &longer).unwrap_err(),
        "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    );
    let reader = assume(&sts, alice, READER, &[("DurationSeconds", "3600")]).unwrap();
    for (caller, role) in [(session(&sts, "alice", true), ADMIN), (reader, CHAINED)] {
        assert_eq!(
            assume(&sts, caller, role, &longer).unwrap_err(),
            "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining."
        );
    }
}

#[test]
fn names_are_checked_before_anything_else() {
    let sts = LocalSts::start();
    let bob = sts.user("bob");
    let say = |params: &[(&str, &str)]| outcome(&call(&sts, bob, "AssumeRole", params));
    assert_eq!(
        say(&[("RoleArn", READER)]),
        "ValidationError: 1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: \
         Member must not be null"
    );
    assert_eq!(
        say(&[("RoleArn", READER), ("RoleSessionName", "a b")]),
        "ValidationError: 1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    );
    assert_eq!(
        say(&[
            ("RoleArn", "only-the-name-of-a-role"),
            ("RoleSessionName", "me")
        ]),
        "ValidationError: only-the-name-of-a-role is invalid"
    );
}

#[test]
fn the_account_itself_assumes_no_role() {
    let sts = LocalSts::start();
    assert_eq!(sts.user("root").account, ALICES_ACCOUNT);
    assert_eq!(
        assume(&sts, sts.user("root"), READER, &[]).unwrap_err(),
        "AccessDenied: Roles may not be assumed by root accounts."
    );
}
