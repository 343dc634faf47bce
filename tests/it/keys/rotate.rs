//! `awsmfa keys rotate`: a new key in the place of the old one, and nothing that was stored breaks.

use super::{alice, files_with, import, typed};
use crate::support::World;
use crate::support::sts::{AccessKey, LocalSts, User};

/// alice with a session in the store, so that nobody is asked for a code.
fn logged_in() -> World {
    let world = World::alice().with_store().env("AWSMFA_KEYS", "file");
    world.session_for_a_code(&[]);
    world
}

/// The same with the key in the passphrase file.
fn imported() -> World {
    let world = alice();
    import(&world);
    world.session_for_a_code(&[]);
    world
}

/// What it says, of a success.
#[track_caller]
fn rotate(world: &World, args: &[&str]) -> String {
    let line = ["keys", "rotate", "--no-input"].iter().chain(args);
    world.awsmfa(line.copied()).any_stderr().run().stderr
}

/// What it says, of a failure.
#[track_caller]
fn refused(world: &World, status: i32, args: &[&str]) -> String {
    let line = ["keys", "rotate", "--no-input"].iter().chain(args);
    let test = world.awsmfa(line.copied()).any_stderr().status(status);
    test.run().stderr
}

/// The new key and the old one, as IAM has them.
fn both(world: &World) -> (AccessKey, AccessKey) {
    let old = &world.user().access_key_id;
    let keys = world.sts().access_keys("alice");
    let (old, new): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| key.id == *old);
    (
        new.into_iter().next().unwrap(),
        old.into_iter().next().unwrap(),
    )
}

