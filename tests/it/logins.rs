//! Profiles whose session comes from a login: IAM Identity Center, in both forms, and `aws login`. The local portal
//! knows who is logged in; what the AWS CLI would have stored lies in the home.
#![cfg(unix)]
use std::process::Stdio;

use crate::support::World;
use crate::support::clients;
use crate::support::process;
use crate::support::pty::Terminal;
use crate::support::sts::{LocalSts, Role};
use crate::support::world::AWSMFA;

const PERMISSION_SET: &str = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Reader_0a1b2c3d4e5f6071";
const DEPLOY: &str = "arn:aws:iam::210987654321:role/deploy-by-sso";
const CONSOLE: &str = "arn:aws:sts::123456789012:assumed-role/reader/alice";
const START_URL: &str = "https://example.awsapps.com/start";

/// Every kind of a profile that a login stands behind.
const CONFIG: &str = "\
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Reader
region = eu-west-1
[profile old]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Reader
[profile granted]
granted_sso_start_url = https://example.awsapps.com/start
granted_sso_region = eu-west-1
granted_sso_account_id = 123456789012
granted_sso_role_name = Reader
[profile nobody]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Nobody
[profile deploy]
role_arn = arn:aws:iam::210987654321:role/deploy-by-sso
source_profile = sso
[profile console]
login_session = arn:aws:sts::123456789012:assumed-role/reader/alice
region = eu-west-1
";

fn world() -> World {
    let sts = LocalSts::builder()
        .role(Role::new(PERMISSION_SET))
        .role(Role::new(DEPLOY).trusting(PERMISSION_SET));
    let world = World::alice_at(sts).with_store().with_portal();
    world.config(CONFIG).credentials("")
}

/// The same, logged in for an hour.
fn logged_in() -> World {
    let world = world();
    world.write_sso_login("corp", &world.sts().log_in(3600, true));
    world
}

fn actions(world: &World) -> Vec<String> {
    let calls = world.sts().calls().into_iter();
    calls.map(|call| call.action).collect()
}

#[test]
fn a_profile_of_identity_center_gives_its_session_without_a_call_to_sts() {
    let world = logged_in();
    let session = world.session(&["sso", "--no-input"]);
    assert_eq!(actions(&world), ["GetRoleCredentials"]);
    assert_eq!(
        world.session(&["sso", "--no-input"]),
        session,
        "it is stored"
    );
    assert_eq!(actions(&world).len(), 1);
    let status = world.status_json();
    assert_eq!(status["store"][0]["profile"], "sso");
    assert_eq!(status["store"][0]["account"], "123456789012");
    assert_eq!(status["store"][0]["principal"], "Reader");
    assert_eq!(status["store"][0]["kind"], "source");
    let ran = world
        .awsmfa(["env", "sso", "--shell", "sh"])
        .any_stdout()
        .run();
    assert!(
        ran.stdout.contains("AWS_REGION='eu-west-1'"),
        "{}",
        ran.stdout
    );
    world.session(&["sso", "--no-input", "--refresh"]);
    assert_eq!(actions(&world), ["GetRoleCredentials"; 2]);
}

#[test]
fn the_old_form_and_granteds_words_mean_the_same() {
    let world = world();
    world.write_sso_login(START_URL, &world.sts().log_in(3600, false));
    for profile in ["old", "granted"] {
        world.session(&[profile, "--no-input"]);
    }
    assert_eq!(actions(&world), ["GetRoleCredentials"; 2]);
}

#[test]
fn a_role_is_assumed_with_the_session_of_a_login() {
    let world = logged_in();
    world.session(&["deploy", "--no-input"]);
    assert_eq!(actions(&world), ["GetRoleCredentials", "AssumeRole"]);
    world.session(&["sso", "--no-input"]);
    world.session(&["deploy", "--no-input"]);
    assert_eq!(actions(&world).len(), 2, "both are stored");
    let long = world.env_json(&["deploy", "--no-input", "-d", "2h"]);
    let told = long.status(1).any_stderr().run().stderr;
    assert!(told.contains("(role chaining)"), "{told}");
}

#[test]
fn a_token_that_has_ended_is_renewed_by_its_refresh_token() {
    let world = world();
    world.write_sso_login("corp", &world.sts().log_in(-60, true));
    world.session(&["sso", "--no-input"]);
    assert_eq!(actions(&world), ["CreateToken", "GetRoleCredentials"]);
    // What the renewal gave is in the AWS CLI's cache: the refresh token before it is spent.
    world.session(&["sso", "--no-input", "--refresh"]);
    assert_eq!(
        actions(&world)[2..],
        ["GetRoleCredentials"],
        "the new token is read again"
    );
}

