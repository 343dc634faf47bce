//! One code a day: what was got once answers every later wish that it can, without a question and
//! without a call, and nothing is kept where nothing may be.

use crate::support;
use crate::support::World;
use crate::support::stored::Printed;

fn world() -> World {
    World::alice().with_store()
}

#[test]
fn the_second_run_asks_nobody_and_calls_nobody() {
    let world = world();
    let first = world.session_for_a_code(&[]);
    // Whoever called now would wait for ever. (A dead endpoint at another address would prove
    // nothing: the address is part of an entry's name.)
    world.sts().hold();
    for _ in 0..3 {
        assert_eq!(world.session(&["--no-input"]), first);
    }
    assert_eq!(world.sts().calls().len(), 1);
    assert_eq!(world.sts().connections(), 1);
}

#[test]
fn every_form_of_output_comes_from_the_same_entry() {
    let world = world();
    let code = world.code();
    let first = world.awsmfa(["env", "--shell", "sh", "-t", &code]);
    let first = first.any_stdout().run();
    let again = world.awsmfa(["env", "--shell", "sh"]).any_stdout().run();
    assert_eq!(again.stdout, first.stdout);
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn a_longer_session_serves_a_shorter_wish_and_not_the_other_way_round() {
    let world = world();
    let long = world.session_for_a_code(&["-d", "36h"]);
    assert_eq!(world.session(&["--no-input"]), long);
    assert_eq!(world.session(&["--no-input", "-d", "15m"]), long);

    let world = self::world();
    world.session_for_a_code(&[]);
    world.assert_asks(&["-d", "36h"]);
    let long = world.session_for_a_code(&["-d", "36h"]);
    assert_eq!(world.session(&["--no-input"]), long);
    assert_eq!(world.stored().len(), 1, "the longer one takes the place");
}

/// STS shortens a session of an account's own key to an hour without a word: were the grant compared
/// and not the wish, every run would ask.
#[test]
fn what_counts_is_the_duration_asked_for_not_the_one_granted() {
    let world = World::new().local_sts().with_store();
    let root = world.sts().user("root").clone();
    let world = world.config(format!("[default]\nmfa_serial = {}\n", root.mfa_serial));
    let world = world.credentials(format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        root.access_key_id, root.secret_access_key
    ));
    let short = world.session(&["-d", "12h", "-t", &root.fresh_code()]);
    assert_eq!(world.session(&["-d", "12h", "--no-input"]), short);
}

#[test]
fn a_session_with_too_little_left_counts_as_absent() {
    let world = world();
    let first = world.session_for_a_code(&["-d", "15m"]);
    assert_eq!(
        world.session(&["-d", "15m", "--no-input", "--min-ttl", "14m"]),
        first
    );
    world.assert_asks(&["-d", "15m", "--min-ttl", "15m"]);
    world.assert_asks(&["-d", "15m", "--min-ttl", "20h"]);
}

#[test]
fn less_than_five_minutes_left_is_too_little() {
    let soon = support::sts::LocalSts::builder().session_seconds_clock_offset(-900 + 290);
    let world = World::alice_at(soon).with_store();
    let first = world.session_for_a_code(&["-d", "15m"]);
    world.assert_asks(&["-d", "15m"]);
    assert_eq!(
        world.session(&["-d", "15m", "--no-input", "--min-ttl", "0"]),
        first
    );
}

#[test]
fn refresh_replaces_what_is_stored() {
    let world = world();
    let first = world.session_for_a_code(&[]);
    world.assert_asks(&["--refresh"]);
    assert_eq!(
        world.session(&["--no-input"]),
        first,
        "a refresh that failed costs nothing"
    );
    let second = world.session_for_a_code(&["--refresh"]);
    assert_ne!(second, first);
    assert_eq!(world.session(&["--no-input"]), second);
}

#[test]
fn no_cache_neither_reads_nor_writes() {
    let world = world();
    let before = world.tree();
    world.session_for_a_code(&["--no-cache"]);
    assert_eq!(world.tree(), before);
    let stored = world.session_for_a_code(&[]);
    world.assert_asks(&["--no-cache"]);
    assert_ne!(world.session_for_a_code(&["--no-cache"]), stored);
    assert_eq!(world.session(&["--no-input"]), stored);
}

#[test]
fn a_store_that_is_off_writes_nothing_at_all() {
    let world = World::alice();
    let before = world.tree();
    world.session_for_a_code(&[]);
    world.assert_asks(&[]);
    assert_eq!(world.tree(), before);
}

#[test]
fn another_device_region_or_endpoint_is_another_session() {
    let world = world();
    world.session_for_a_code(&[]);
    world.assert_asks(&["--serial-number", "arn:aws:iam::123456789012:mfa/other"]);
    world.assert_asks(&["--region", "eu-west-3"]);
    world.assert_asks(&["--endpoint-url", "http://127.0.0.1:9"]);
    world.session(&["--no-input"]);
}

#[test]
fn two_profiles_with_the_same_key_share_one_session() {
    let world = world();
    let more = format!("{}{}", world.keys("default"), world.keys("again"));
    let serial = &world.user().mfa_serial.clone();
    let world = world.credentials(more).config(format!(
        "[default]\nmfa_serial = {serial}\n[profile again]\nmfa_serial = {serial}\n"
    ));
    let first = world.session_for_a_code(&[]);
    assert_eq!(world.session(&["again", "--no-input"]), first);
}

#[test]
fn the_folder_is_where_the_variables_say() {
    for (variable, value, folder) in [
        ("AWSMFA_STATE_DIR", "a/b", "a/b"),
        ("XDG_STATE_HOME", "xdg", "xdg/awsmfa"),
        ("XDG_STATE_HOME", "", ".local/state/awsmfa"),
    ] {
        if cfg!(windows) && variable == "XDG_STATE_HOME" {
            continue;
        }
        // Plain files: the key would be named after a folder that the world does not clean up.
        let mut world = World::alice()
            .env("AWSMFA_STORE", "file")
            .env("AWSMFA_STATE_DIR", "");
        if !value.is_empty() {
            let path = world.path(value);
            world.set(variable, path.to_str().unwrap());
        }
        world.session_for_a_code(&[]);
        let files = std::fs::read_dir(world.path(folder)).unwrap();
        assert_eq!(files.count(), 1, "{variable}");
    }
}

#[test]
fn nobody_is_told_about_a_store_that_works() {
    let world = world();
    // `session` insists on silence: with a code, from the store, and in a folder that is not there.
    let first: Printed = world.session_for_a_code(&[]);
    std::fs::remove_dir_all(world.state()).unwrap();
    assert_ne!(world.session_for_a_code(&[]), first);
}
