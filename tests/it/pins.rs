//! `awsmfa pin` and `awsmfa unpin`, and what the hook makes of a pin: the right account's key in the shell, or
//! none, at every step.
#![cfg(unix)]
use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::support::World;
use crate::support::hooked::{Hooked, shells, two_accounts};

/// Two directories, and a third without a pin.
fn places() -> World {
    two_accounts()
        .file("work/one/deep/readme", "")
        .file("work/two/readme", "")
        .file("work/out/readme", "")
}

#[test]
fn directories_of_two_accounts_hold_the_right_key_or_none_at_every_step() {
    for shell in shells() {
        let world = places();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        world.pin("work/one", "a");
        world.pin("work/two", "b");
        let mut hooked = Hooked::start(&world, shell);
        hooked.assert_empty();
        let ran = hooked.run("cd one");
        assert!(!ran.contains("awsmfa:"), "not silent: {ran}");
        hooked.assert_holds(&a, "a");
        hooked.run("cd deep");
        hooked.assert_holds(&a, "a");
        hooked.run("cd ../../two");
        hooked.assert_holds(&b, "b");
        hooked.run("cd ../one");
        hooked.assert_holds(&a, "a");
        let ran = hooked.run("cd ../out");
        assert!(!ran.contains("awsmfa:"), "not silent: {ran}");
        hooked.assert_empty();
        // With a session of its own, a shell comes back to that.
        hooked.run("awsmfa use b");
        hooked.run("cd ../one");
        hooked.assert_holds(&a, "a");
        hooked.run("cd ../out");
        hooked.assert_holds(&b, "b");
        hooked.run("awsmfa off");
        hooked.assert_empty();
    }
}

#[test]
fn a_pin_acts_where_it_is_made_and_goes_where_it_is_taken_away() {
    for shell in shells() {
        let world = places();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.run("cd two");
        let ran = hooked.run("awsmfa pin b");
        assert!(
            ran.contains("/two, and all below it, means profile b"),
            "{ran}"
        );
        hooked.assert_holds(&b, "b");
        hooked.run("cd ..");
        hooked.assert_holds(&a, "a");
        hooked.run("cd two");
        hooked.assert_holds(&b, "b");
        let ran = hooked.run("awsmfa unpin");
        assert!(ran.contains("/two means profile b no more"), "{ran}");
        hooked.assert_holds(&a, "a");
        assert!(!world.path("state/pins").exists());
    }
}

#[test]
fn a_pin_without_a_session_leaves_none_and_what_is_got_there_goes_with_it() {
    for shell in shells() {
        let world = places();
        let a = world.log_in("a");
        world.pin("work/two", "b");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        let ran = hooked.run("cd two");
        let sentence = "awsmfa: this directory is pinned to b, and there is no session of it: run awsmfa use b";
        assert!(ran.contains(sentence), "{ran}");
        hooked.assert_empty();
        let code = world.sts().user("bob").fresh_code();
        hooked.run(&format!("awsmfa use b -t {code}"));
        assert_eq!(hooked.holds().1.as_deref(), Some("b"));
        hooked.run("cd ..");
        hooked.assert_holds(&a, "a");
    }
}

