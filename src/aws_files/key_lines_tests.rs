use proptest::prelude::*;

use super::*;
use crate::model::session::Secret;

fn keys() -> Credentials {
    Credentials {
        access_key_id: "AKIAEXAMPLE".to_owned(),
        secret_access_key: Secret::new("se/cr+et"),
        session_token: None,
    }
}

fn there_and_back(text: &str) {
    let (rest, taken) = take(FileKind::Credentials, text, "dev", &keys()).unwrap();
    assert!(
        !rest.contains("AKIAEXAMPLE") && !rest.contains("se/cr+et"),
        "{}",
        *rest
    );
    let back = put_back(FileKind::Credentials, &rest, "dev", &taken, &keys()).unwrap();
    assert_eq!(*back, text);
}

#[test]
fn what_is_taken_out_can_be_put_back_to_the_byte() {
    for text in [
        "[dev]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = se/cr+et\n",
        "[dev]\naws_access_key_id=AKIAEXAMPLE\naws_secret_access_key=se/cr+et",
        "# a\n[x]\n\n[dev]\r\nregion = x\r\nAWS_ACCESS_KEY_ID  =  AKIAEXAMPLE \t\r\n\r\n; b\r\n\
         aws_secret_access_key=se/cr+et\r\noutput = json\r\n[other]\r\naws_access_key_id = B\r\n",
        "[dev]\naws_access_key_id = AKIAEXAMPLE\n[x]\na = b\n[dev]\naws_secret_access_key = se/cr+et\n\
         aws_secret_access_key = se/cr+et\n",
        "[dev]\naws_secret_access_key =\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = se/cr+et\n",
    ] {
        there_and_back(text);
    }
}

#[test]
fn a_comment_behind_a_value_stays_as_a_line() {
    let text = "[dev]\naws_access_key_id = AKIAEXAMPLE # mine\naws_secret_access_key = se/cr+et\nregion = x\n";
    let (rest, taken) = take(FileKind::Credentials, text, "dev", &keys()).unwrap();
    assert_eq!(*rest, "[dev]\n# mine\nregion = x\n");
    let back = put_back(FileKind::Credentials, &rest, "dev", &taken, &keys()).unwrap();
    assert!(
        back.contains("# mine\naws_secret_access_key = se/cr+et\nregion = x\n"),
        "{}",
        *back
    );
}

#[test]
fn another_key_and_a_value_of_several_lines_are_left() {
    let refused = |text: &str| take(FileKind::Credentials, text, "dev", &keys()).unwrap_err();
    assert_eq!(
        refused("[dev]\naws_access_key_id = AKIAOTHER\n"),
        Untakable::Differs { line: 2 }
    );
    assert_eq!(
        refused("[dev]\naws_access_key_id = AKIAEXAMPLE\n  more\n"),
        Untakable::Continued { line: 2 }
    );
}

proptest! {
    #![proptest_config(crate::fuzz::config(300))]
    #[test]
    fn any_section_is_the_same_again(
        lines in prop::collection::vec(prop::sample::select(vec![
            "region = x", "", "# c", "  ", "aws_access_key_id = AKIAEXAMPLE", "\taws = 1",
            "aws_secret_access_key=se/cr+et  ", "[x]", "[dev]", "a =\n  b = c", "aws_access_key_id =",
        ]), 0..12),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        closed in any::<bool>(),
    ) {
        let mut text = format!("[dev]{end}{}", lines.join(end));
        if closed { text.push_str(end); }
        if let Ok((rest, taken)) = take(FileKind::Credentials, &text, "dev", &keys()) {
            let again = take(FileKind::Credentials, &rest, "dev", &keys());
            prop_assert!(again.is_ok_and(|(_, taken)| taken.is_empty()));
            let back = put_back(FileKind::Credentials, &rest, "dev", &taken, &keys()).unwrap();
            prop_assert_eq!(&*back, &text);
        }
    }
}