/// The rotations that the index notes.
fn noted(world: &World) -> usize {
    let index = world.state().join("keys.json");
    let Ok(text) = std::fs::read_to_string(index) else {
        return 0;
    };
    let index: serde_json::Value = serde_json::from_str(&text).unwrap();
    index["rotations"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_rotated_key_works_at_once_and_the_old_one_is_inactive_then_deleted() {
    for world in [imported(), logged_in()] {
        let is_in_store = world.state().join("keys.age").exists();
        let session = world.session(&["--no-input"]);
        let told = rotate(&world, &[]);
        let (new, old) = both(&world);
        assert!(new.is_active && !old.is_active);
        for part in [
            &new.id,
            &old.id,
            "arn:aws:iam::",
            "--delete",
            "update-access-key",
        ] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
        assert!(
            !told.contains(&new.secret) && !told.contains(&old.secret),
            "{told}"
        );

        // What was stored is still given, and the next call is signed by the new key.
        assert_eq!(world.session(&["--no-input"]), session);
        let calls = world.sts().calls().len();
        world.session_for_a_code(&["--refresh"]);
        let calls = &world.sts().calls()[calls..];
        assert!(calls.iter().all(|call| call.access_key_id == new.id));
        let with_old = files_with(&world, &old.secret);
        assert_eq!(with_old, [""; 0]);
        let with_new = files_with(&world, &new.secret);
        assert_eq!(with_new.is_empty(), is_in_store, "{with_new:?}");

        let told = rotate(&world, &["--delete"]);
        assert!(told.contains(&format!("{} is deleted", old.id)), "{told}");
        assert_eq!(
            world.sts().access_keys("alice"),
            [world_key(&world, &new.id)]
        );
        assert_eq!(noted(&world), 0);
        let told = refused(&world, 1, &["--delete"]);
        assert!(told.contains("has left an old access key"), "{told}");
    }
}

fn world_key(world: &World, id: &str) -> AccessKey {
    let keys = world.sts().access_keys("alice");
    keys.into_iter().find(|key| key.id == *id).unwrap()
}

/// The same key a third time: what the last rotation left goes without a question, and sessions keep their name.
#[test]
fn the_next_rotation_deletes_what_the_last_one_left() {
    for world in [imported(), logged_in()] {
        let session = world.session(&["--no-input"]);
        for _ in 0..3 {
            rotate(&world, &[]);
            let keys = world.sts().access_keys("alice");
            assert_eq!(keys.iter().filter(|key| key.is_active).count(), 1);
            assert_eq!(keys.len(), 2);
            assert_eq!(world.session(&["--no-input"]), session);
        }
        let first = &world.user().access_key_id;
        assert!(
            world
                .sts()
                .access_keys("alice")
                .iter()
                .all(|k| k.id != *first)
        );
    }
}

#[test]
fn in_the_file_every_other_byte_stays_and_a_profile_with_the_same_key_gets_the_new_one() {
    let world = logged_in();
    let User {
        access_key_id: id,
        secret_access_key: secret,
        ..
    } = world.user().clone();
    let text = format!(
        "; mine\r\n[other]\r\nregion = x\r\n\r\n[default]\r\naws_secret_access_key={secret}\r\n  \
         aws_access_key_id = {id}\r\n# end\r\n[dev]\r\naws_access_key_id={id}\r\naws_secret_access_key={secret}\r\n"
    )
    .replace("  aws", "aws");
    let world = world.credentials(&text);
    rotate(&world, &[]);
    let (new, old) = both(&world);
    let mut expected = text
        .replace(&old.id, &new.id)
        .replace(secret.as_str(), &new.secret);
    let line = format!("awsmfa_rotated = {} {}\r\n", old.id, new.id);
    expected = expected.replace("# end", &format!("{line}# end"));
    expected.push_str(&line);
    assert_eq!(world.read(".aws/credentials"), expected);
}

/// A role's session that a shell holds is renewed from the shared session as before.
#[test]
fn a_roles_sessions_go_on() {
    let world = imported();
    let role = "arn:aws:iam::123456789012:role/admin";
    let config = world.read(".aws/config")
        + &format!("[profile r]\nrole_arn = {role}\nsource_profile = default\n");
    let world = world.config(config);
    let before = world.session(&["r", "--no-input"]);
    let told = refused(&world, 1, &["r"]);
    assert!(told.contains("name that profile: default"), "{told}");
    rotate(&world, &[]);
    assert_eq!(world.session(&["r", "--no-input"]), before);
    // Another one is had by the user's session that is stored: no code, and no key either.
    let calls = world.sts().calls().len();
    world.session(&["r", "--no-input", "--role-session-name", "another"]);
    let calls = &world.sts().calls()[calls..];
    assert!(matches!(calls, [call] if call.action == "AssumeRole"));
}

#[test]
fn an_export_and_an_import_keep_the_name_of_the_sessions() {
    let world = imported();
    let session = world.session(&["--no-input"]);
    rotate(&world, &[]);
    let export = || {
        let line = ["keys", "export", "--no-input"];
        world.awsmfa(line).any_stderr().run();
        assert_eq!(world.session(&["--no-input"]), session);
    };
    export();
    import(&world);
    assert_eq!(world.session(&["--no-input"]), session);
    export();
    // Another key in its place is another's: nothing stored is given for it.
    let bob = world.sts().user("bob").clone();
    let (new, _) = both(&world);
    let text = world.read(".aws/credentials");
    let text = text.replacen(&new.id, &bob.access_key_id, 1);
    let world = world.credentials(text.replace(&new.secret, &bob.secret_access_key));
    world.assert_asks(&[]);
}

#[test]
fn a_user_who_must_use_mfa_rotates() {
    let alice = User::new(crate::support::sts::ALICES_ACCOUNT, "alice");
    let sts = LocalSts::builder().user(alice.who_must_use_mfa());
    let world = World::alice_at(sts).with_store();
    let code = world.code();
    rotate(&world, &["-t", &code]);
    let (new, old) = both(&world);
    assert!(new.is_active && !old.is_active);
}

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
        let alice = User::new(crate::support::sts::ALICES_ACCOUNT, "alice");
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

/// It is not made active, and not lost: the next one goes on.
#[test]
fn a_new_key_that_aws_does_not_know_yet_is_kept() {
    let sts = LocalSts::builder().new_key_unknown_for(5);
    let world = World::alice_at(sts).with_store();
    let code = world.code();
    let told = rotate(&world, &["-t", &code]);
    assert!(
        told.contains("waiting until AWS knows the new access key"),
        "{told}"
    );
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
