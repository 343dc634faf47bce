//! Any bytes as AWS files and as a `setting.ini`.

use std::collections::BTreeSet;
use std::path::Path;

use super::edit::{self, Existing};
use super::sections::{self, FileKind, Header, Section};
use super::setting_ini;
use super::{AwsFiles, by_sdk, file};
use crate::fuzz::feed;

const FILES: &[&str] = &[
    "[default]\nregion = eu-west-1 # near\nmfa_serial = arn:aws:iam::123456789012:mfa/alice\n\n[profile dev]\n\
     source_profile=default\nrole_arn = arn:aws:iam::123456789012:role/dev\nservices = local\ns3 =\n  max = 10\n\
     [services local]\nsts =\n  endpoint_url = http://localhost:1\n[sso-session x]\nsso_region = us-east-1\n",
    "\0[default]\r\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\r\naws_secret_access_key=wJalrXUtnFEMI/K7MDENG\r\n\
     [mfa]\naws_session_token = old\n  continued\n; comment\n[profile mfa]\nx = y\n",
];
const FILE_WORDS: &[&str] = &[
    "\0",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\n  # ",
    "\t; x\n",
    "[",
    "]",
    "=",
    " = ",
    "#",
    ";",
    " #",
    "[default]",
    "[profile dev]\n",
    "[profile default]\n",
    "[mfa]\n",
    "[profile mfa]\n",
    "[services local]\n",
    "profile ",
    "services ",
    "default",
    "dev",
    "mfa",
    "region",
    "aws_session_token",
    "AWS_SESSION_TOKEN=",
    "sts =\n",
    " endpoint_url = x\n",
    "a = b\n",
    " c = d\n",
    "\u{feff}",
    "\u{e9}",
    "\u{a0}",
    "\u{85}",
    "\u{2028}",
    "\u{b}",
    "\u{c}",
    "\"",
    "'",
    "%",
    "+",
    ":",
];

/// A NUL byte stands between the two files.
fn aws_files(input: &[u8]) {
    let mut halves = input.splitn(2, |byte| *byte == 0);
    let mut half = || String::from_utf8_lossy(halves.next().unwrap_or_default()).into_owned();
    let (config, credentials) = (half(), half());
    are_read_as_by_the_sdk(config.clone(), credentials.clone());
    are_read_as_by_the_sdk(
        without_refused_lines(FileKind::Config, &config),
        without_refused_lines(FileKind::Credentials, &credentials),
    );
}

/// Most random files are refused for one line. Without such lines the rest is tried too.
fn without_refused_lines(kind: FileKind, text: &str) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    loop {
        let text = lines.concat();
        match sections::scan(kind, &text) {
            Err(error) => drop(lines.remove(error.line - 1)),
            Ok(_) => return text,
        }
    }
}

/// `[a]` beside `[ a]`: the SDK merges the two in a random order, which differs from run to run.
fn is_spelled_twice(kind: FileKind, text: &str, name: &str) -> bool {
    let sections = sections::scan(kind, text).unwrap_or_default();
    let named = sections
        .iter()
        .filter(|section| matches!(&section.header, Header::Profile(n) if n == name));
    let header = |section: &Section| text[section.range.clone()].split(']').next();
    named.map(header).collect::<BTreeSet<_>>().len() > 1
}

