use super::*;
use crate::aws_files::AwsFiles;
use crate::environment::Environment;
use crate::model::request::Request;
use crate::profile::resolve;

const USER: &str = "[u]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n";
const PASTED: &str =
    "[u]\naws_access_key_id = ASIA1\naws_secret_access_key = s\naws_session_token = t\n";
const MFA: &str = "[profile u]\nmfa_serial = arn:aws:iam::123456789012:mfa/u\n";
const ROLE: &str = "[profile r]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = u\n";
const ROLE_ON_ROLE: &str =
    "[profile rr]\nrole_arn = arn:aws:iam::123456789012:role/rr\nsource_profile = r\n";

/// The calls in the words of the plan's table: `GST` and `AR(role)`, their hours, `+code`.
fn plan(profile: &str, duration: Option<&str>, credentials: &str, config: &[&str]) -> String {
    plan_as(profile, duration, credentials, config, false)
}

/// The same for a source that has turned out to give a session.
fn plan_as(
    profile: &str,
    duration: Option<&str>,
    credentials: &str,
    config: &[&str],
    session: bool,
) -> String {
    let files = AwsFiles::of_text(&config.concat(), credentials).unwrap();
    let request = Request {
        profile: Some(profile.into()),
        duration: duration.map(|d| DurationSeconds::parse("test", d).unwrap()),
        ..Request::default()
    };
    let profile = resolve(&request, &Environment::default(), &files).unwrap();
    let decided = if session {
        decide_for_session(&profile)
    } else {
        decide(&profile)
    };
    match decided {
        Ok(plan) => plan.steps().map(words).collect::<Vec<_>>().join(", "),
        Err(Error::RoleChaining { .. }) => "refused: role chaining".into(),
        Err(Error::RoleDuration { .. }) => "refused: too long for a role".into(),
        Err(other) => panic!("{other}"),
    }
}

fn words(step: &Step) -> String {
    let duration = step.duration;
    let name = |role: &Role| role.arn.rsplit('/').next().unwrap().to_owned();
    match step.call {
        Call::Take => "take".to_owned(),
        Call::GetSessionToken(_) => format!("GST {duration} +code"),
        Call::AssumeRole(role) => format!("AR({}) {duration}", name(role)),
        Call::AssumeRoleWithCode(role, _) => format!("AR({}) {duration} +code", name(role)),
        Call::AssumeRoleWithWebIdentity(role, _) => format!("ARWI({}) {duration}", name(role)),
    }
}

#[test]
fn the_table_of_plans() {
    let ours = |profile, duration| plan(profile, duration, USER, &[MFA, ROLE, ROLE_ON_ROLE]);
    for (profile, duration, expected) in [
        // no role: GetSessionToken with the code
        ("u", None, "GST 43200 +code"),
        ("u", Some("15m"), "GST 900 +code"),
        ("u", Some("36h"), "GST 129600 +code"),
        // role on long-term keys, up to 1 h: one shared session, then the role without a code
        ("r", None, "GST 43200 +code, AR(r) 3600"),
        ("r", Some("1h"), "GST 43200 +code, AR(r) 3600"),
        ("r", Some("15m"), "GST 43200 +code, AR(r) 900"),
        // over 1 h: straight from the long-term keys
        ("r", Some("3601"), "AR(r) 3601 +code"),
        ("r", Some("12h"), "AR(r) 43200 +code"),
        ("r", Some("43201"), "refused: too long for a role"),
        // role on a role: code at the first step only, never over 1 h
        ("rr", None, "GST 43200 +code, AR(r) 3600, AR(rr) 3600"),
        ("rr", Some("15m"), "GST 43200 +code, AR(r) 3600, AR(rr) 900"),
        ("rr", Some("3601"), "refused: role chaining"),
    ] {
        assert_eq!(ours(profile, duration), expected, "{profile} {duration:?}");
    }
}

#[test]
fn a_role_without_mfa_anywhere_needs_no_code() {
    assert_eq!(plan("r", None, USER, &[ROLE]), "AR(r) 3600");
    assert_eq!(plan("r", Some("12h"), USER, &[ROLE]), "AR(r) 43200");
}

#[test]
fn a_pasted_session_is_taken_and_assumes_roles_for_an_hour() {
    assert_eq!(plan("u", None, PASTED, &[MFA]), "take");
    assert_eq!(plan("u", Some("2h"), PASTED, &[MFA]), "take");
    assert_eq!(plan("r", None, PASTED, &[MFA, ROLE]), "take, AR(r) 3600");
    assert_eq!(
        plan("r", Some("2h"), PASTED, &[MFA, ROLE]),
        "refused: role chaining"
    );
}

#[test]
fn the_duration_of_the_profile_counts_and_the_flag_wins() {
    let long = ROLE.to_owned() + "duration_seconds = 43200\n";
    assert_eq!(plan("r", None, USER, &[MFA, &long]), "AR(r) 43200 +code");
    assert_eq!(
        plan("r", Some("1h"), USER, &[MFA, &long]),
        "GST 43200 +code, AR(r) 3600"
    );
}

const PROCESS: &str =
    "[profile u]\ncredential_process = keys\nmfa_serial = arn:aws:iam::123456789012:mfa/u\n";
const WEB: &str =
    "[profile u]\nrole_arn = arn:aws:iam::123456789012:role/w\nweb_identity_token_file = t\n";

#[test]
fn a_process_is_taken_to_give_long_term_keys_until_it_has_run() {
    let planned = |profile, duration| plan(profile, duration, "", &[PROCESS, ROLE]);
    assert_eq!(planned("u", None), "GST 43200 +code");
    assert_eq!(planned("r", None), "GST 43200 +code, AR(r) 3600");
    assert_eq!(planned("r", Some("12h")), "AR(r) 43200 +code");
    let of_a_session = |profile, duration| plan_as(profile, duration, "", &[PROCESS, ROLE], true);
    assert_eq!(of_a_session("u", None), "take");
    assert_eq!(of_a_session("r", None), "take, AR(r) 3600");
    assert_eq!(of_a_session("r", Some("12h")), "refused: role chaining");
    // Where nothing speaks of MFA, it may as well give a session.
    let without_device = "[profile u]\ncredential_process = keys\n";
    assert_eq!(plan("u", None, "", &[without_device]), "take");
    assert_eq!(plan("r", None, "", &[without_device, ROLE]), "AR(r) 3600");
}

#[test]
fn a_web_identity_assumes_the_first_role_without_keys_or_code() {
    let planned = |profile, duration| plan(profile, duration, "", &[WEB, ROLE]);
    assert_eq!(planned("u", None), "ARWI(w) 3600");
    assert_eq!(planned("u", Some("12h")), "ARWI(w) 43200");
    assert_eq!(planned("r", None), "ARWI(w) 3600, AR(r) 3600");
    assert_eq!(planned("r", Some("2h")), "refused: role chaining");
}
