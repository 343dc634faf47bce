//! AWS files that no SDK reads as they are, and what an SDK silently ignores: file, line and reason.

use crate::support::World;
use crate::support::transcript::NOTHING_TO_KEEP;

/// The same with a code at hand.
#[track_caller]
fn refused(world: &World, args: &[&str], stderr: &str) {
    world.refuses(&[&["-t", "123456"], args].concat(), stderr);
}

/// A session all the same, with this said about the files.
#[track_caller]
fn noted(world: &World, stderr: &str) {
    let code = world.code();
    let test = world.awsmfa(["env", "--shell", "sh", "-t", &code]);
    test.any_stdout().stderr(stderr).run();
}

#[test]
fn a_syntax_error_is_named_with_its_line() {
    for (config, line, reason) in [
        (
            "[default\nregion = x\n",
            1,
            "a section header must end with ']'",
        ),
        ("[default]\nregion\n", 2, "the line is not 'name = value'"),
        ("\nregion = x\n", 2, "a line before any section"),
        (
            "[default]\n  region = x\n",
            2,
            "the first line of a section must not be indented, an SDK takes it for a continuation",
        ),
    ] {
        for name in ["config", "credentials"] {
            let said = format!(
                "awsmfa: [HOME]/.aws/{name}:{line}: {reason}\n\
                 hint: change line {line} of [HOME]/.aws/{name}: no AWS SDK reads the file as it is\n"
            );
            refused(
                &World::alice().file(&format!(".aws/{name}"), config),
                &[],
                &said,
            );
        }
    }
}

#[test]
fn a_byte_order_mark_is_refused() {
    refused(
        &World::alice().config("\u{feff}[default]\n"),
        &[],
        "awsmfa: [HOME]/.aws/config begins with a byte order mark, and no AWS SDK can read that\n\
         hint: save [HOME]/.aws/config as UTF-8 without a byte order mark (Notepad: \"UTF-8\")\n",
    );
}

