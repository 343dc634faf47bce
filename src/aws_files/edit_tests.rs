use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;
use crate::aws_files::AwsFiles;

const NEW: [(&str, &str); 3] = [
    ("aws_access_key_id", "ASIANEW"),
    ("aws_secret_access_key", "new/secret+="),
    ("aws_session_token", "new//token=="),
];

const SERIAL: [(&str, &str); 1] = [("mfa_serial", "GAHT12345678")];

fn credentials(text: &str) -> String {
    written(FileKind::Credentials, text).unwrap().to_string()
}

const SECTION: &str = "[mfa]\naws_access_key_id = ASIANEW\naws_secret_access_key = new/secret+=\n\
    aws_session_token = new//token==\n";

#[test]
fn a_new_section_comes_last_with_a_blank_line_above_it() {
    assert_eq!(credentials(""), SECTION);
    assert_eq!(
        credentials("[default]\nregion = x\n"),
        format!("[default]\nregion = x\n\n{SECTION}")
    );
    assert_eq!(
        credentials("[default]\n\n"),
        format!("[default]\n\n{SECTION}")
    );
    assert_eq!(
        credentials("[default]\r\nregion = x\r\n"),
        format!(
            "[default]\r\nregion = x\r\n\r\n{}",
            SECTION.replace('\n', "\r\n")
        )
    );
}

#[test]
fn a_missing_last_newline_stays_missing() {
    assert_eq!(
        credentials("[default]\nregion = x"),
        format!("[default]\nregion = x\n\n{}", SECTION.trim_end())
    );
    assert_eq!(
        credentials("[mfa]"),
        SECTION.trim_end(),
        "and the section has no second header"
    );
}

#[test]
fn values_are_replaced_where_they_stand_and_as_they_are_spaced() {
    let before = "# mine\n[mfa]\n; keys\naws_session_token=old\nAWS_Access_Key_Id  =  OLD  \n\n# after\n[other]\naws_session_token = theirs\n";
    assert_eq!(
        credentials(before),
        "# mine\n[mfa]\n; keys\naws_session_token=new//token==\nAWS_Access_Key_Id  =  ASIANEW  \n\
         aws_secret_access_key = new/secret+=\n\n# after\n[other]\naws_session_token = theirs\n"
    );
}

/// Such a line may be anything, somebody's long-term key among it.
#[test]
fn a_value_of_several_lines_is_not_replaced_and_nested_settings_stay() {
    for (before, line) in [
        (
            "[mfa]\naws_session_token = a\n  b\n# note\n  c\ns3 =\n  max = 1\n",
            3,
        ),
        (
            "[a]\r\nx = y\r\n[mfa]\r\naws_session_token = a\r\n\r\n  # note\r\n\tb",
            7,
        ),
    ] {
        let refused = put(
            FileKind::Credentials,
            before,
            "mfa",
            &NEW,
            Existing::Replaced,
        );
        assert_eq!(refused.unwrap_err(), Unwritten::Continued { line });
    }
    let nested = "[mfa]\naws_session_token = a\ns3 =\n  max = 1\n";
    assert!(credentials(nested).contains("\ns3 =\n  max = 1\n"));
}

/// For the AWS CLI it is one, and it may be the note that says whose key this is.
#[test]
fn an_indented_comment_stays() {
    let before = "[mfa]\n  # the old key: AKIA\naws_session_token = a\n\t; pasted\n  # on Monday\n";
    assert_eq!(
        credentials(before),
        "[mfa]\n  # the old key: AKIA\naws_session_token = new//token==\naws_access_key_id = ASIANEW\n\
         aws_secret_access_key = new/secret+=\n\t; pasted\n  # on Monday\n"
    );
}

/// botocore takes the comment for a part of the token.
#[test]
fn a_comment_behind_a_replaced_value_goes_with_it() {
    let written = credentials("[mfa]\naws_session_token = old # pasted\n");
    assert!(
        written.contains("aws_session_token = new//token==\n"),
        "{written}"
    );
}

#[test]
fn every_section_of_the_name_gets_the_new_value() {
    let written = credentials("[mfa]\naws_session_token = 1\n[mfa]\naws_session_token = 2\n");
    assert!(
        !written.contains("= 1") && !written.contains("= 2"),
        "{written}"
    );
}

/// An SDK trims the name in a header, botocore does not.
#[test]
fn a_header_that_only_an_sdk_reads_gets_a_plain_one_beside_it() {
    let written = credentials("[ mfa ]\naws_session_token = old\n");
    assert_eq!(
        written,
        format!("[ mfa ]\naws_session_token = new//token==\n\n{SECTION}")
    );
}

#[test]
fn what_is_kept_is_kept() {
    let before = "[profile mfa]\nregion = eu-west-1\n";
    let values = &[("region", "us-east-1"), ("output", "json")];
    let put = put(FileKind::Config, before, "mfa", values, Existing::Kept).unwrap();
    assert_eq!(*put, "[profile mfa]\nregion = eu-west-1\noutput = json\n");
}

#[test]
fn writing_twice_is_writing_once() {
    for text in ["", "[default]", "[mfa]\r\n", "[a]\nx = y\n  z = w\n"] {
        assert_eq!(
            credentials(&credentials(text)),
            credentials(text),
            "{text:?}"
        );
    }
}

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

/// What the tests of any file write into one.
fn written(kind: FileKind, text: &str) -> Result<Zeroizing<String>, Unwritten> {
    match kind {
        FileKind::Credentials => put(kind, text, "mfa", &NEW, Existing::Replaced),
        FileKind::Config => put(kind, text, "dev", &SERIAL, Existing::Replaced),
    }
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
