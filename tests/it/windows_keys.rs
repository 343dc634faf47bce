//! Long-term keys in Credential Manager: Wine's. `.ci/windows` builds the program and runs this.
#![cfg(unix)]

use crate::windows::Windows;

/// Into it, used from it, replaced in it, and back into the file to the byte.
#[test]
fn a_key_is_kept_in_credential_manager_used_rotated_and_given_back() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let world = &windows.world;
    let before = world.read(".aws/credentials");
    let first = world.user().clone();
    let code = world.code();
    let said = windows.batch(&[
        "awsmfa keys import --no-input",
        "awsmfa keys list",
        "type %AWS_SHARED_CREDENTIALS_FILE%",
        &format!("awsmfa exec -t {code} -- cmd /c echo in"),
        "awsmfa keys rotate --no-input",
        "awsmfa exec --no-input -- cmd /c echo still in",
        "awsmfa keys rotate --delete --no-input",
        "awsmfa keys export --no-input",
    ]);
    let says = |part: &str| said.iter().any(|line| line.contains(part));
    for part in [
        "is in Credential Manager now, and no longer in",
        "default  AKIAALICE",
        "is the one of profile default now, in Credential Manager",
        "still in",
        "is deleted",
        "in plain text, and no longer in Credential Manager",
    ] {
        assert!(says(part), "{part}: {said:#?}");
    }
    let keys = world.sts().access_keys("alice");
    let [new] = keys.as_slice() else {
        panic!("{keys:?}");
    };
    for secret in [&first.secret_access_key, &new.secret] {
        assert!(!says(secret), "{said:#?}");
    }
    let text = before.replace(&first.access_key_id, &new.id);
    let text = text.replace(&first.secret_access_key, &new.secret);
    let after = world.read(".aws/credentials");
    let line = format!("awsmfa_rotated = {} {}\n", first.access_key_id, new.id);
    assert_eq!(after, text + &line);
}