#[test]
fn use_and_off_stand_until_the_pin_is_left_and_entered_again() {
    for shell in shells() {
        let world = places();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        world.pin("work/one", "a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("cd one");
        hooked.run("awsmfa use b");
        hooked.idle();
        hooked.assert_holds(&b, "b");
        hooked.run("cd deep");
        hooked.assert_holds(&b, "b");
        hooked.run("cd ../../out");
        hooked.assert_holds(&b, "b");
        hooked.run("cd ../one");
        hooked.assert_holds(&a, "a");
        hooked.run("awsmfa off");
        hooked.idle();
        hooked.assert_empty();
    }
}

#[test]
fn a_profile_variable_outranks_a_pin_while_it_is_there() {
    for shell in shells() {
        let world = places();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        world.pin("work/one", "a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("cd one");
        hooked.export("AWS_PROFILE", "b");
        hooked.assert_holds(&b, "b");
        hooked.unset("AWS_PROFILE");
        hooked.assert_holds(&a, "a");
    }
}

#[test]
fn nested_pins_links_and_a_directory_that_is_gone() {
    for shell in shells() {
        let world = places();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        world.pin("work/one", "a");
        world.pin("work/one/deep", "b");
        symlink(world.path("work/one/deep"), world.path("work/link")).unwrap();
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("cd one/deep");
        hooked.assert_holds(&b, "b");
        hooked.run("cd ..");
        hooked.assert_holds(&a, "a");
        hooked.run("cd ~/work/link");
        hooked.assert_holds(&b, "b");
        fs::remove_dir_all(world.path("work/one/deep")).unwrap();
        // nushell starts no program where there is no directory.
        if shell.name != "nushell" {
            hooked.idle();
            hooked.assert_holds(&b, "b");
        }
        hooked.run("cd ~/work/out");
        hooked.assert_empty();
    }
}

#[test]
fn a_shell_that_starts_in_a_pinned_directory_has_its_session() {
    for shell in shells() {
        let world = places();
        let a = world.log_in("a");
        world.pin("work", "a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.assert_holds(&a, "a");
        hooked.run("cd ~");
        hooked.assert_empty();
    }
}

#[test]
fn env_and_status_know_the_pin_of_the_directory() {
    let world = places();
    let b = world.log_in("b");
    world.pin("work", "b");
    let printed = world.any(&["env", "--shell", "sh"]).run().stdout;
    assert!(printed.contains(&b), "{printed}");
    let printed = world.any(&["env", "a", "--no-input"]).status(5).run();
    assert!(!printed.stdout.contains(&b), "an argument comes first");
    let named = world.any(&["env", "--no-input"]).env("AWS_PROFILE", "a");
    named.status(5).run();
    let printed = world
        .any(&["credential-process", "--no-input"])
        .status(1)
        .run();
    assert!(!printed.stdout.contains(&b), "it means the same everywhere");

    let json = world.any(&["status", "--json"]).run().stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["pin"]["profile"], "b");
    let work = world.path("work");
    assert_eq!(json["pins"][0]["directory"], work.to_str().unwrap());
    let table = world.any(&["status"]).run().stdout;
    let row = format!("{}  b        pinned here\n", work.display());
    assert!(table.contains(&row), "{table}");
}

#[test]
fn pin_takes_the_shells_profile_and_only_one_that_exists() {
    let world = two_accounts();
    world
        .awsmfa(["pin"])
        .stderr("awsmfa: this shell has no profile to pin the directory to\nhint: run awsmfa pin PROFILE\n")
        .status(1)
        .run();
    let ran = world.any(&["pin", "no-such"]).status(1).run();
    assert!(
        ran.stderr.contains("there is no profile no-such"),
        "{ran:?}"
    );
    assert!(!world.path("state/pins").exists());
    let pin = world.any(&["pin"]).env("AWSMFA_PROFILE", "a");
    let ran = pin.run();
    assert!(ran.stderr.ends_with("means profile a\n"), "{ran:?}");
}

#[test]
fn unpin_names_the_pin_that_is_in_effect_above() {
    let world = places();
    world
        .awsmfa(["unpin"])
        .stderr("awsmfa: [HOME]/work is not pinned\nhint: run awsmfa status to see the pins\n")
        .status(1)
        .run();
    world.pin("work", "a");
    world
        .awsmfa(["unpin", "one"])
        .stderr("awsmfa: [HOME]/work/one is not pinned; it is under [HOME]/work, which is pinned to a\nhint: run awsmfa unpin [HOME]/work\n")
        .status(1)
        .run();
    let work = world.path("work");
    world.any(&["unpin", work.to_str().unwrap()]).run();
    assert!(!world.path("state/pins").exists());
}

/// Those that change the list at once change it one after the other.
#[test]
fn pins_made_at_once_are_all_kept() {
    let world = two_accounts();
    std::thread::scope(|threads| {
        for number in 0..8 {
            let directory = format!("work/{number}");
            fs::create_dir(world.path(&directory)).unwrap();
            let world = &world;
            threads.spawn(move || world.pin(&directory, "a"));
        }
    });
    assert_eq!(world.read("state/pins").lines().count(), 8);
}
