use super::*;

pub const NEW: [(&str, &str); 3] = [
    ("aws_access_key_id", "ASIANEW"),
    ("aws_secret_access_key", "new/secret+="),
    ("aws_session_token", "new//token=="),
];

pub const SERIAL: [(&str, &str); 1] = [("mfa_serial", "GAHT12345678")];

pub fn credentials(text: &str) -> String {
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

/// What the tests of any file write into one.
pub fn written(kind: FileKind, text: &str) -> Result<Zeroizing<String>, Unwritten> {
    match kind {
        FileKind::Credentials => put(kind, text, "mfa", &NEW, Existing::Replaced),
        FileKind::Config => put(kind, text, "dev", &SERIAL, Existing::Replaced),
    }
}
