//! `awsmfa logout`: the next use asks for a code, whatever was stored on the way to the session.
use crate::support::World;

/// alice, a role of hers, and bob.
fn world() -> World {
    let world = World::alice().with_store();
    let (alice, bob) = (
        world.user().mfa_serial.clone(),
        world.sts().user("bob").clone(),
    );
    let keys = format!(
        "{}[bob]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        world.keys("default"),
        bob.access_key_id,
        bob.secret_access_key
    );
    let world = world.credentials(keys).config(format!(
        "[default]\nmfa_serial = {alice}\n\
         [profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\n\
         [profile bob]\nmfa_serial = {}\n",
        bob.mfa_serial
    ));
    world.session_for_a_code(&["admin"]);
    world.session(&["bob", "-t", &bob.fresh_code()]);
    assert_eq!(world.stored().len(), 3);
    world
}

#[test]
fn a_profile_loses_its_session_and_no_other() {
    let world = world();
    world
        .awsmfa(["logout", "bob"])
        .stderr("awsmfa: 1 stored session forgotten\n")
        .run();
    world.assert_asks(&["bob"]);
    world.session(&["admin", "--no-input"]);
    world
        .awsmfa(["logout", "bob"])
        .stderr("awsmfa: there was no stored session of profile bob\n")
        .run();
}

/// The source's session would bring the role's back without a code.
#[test]
fn a_role_loses_the_session_of_its_source_too() {
    let world = world();
    world
        .awsmfa(["logout", "admin"])
        .stderr("awsmfa: 2 stored sessions forgotten\n")
        .run();
    world.assert_asks(&["admin"]);
    world.session(&["bob", "--no-input"]);
}

#[test]
fn the_profile_is_chosen_as_everywhere() {
    let world = world();
    world
        .awsmfa(["logout"])
        .env("AWS_PROFILE", "bob")
        .stderr("awsmfa: 1 stored session forgotten\n")
        .run();
    world.assert_asks(&["bob"]);
}

#[test]
fn all_forgets_every_session() {
    let world = world();
    world
        .awsmfa(["logout", "--all"])
        .stderr("awsmfa: 3 stored sessions forgotten\n")
        .run();
    assert_eq!(world.stored().len(), 0, "{:?}", world.stored());
    world
        .awsmfa(["logout", "--all"])
        .stderr("awsmfa: there was no stored session\n")
        .run();
}

/// What the other setting of AWSMFA_STORE wrote is plain text on the disk, or would serve again.
#[test]
fn all_forgets_what_the_other_setting_wrote_too() {
    let world = world();
    let code = world.sts().user("bob").fresh_code();
    let run = world.env_json(&["bob", "--refresh", "-t", &code]);
    run.env("AWSMFA_STORE", "file").run();
    world
        .awsmfa(["logout", "bob"])
        .stderr("awsmfa: 1 stored session forgotten\n")
        .run();
    world.awsmfa(["logout", "--all"]).any_stderr().run();
    assert_eq!(world.stored().len(), 0, "{:?}", world.stored());
}

#[test]
fn a_profile_that_is_gone_from_the_files_can_still_be_forgotten() {
    let world = world().config("");
    world
        .awsmfa(["logout", "admin"])
        .stderr("awsmfa: 1 stored session forgotten\n")
        .run();
}

#[test]
fn a_shell_that_still_holds_the_session_is_told() {
    let world = world();
    let ran = world
        .awsmfa(["env", "bob", "--shell", "sh"])
        .any_stdout()
        .run();
    let value = |name: &str| {
        let (_, rest) = ran.stdout.split_once(&format!("{name}='")).unwrap();
        rest.split_once('\'').unwrap().0.to_owned()
    };
    world
        .awsmfa(["logout", "bob"])
        .env("AWS_ACCESS_KEY_ID", &value("AWS_ACCESS_KEY_ID"))
        .env("AWSMFA_SESSION", &value("AWSMFA_SESSION"))
        .stderr(
            "awsmfa: 1 stored session forgotten\n\
             awsmfa: this shell still holds its session\n\
             hint: run eval \"$(awsmfa env --unset)\" to take it out\n",
        )
        .run();
}
