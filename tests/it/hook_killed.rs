//! A program that is killed gives the hook no answer. What was asked for may have been another account, so the session
//! that was there does not stay; where nothing was to change, it does.
#![cfg(unix)]
use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::World;
use crate::support::hooked::{Hooked, leniently, shells, two_accounts};
use crate::support::shells::Shell;

/// Two accounts, `a` with a session; asking for the code of `killed` kills the program that asks.
fn with_a_killer() -> (World, String) {
    let world = two_accounts();
    let (key, bob) = (world.log_in("a"), world.sts().user("bob"));
    let config = world.read(".aws/config");
    let credentials = world.read(".aws/credentials");
    let killed = format!(
        "[profile killed]\nmfa_serial = {}\nmfa_process = kill -KILL $PPID\n",
        bob.mfa_serial
    );
    let keys = format!(
        "[killed]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        bob.access_key_id, bob.secret_access_key
    );
    let world = world
        .config(config + &killed)
        .credentials(credentials + &keys);
    (world, key)
}

#[test]
fn a_killed_use_leaves_no_session_of_another_account() {
    for shell in shells() {
        let (world, key) = with_a_killer();
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.assert_holds(&key, "a");
        let said = hooked.run(&leniently(shell, "awsmfa use killed --duration 2h"));
        assert!(said.contains("awsmfa gave no answer"), "{said}");
        hooked.assert_empty();
        // And the hook goes on.
        hooked.run("awsmfa use a");
        hooked.assert_holds(&key, "a");
    }
}

fn killed_at_a_prompt(shell: Shell) {
    let (world, key) = with_a_killer();
    let (world, program) = world.with_own_copy();
    let mut hooked = Hooked::start(&world, shell);
    hooked.run("awsmfa use a");
    fs::remove_file(&program).unwrap();
    fs::write(&program, "#!/bin/sh\nkill -KILL $$\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    hooked.idle();
    hooked.assert_holds(&key, "a");
    let said = hooked.export("AWS_PROFILE", "b");
    assert!(said.contains("awsmfa gave no answer"), "{said}");
    hooked.assert_empty();
}

#[test]
fn a_check_that_is_killed_after_a_change_leaves_no_session_of_another_account() {
    shells().into_iter().for_each(killed_at_a_prompt);
}

#[test]
fn verbose_before_use_is_for_the_hook_too() {
    for shell in shells() {
        let world = two_accounts();
        let key = world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        let said = hooked.run("awsmfa --verbose use a");
        assert!(said.contains("awsmfa: "), "{said}");
        hooked.assert_holds(&key, "a");
        hooked.run("awsmfa --verbose off");
        hooked.assert_empty();
    }
}

/// What the shell cannot pass as text is not dropped: `use` without it would take the default profile.
#[test]
fn a_word_that_is_no_text_is_refused() {
    for shell in shells() {
        let word = match shell.says {
            "bash" | "zsh" => "$'\\xff'",
            "fish" => "\\xff",
            "elvish" => "\"\\xff\"",
            "tcsh" => "\"`printf '\\377'`\"",
            "xonsh" => "@(b'\\xff'.decode('utf-8', 'surrogateescape'))",
            // All that these hold is text.
            "powershell" | "nushell" => continue,
            other => panic!("{other}"),
        };
        let world = two_accounts();
        let mut hooked = Hooked::start(&world, shell);
        assert_ne!(hooked.status_of(&format!("awsmfa use {word}")), 0);
        hooked.assert_no_session();
    }
}