#[test]
fn a_login_that_has_ended_or_never_was_ends_with_5_and_the_command() {
    const ENDED: &str = "awsmfa: profile sso needs a login at IAM Identity Center: there is none, or it has ended\n\
         hint: run aws sso login --profile sso\n";
    let world = world();
    for profile in ["sso", "deploy"] {
        let ran = world.env_json(&[profile, "--no-input"]).status(5);
        ran.stderr(
            "awsmfa: profile sso needs a login at IAM Identity Center: there is none, or it has ended\n\
             hint: run aws sso login --profile sso\n",
        )
        .run();
    }
    assert_eq!(world.sts().connections(), 0, "nobody was asked");
    // Over, with nothing to renew it by;
    world.write_sso_login("corp", &world.sts().log_in(-60, false));
    world.env_json(&["sso"]).status(5).stderr(ENDED).run();
    // and revoked, whatever it says of itself.
    world.write_sso_login("corp", &world.sts().log_in(3600, true));
    world.sts().log_everybody_out();
    world.env_json(&["sso"]).status(5).stderr(ENDED).run();
    assert_eq!(actions(&world), ["GetRoleCredentials"]);
    let ran = world.env_json(&["granted"]).status(5).any_stderr().run();
    assert!(
        ran.stderr.contains(
            "hint: write the granted_sso_ lines of profile granted a second time as sso_ lines"
        ),
        "{}",
        ran.stderr
    );
    world
        .env_json(&["console"])
        .status(5)
        .stderr(
            "awsmfa: profile console needs a login at the AWS console: there is none, or it has ended\n\
             hint: run aws login --profile console\n",
        )
        .run();
}

#[test]
fn an_account_or_role_that_is_not_assigned_is_a_refusal() {
    let world = logged_in();
    let ran = world.env_json(&["nobody", "--no-input"]).status(3);
    ran.stderr(
        "awsmfa: IAM Identity Center gives no session of Nobody in account 123456789012: \
         ForbiddenException: No access\n\
         hint: check the account and the role of the profile ([HOME]/.aws/config:20); \
         the administrator of the account assigns them\n",
    )
    .run();
}

#[test]
fn at_a_terminal_the_login_is_offered_and_run_and_the_work_goes_on() {
    let world = world().with_aws_that_logs_in();
    world.write_sso_login("corp", &world.sts().log_in(3600, true));
    std::fs::rename(world.path(".aws/sso/cache"), world.path("ready")).unwrap();
    let line = "x=$(awsmfa env deploy --shell sh) && echo got ${#x}";
    let mut terminal = Terminal::start(&world, "sh", &["-c", line]);
    terminal.wait_for(
        "awsmfa: profile sso needs a login at IAM Identity Center: there is none, or it has ended",
    );
    terminal.wait_for("Run aws sso login --profile sso now? [Y/n] ");
    terminal.enter("");
    terminal.wait_for("Attempting to open your browser");
    terminal.wait_for("got ");
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(world.read("called"), "sso login --profile sso\n");
    assert_eq!(actions(&world), ["GetRoleCredentials", "AssumeRole"]);
}

#[test]
fn at_a_terminal_a_no_leaves_the_error_as_it_is() {
    let world = world().with_aws_that_logs_in();
    let mut terminal = Terminal::start(&world, AWSMFA, &["env", "sso", "--reveal"]);
    terminal.wait_for("[Y/n] ");
    terminal.enter("n");
    terminal.wait_for("hint: run aws sso login --profile sso");
    assert_eq!(terminal.status(), 5, "{}", terminal.text());
    assert!(!world.path("called").exists());
}

#[test]
fn aws_login_gives_its_session_and_is_renewed() {
    let reader = "arn:aws:iam::123456789012:role/reader";
    let world = world();
    world.write_console_login(CONSOLE, &world.sts().sign_in(reader, 900));
    world.session(&["console", "--no-input"]);
    assert_eq!(world.sts().connections(), 0, "what is stored is good");
    let status = world.status_json();
    assert_eq!(status["store"][0]["principal"], CONSOLE);
    // Over: the refresh token and the key beside it get another.
    world.write_console_login(CONSOLE, &world.sts().sign_in(reader, -60));
    world.session(&["console", "--no-input", "--refresh"]);
    assert_eq!(actions(&world), ["CreateOAuth2Token"]);
    let ran = world.awsmfa([
        "exec",
        "console",
        "--",
        "sh",
        "-c",
        "echo $AWS_ACCESS_KEY_ID",
    ]);
    assert!(ran.any_stdout().run().stdout.starts_with("ASIA"));
    world.write_console_login(CONSOLE, &world.sts().sign_in(reader, -60));
    world.sts().log_everybody_out();
    let ran = world.env_json(&["console", "--refresh"]).status(5);
    ran.stderr(
        "awsmfa: profile console needs a login at the AWS console: there is none, or it has ended\n\
         hint: run aws login --profile console\n",
    )
    .run();
}

