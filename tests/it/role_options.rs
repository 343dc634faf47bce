//! A session that may do less than its role, or carries who and what it is for: policies, tags, the source identity;
//! by flag, by the profile, in the entry's name and in the renewal.
use crate::support::World;
use crate::support::asked::{at_prompt, loaded};
use crate::support::sts::{Builder, Call, LocalSts, Role};

const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const PROFILES: &str = "\
[profile dev]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default
[profile tagged]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default
session_tags = team=blue, cost center=a/b
transitive_session_tags = team
source_identity = alice@example.com
policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess
[profile strict]
role_arn = arn:aws:iam::123456789012:role/strict
source_profile = default
[profile limited-user]
policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess
aws_access_key_id = AKIA1
aws_secret_access_key = s
";

fn world() -> World {
    world_at(LocalSts::builder())
}

/// The same with an STS of the test's own making.
fn world_at(sts: Builder) -> World {
    let strict = Role::new("arn:aws:iam::123456789012:role/strict").without_marks();
    let world = World::alice_at(sts.role(strict)).with_store();
    let config = world.read(".aws/config") + PROFILES;
    let world = world.config(config);
    world.session_for_a_code(&[]);
    world
}

/// The last AssumeRole.
fn assumed(world: &World) -> Call {
    let calls = world.sts().calls();
    let call = calls.last().unwrap().clone();
    assert_eq!(call.action, "AssumeRole");
    call
}

#[test]
fn flags_limit_and_mark_the_session_of_a_role() {
    let world = world();
    let whole = world.session(&["dev", "--no-input"]);
    assert_eq!(assumed(&world).param("PolicyArns.member.1.arn"), None);
    let args = ["dev", "--no-input", "--policy-arn", READ_ONLY];
    let limited = world.session(&args);
    assert_eq!(
        assumed(&world).param("PolicyArns.member.1.arn"),
        Some(READ_ONLY)
    );
    assert_ne!(limited, whole, "another session, under another name");
    assert_eq!(world.session(&args), limited);
    assert_eq!(world.session(&["dev", "--no-input"]), whole);
    let tags = [
        "--session-tag",
        "team=red",
        "--session-tag",
        "job=x",
        "--source-identity",
        "alice",
    ];
    world.session(&[&["dev", "--no-input"], &tags[..]].concat());
    let call = assumed(&world);
    for (name, value) in [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "red"),
        ("Tags.member.2.Key", "job"),
        ("SourceIdentity", "alice"),
    ] {
        assert_eq!(call.param(name), Some(value), "{name}");
    }
}

#[test]
fn the_profile_says_the_same_and_a_flag_wins_by_key() {
    let world = world();
    world.session(&["tagged", "--no-input", "--session-tag", "Team=red"]);
    let call = assumed(&world);
    for (name, value) in [
        ("Tags.member.1.Key", "cost center"),
        ("Tags.member.1.Value", "a/b"),
        ("Tags.member.2.Key", "Team"),
        ("Tags.member.2.Value", "red"),
        ("TransitiveTagKeys.member.1", "team"),
        ("SourceIdentity", "alice@example.com"),
        ("PolicyArns.member.1.arn", READ_ONLY),
    ] {
        assert_eq!(call.param(name), Some(value), "{name}");
    }
    let explain = ["env", "tagged", "--explain", "--no-input"];
    let told = world.awsmfa(explain).any_stderr().run().stderr;
    assert!(
        told.contains(
            "role/admin, limited to arn:aws:iam::aws:policy/ReadOnlyAccess, tagged team=blue cost center=a/b, \
             with the source identity alice@example.com for 1h"
        ),
        "{told}"
    );
}

/// The hook asks for what the session was, not for more.
#[test]
fn a_renewal_asks_for_the_same_limits() {
    // A role's session is so short that it is renewed at once.
    let sts = LocalSts::builder().session_seconds_clock_offset(-3_300);
    let world = world_at(sts);
    let args = ["dev", "--no-input", "--policy-arn", READ_ONLY];
    let session = loaded(&world, &args);
    at_prompt(&world, &session, 300).any_stdout().run();
    let calls = world.sts().calls();
    assert_eq!(calls.len(), 3);
    assert_eq!(
        assumed(&world).param("PolicyArns.member.1.arn"),
        Some(READ_ONLY)
    );
}

#[test]
fn what_cannot_be_limited_is_refused_before_any_call() {
    let world = world();
    let before = world.sts().calls().len();
    let refuses = |args: &[&str], stderr: &str| {
        world.env_json(args).status(1).stderr(stderr).run();
    };
    let hint = "hint: AWS limits and tags only the sessions of roles: give --role-arn, or name the profile of a role\n";
    refuses(
        &["--policy-arn", READ_ONLY],
        &format!(
            "awsmfa: --policy-arn is for the session of a role, and this profile names none\n{hint}"
        ),
    );
    refuses(
        &["limited-user"],
        &format!(
            "awsmfa: policy_arns ([HOME]/.aws/config:17) is for the session of a role, and this profile names none\n{hint}"
        ),
    );
    refuses(
        &["dev", "--session-tag", "team"],
        "awsmfa: --session-tag \"team\" is not KEY=VALUE as STS takes a tag\n\
         hint: write it as team=blue: letters, digits and _.:/=+-@ in a key of 128 and a value of 256 at most\n",
    );
    assert_eq!(world.sts().calls().len(), before);
}

#[test]
fn too_many_tags_and_a_role_that_takes_none_are_told_apart() {
    let world = world();
    let long = format!("team={}", "x".repeat(256));
    let many: Vec<String> = (0..5).map(|n| format!("{n}{long}")).collect();
    let mut args = vec!["dev", "--no-input"];
    args.extend(many.iter().flat_map(|tag| ["--session-tag", tag]));
    let told = world.env_json(&args).status(3).any_stderr().run().stderr;
    assert!(
        told.starts_with("awsmfa: the policies and tags of the session are more than AWS takes: PackedPolicyTooLarge: "),
        "{told}"
    );
    assert!(
        told.contains("\nhint: give fewer or shorter ones: --policy-arn, --session-tag"),
        "{told}"
    );
    let args = ["strict", "--no-input", "--session-tag", "team=x"];
    let told = world.env_json(&args).status(3).any_stderr().run().stderr;
    assert!(
        told.contains("on the session of arn:aws:iam::123456789012:role/strict"),
        "{told}"
    );
    assert!(
        told.contains("allow sts:TagSession and sts:SetSourceIdentity"),
        "{told}"
    );
}

#[test]
fn the_region_of_the_flag_is_the_shells_too() {
    let world = world();
    let args = [
        "env",
        "dev",
        "--no-input",
        "--region",
        "ap-south-1",
        "--shell",
        "sh",
    ];
    let code = world.awsmfa(args).any_stdout().run().stdout;
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION", "AWSMFA_REGION"] {
        assert!(code.contains(&format!("{name}='ap-south-1'")), "{code}");
    }
    // But not over a region of the user's own.
    let test = world.awsmfa(args).env("AWS_REGION", "eu-west-1");
    let code = test.any_stdout().run().stdout;
    assert!(!code.contains("'ap-south-1'"), "{code}");
}
