//! GetSessionToken: codes, durations, and what a session is good for.

use super::{call, identity, outcome, session};
use crate::support::sts::{BOBS_ACCOUNT, LocalSts, User};

const WRONG_CODE: &str =
    "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. ";
const NOT_YOUR_DEVICE: &str = "AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  \
     Please verify your MFA serial number is valid and associated with this user.";
const HALF: &str = "AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time \
     pass code.";

/// What STS says to alice.
fn ask(sts: &LocalSts, params: &[(&str, &str)]) -> String {
    outcome(&call(sts, sts.user("alice"), "GetSessionToken", params))
}

#[test]
fn a_session_is_its_user() {
    let sts = LocalSts::start();
    for name in ["alice", "bob", "carol"] {
        assert_eq!(
            identity(&sts, &session(&sts, name, true)),
            sts.user(name).arn()
        );
    }
}

#[test]
fn issued_credentials_have_the_shape_and_the_characters_of_real_ones() {
    let issued = session(&LocalSts::start(), "alice", true);
    let token = issued.session_token.unwrap();
    assert!(issued.access_key_id.starts_with("ASIA") && issued.access_key_id.len() == 20);
    assert_eq!(issued.secret_access_key.len(), 40);
    assert!(issued.secret_access_key.contains('/') && issued.secret_access_key.contains('+'));
    assert!(token.len() > 400 && ['/', '+', '='].iter().all(|c| token.contains(*c)));
}

#[test]
fn a_code_is_good_once_for_its_device_only_and_not_for_ever() {
    let sts = LocalSts::start();
    let (alice, bob) = (sts.user("alice"), sts.user("bob"));
    let with = |code: &str| {
        ask(
            &sts,
            &[("SerialNumber", &alice.mfa_serial), ("TokenCode", code)],
        )
    };
    let code = alice.fresh_code();
    assert_eq!(with(&code), "200");
    assert_eq!(with(&code), WRONG_CODE);
    assert_eq!(with(&bob.fresh_code()), WRONG_CODE);
    assert_eq!(with(&alice.code_at(-50)), WRONG_CODE);
    assert_eq!(with(&alice.code_at(50)), WRONG_CODE);
    assert_eq!(with(&alice.fresh_code()), "200");
}

#[test]
fn a_strict_device_takes_the_codes_of_three_steps() {
    let sts = LocalSts::builder()
        .user(User::new(BOBS_ACCOUNT, "strict").with_code_window(1))
        .start();
    let strict = sts.user("strict");
    let with = |code: &str| {
        let mfa = [
            ("SerialNumber", strict.mfa_serial.as_str()),
            ("TokenCode", code),
        ];
        outcome(&call(&sts, strict, "GetSessionToken", &mfa))
    };
    assert_eq!(with(&strict.code_at(3)), WRONG_CODE);
    assert_eq!(with(&strict.code()), "200");
    assert_eq!(with(&strict.fresh_code()), "200");
}

#[test]
fn serial_number_and_code_come_together_and_belong_to_the_caller() {
    let sts = LocalSts::start();
    let (alice, bob) = (sts.user("alice"), sts.user("bob"));
    let (serial, code) = (alice.mfa_serial.as_str(), alice.fresh_code());
    assert_eq!(ask(&sts, &[("SerialNumber", serial)]), HALF);
    assert_eq!(ask(&sts, &[("TokenCode", &code)]), HALF);
    for foreign in [
        bob.mfa_serial.as_str(),
        "arn:aws:iam::123456789012:user/alice",
    ] {
        let mfa = [("SerialNumber", foreign), ("TokenCode", code.as_str())];
        assert_eq!(ask(&sts, &mfa), NOT_YOUR_DEVICE);
    }
    // Neither refusal cost the code.
    assert_eq!(
        ask(&sts, &[("SerialNumber", serial), ("TokenCode", &code)]),
        "200"
    );
}

#[test]
fn parameters_of_a_wrong_shape_are_all_named_at_once() {
    let sts = LocalSts::start();
    let params = [
        ("SerialNumber", "arn aws"),
        ("TokenCode", "12345"),
        ("DurationSeconds", "899"),
    ];
    assert_eq!(
        ask(&sts, &params),
        "ValidationError: 4 validation errors detected: \
         Value '899' at 'durationSeconds' failed to satisfy constraint: \
         Member must have value greater than or equal to 900; \
         Value 'arn aws' at 'serialNumber' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: [\\w+=/:,.@-]*; \
         Value 'arn aws' at 'serialNumber' failed to satisfy constraint: \
         Member must have length greater than or equal to 9; \
         Value '12345' at 'tokenCode' failed to satisfy constraint: \
         Member must have length greater than or equal to 6"
    );
}

#[test]
fn a_session_lasts_from_15_minutes_to_36_hours_and_an_hour_for_the_account_itself() {
    let sts = LocalSts::start();
    let lasts = |seconds: &str| ask(&sts, &[("DurationSeconds", seconds)]);
    assert_eq!(lasts("900"), "200");
    assert_eq!(lasts("129600"), "200");
    assert_eq!(
        lasts("129601"),
        "ValidationError: 1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy \
         constraint: Member must have value less than or equal to 129600"
    );
    let sooner = LocalSts::builder()
        .session_seconds_clock_offset(-3600)
        .start();
    let over = session(&sooner, "root", false);
    assert_eq!(
        identity(&sooner, &over),
        "ExpiredToken: The security token included in the request is expired"
    );
}

#[test]
fn a_session_gets_no_session() {
    let sts = LocalSts::start();
    let reply = call(&sts, session(&sts, "alice", true), "GetSessionToken", &[]);
    assert_eq!(
        outcome(&reply),
        "AccessDenied: Cannot call GetSessionToken with session credentials"
    );
}