fn are_read_as_by_the_sdk(config: String, credentials: String) {
    let ours = AwsFiles::of_text(&config, &credentials);
    let sdk = by_sdk::by_sdk([&config, &credentials].map(|text| {
        let mut without = String::new();
        file::push_without_indented_comments(&mut without, text);
        without
    }));
    assert_eq!(
        ours.is_ok(),
        sdk.is_some(),
        "one refuses what the other reads"
    );
    if let (Ok(ours), Some(sdk)) = (ours, sdk) {
        let names: BTreeSet<&str> = ours.names().into_iter().collect();
        // The SDK takes a section without a name for a profile, and nobody can ask for it.
        let of_sdk = sdk.profiles().filter(|name| !name.is_empty());
        assert_eq!(names, of_sdk.collect(), "the profiles");
        for name in names {
            let (ours, sdk) = (ours.profile(name).unwrap(), sdk.get_profile(name).unwrap());
            assert!(ours.header().is_some());
            if is_spelled_twice(FileKind::Config, &config, name)
                || is_spelled_twice(FileKind::Credentials, &credentials, name)
            {
                continue;
            }
            for key in [
                "region",
                "mfa_serial",
                "aws_session_token",
                "services",
                "a",
                "dev",
            ] {
                let expected = sdk.get(key).filter(|value| !value.is_empty());
                assert_eq!(ours.get(key), expected, "{key} of {name}");
                assert!(ours.location(key).is_some());
            }
        }
        let _ = (
            ours.services_endpoint("local", "sts"),
            ours.ignored().count(),
        );
    }
    for (kind, text) in [
        (FileKind::Config, config),
        (FileKind::Credentials, credentials),
    ] {
        edited(kind, &text);
    }
}

fn edited(kind: FileKind, text: &str) {
    let values = [("aws_session_token", "new"), ("region", "x")];
    for existing in [Existing::Replaced, Existing::Kept] {
        let put = match edit::put(kind, text, "mfa", &values, existing) {
            Ok(put) => put,
            Err(edit::Unwritten::Syntax(_)) => {
                assert!(sections::scan(kind, text).is_err());
                return;
            }
            Err(edit::Unwritten::Continued { line }) => {
                assert_eq!(existing, Existing::Replaced);
                assert!(
                    text.lines()
                        .nth(line - 1)
                        .unwrap()
                        .starts_with(sections::BLANK)
                );
                return;
            }
        };
        let files = match kind {
            FileKind::Config => AwsFiles::of_text(&put, ""),
            FileKind::Credentials => AwsFiles::of_text("", &put),
        };
        let profile = files.unwrap().profile("mfa").unwrap();
        if existing == Existing::Replaced {
            assert_eq!(profile.get("aws_session_token"), Some("new"), "{put:?}");
        }
    }
}

const SETTINGS: &[&str] = &[
    "\u{feff}[mfa]\r\n; comment\r\nARN = arn:aws:iam::123456789012:mfa/alice\r\nDurationSeconds=\"129600\"\r\n",
    "ARN=GAHT12345678\nDurationSeconds=1h 30m\nName=x\n",
];
const SETTING_WORDS: &[&str] = &[
    "\n",
    "\r\n",
    "=",
    "\"",
    "ARN=",
    "arn =",
    "DurationSeconds=",
    "durationseconds =",
    ";",
    "#",
    "[",
    "12h",
    "1y 1month 1w 1d 1h 1m 1s 1ms 1us 1ns",
    "99999999999999999999",
    "18446744073709551615s",
    "0",
    "-1",
    "900",
    "arn:aws:iam::123456789012:",
    "arn:aws:iam::123456789012:user/x",
    "mfa/",
    "user/",
    "u2f/",
    "::",
    " ",
    "\t",
    "\u{e9}",
    "123456",
];

fn a_setting_ini(input: &[u8]) {
    match setting_ini::parse(Path::new("setting.ini"), input) {
        Ok(setting) => {
            assert!(setting.serial.is_some() || setting.duration.is_some());
            assert!(
                setting
                    .duration
                    .is_none_or(|d| (900..=129_600).contains(&d.0))
            );
        }
        Err(error) => {
            assert_eq!(error.exit_code(), 1, "{error}");
            assert!(error.hint().is_some(), "{error}");
        }
    }
}

#[test]
fn any_aws_files_are_read_as_the_sdk_reads_them_and_edited_for_it() {
    feed(1_000, FILES, FILE_WORDS, aws_files);
}

#[test]
fn any_setting_ini_is_read_or_refused() {
    feed(2_000, SETTINGS, SETTING_WORDS, a_setting_ini);
}
