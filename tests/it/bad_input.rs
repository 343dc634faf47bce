//! Wrong words on the command line and in the environment: one sentence, one hint, exit 1, and no call
//! to AWS. (`config_files.rs` and `mfa_process.rs` have what is wrong elsewhere.)

use crate::support::World;
use crate::support::transcript::NOTHING_TO_KEEP;

/// `env` with these further arguments, where all else is right.
#[track_caller]
fn refused(args: &[&str], stderr: &str) {
    World::alice().refuses(args, stderr);
}

#[test]
fn an_unknown_profile_is_answered_with_the_near_ones() {
    let config = "[default]\n[profile staging]\n[profile production]\n[profile Stage]\n";
    World::alice().config(config).refuses(
        &["-p", "stagin"],
        "awsmfa: there is no profile stagin\n\
         hint: did you mean staging or Stage?\n",
    );
    World::alice().config(config).refuses(
        &["prodution"],
        "awsmfa: there is no profile prodution\n\
         hint: did you mean production?\n",
    );
}

#[test]
fn a_name_that_no_profile_can_have_is_refused() {
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWSMFA_PROFILE"] {
        let world = World::alice().env(variable, "a;b");
        world.refuses(
            &["-t", "123456"],
            &format!(
                "awsmfa: {variable} \"a;b\" cannot be a profile's name\n\
                 hint: AWS SDKs read names of A-Z a-z 0-9 _ - / . % @ : + only\n"
            ),
        );
    }
}

#[test]
fn the_arn_of_a_user_is_answered_with_that_of_the_device() {
    refused(
        &["--serial-number", "arn:aws:iam::123456789012:user/alice"],
        "awsmfa: arn:aws:iam::123456789012:user/alice (--serial-number) is the ARN of a user, not of an MFA device\n\
         hint: it is probably arn:aws:iam::123456789012:mfa/alice; run aws iam list-mfa-devices to see it\n",
    );
    let world = World::alice()
        .config("")
        .env("AWS_MFA_SERIAL", "arn:aws-cn:iam::123456789012:user/a/b");
    world.refuses(
        &[],
        "awsmfa: arn:aws-cn:iam::123456789012:user/a/b (AWS_MFA_SERIAL) is the ARN of a user, not of an MFA device\n\
         hint: it is probably arn:aws-cn:iam::123456789012:mfa/a/b; run aws iam list-mfa-devices to see it\n",
    );
}

#[test]
fn a_security_key_is_no_device_that_sts_can_use() {
    refused(
        &[
            "--serial-number",
            "arn:aws:iam::123456789012:u2f/user/alice/key-ABC",
        ],
        "awsmfa: arn:aws:iam::123456789012:u2f/user/alice/key-ABC (--serial-number) is a security key (FIDO), and STS takes codes only\n\
         hint: add an authenticator app (TOTP) as a second MFA device of the user, or use aws login\n",
    );
}

