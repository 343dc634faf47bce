//! `--explain`: which profile, which keys, which calls, why this way, and when the next question will
//! come; said before anything is asked or sent.
use insta::assert_snapshot;

use crate::support::World;
use crate::support::sts::LocalSts;

const CONFIG: &str = "\
[default]
region = eu-west-1
mfa_serial = arn:aws:iam::123456789012:mfa/alice

[profile admin]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default

[profile admin-12h]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default
duration_seconds = 43200

[profile reader]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = plain

[profile plain]
region = us-west-2

[profile chained]
role_arn = arn:aws:iam::210987654321:role/chained
source_profile = again
region = ap-south-1

[profile again]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = default
";

/// Sessions last half a minute longer than they should: while a test looks, twelve hours are left.
fn world() -> World {
    let sts = LocalSts::builder().session_seconds_clock_offset(30);
    let world = World::alice_at(sts).with_store().config(CONFIG);
    let keys = format!("{}{}", world.keys("default"), world.keys("plain"));
    world.credentials(keys)
}

/// What `--explain --no-input` says; it calls nobody.
#[track_caller]
fn explained(world: &World, args: &[&str]) -> String {
    let before = world.sts().connections();
    let all = [&["env", "--explain", "--no-input"], args].concat();
    let ran = world.awsmfa(all).any_stderr().run();
    assert_eq!(world.sts().connections(), before);
    world.redacted(&ran.stderr)
}

