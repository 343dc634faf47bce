//! The `setting.ini` of an `mfa.bat` user.

use crate::support::World;
use crate::support::transcript::NOTHING_TO_KEEP;

fn world(setting: &[u8]) -> World {
    World::alice().config("").file("work/setting.ini", setting)
}

#[test]
fn the_device_and_the_duration_come_from_it_below_the_flags() {
    let arn = "arn:aws:iam::123456789012:mfa/alice";
    // As Notepad in Japan saves it: byte order mark, CRLF; the comment is CP932.
    let mut setting = b"\xef\xbb\xbf[mfa]\r\n; \x83\x5c\x83\x74\x83\x67\r\n# x\r\n".to_vec();
    setting.extend(format!("ARN={arn}\r\nDurationSeconds=7200\r\n").bytes());
    let world = world(&setting);
    let args = ["env", "--shell", "sh", "--setting-ini", "setting.ini", "-t"];
    let code = world.code();
    world
        .awsmfa([&args[..], &[&code]].concat())
        .any_stdout()
        .run();
    let code = world.code();
    world
        .awsmfa([&args[..], &[&code, "-d", "15m"]].concat())
        .any_stdout()
        .run();
    let calls = world.sts().calls();
    assert!(
        calls
            .iter()
            .all(|call| call.param("SerialNumber") == Some(arn))
    );
    assert_eq!(calls[0].param("DurationSeconds"), Some("7200"));
    assert_eq!(calls[1].param("DurationSeconds"), Some("900"));
}

#[test]
fn a_broken_one_is_named_with_its_line() {
    let hint = "hint: write ARN=arn:aws:iam::123456789012:mfa/NAME and, if you like, \
                DurationSeconds=43200 in setting.ini (as UTF-8 or Shift_JIS)\n";
    for (setting, line, reason) in [
        (&b"\nARN\n"[..], 2, "the line is not NAME=VALUE"),
        (b"DurationSeconds=\n", 1, "DurationSeconds has no value"),
        (b"\xff\xfeA\0", 1, "the file is UTF-16"),
        (b"ARN=\x83\x5c\n", 1, "the value is not plain text"),
        (
            b"",
            1,
            "the file has neither an ARN= nor a DurationSeconds= line",
        ),
    ] {
        let world = world(setting);
        let said = format!("awsmfa: setting.ini:{line}: {reason}\n{hint}");
        world.refuses(&["--setting-ini", "setting.ini"], &said);
    }
}

#[test]
fn its_values_are_checked_as_the_flags_are() {
    for (setting, stderr) in [
        (
            "ARN=arn:aws:iam::123456789012:user/alice\n",
            "awsmfa: arn:aws:iam::123456789012:user/alice (setting.ini:1) is the ARN of a user, not of an MFA device\n\
             hint: it is probably arn:aws:iam::123456789012:mfa/alice; run aws iam list-mfa-devices to see it\n",
        ),
        (
            "DurationSeconds=99\n",
            "awsmfa: setting.ini:1: DurationSeconds \"99\" is too short, a session lasts 15m (900) or more\n\
             hint: change line 1: write it as 12h, 90m or 43200 (seconds)\n",
        ),
    ] {
        let world = world(setting.as_bytes());
        world.refuses(&["--setting-ini", "setting.ini"], stderr);
    }
}

#[test]
fn one_that_is_not_there_is_named() {
    let world = World::alice();
    let test = world.awsmfa(["env", "--shell", "sh", "--setting-ini", "none.ini"]);
    let ran = test.stdout(NOTHING_TO_KEEP).any_stderr().status(1).run();
    assert!(
        ran.stderr.starts_with("awsmfa: cannot read none.ini: "),
        "{}",
        ran.stderr
    );
    // Whoever has no file needs no look at its owner and mode.
    assert!(
        ran.stderr.contains("\nhint: ") && !ran.stderr.contains("owner"),
        "{}",
        ran.stderr
    );
}

/// Whoever gave it believes that the device stands in it.
#[test]
fn one_without_arn_is_named_where_nothing_else_knows_the_device() {
    let world = world(b"DurationSeconds=3600\n").config("");
    world.refuses(
        &["--setting-ini", "setting.ini"],
        "awsmfa: setting.ini has no ARN line, and nothing else names the MFA device\n\
         hint: write ARN=arn:aws:iam::123456789012:mfa/NAME in setting.ini, or mfa_serial in the profile\n",
    );
    let serial = world.user().mfa_serial.clone();
    let code = world.code();
    let args = [
        "env",
        "--shell",
        "sh",
        "--setting-ini",
        "setting.ini",
        "-t",
        &code,
    ];
    world
        .awsmfa(args)
        .env("AWS_MFA_SERIAL", &serial)
        .any_stdout()
        .run();
    assert_eq!(
        world.sts().calls()[0].param("DurationSeconds"),
        Some("3600")
    );
}
