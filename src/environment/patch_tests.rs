use super::*;
use crate::environment::Environment;
use crate::model::session::Credentials;

const NOW: Timestamp = Timestamp(1_000);
const MINE: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "ASIA1"),
    ("AWS_SECRET_ACCESS_KEY", "s"),
    ("AWS_SESSION_TOKEN", "t"),
    ("AWSMFA_SESSION", "ASIA1:e1"),
    ("AWSMFA_EXPIRES", "2000"),
];

fn put(region: Option<&Region>, env: &[(&'static str, &str)]) -> EnvPatch {
    let session = Session {
        credentials: Credentials {
            access_key_id: "ASIA2".into(),
            secret_access_key: Secret::new("s2"),
            session_token: Some(Secret::new("t2")),
        },
        expiration: Timestamp(3_000),
    };
    let place = Placement {
        profile: "dev",
        entry: "e2",
        region,
        keep_profile: false,
        prompt_variable: Some("AWS_VAULT"),
    };
    EnvPatch::put(&session, &place, &SessionHere(&Environment::of(env)))
}

fn failed(entry: Option<&str>, env: &[(&'static str, &str)]) -> EnvPatch {
    EnvPatch::fail(entry, NOW, &SessionHere(&Environment::of(env)))
}

#[test]
fn every_name_that_is_set_is_unset_first_and_once() {
    let region = Region::parse(crate::error::Origin::Typed, "eu-west-1").unwrap();
    let patch = put(
        Some(&region),
        &[("AWSMFA_REGION", "x"), ("AWS_REGION", "x")],
    );
    for (name, _) in &patch.set {
        let times = patch.unset.iter().filter(|n| *n == name).count();
        assert_eq!(times, 1, "{name}");
    }
    assert!(patch.unset.contains(&"AWS_SECURITY_TOKEN"));
}

#[test]
fn a_users_region_is_neither_set_nor_unset() {
    let region = Region::parse(crate::error::Origin::Typed, "eu-west-1").unwrap();
    let patch = put(Some(&region), &[("AWS_DEFAULT_REGION", "us-west-2")]);
    assert!(!patch.set.iter().any(|(name, _)| name.contains("_REGION")));
    assert!(!patch.unset.iter().any(|name| REGION.contains(name)));
}

#[test]
fn a_failure_keeps_the_same_good_session_and_drops_any_other() {
    assert_eq!(failed(Some("e1"), MINE), EnvPatch::default());
    assert!(
        failed(Some("e2"), MINE)
            .unset
            .contains(&"AWS_SESSION_TOKEN")
    );
    assert!(failed(None, MINE).unset.contains(&"AWS_ACCESS_KEY_ID"));
    let ended = [
        MINE[0],
        MINE[1],
        MINE[2],
        MINE[3],
        ("AWSMFA_EXPIRES", "999"),
    ];
    assert!(
        failed(Some("e1"), &ended)
            .unset
            .contains(&"AWS_ACCESS_KEY_ID")
    );
    let foreign = [MINE[0], MINE[1], MINE[2]];
    assert!(
        failed(Some("e1"), &foreign)
            .unset
            .contains(&"AWS_ACCESS_KEY_ID")
    );
}

#[test]
fn a_failure_keeps_long_term_keys_and_the_users_profile() {
    let patch = failed(
        None,
        &[
            ("AWS_ACCESS_KEY_ID", "AKIA1"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_PROFILE", "dev"),
        ],
    );
    for kept in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
        "AWSMFA_PROFILE",
    ] {
        assert!(!patch.unset.contains(&kept), "{kept}");
    }
    assert!(patch.unset.contains(&"AWS_CREDENTIAL_EXPIRATION"));
}