#[test]
fn a_malformed_serial_number_is_shown_as_it_was_read() {
    for (serial, shown) in [
        ("GAHT1", r#""GAHT1""#),
        (
            "arn:aws:iam::1234:mfa/alice",
            r#""arn:aws:iam::1234:mfa/alice""#,
        ),
        ("GAHT\u{1b}[2J12345678", r#""GAHT\u{1b}[2J12345678""#),
        ("", r#""""#),
    ] {
        refused(
            &["--serial-number", serial],
            &format!(
                "awsmfa: {shown} (--serial-number) is not the serial number of an MFA device\n\
                 hint: it looks like arn:aws:iam::123456789012:mfa/NAME, or GAHT12345678 for a hardware token; \
                 run aws iam list-mfa-devices, or see \"Security credentials\" in the console\n"
            ),
        );
    }
}

#[test]
fn what_is_wrong_with_a_code_is_said_without_the_code() {
    for (code, said) in [
        ("12345", "an MFA code has six digits, this has 5"),
        ("1234567", "an MFA code has six digits, this has 7"),
        ("hunter", "an MFA code is six digits and nothing else"),
        ("12 34 56", "an MFA code is six digits and nothing else"),
        ("-12345", "an MFA code is six digits and nothing else"),
        ("١٢٣٤٥٦", "the MFA code is in digits other than 0-9"),
        ("１２３４５６", "the MFA code is in digits other than 0-9"),
        (
            "cccccckdvvulgjvtkjdhtlrbjjctggdihuevikehtlil",
            "that is what a YubiKey types when touched, not a six-digit MFA code",
        ),
        ("", "the MFA code is empty"),
    ] {
        let hint = "hint: type the six digits that the authenticator app shows now\n";
        refused(&["-t", code], &format!("awsmfa: {said}\n{hint}"));
    }
}

#[test]
fn a_code_on_standard_input_is_its_first_line() {
    let world = World::alice();
    let code = world.code();
    let test = world.awsmfa(["env", "--shell", "sh", "--token-code", "-"]);
    test.stdin(&format!(" {code}\r\nnot this\n"))
        .any_stdout()
        .run();
    let calls = world.sts().calls();
    assert_eq!(
        (calls.len(), calls[0].param("TokenCode")),
        (1, Some(code.as_str()))
    );

    for (stdin, said) in [
        ("", "is empty"),
        ("\n123456\n", "is empty"),
        ("12345", "six digits"),
    ] {
        let test = world
            .awsmfa(["env", "--shell", "sh", "--token-code", "-"])
            .stdin(stdin);
        let ran = test.any_stderr().stdout(NOTHING_TO_KEEP).status(1).run();
        assert!(ran.stderr.contains(said), "{stdin:?}: {}", ran.stderr);
    }
}

#[test]
fn a_duration_out_of_range_or_in_no_known_form_is_refused() {
    for (duration, said) in [
        ("899", "too short, a session lasts 15m (900) or more"),
        ("0", "too short, a session lasts 15m (900) or more"),
        ("14m 59s", "too short, a session lasts 15m (900) or more"),
        ("129601", "too long, a session lasts 36h (129600) or less"),
        ("37h", "too long, a session lasts 36h (129600) or less"),
        ("soon", "not a duration"),
        ("", "not a duration"),
        ("-5", "not a duration"),
        ("12時間", "not a duration"),
    ] {
        refused(
            &["-d", duration],
            &format!(
                "awsmfa: --duration \"{duration}\" is {said}\n\
                 hint: write it as 12h, 90m or 43200 (seconds)\n"
            ),
        );
    }
}

#[test]
fn what_is_no_region_is_refused_wherever_it_stands() {
    let hint = "hint: a region is a name such as ap-northeast-1\n";
    for region in ["a b", "", "a.b", "../x", "us-east-1;id", "-1"] {
        let said = format!("awsmfa: {region:?} (--region) is not the name of a region\n{hint}");
        refused(&["--region", region, "-t", "123456"], &said);
    }
    let world = World::alice().env("AWS_REGION", "$(id)");
    let said = format!("awsmfa: \"$(id)\" (AWS_REGION) is not the name of a region\n{hint}");
    world.refuses(&["-t", "123456"], &said);
}

/// Keys sign the request and the answer is a session: neither may cross a network in plain text.
#[test]
fn an_endpoint_that_would_carry_secrets_in_plain_text_is_refused() {
    for (url, shown, reason) in [
        (
            "http://sts.example",
            "http://sts.example",
            "plain http is for this machine only",
        ),
        ("nonsense", "nonsense", "it is neither https:// nor http://"),
        (
            "https://user:canary@host",
            "host",
            "it holds a user name or a password",
        ),
    ] {
        refused(
            &["--endpoint-url", url],
            &format!(
                "awsmfa: --endpoint-url \"{shown}\" cannot be used: {reason}\n\
                 hint: give --endpoint-url as https://HOST, or http://127.0.0.1:PORT for a server on this machine\n"
            ),
        );
    }
}

/// Nobody typed it: the variable is named.
#[test]
fn an_unknown_profile_of_a_variable_is_said_to_be_one() {
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWSMFA_PROFILE"] {
        World::alice().env(variable, "defualt").refuses(
            &[],
            &format!(
                "awsmfa: there is no profile defualt, which {variable} names\n\
                 hint: did you mean default?\n"
            ),
        );
    }
}

/// Or it would be another account's profile that is used.
#[test]
#[cfg(unix)]
fn a_profile_variable_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let world = World::alice();
    let mut command = world.command(crate::support::world::AWSMFA);
    command
        .args(["env", "--shell", "sh"])
        .stdout(std::process::Stdio::piped());
    command.env("AWS_PROFILE", std::ffi::OsStr::from_bytes(b"de\xff"));
    let ran = crate::support::process::finish(&mut command, "");
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.stderr.contains("AWS_PROFILE") && ran.stderr.contains("cannot be a profile's name"),
        "{ran:?}"
    );
}
