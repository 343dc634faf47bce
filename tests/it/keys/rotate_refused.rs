//! What `awsmfa keys rotate` refuses or asks before it makes or deletes anything, and the way out that it names.

use super::rotate::{both, imported, logged_in, noted, refused, rotate};
use super::typed;
use crate::support::World;
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, User};

#[test]
fn without_a_code_and_anybody_to_ask_no_key_is_made() {
    let world = World::alice().with_store();
    let told = refused(&world, 5, &[]);
    assert!(told.contains("MFA code"), "{told}");
    assert_eq!(world.sts().access_keys("alice").len(), 1);
    assert_eq!(noted(&world), 0);
}

#[test]
fn a_policy_that_forbids_it_is_named_with_the_statement_that_allows_it() {
    for (action, made) in [
        ("iam:CreateAccessKey", 1),
        ("iam:ListAccessKeys", 1),
        ("iam:UpdateAccessKey", 2),
    ] {
        let alice = User::new(ALICES_ACCOUNT, "alice");
        let sts = LocalSts::builder().user(alice.without(action));
        let world = World::alice_at(sts).with_store();
        let code = world.code();
        let told = refused(&world, 3, &["-t", &code]);
        for part in [action, r#""Effect": "Allow""#, "user/${aws:username}"] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
        assert_eq!(world.sts().access_keys("alice").len(), made, "{action}");
        assert_eq!(noted(&world), made - 1, "{action}");
        // Whatever was made, the profile works.
        let code = world.code();
        world.session(&["--refresh", "-t", &code]);
    }
}

#[test]
fn with_two_keys_the_other_one_is_named_and_deleted_only_by_a_yes() {
    let world = imported();
    let other = world.sts().make_access_key("alice");
    let told = refused(&world, 5, &[]);
    for part in [
        &other.id,
        "active, never used",
        "nobody can be asked",
        "aws iam delete-access-key",
    ] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    world.sts().set_key_active("alice", &other.id, false);
    let question = "delete ";
    let (status, text) = typed(&world, &["keys", "rotate"], &[(question, "")]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("inactive, never used"), "{text}");
    assert_eq!(world.sts().access_keys("alice").len(), 2);
    let (status, text) = typed(&world, &["keys", "rotate"], &[(question, "y")]);
    assert_eq!(status, 0, "{text}");
    let keys = world.sts().access_keys("alice");
    assert!(keys.len() == 2 && keys.iter().all(|key| key.id != other.id));
}

/// Deleting it would break that profile.
#[test]
fn a_second_key_that_another_profile_uses_is_never_deleted() {
    let world = logged_in();
    let other = world.sts().make_access_key("alice");
    let keys = world.read(".aws/credentials")
        + &format!(
            "[dev]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            other.id, other.secret
        );
    let world = world.credentials(keys);
    let (status, text) = typed(&world, &["keys", "rotate"], &[]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("which profile dev uses"), "{text}");
    assert_eq!(world.sts().access_keys("alice").len(), 2);
}

/// What was made inactive and is active again is in use by somebody.
#[test]
fn an_old_key_that_is_active_again_is_asked_about() {
    let world = imported();
    rotate(&world, &[]);
    let (_, old) = both(&world);
    world.sts().set_key_active("alice", &old.id, true);
    for args in [&[][..], &["--delete"]] {
        let told = refused(&world, 5, args);
        assert!(told.contains("active, "), "{told}");
    }
    assert_eq!(world.sts().access_keys("alice").len(), 2);
}

#[test]
fn a_profile_that_would_be_left_with_the_old_key_is_named() {
    let world = imported();
    let keys = world.keys("dev");
    let world = world.credentials("[default]\n".to_owned() + &keys);
    let told = refused(&world, 1, &[]);
    assert!(told.contains("awsmfa keys import dev"), "{told}");
    world
        .awsmfa(["keys", "import", "dev", "--no-input"])
        .any_stderr()
        .run();
    rotate(&world, &[]);
    for profile in ["default", "dev"] {
        let serial = world.user().mfa_serial.clone();
        let code = world.code();
        world.session(&[
            profile,
            "--refresh",
            "--serial-number",
            &serial,
            "-t",
            &code,
        ]);
    }
}

/// Found before anything is made.
#[test]
fn a_locked_place_is_exit_5_and_no_key_is_made() {
    if !crate::support::shells::installed("keyctl", true) {
        return;
    }
    let world = imported();
    super::forget_passphrase(&world);
    let told = refused(&world, 5, &[]);
    assert!(told.contains("the passphrase file is locked"), "{told}");
    assert_eq!(world.sts().access_keys("alice").len(), 1);
}

#[test]
fn what_has_no_key_of_its_own_cannot_be_rotated() {
    let world = World::alice().with_store().credentials("");
    let world = world.file("vault", "{}");
    let config = world.read(".aws/config") + "credential_process = cat ../vault\n";
    let world = world.config(config);
    let told = refused(&world, 1, &[]);
    assert!(
        told.contains("no long-term key that could be replaced"),
        "{told}"
    );
}
