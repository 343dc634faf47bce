//! Random files and those of the SDK: whatever is in a file, the new values are read and no other line is lost.

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::tests::{NEW, credentials, written};
use super::*;
use crate::aws_files::AwsFiles;

/// Lines as people, tools and editors leave them, most of them right.
fn line(kind: FileKind) -> impl Strategy<Value = String> {
    let prefix = match kind {
        FileKind::Config => "profile ",
        FileKind::Credentials => "",
    };
    prop_oneof![
        4 => prop::sample::select(vec!["default", "dev", "mfa", "mfa2", "a.b"])
            .prop_map(move |name| if name == "default" { "[default]".into() } else { format!("[{prefix}{name}]") }),
        1 => prop::sample::select(vec!["[ mfa ]", "[mfa] ; mine", "[profile mfa]", "[profile  mfa]", "[sso-session mfa]", "[MFA]"])
            .prop_map(str::to_owned),
        6 => (
            prop::sample::select(vec!["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "AWS_SESSION_TOKEN", "region", "output", "mfa_serial", "x"]),
            prop::sample::select(vec!["=", " = ", "=  ", "\t=\t"]),
            prop::sample::select(vec!["OLD", "old value", "old # c", "東京", "a=b", "", "\"q\""]),
            prop::sample::select(vec!["", " ", "\t"]),
        ).prop_map(|(k, e, v, t)| format!("{k}{e}{v}{t}")),
        2 => prop::sample::select(vec!["", "  ", "# note", "; aws_session_token = old", "  # indented", "\t; aws_session_token = old", "  nested = 1", "\tmore"])
            .prop_map(str::to_owned),
    ]
}

/// A file that an SDK reads: the lines for which it refuses the whole are taken out again.
fn file(kind: FileKind) -> impl Strategy<Value = String> {
    let flag = prop::bool::ANY;
    (prop::collection::vec(line(kind), 0..24), flag, flag).prop_map(
        move |(mut lines, crlf, open)| {
            let end = if crlf { "\r\n" } else { "\n" };
            loop {
                let text = lines.join(end);
                match written(kind, &text) {
                    Err(Unwritten::Syntax(error)) => drop(lines.remove(error.line - 1)),
                    Err(Unwritten::Continued { line }) => drop(lines.remove(line - 1)),
                    Ok(_) if open || text.is_empty() => return text,
                    Ok(_) => return text + end,
                }
            }
        },
    )
}

/// The lines that are neither a value of ours in our section nor its continuation: they must all stay,
/// in their order.
fn others(kind: FileKind, text: &str) -> Vec<String> {
    let sections = sections::scan(kind, text).unwrap();
    let ours = |at: usize| {
        let section = sections.iter().find(|s| s.range.contains(&at));
        section.is_some_and(|s| matches!(&s.header, Header::Profile(n) if n == "mfa"))
    };
    let mut kept = Vec::new();
    let (mut at, mut of_our_key) = (0, false);
    for full in text.split_inclusive('\n') {
        let here = at;
        at += full.len();
        let line = full.trim_end_matches(['\r', '\n']);
        let blank = line.trim_matches(BLANK).is_empty();
        let comment = line
            .trim_start_matches(BLANK)
            .starts_with(sections::COMMENT);
        if !blank && !comment && !line.starts_with(BLANK) {
            let key = line.split('=').next().unwrap().trim_matches(BLANK);
            of_our_key = ours(here) && NEW.iter().any(|(k, _)| k.eq_ignore_ascii_case(key));
        }
        if blank || comment || !of_our_key {
            kept.push(full.to_owned());
        }
    }
    kept
}

fn is_subsequence(kept: &[String], whole: &str) -> bool {
    let mut lines = whole.split_inclusive('\n');
    // The last line of a file may have got a newline, the first of what was added may follow it.
    kept.iter()
        .all(|line| lines.any(|l| l == line || l.trim_end_matches(['\r', '\n']) == *line))
}

proptest! {
    #![proptest_config(crate::fuzz::config(1000))]

    #[test]
    fn any_file_keeps_every_other_byte_and_the_sdk_reads_the_new_values(
        text in file(FileKind::Credentials)
    ) {
        let written = credentials(&text);
        let files = AwsFiles::of_text("", &written).map_err(|e| TestCaseError::fail(e.reason))?;
        let found = files.profile("mfa").unwrap();
        for (key, value) in NEW {
            prop_assert_eq!(found.get(key), Some(value), "{}", written);
        }
        prop_assert!(is_subsequence(&others(FileKind::Credentials, &text), &written), "{:?}\n{:?}", text, written);
        prop_assert_eq!(text.is_empty() || text.ends_with('\n'), written.ends_with('\n'));
        prop_assert_eq!(credentials(&written), written.clone());
        // What was neither ours nor there is nothing but our values and the header.
        let ours = others(FileKind::Credentials, &written).len();
        prop_assert!(ours <= others(FileKind::Credentials, &text).len() + 2, "{}", written);
    }

    #[test]
    fn any_config_file_gets_the_serial_and_keeps_the_rest(text in file(FileKind::Config)) {
        let text = written(FileKind::Config, &text).unwrap();
        let files = AwsFiles::of_text(&text, "").map_err(|e| TestCaseError::fail(e.reason))?;
        let found = files.profile("dev").unwrap();
        prop_assert_eq!(found.get("mfa_serial"), Some("GAHT12345678"), "{}", *text);
        prop_assert_eq!(written(FileKind::Config, &text).unwrap(), text);
    }
}

/// botocore refuses a file with two sections or keys of one name, and what it takes for a bad line; of the
/// rest it must read the new values.
const BOTOCORE: &str = "\
import botocore.configloader, json, sys
for path in json.load(sys.stdin):
    try:
        before = botocore.configloader.raw_config_parse(path)
    except Exception:
        continue
    after = botocore.configloader.raw_config_parse(path + '.new')['mfa']
    print(json.dumps([after.get(key) for key in sys.argv[1:]]))
";

#[test]
fn botocore_reads_the_new_values_of_every_file_that_it_reads_at_all() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let folder = tempfile::tempdir().unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut paths = Vec::new();
    for n in 0..1000 {
        let text = file(FileKind::Credentials)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let path = folder.path().join(n.to_string());
        std::fs::write(&path, &text).unwrap();
        std::fs::write(path.with_extension("new"), credentials(&text)).unwrap();
        paths.push(path);
    }
    let mut command = Command::new("python3");
    command.args(["-c", BOTOCORE]).args(NEW.map(|(key, _)| key));
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let output = pipes.spawn().and_then(|mut python| {
        let mut stdin = python.stdin.take().unwrap();
        // A Python without botocore may be gone already.
        let _ = stdin.write_all(serde_json::to_string(&paths).unwrap().as_bytes());
        drop(stdin);
        python.wait_with_output()
    });
    let read = output.ok().filter(|output| output.status.success());
    let Some(read) = read else {
        assert_ne!(
            std::env::var("CI").as_deref(),
            Ok("true"),
            "botocore is missing, and CI skips nothing"
        );
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: python3 with the module botocore is missing"
        );
        return;
    };
    let expected = serde_json::to_string(&NEW.map(|(_, value)| value)).unwrap();
    let lines: Vec<String> = String::from_utf8(read.stdout)
        .unwrap()
        .lines()
        .map(|l| l.replace(", ", ","))
        .collect();
    assert!(
        lines.len() > 100,
        "botocore reads {} of the files",
        lines.len()
    );
    for line in lines {
        assert_eq!(line, expected);
    }
}

/// The SDK's own vectors, as far as an SDK reads them: each file takes the new values and loses no line.
#[test]
fn the_sdk_vectors_take_the_new_values() {
    for test in sections::tests::sdk_vectors().unwrap_or_default() {
        let text = test["input"]["credentialsFile"]
            .as_str()
            .unwrap_or_default();
        let Ok(written) = written(FileKind::Credentials, text) else {
            continue;
        };
        let written = written.to_string();
        let files = AwsFiles::of_text("", &written).unwrap();
        for (key, value) in NEW {
            let found = files.profile("mfa").unwrap();
            assert_eq!(found.get(key), Some(value), "{}", test["name"]);
        }
        assert!(
            is_subsequence(&others(FileKind::Credentials, text), &written),
            "{}",
            test["name"]
        );
    }
}
