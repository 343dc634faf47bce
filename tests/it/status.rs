//! `awsmfa status`: the same facts for people and, in a form that stays, for prompts and scripts.
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::World;
use crate::support::stored::Printed;
use crate::support::sts::LocalSts;

const ADMIN: &str = "arn:aws:iam::123456789012:role/admin";

/// Sessions that are good for half a minute longer than they should: while a test looks, an hour left
/// is an hour left.
fn world() -> World {
    let sts = LocalSts::builder().session_seconds_clock_offset(30);
    World::alice_at(sts).with_store()
}

/// alice with a role profile, and a session of each.
fn with_two_sessions() -> (World, Printed) {
    let world = world();
    let serial = world.user().mfa_serial.clone();
    let world = world.config(format!(
        "[default]\nmfa_serial = {serial}\n\
         [profile admin]\nrole_arn = {ADMIN}\nsource_profile = default\n"
    ));
    world.session_for_a_code(&["admin"]);
    let session = world.session(&["--no-input"]);
    (world, session)
}

#[test]
fn without_any_session_it_says_so() {
    world()
        .awsmfa(["status"])
        .stderr("awsmfa: no session, neither in this shell nor in the store\n")
        .run();
    let ran = world().awsmfa(["status", "--json"]).any_stdout().run();
    assert_snapshot!(ran.stdout, @r#"
    {
        "version": 1,
        "shell": null,
        "store": [],
        "pin": null,
        "pins": []
    }
    "#);
}

#[test]
fn the_table_shows_what_the_store_and_this_shell_hold() {
    let (world, session) = with_two_sessions();
    let calls = world.sts().calls().len();
    let table = world.awsmfa(["status"]).any_stdout().run().stdout;
    assert_snapshot!(table, @r#"
    PROFILE  ACCOUNT       PRINCIPAL                             KIND  LEFT  WHERE
    admin    123456789012  arn:aws:iam::123456789012:role/admin  role  1h    store
    default  123456789012  arn:aws:iam::123456789012:mfa/alice   user  12h   store
    "#);

    let in_shell = world.awsmfa(["status"]);
    let in_shell = in_shell.env("AWS_ACCESS_KEY_ID", &session.access_key_id);
    let table = in_shell.any_stdout().run().stdout;
    assert_snapshot!(table, @r#"
    PROFILE  ACCOUNT       PRINCIPAL                             KIND  LEFT  WHERE
    admin    123456789012  arn:aws:iam::123456789012:role/admin  role  1h    store
    default  123456789012  arn:aws:iam::123456789012:mfa/alice   user  12h   this shell, store
    "#);
    assert_eq!(world.sts().calls().len(), calls, "never the network");
}

#[test]
fn a_session_that_only_this_shell_holds_is_shown_too() {
    let ended = [
        ("AWS_ACCESS_KEY_ID", "ASIAOURS"),
        ("AWS_SESSION_TOKEN", "token"),
        (
            "AWSMFA_SESSION",
            "ASIAOURS:0123456789abcdef0123456789abcdef",
        ),
        ("AWSMFA_PROFILE", "dev"),
        ("AWSMFA_EXPIRES", "1577836800"),
    ];
    let world = world();
    let shown = |variables: &[(&str, &str)]| {
        let mut test = world.awsmfa(["status"]).any_stdout();
        for (name, value) in variables {
            test = test.env(name, value);
        }
        test.run().stdout
    };
    assert_snapshot!(shown(&ended), @r#"
    PROFILE  ACCOUNT  PRINCIPAL  KIND  LEFT   WHERE
    dev      -        ASIAOURS   -     ended  this shell
    "#);
    // The key is another one: what AWSMFA_… says is not about it.
    let foreign = [&[("AWS_ACCESS_KEY_ID", "ASIATHEIRS")], &ended[1..]].concat();
    assert_snapshot!(shown(&foreign), @r#"
    PROFILE  ACCOUNT  PRINCIPAL   KIND  LEFT     WHERE
    -        -        ASIATHEIRS  -     unknown  this shell, not by awsmfa
    "#);
    let hostile = [("AWS_ACCESS_KEY_ID", "\u{1b}[2Jx"), ended[1]];
    assert_snapshot!(shown(&hostile), @r#"
    PROFILE  ACCOUNT  PRINCIPAL  KIND  LEFT     WHERE
    -        -        [2Jx       -     unknown  this shell, not by awsmfa
    "#);
}

/// The schema is a promise to prompts and scripts: fields may be added, none may change.
#[test]
fn the_json_has_a_stable_schema() {
    let (world, user) = with_two_sessions();
    let role = world.session(&["admin", "--no-input"]);
    let test = world.awsmfa(["status", "--json"]);
    let test = test.env("AWS_ACCESS_KEY_ID", &role.access_key_id);
    let test = test.env("AWS_SESSION_TOKEN", &role.session_token);
    let session = format!("{}:entry", role.access_key_id);
    let test = test.env("AWSMFA_SESSION", &session);
    let test = test.env("AWSMFA_PROFILE", "admin");
    let json = test.env("AWSMFA_EXPIRES", "1577836800").any_stdout().run();
    let mut status: Value = serde_json::from_str(&json.stdout).unwrap();
    for (index, most) in [3_600, 43_200].into_iter().enumerate() {
        let left = &mut status["store"][index]["expires_in_seconds"];
        assert!(
            (most - 30..=most + 30).contains(&left.as_i64().unwrap()),
            "{left}"
        );
        *left = "[SECONDS]".into();
    }
    let utc = |printed: &Printed| printed.expiration.replace("+00:00", "Z");
    let text = serde_json::to_string_pretty(&status).unwrap();
    let text = text
        .replace(&user.access_key_id, "[USER KEY]")
        .replace(&role.access_key_id, "[ROLE KEY]")
        .replace(&utc(&user), "[USER END]")
        .replace(&utc(&role), "[ROLE END]");
    assert_snapshot!(text, @r#"
    {
      "pin": null,
      "pins": [],
      "shell": {
        "access_key_id": "[ROLE KEY]",
        "account": "123456789012",
        "expires": "2020-01-01T00:00:00Z",
        "expires_in_seconds": 0,
        "ours": true,
        "principal": "arn:aws:iam::123456789012:role/admin",
        "profile": "admin",
        "region": null
      },
      "store": [
        {
          "access_key_id": "[ROLE KEY]",
          "account": "123456789012",
          "expires": "[ROLE END]",
          "expires_in_seconds": "[SECONDS]",
          "in_shell": true,
          "kind": "role",
          "principal": "arn:aws:iam::123456789012:role/admin",
          "profile": "admin"
        },
        {
          "access_key_id": "[USER KEY]",
          "account": "123456789012",
          "expires": "[USER END]",
          "expires_in_seconds": "[SECONDS]",
          "in_shell": false,
          "kind": "user",
          "principal": "arn:aws:iam::123456789012:mfa/alice",
          "profile": "default"
        }
      ],
      "version": 1
    }
    "#);
}

#[test]
fn it_never_shows_a_secret() {
    let (world, session) = with_two_sessions();
    for args in [&["status"][..], &["status", "--json"]] {
        let shown = world.awsmfa(args.iter().copied()).any_stdout().run().stdout;
        assert!(!shown.contains(&session.secret_access_key));
        assert!(!shown.contains(&session.session_token));
    }
}

/// What a person sees of a store that cannot be read: nothing, and no error.
#[test]
fn a_store_that_cannot_be_read_is_empty() {
    let (world, _) = with_two_sessions();
    for entry in world.stored() {
        std::fs::write(world.state().join(entry), "garbage").unwrap();
    }
    world
        .awsmfa(["status"])
        .stderr("awsmfa: no session, neither in this shell nor in the store\n")
        .run();
}