#[test]
fn explain_names_login_call_and_the_next_question() {
    let world = logged_in();
    let explain = ["env", "deploy", "--explain", "--no-input"];
    let told = world.awsmfa(explain).any_stderr().run().stderr;
    assert_eq!(
        world.redacted(&told),
        "awsmfa: profile deploy, chosen by the argument, [HOME]/.aws/config:23\n  \
         keys: none, a login at IAM Identity Center, [HOME]/.aws/config:5\n  \
         MFA device: none, so no code is sent\n  \
         call: GetRoleCredentials for Reader in account 123456789012, in eu-west-1\n  \
         call: AssumeRole arn:aws:iam::210987654321:role/deploy-by-sso for 1h, without a code, in eu-west-1\n  \
         why: the keys are a session already, which assumes roles for 1h each and needs no code\n  \
         next question: when the login has ended\n"
    );
    assert_eq!(world.sts().connections(), 0);
}

#[test]
fn what_is_missing_in_the_profile_is_named_with_the_line_to_write() {
    let refuses = |config: &str, stderr: &str| {
        let world = world().config(config);
        world.env_json(&["p"]).status(1).stderr(stderr).run();
    };
    refuses(
        "[profile p]\nsso_session = corpo\n[sso-session corp]\n",
        "awsmfa: profile p names the sso_session corpo, and there is none\n\
         hint: change line 2 of [HOME]/.aws/config: did you mean corp?\n",
    );
    refuses(
        "[profile p]\nsso_session = corp\n[sso-session corp]\nsso_start_url = https://e/start\n",
        "awsmfa: [sso-session corp] has no sso_region, which IAM Identity Center needs ([HOME]/.aws/config:3)\n\
         hint: write sso_region = … below line 3 of [HOME]/.aws/config, in [sso-session corp], \
         or run aws configure sso --profile p\n",
    );
    refuses(
        "[profile p]\nsso_start_url = https://e/start\nsso_region = eu-west-1\nsso_role_name = R\n",
        "awsmfa: profile p has no sso_account_id, which IAM Identity Center needs ([HOME]/.aws/config:1)\n\
         hint: write sso_account_id = … below line 1 of [HOME]/.aws/config, in profile p, \
         or run aws configure sso --profile p\n",
    );
}

/// No answer that the network makes up is taken for the end of a login.
#[test]
fn a_portal_that_cannot_be_reached_is_no_login_that_has_ended() {
    let world = logged_in().env("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:9");
    let ran = world
        .env_json(&["sso", "--no-input"])
        .status(4)
        .any_stderr()
        .run();
    assert!(
        ran.stderr
            .starts_with("awsmfa: IAM Identity Center did not answer: "),
        "{}",
        ran.stderr
    );
    let world = logged_in().env("AWS_ENDPOINT_URL_SSO", "http://example.com");
    let ran = world
        .env_json(&["sso", "--no-input"])
        .status(1)
        .any_stderr()
        .run();
    assert!(
        ran.stderr.contains("plain http is for this machine only"),
        "{}",
        ran.stderr
    );
}

/// boto3 reads the same cache, and so finds the login that awsmfa has renewed.
#[test]
fn a_real_client_reads_what_a_renewal_has_stored() {
    const WHO: &str = "import boto3\n\
        print(boto3.Session(profile_name='sso').client('sts').get_caller_identity()['Arn'])";
    let Some(python) = clients::python("boto3") else {
        return;
    };
    let world = world();
    world.write_sso_login("corp", &world.sts().log_in(-60, true));
    world.session(&["sso", "--no-input"]);
    let mut command = world.command(&python);
    let ran = process::finish(command.args(["-c", WHO]).stdout(Stdio::piped()), "");
    assert_eq!(
        ran.stdout,
        "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Reader_0a1b2c3d4e5f6071/alice\n",
        "{}",
        ran.stderr
    );
    // And with our session, by exec.
    let line = ["exec", "sso", "--", &python, "-c"];
    let ran = world.awsmfa(
        line.into_iter()
            .chain([&*WHO.replace("profile_name='sso'", "")]),
    );
    let ran = ran.any_stdout().run();
    assert!(
        ran.stdout.contains(":assumed-role/AWSReservedSSO_Reader_"),
        "{}",
        ran.stdout
    );
}

/// Two permission sets of one account are told apart.
#[test]
fn the_list_names_the_permission_set_as_the_role() {
    let table = world().awsmfa(["profiles"]).any_stdout().run().stdout;
    let role = |profile: &str| {
        let row = table.lines().find(|line| line.starts_with(profile));
        row.unwrap().split_whitespace().nth(2).unwrap().to_owned()
    };
    assert_eq!(role("sso "), "Reader", "{table}");
    assert_eq!(role("granted "), "Reader", "{table}");
    assert_eq!(role("nobody "), "Nobody", "{table}");
    assert_eq!(role("deploy "), "deploy-by-sso", "{table}");
}
