//! Roles: twelve hours where they were asked for, one code for many roles, and never a surprise from
//! role chaining.
use std::collections::HashSet;
use std::process::Stdio;
use std::time::Duration;

use crate::support::World;
use crate::support::process::finish;
use crate::support::stored::Printed;
use crate::support::sts::{Builder, Call, LocalSts, Role};
use crate::support::world::AWSMFA;

const ADMIN: &str = "arn:aws:iam::123456789012:role/admin";

/// alice with a profile for each of the roles that the STS knows.
const PROFILES: &str = "\
[profile reader]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = default\n
[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\n
[profile admin-12h]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\nduration_seconds = 43200\n
[profile deploy]\nrole_arn = arn:aws:iam::210987654321:role/team/deploy\nsource_profile = default\n
[profile vault]\nrole_arn = arn:aws:iam::123456789012:role/vault\nsource_profile = default\n
[profile partner]\nrole_arn = arn:aws:iam::210987654321:role/partner\nsource_profile = default\nexternal_id = Unique:1/2\n
[profile chained]\nrole_arn = arn:aws:iam::210987654321:role/chained\nsource_profile = reader\n";

fn world() -> World {
    world_at(LocalSts::builder())
}

fn world_at(sts: Builder) -> World {
    let world = World::alice_at(sts).with_store();
    let serial = world.user().mfa_serial.clone();
    world.config(format!("[default]\nmfa_serial = {serial}\n{PROFILES}"))
}

/// The calls in the words of the plan's table.
fn calls(world: &World) -> Vec<String> {
    let told = |call: Call| {
        let role = call.param("RoleArn").and_then(|arn| arn.rsplit('/').next());
        let code = if call.param("TokenCode").is_some() {
            " +code"
        } else {
            ""
        };
        let seconds = call.param("DurationSeconds").unwrap_or("-");
        match role {
            Some(role) => format!("AR({role}) {seconds}{code}"),
            None => format!("GST {seconds}{code}"),
        }
    };
    world.sts().calls().into_iter().map(told).collect()
}

#[test]
fn twelve_hours_are_asked_for_straight_from_the_long_term_keys() {
    let world = world();
    let session = world.session_for_a_code(&["admin-12h"]);
    assert_eq!(calls(&world), ["AR(admin) 43200 +code"]);
    assert_eq!(
        world.sts().calls()[0].access_key_id,
        world.user().access_key_id
    );
    let left = world.status_json()["store"][0]["expires_in_seconds"].as_i64();
    assert!(left.is_some_and(|left| left > 43_100), "{left:?}");
    // The longer session serves the profile of an hour too.
    assert_eq!(world.session(&["admin", "--no-input"]), session);
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn one_code_serves_five_roles_and_the_sixth_terminal_makes_no_call() {
    let world = world();
    world.session_for_a_code(&["reader"]);
    for role in ["admin", "deploy", "vault", "partner"] {
        world.session(&[role, "--no-input"]);
    }
    let expected = [
        "GST 43200 +code",
        "AR(reader) 3600",
        "AR(admin) 3600",
        "AR(deploy) 3600",
        "AR(vault) 3600",
        "AR(partner) 3600",
    ];
    assert_eq!(calls(&world), expected);
    world.sts().hold();
    for role in ["reader", "admin", "deploy", "vault", "partner", "default"] {
        world.session(&[role, "--no-input"]);
    }
    assert_eq!(world.sts().calls().len(), 6);
}

/// What the hook does in silence all day.
#[test]
fn a_role_session_is_renewed_without_a_question_while_the_shared_session_is_good() {
    let world = world();
    let first = world.session_for_a_code(&["admin"]);
    let renewed = world.session(&["admin", "--no-input", "--min-ttl", "61m"]);
    assert_ne!(renewed, first);
    let expected = ["GST 43200 +code", "AR(admin) 3600", "AR(admin) 3600"];
    assert_eq!(calls(&world), expected);
    assert_eq!(world.session(&["admin", "--no-input"]), renewed);
}

#[test]
fn any_stored_session_of_the_source_serves_however_long_it_was() {
    let world = world();
    world.session_for_a_code(&["-d", "15m"]);
    world.session(&["admin", "--no-input"]);
    assert_eq!(calls(&world), ["GST 900 +code", "AR(admin) 3600"]);
}

#[test]
fn refresh_replaces_the_shared_session_too() {
    let world = world();
    let first = world.session_for_a_code(&["admin"]);
    world.assert_asks(&["admin", "--refresh"]);
    assert_ne!(world.session_for_a_code(&["admin", "--refresh"]), first);
    let both = ["GST 43200 +code", "AR(admin) 3600"];
    assert_eq!(calls(&world), [both, both].concat());
}

#[test]
fn a_chain_needs_the_code_at_its_first_step_only() {
    let world = world();
    let session = world.session_for_a_code(&["chained"]);
    let expected = ["GST 43200 +code", "AR(reader) 3600", "AR(chained) 3600"];
    assert_eq!(calls(&world), expected);
    // Each step signs with what the one before it got.
    let keys: HashSet<String> = world
        .sts()
        .calls()
        .into_iter()
        .map(|c| c.access_key_id)
        .collect();
    assert_eq!(keys.len(), 3);
    assert_eq!(world.stored().len(), 3);
    assert_eq!(world.session(&["chained", "--no-input"]), session);
    world.session(&["reader", "--no-input"]);
    assert_eq!(
        world.sts().calls().len(),
        3,
        "a step on the way serves its own profile"
    );
}

#[test]
fn a_second_over_an_hour_on_a_chained_role_is_refused_before_any_call() {
    let world = world();
    world
        .awsmfa([
            "env",
            "chained",
            "-d",
            "3601",
            "-t",
            &world.code(),
            "--format",
            "json",
        ])
        .stderr(
            "awsmfa: arn:aws:iam::210987654321:role/chained for 1h 1s is refused by AWS: \
             a role assumed from a session lasts one hour at most (role chaining)\n\
             hint: ask for 1h or less; if the role trusts the user of profile default itself, run \
             awsmfa env default --role-arn arn:aws:iam::210987654321:role/chained --duration 3601\n",
        )
        .status(1)
        .run();
    assert_eq!(world.sts().connections(), 0);
}

#[test]
fn a_role_that_allows_less_says_what_to_change() {
    let world = world();
    let ran = world.env_json(&["deploy", "-d", "2h", "-t", &world.code()]);
    let ran = ran.any_stderr().status(3).run();
    assert!(
        ran.stderr
            .contains("exceeds the MaxSessionDuration set for this role"),
        "{}",
        ran.stderr
    );
    let hint = "hint: ask for less, such as --duration 1h, or raise the role's maximum: \
                aws iam update-role --role-name deploy --max-session-duration 7200\n";
    assert!(ran.stderr.ends_with(hint), "{}", ran.stderr);
    assert_eq!(calls(&world), ["AR(deploy) 7200 +code"]);
    assert!(world.stored().is_empty());
}

#[test]
fn a_role_that_wants_mfa_and_no_device_is_named_says_which_line_goes_where() {
    let world = world().config(PROFILES);
    let ran = world.env_json(&["admin"]).any_stderr().status(3).run();
    let hint = "hint: if the role's trust policy wants MFA, write mfa_serial = \
                arn:aws:iam::123456789012:mfa/NAME under [profile admin] in [HOME]/.aws/config; \
                else check role_arn, external_id and the trust policy\n";
    assert!(
        world.redacted(&ran.stderr).ends_with(hint),
        "{}",
        ran.stderr
    );
    assert_eq!(calls(&world), ["AR(admin) 3600"]);
}

#[test]
fn a_role_without_mfa_needs_no_code() {
    let world = world().config(PROFILES);
    world.session(&["reader", "--no-input"]);
    assert_eq!(calls(&world), ["AR(reader) 3600"]);
}

#[test]
fn the_external_id_is_sent_and_a_missing_one_is_named_as_a_cause() {
    let world = world();
    world.session_for_a_code(&["partner"]);
    let sent = world.sts().calls();
    assert_eq!(sent[1].param("ExternalId"), Some("Unique:1/2"));
    let flag = [
        "--role-arn",
        "arn:aws:iam::210987654321:role/partner",
        "--no-input",
    ];
    world.session(&[&flag[..], &["--external-id", "Unique:1/2"]].concat());
    for wrong in [
        &flag[..],
        &[&flag[..], &["--external-id", "Other"]].concat(),
    ] {
        let ran = world.env_json(wrong).any_stderr().status(3).run();
        assert!(
            ran.stderr.contains("hint: check role_arn, external_id"),
            "{}",
            ran.stderr
        );
    }
}

/// A trust policy may limit how old the code behind a session is (`aws:MultiFactorAuthAge`).
#[test]
fn a_role_that_wants_a_fresh_code_gets_one_by_refresh_or_directly() {
    let fresh = Role::new(ADMIN)
        .with_mfa()
        .with_mfa_age(1)
        .with_max_session(43_200);
    let world = world_at(LocalSts::builder().role(fresh));
    world.session_for_a_code(&[]);
    // Only time makes a code old; STS counts its age in whole seconds.
    std::thread::sleep(Duration::from_millis(2_100));
    let ran = world
        .env_json(&["admin", "--no-input"])
        .any_stderr()
        .status(3)
        .run();
    for way in [
        "add --refresh",
        "ask for more than 1h, which sends the code itself",
    ] {
        assert!(ran.stderr.contains(way), "{}", ran.stderr);
    }
    world.session_for_a_code(&["admin", "--refresh"]);
    world.session_for_a_code(&["admin", "-d", "61m"]);
}

/// In every plan, with what is in the store and without: STS never sees a code twice.
#[test]
fn no_code_is_ever_sent_in_two_calls() {
    for plan in [
        &["default"][..],
        &["default", "-d", "36h"],
        &["reader"],
        &["admin", "-d", "1h"],
        &["admin-12h"],
        &["deploy", "-d", "12h"],
        &["chained"],
        &["vault", "--refresh"],
        &["partner", "--no-cache"],
        &["--role-arn", ADMIN],
    ] {
        let world = world();
        // Once on an empty store, once on what that left; some of it is refused.
        for _ in 0..2 {
            let mut command = world.command(AWSMFA);
            command.arg("env").args(plan).args(["-t", &world.code()]);
            finish(command.stdout(Stdio::piped()), "");
        }
        let mut codes = HashSet::new();
        for call in world.sts().calls() {
            if let Some(code) = call.param("TokenCode") {
                assert!(
                    codes.insert(code.to_owned()),
                    "{plan:?}: {:?}",
                    calls(&world)
                );
            }
        }
        assert!(!codes.is_empty(), "{plan:?}");
    }
}

/// One session of the source serves all its roles, wherever these are.
#[test]
fn the_shared_session_is_asked_for_in_the_region_of_the_source() {
    let world = world();
    let serial = world.user().mfa_serial.clone();
    let world = world.config(format!(
        "[default]\nmfa_serial = {serial}\nregion = eu-west-1\n{}",
        PROFILES
            .replace("role/reader\n", "role/reader\nregion = us-west-2\n")
            .replace("role/admin\n", "role/admin\nregion = ap-south-1\n")
    ));
    world.session_for_a_code(&["reader"]);
    world.session(&["admin", "--no-input"]);
    world.session(&["deploy", "--no-input"]);
    let regions: Vec<String> = world.sts().calls().into_iter().map(|c| c.region).collect();
    assert_eq!(
        regions,
        ["eu-west-1", "us-west-2", "ap-south-1", "eu-west-1"]
    );
}

#[test]
fn the_session_name_names_user_and_time_where_none_is_set() {
    let world = world().env("USER", "Jürgen van A");
    world.session_for_a_code(&["reader"]);
    let named = world.sts().calls()[1].clone();
    let name = named.param("RoleSessionName").unwrap();
    let time = name.strip_prefix("awsmfa-J-rgen-van-A-").unwrap();
    assert_eq!(time.len(), 10, "{name}");
    world.session(&["reader", "--no-input", "--role-session-name", "me@home"]);
    assert_eq!(
        world.sts().calls()[2].param("RoleSessionName"),
        Some("me@home")
    );
}

/// An `AWS_REGION` of the shell is no other user: a session of the source is good in its whole partition.
#[test]
fn the_shared_session_serves_whatever_region_the_shell_has_by_now() {
    let world = world();
    world.session_for_a_code(&["reader"]);
    let there = |profile: &str| {
        let run = world.env_json(&[profile, "--no-input"]);
        Printed::of(&run.env("AWS_REGION", "eu-west-1").run().stdout)
    };
    there("admin");
    let expected = ["GST 43200 +code", "AR(reader) 3600", "AR(admin) 3600"];
    assert_eq!(calls(&world), expected);
    // And it is forgotten from there as well.
    let logout = world
        .awsmfa(["logout", "admin"])
        .env("AWS_REGION", "eu-west-1");
    logout.stderr("awsmfa: 2 stored sessions forgotten\n").run();
    world.assert_asks(&["admin"]);
}

/// There the profile is the source, and says how long its own sessions are.
#[test]
fn the_duration_of_a_profile_is_not_that_of_a_role_on_the_command_line() {
    let world = world();
    let config = world.read(".aws/config").replacen(
        "mfa_serial",
        "duration_seconds = 129600\nmfa_serial",
        1,
    );
    let world = world.config(config);
    world.session_for_a_code(&["--role-arn", ADMIN]);
    assert_eq!(calls(&world), ["GST 43200 +code", "AR(admin) 3600"]);
}