#[test]
fn a_user() {
    assert_snapshot!(explained(&world(), &[]), @r#"
    awsmfa: profile default, chosen by the default, [HOME]/.aws/config:1
      keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2
      MFA device: arn:aws:iam::123456789012:mfa/alice
      call: GetSessionToken for 12h with the code, in eu-west-1
      why: the profile names no role, so the session is the user's own
      next question: now
    "#);
}

#[test]
fn a_user_without_a_device() {
    assert_snapshot!(explained(&world(), &["plain"]), @r#"
    awsmfa: profile plain, chosen by the argument, [HOME]/.aws/config:18
      keys: …XXXX, long-term, of profile plain, [HOME]/.aws/credentials:5
      MFA device: not known yet, it will be asked for once
      not taken: mfa_serial = arn:aws:iam::123456789012:mfa/alice of [default], [HOME]/.aws/config:3; aws-vault takes it, no SDK does: to have it, write it under [profile plain]
      call: GetSessionToken for 12h with the code, in us-west-2
      why: the profile names no role, so the session is the user's own
      next question: now
    "#);
}

#[test]
fn a_role_of_an_hour() {
    let world = world();
    assert_snapshot!(explained(&world, &["admin"]), @r#"
    awsmfa: profile admin, chosen by the argument, [HOME]/.aws/config:5
      keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2
      MFA device: arn:aws:iam::123456789012:mfa/alice
      call: GetSessionToken for 12h with the code, in eu-west-1
      call: AssumeRole arn:aws:iam::123456789012:role/admin for 1h, without a code, in eu-west-1
      why: up to 1h one MFA session of the source, 12h long, serves all its roles: one code a day
      next question: now
    "#);
    // With the shared session stored, then with the role's.
    world.session_for_a_code(&[]);
    assert_snapshot!(explained(&world, &["admin"]), @r#"
    awsmfa: profile admin, chosen by the argument, [HOME]/.aws/config:5
      keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2
      MFA device: arn:aws:iam::123456789012:mfa/alice
      stored: the MFA session of the user, 12h left
      call: AssumeRole arn:aws:iam::123456789012:role/admin for 1h, without a code, in eu-west-1
      why: up to 1h one MFA session of the source, 12h long, serves all its roles: one code a day
      next question: in 12h
    "#);
    world.session(&["admin", "--no-input"]);
    assert_snapshot!(explained(&world, &["admin"]), @r#"
    awsmfa: profile admin, chosen by the argument, [HOME]/.aws/config:5
      keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2
      MFA device: arn:aws:iam::123456789012:mfa/alice
      stored: the session of arn:aws:iam::123456789012:role/admin, 1h left
      why: up to 1h one MFA session of the source, 12h long, serves all its roles: one code a day
      next question: in 12h
    "#);
    assert_snapshot!(explained(&world, &["admin", "--refresh"]), @r#"
    awsmfa: profile admin, chosen by the argument, [HOME]/.aws/config:5
      keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2
      MFA device: arn:aws:iam::123456789012:mfa/alice
      call: GetSessionToken for 12h with the code, in eu-west-1
      call: AssumeRole arn:aws:iam::123456789012:role/admin for 1h, without a code, in eu-west-1
      why: up to 1h one MFA session of the source, 12h long, serves all its roles: one code a day
      next question: now
    "#);
}

#[test]
fn a_role_of_twelve_hours() {
    assert_snapshot!(explained(&world(), &["admin-12h"]), @r#"
    awsmfa: profile admin-12h, chosen by the argument, [HOME]/.aws/config:9
      keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2
      MFA device: arn:aws:iam::123456789012:mfa/alice
      call: AssumeRole arn:aws:iam::123456789012:role/admin for 12h with the code, in eu-west-1
      why: over 1h a role must be assumed with the code straight from the long-term keys: from a session AWS grants 1h at most (role chaining); the code then serves this role alone
      next question: now
    "#);
}

#[test]
fn a_role_without_mfa() {
    assert_snapshot!(explained(&world(), &["reader"]), @r#"
    awsmfa: profile reader, chosen by the argument, [HOME]/.aws/config:14
      keys: …XXXX, long-term, of profile plain, [HOME]/.aws/credentials:5
      MFA device: none, so no code is sent
      not taken: mfa_serial = arn:aws:iam::123456789012:mfa/alice of [default], [HOME]/.aws/config:3; aws-vault takes it, no SDK does: to have it, write it under [profile reader]
      call: AssumeRole arn:aws:iam::123456789012:role/reader for 1h, without a code, in us-west-2
      why: no MFA device is named anywhere, so the role is assumed without a code
      next question: never
    "#);
}

#[test]
fn a_chain_of_roles() {
    assert_snapshot!(explained(&world(), &["chained"]), @r#"
    awsmfa: profile chained, chosen by the argument, [HOME]/.aws/config:21
      keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2
      MFA device: arn:aws:iam::123456789012:mfa/alice
      call: GetSessionToken for 12h with the code, in eu-west-1
      call: AssumeRole arn:aws:iam::123456789012:role/reader for 1h, without a code, in ap-south-1
      call: AssumeRole arn:aws:iam::210987654321:role/chained for 1h, without a code, in ap-south-1
      why: up to 1h one MFA session of the source, 12h long, serves all its roles: one code a day
      next question: now
    "#);
}

#[test]
fn a_plan_that_is_refused() {
    let world = world();
    let args = [
        "env",
        "chained",
        "-d",
        "2h",
        "--explain",
        "--no-input",
        "--shell",
        "sh",
    ];
    let ran = world.awsmfa(args).any_stderr().any_stdout().status(1).run();
    assert_snapshot!(world.redacted(&ran.stderr), @r#"
    awsmfa: profile chained, chosen by the argument, [HOME]/.aws/config:21
      keys: …XXXX, long-term, of profile default, [HOME]/.aws/credentials:2
      MFA device: arn:aws:iam::123456789012:mfa/alice
    awsmfa: arn:aws:iam::210987654321:role/chained for 2h is refused by AWS: a role assumed from a session lasts one hour at most (role chaining)
    hint: ask for 1h or less; if the role trusts the user of profile default itself, run awsmfa env default --role-arn arn:aws:iam::210987654321:role/chained --duration 7200
    "#);
    assert_eq!(world.sts().connections(), 0);
}

#[test]
fn without_no_input_it_goes_on_and_does_what_it_said() {
    let world = world();
    let code = world.code();
    let ran = world.env_json(&["admin", "--explain", "-t", &code]);
    let told = world.redacted(&ran.any_stderr().run().stderr);
    assert_eq!(told, explained(&self::world(), &["admin"]));
    assert_eq!(world.sts().calls().len(), 2);
}