#[test]
fn a_file_that_is_not_utf_8_is_refused_with_the_line() {
    for (bytes, line) in [
        (&b"[default]\nregion = caf\xe9\n"[..], 2),
        (b"\xff\xfe[\0d\0", 1),
    ] {
        refused(
            &World::alice().config(bytes),
            &[],
            &format!(
                "awsmfa: [HOME]/.aws/config:{line} is not UTF-8, and no AWS SDK can read that\n\
                 hint: change line {line} or save the file as UTF-8\n"
            ),
        );
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_named() {
    let world = World::alice();
    std::fs::remove_file(world.path(".aws/config")).unwrap();
    // Not a mode: these tests may run as root, whom no mode keeps out.
    std::fs::create_dir(world.path(".aws/config")).unwrap();
    let ran = world
        .awsmfa(["env", "--shell", "sh", "-t", "123456"])
        .stdout(NOTHING_TO_KEEP)
        .any_stderr()
        .status(1)
        .run();
    let stderr = world.redacted(&ran.stderr);
    assert!(
        stderr.starts_with("awsmfa: cannot read [HOME]/.aws/config: Is a directory"),
        "{stderr}"
    );
    assert!(stderr.contains("\nhint: "), "{stderr}");
}

#[test]
fn a_variable_that_names_no_file_is_named() {
    for variable in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        refused(
            &World::alice().env(variable, "/nowhere/file"),
            &[],
            &format!(
                "awsmfa: {variable} names /nowhere/file, and there is no such file\n\
                 hint: unset {variable}, or create /nowhere/file\n"
            ),
        );
    }
}

#[test]
fn a_section_that_every_sdk_ignores_is_the_likelier_cause_than_a_wrong_name() {
    let world = World::alice();
    let config = world.read(".aws/config") + "[dev]\nregion = eu-west-1\n";
    refused(
        &world.config(config),
        &["-p", "dev"],
        "awsmfa: profile dev stands in [HOME]/.aws/config:3 as [dev], which every AWS SDK ignores: \
         in the config file a profile's header is [profile NAME]\n\
         hint: change line 3 to [profile dev]\n",
    );
    let world = World::alice();
    let credentials = world.keys("default") + "[profile dev]\naws_access_key_id = AKIA\n";
    refused(
        &world.credentials(credentials),
        &["dev"],
        "awsmfa: profile dev stands in [HOME]/.aws/credentials:4 as [profile dev], which every AWS SDK ignores: \
         in the credentials file a profile's header is [NAME], without 'profile'\n\
         hint: change line 4 to [dev]\n",
    );
}

/// The AWS CLI takes such a name, so that people have one.
#[test]
fn a_profile_with_a_space_in_its_name_is_named_with_its_line() {
    let world = World::alice();
    let config = world.read(".aws/config") + "[profile my dev]\nregion = eu-west-1\n";
    let world = world.config(config);
    let test = world.awsmfa(["env", "--shell", "sh", "-t", "123456", "-p", "my dev"]);
    let ran = test.stdout(NOTHING_TO_KEEP).any_stderr().status(1).run();
    assert!(ran.stderr.contains("config:3"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint: "), "{}", ran.stderr);
}

#[test]
fn an_ignored_section_is_told_of_beside_a_session() {
    let world = World::alice();
    let config = world.read(".aws/config") + "[dev]\nregion = eu-west-1\n";
    noted(
        &world.config(config),
        "awsmfa: [HOME]/.aws/config:3: [dev] is ignored by every AWS SDK: \
         in the config file a profile's header is [profile NAME]\n",
    );
}

#[test]
fn a_section_header_cannot_steer_the_terminal() {
    let world = World::alice();
    let config = world.read(".aws/config") + "[profile \u{1b}[2J\u{7} x]\nregion = eu-west-1\n";
    let world = world.config(config);
    let code = world.code();
    let ran = world
        .awsmfa(["env", "--shell", "sh", "-t", &code])
        .any_stdout()
        .any_stderr()
        .run();
    assert!(ran.stderr.contains("config:3"), "{}", ran.stderr);
    assert!(
        !ran.stderr.contains(['\u{1b}', '\u{7}']),
        "{:?}",
        ran.stderr
    );
}

#[test]
fn a_profile_without_credentials_says_where_they_belong() {
    let world = World::alice();
    let config = world.read(".aws/config") + "[profile bare]\nregion = eu-west-1\n";
    refused(
        &world.config(config),
        &["-p", "bare"],
        "awsmfa: profile bare has no access key\n\
         hint: run aws configure --profile bare, or write aws_access_key_id and aws_secret_access_key \
         under [bare] in [HOME]/.aws/credentials\n",
    );
}

#[test]
fn keys_that_cannot_get_a_session_are_told_apart() {
    for (credentials, stderr) in [
        (
            "[default]\naws_access_key_id = AKIA1\n",
            "awsmfa: profile default has half of an access key: no aws_secret_access_key\n\
             hint: write aws_secret_access_key beside the other half, or run aws configure --profile default\n",
        ),
        (
            "[default]\naws_access_key_id = <your key>\naws_secret_access_key = canary\n",
            "awsmfa: aws_access_key_id is not an access key id ([HOME]/.aws/credentials:2)\n\
             hint: it is about 20 letters and digits and begins with AKIA\n",
        ),
        (
            "[default]\naws_access_key_id = ASIA1\naws_secret_access_key = canary\naws_session_token = \"canary\"\n",
            "awsmfa: aws_session_token has a space or another character that no key has ([HOME]/.aws/credentials:4)\n\
             hint: write aws_session_token in line 4 of [HOME]/.aws/credentials as AWS showed it: without quotes, spaces and comments\n",
        ),
    ] {
        refused(&World::alice().credentials(credentials), &[], stderr);
    }
}

#[test]
fn a_value_that_sts_would_refuse_is_named_with_its_line() {
    for (line, stderr) in [
        (
            "mfa_serial = arn:aws:iam::123456789012:u2f/user/alice/key",
            "awsmfa: arn:aws:iam::123456789012:u2f/user/alice/key ([HOME]/.aws/config:2) is a security key (FIDO), and STS takes codes only\n\
             hint: add an authenticator app (TOTP) as a second MFA device of the user, or use aws login\n",
        ),
        (
            "duration_seconds = 60",
            "awsmfa: [HOME]/.aws/config:2: duration_seconds \"60\" is too short, a session lasts 15m (900) or more\n\
             hint: change line 2: write it as 12h, 90m or 43200 (seconds)\n",
        ),
        (
            "region = eu west",
            "awsmfa: \"eu west\" ([HOME]/.aws/config:2) is not the name of a region\n\
             hint: a region is a name such as ap-northeast-1\n",
        ),
    ] {
        refused(
            &World::alice().config(format!("[default]\n{line}\n")),
            &[],
            stderr,
        );
    }
}

#[test]
fn a_home_without_any_profile_says_how_to_make_one() {
    refused(
        &World::new().local_sts(),
        &[],
        "awsmfa: there is no profile default\n\
         hint: there is none at all: run aws configure, which writes [HOME]/.aws/config\n",
    );
}

/// The AWS CLI reads such files, so that people have them. For the Rust SDK the comment is a part of the secret, or,
/// right below a header, the end of the file.
#[test]
fn an_indented_comment_is_a_comment() {
    let world = World::alice();
    let keys = world
        .keys("default")
        .replace('\n', "\n  # a note\n\t; another = one\n");
    let config = world.read(".aws/config").replace('\n', "\n   # mine\n");
    noted(&world.credentials(keys).config(config), "");
}

#[test]
fn a_value_that_cannot_be_a_key_is_named_with_its_line_before_the_question() {
    let id = "aws_access_key_id = AKIA1\n";
    let unfit = |key: &str, line: usize| {
        format!(
            "awsmfa: {key} has a space or another character that no key has ([HOME]/.aws/credentials:{line})\n\
             hint: write {key} in line {line} of [HOME]/.aws/credentials as AWS showed it: without quotes, spaces and comments\n"
        )
    };
    let continued = |key: &str, line: usize| {
        format!(
            "awsmfa: [HOME]/.aws/credentials:{line} continues the value of {key} with a second line, which it cannot have\n\
             hint: an indented line belongs to the value above it: remove the spaces at its beginning, or line {line} of [HOME]/.aws/credentials\n"
        )
    };
    for (lines, stderr) in [
        (
            "aws_secret_access_key = canary canary\n",
            unfit("aws_secret_access_key", 3),
        ),
        (
            "aws_secret_access_key = \"canary\"\n",
            unfit("aws_secret_access_key", 3),
        ),
        (
            "aws_secret_access_key = canary#x\n",
            unfit("aws_secret_access_key", 3),
        ),
        (
            "aws_secret_access_key = canary\n\n  region = x\n",
            continued("aws_secret_access_key", 5),
        ),
        (
            "aws_secret_access_key = canary\naws_session_token = canary canary\n",
            unfit("aws_session_token", 4),
        ),
        (
            "aws_secret_access_key = canary\nmfa_serial = GAHT12345678\n\tx\n",
            continued("mfa_serial", 5),
        ),
    ] {
        let world = World::alice().credentials(format!("[default]\n{id}{lines}"));
        let config = "[default]\nregion = us-east-1\n";
        refused(&world.config(config), &[], &stderr);
    }
    let continued = continued("aws_access_key_id", 3);
    let credentials = "[default]\naws_access_key_id = AKIA1\n  x\naws_secret_access_key = canary\n";
    refused(&World::alice().credentials(credentials), &[], &continued);
}
