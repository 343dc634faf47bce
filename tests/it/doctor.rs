//! `awsmfa doctor`: each thing that can be wrong is one line, and below it the command that fixes it.
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::World;
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, User};
use crate::support::world::{AWSMFA, store_is_encrypted};

/// alice's machine with the program on PATH and nothing odd.
fn world() -> World {
    let folder = std::path::Path::new(AWSMFA).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    World::alice().with_store().env("PATH", path)
}

/// What it prints for bash, with what differs from machine to machine replaced.
fn says(world: &World, status: i32) -> String {
    let test = world.awsmfa(["doctor", "--shell", "bash"]);
    let ran = test.any_stdout().any_stderr().status(status).run();
    let text = world.redacted(&ran.stdout);
    text.replace(AWSMFA, "[PROGRAM]")
        .replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
}

fn line_of(text: &str, part: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.contains(part));
    let at = at.unwrap_or_else(|| panic!("no {part:?} in\n{text}"));
    lines[at..(at + 2).min(lines.len())].join("\n")
}

#[test]
fn a_machine_with_plain_keys_and_no_hook_works_and_could_be_better() {
    if !store_is_encrypted() {
        return;
    }
    assert_snapshot!(says(&world(), 0), @r#"
    good   program    awsmfa [VERSION] is [PROGRAM]
    warn   hook       no start-up file of bash loads the hook, so awsmfa use cannot work there
                      run awsmfa setup
    warn   aws files  [HOME]/.aws/credentials may be read by other users (mode 644)
                      run chmod 600 [HOME]/.aws/credentials
    warn   keys       the long-term keys of profile default are in a file in plain text
                      run awsmfa keys import default
    good   store      0 sessions are stored, encrypted, with a key in the operating system's key store
    good   network    STS is asked at [STS]
    "#);
}

#[test]
fn a_hook_in_a_start_up_file_is_found_with_its_line() {
    let world = world().file(".bashrc", "# mine\neval \"$(awsmfa hook bash)\"\n");
    assert_snapshot!(line_of(&says(&world, 0), "hook"), @r#"
    good   hook       bash loads the hook in [HOME]/.bashrc:2
    warn   aws files  [HOME]/.aws/credentials may be read by other users (mode 644)
    "#);
}

#[test]
fn a_profile_that_cannot_work_is_wrong_and_says_what_to_change() {
    let world = world().config(
        "[profile lost]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = gone\n",
    );
    assert_snapshot!(line_of(&says(&world, 1), "lost"), @r#"
    wrong  profiles   profile lost names the source_profile gone, and there is none
                      change line 3 of [HOME]/.aws/config to source_profile = default, or to another profile that gives keys
    "#);
}

#[test]
fn a_section_that_no_sdk_reads_is_named() {
    let world = world().config("[profile a b]\nregion = eu-west-1\n");
    assert_snapshot!(line_of(&says(&world, 1), "ignored"), @r#"
    wrong  aws files  [HOME]/.aws/config:1: [profile a b] is ignored by every AWS SDK: no AWS SDK reads a name with other characters than A-Z a-z 0-9 _ - / . % @ : +
                      change [HOME]/.aws/config:1
    "#);
}

#[test]
fn what_another_tool_reads_in_a_profile_is_named_once() {
    let world = world().config(
        "[profile a]\nregion = eu-west-1\nsts_regional_endpoints = legacy\nparent_profile = b\n\
         [profile b]\nsts_regional_endpoints = legacy\n[profile c]\nsts_regional_endpoints = legacy\n",
    );
    let said = says(&world, 0);
    assert_eq!(said.matches("sts_regional_endpoints").count(), 1, "{said}");
    assert_snapshot!(line_of(&said, "sts_regional_endpoints"), @r#"
    warn   profiles   sts_regional_endpoints of the AWS CLI is not used here: [HOME]/.aws/config:3, and in 2 more profiles
                      the region's own STS is always asked
    "#);
    assert_snapshot!(line_of(&said, "parent_profile"), @r#"
    warn   profiles   parent_profile of aws-vault is not used here: [HOME]/.aws/config:4
                      write include_profile
    "#);
}

#[test]
fn a_line_without_effect_is_named_once_however_many_profiles_read_it() {
    let world = world().config(
        "[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/x\nweb_identity_token_file = token\n\
         mfa_serial = arn:aws:iam::123456789012:mfa/alice\n\
         [profile next]\nrole_arn = arn:aws:iam::123456789012:role/y\nsource_profile = ci\n",
    );
    let said = says(&world, 0);
    assert_eq!(said.matches("has no effect").count(), 1, "{said}");
    assert_snapshot!(line_of(&said, "has no effect"), @r#"
    warn   profiles   [HOME]/.aws/config:4: mfa_serial has no effect: the token assumes the role without a code
                      remove that line
    "#);
}

/// A relative one counts for nobody: the specification says so, and direnv does.
#[test]
fn a_relative_folder_of_settings_is_none() {
    let world = world()
        .env("XDG_CONFIG_HOME", "settings")
        .file(".config/direnv/lib/awsmfa.sh", "use_awsmfa() { :; }\n");
    assert!(says(&world, 0).contains("direnv"));
}

#[cfg(unix)]
#[test]
fn keys_that_others_may_read_are_named() {
    use std::os::unix::fs::PermissionsExt;
    let world = world();
    let file = world.path(".aws/credentials");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_snapshot!(line_of(&says(&world, 0), "other users"), @r#"
    warn   aws files  [HOME]/.aws/credentials may be read by other users (mode 644)
                      run chmod 600 [HOME]/.aws/credentials
    "#);
}

#[test]
fn what_other_tools_left_is_named() {
    let world = world()
        .env("AWS_VAULT", "prod")
        .env("AWS_SECURITY_TOKEN", "old")
        .file(".bashrc", "export AWS_SECRET_ACCESS_KEY=canary-secret\n");
    let said = says(&world, 1);
    assert!(!said.contains("canary"), "{said}");
    assert_snapshot!(line_of(&said, "AWS_VAULT"), @r#"
    warn   leftovers  AWS_VAULT is set by another tool, and prompts show it
                      run eval "$(awsmfa env --unset)"
    "#);
    assert_snapshot!(line_of(&said, "AWS_SECURITY_TOKEN"), @r#"
    wrong  leftovers  AWS_SECURITY_TOKEN is set, which Python's SDK reads before AWS_SESSION_TOKEN
                      run eval "$(awsmfa env --unset)"
    "#);
    assert_snapshot!(line_of(&said, ".bashrc:1"), @r#"
    warn   leftovers  [HOME]/.bashrc:1 puts a secret key into every shell
                      remove that line
    "#);
}

#[test]
fn an_old_copy_of_the_direnv_file_is_noticed_and_a_fresh_one_is_good() {
    let fresh = world().awsmfa(["hook", "direnv"]).any_stdout().run().stdout;
    let world = world().file(".config/direnv/lib/awsmfa.sh", &fresh);
    assert_snapshot!(line_of(&says(&world, 0), "direnv"), @r#"
    good   direnv     [HOME]/.config/direnv/lib/awsmfa.sh is of this version
    warn   aws files  [HOME]/.aws/credentials may be read by other users (mode 644)
    "#);
    let world = world.file(".config/direnv/lib/awsmfa.sh", "use_awsmfa() { :; }\n");
    assert_snapshot!(line_of(&says(&world, 0), "direnv"), @r#"
    warn   direnv     [HOME]/.config/direnv/lib/awsmfa.sh is of another version of awsmfa
                      run awsmfa hook direnv > [HOME]/.config/direnv/lib/awsmfa.sh
    "#);
}

#[test]
fn a_proxy_that_is_no_address_is_wrong() {
    let world = world().env("HTTPS_PROXY", "http://CORP\\user:secret@proxy:8080");
    let said = says(&world, 1);
    assert!(!said.contains("secret@"), "{said}");
    assert_snapshot!(line_of(&said, "HTTPS_PROXY"), @r#"
    wrong  network    HTTPS_PROXY is not an address, so no proxy is used
                      write HTTPS_PROXY=http://user:password@host:port, with %23 for # and %40 for @ in the password
    "#);
}

#[test]
fn the_json_has_the_same_findings_and_the_worst_grade() {
    let ran = world()
        .awsmfa(["doctor", "--json", "--shell", "bash"])
        .any_stdout()
        .run();
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["grade"], "warn");
    let findings = report["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|f| f["check"] == "hook" && f["mend"] == "run awsmfa setup")
    );
}

#[test]
fn it_asks_nobody_and_calls_nobody() {
    let world = world();
    says(&world, 0);
    assert_eq!(world.sts().calls().len(), 0);
}

/// With what only AWS knows; alice's key in the local IAM is a hundred days old.
fn online(world: &World, status: i32) -> String {
    let test = world.awsmfa(["doctor", "--online", "--shell", "bash"]);
    let ran = test.any_stdout().any_stderr().status(status).run();
    world.redacted(&ran.stdout)
}

#[test]
fn online_it_says_what_only_aws_knows() {
    let world = world();
    let said = online(&world, 0);
    assert_snapshot!(line_of(&said, "STS knows"), @r#"
    good   online     STS knows the keys of profile default: arn:aws:iam::123456789012:user/alice
    good   clock      this machine's clock agrees with AWS's
    "#);
    assert_snapshot!(line_of(&said, "days old"), @r#"
    warn   key age    the key of profile default is 100 days old
                      run awsmfa keys rotate default
    "#);
    let actions: Vec<_> = world.sts().calls().into_iter().map(|c| c.action).collect();
    assert_eq!(actions, ["GetCallerIdentity", "ListAccessKeys"]);
}

#[test]
fn online_a_clock_that_is_off_is_named_before_a_code_is_refused() {
    let world = World::alice_at(LocalSts::builder().clock_offset(40));
    let said = online(&world, 0);
    let by = |seconds: i64| {
        said.contains(&format!(
            "warn   clock      this machine's clock is {seconds}s behind AWS's"
        ))
    };
    assert!(by(40) || by(39), "{said}");
    assert!(said.contains("set the clock: run "), "{said}");
    let world = World::alice_at(LocalSts::builder().clock_offset(-1_000));
    let said = online(&world, 1);
    assert!(said.contains("ahead of"), "{said}");
}

#[test]
fn online_a_policy_that_hides_the_age_is_no_fault_and_an_mfa_session_may_see_it() {
    let must = User::new(ALICES_ACCOUNT, "alice").who_must_use_mfa();
    let world = World::alice_at(LocalSts::builder().user(must)).env("AWSMFA_STORE", "file");
    let said = line_of(&online(&world, 0), "how old");
    assert!(
        said.starts_with("warn   key age    IAM does not say how old"),
        "{said}"
    );
    assert!(
        said.ends_with("run awsmfa use default first: IAM may answer with an MFA session"),
        "{said}"
    );
    world.session(&["--token-code", &world.code()]);
    let said = online(&world, 0);
    assert!(said.contains("is 100 days old"), "{said}");
}

#[test]
fn online_an_sts_that_nobody_reaches_is_wrong() {
    let world = world().env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    let said = online(&world, 1);
    assert_snapshot!(line_of(&said, "wrong  online"), @r#"
    wrong  online     http://127.0.0.1:1 did not answer: [REFUSED]
                      check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again
    "#);
}

#[test]
fn one_stored_session_is_one() {
    let world = world();
    world.session_for_a_code(&[]);
    let told = says(&world, 0);
    assert!(told.contains(" 1 session is stored, "), "{told}");
}
