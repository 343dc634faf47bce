use super::*;

/// The line that is kept, and why; `None` for what may be written over.
fn of(config: &str, credentials: &str) -> Option<(String, &'static str)> {
    let files = AwsFiles::of_text(config, credentials).unwrap();
    let found = find(&files, "mfa", |id| id == "LSIAOURS")?;
    Some((
        found.location.to_string(),
        found.unclear.unwrap_or("long-term"),
    ))
}

const SESSION: &str =
    "[mfa]\naws_access_key_id = ASIA1\naws_secret_access_key = s\naws_session_token = t\n";

#[test]
fn a_session_and_what_holds_no_key_may_go() {
    for credentials in [
        "",
        "[mfa]\n",
        "[mfa]\nregion = x\naws_session_token = t\n",
        "[mfa]\naws_access_key_id =\naws_secret_access_key =\n",
        SESSION,
        &SESSION.repeat(2),
        "[mfa]\n# aws_access_key_id = AKIA1\n  ; aws_secret_access_key = s\n",
        &SESSION.replace("ASIA1", "LSIAOURS"),
        &SESSION.replace("aws_session_token", "AWS_Security_Token"),
        "[other]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n[mfa]\n",
    ] {
        assert_eq!(of("", credentials), None, "{credentials}");
    }
    // An id alone, whose token stands in the other file.
    let token = "[profile mfa]\naws_session_token = t\n";
    assert_eq!(of(token, "[mfa]\naws_access_key_id = ASIA1\n"), None);
}

#[test]
fn a_long_term_key_stays_whatever_stands_beside_it() {
    let line = |n| Some((format!("credentials:{n}"), "long-term"));
    let key = "aws_access_key_id = AKIA1\naws_secret_access_key = s\n";
    for (credentials, n) in [
        (format!("[mfa]\n{key}"), 2),
        (format!("[mfa]\n{key}aws_session_token = stale\n"), 2),
        (format!("{SESSION}AWS_ACCESS_KEY_ID=AKIA1 # old\n"), 5),
        (format!("{SESSION}[ mfa ]\n{key}"), 6),
        (format!("[mfa]\n{key}{SESSION}"), 2),
    ] {
        assert_eq!(of("", &credentials), line(n), "{credentials}");
    }
    let stale = "[profile mfa]\naws_session_token = stale\n";
    assert_eq!(of(stale, &format!("[mfa]\n{key}")), line(2));
    let of_config = of(&format!("[profile mfa]\n{key}"), SESSION);
    assert_eq!(of_config, Some(("config:2".to_owned(), "long-term")));
}

#[test]
fn what_is_not_clearly_a_session_stays() {
    for (credentials, n, why) in [
        (
            "[mfa]\naws_secret_access_key = s\n",
            2,
            "without an access key id",
        ),
        (
            "[mfa]\naws_secret_access_key = s\naws_session_token = t\n",
            2,
            "without an access key id",
        ),
        (
            &*format!("{SESSION}aws_secret_access_key = s2\n"),
            5,
            "more secret keys",
        ),
        (
            &*format!("{SESSION}[mfa]\naws_secret_access_key = s2\n"),
            6,
            "without an access key id",
        ),
        (
            "[mfa]\naws_access_key_id = ASIA1\naws_secret_access_key = s\n",
            2,
            "no session token",
        ),
        (
            &*SESSION.replace("ASIA1", "LSIAOTHER"),
            2,
            "not that of a session",
        ),
        (
            &*SESSION.replace("ASIA1", ""),
            3,
            "without an access key id",
        ),
        (&*format!("{SESSION}\n  AKIA1\n"), 6, "has more in it"),
        (
            &*format!("{SESSION}s3 =\n  aws_secret_access_key = s\n"),
            6,
            "has more in it",
        ),
        (
            &*format!("{SESSION}aws_secret_access_key: s=\n"),
            5,
            "has more in it",
        ),
        (
            &*SESSION.replace("= t", "= t aws_secret_access_key = s"),
            4,
            "has more in it",
        ),
        (
            &*SESSION.replace("= t", "= t # of AKIA1"),
            4,
            "has more in it",
        ),
    ] {
        let (line, told) = of("", credentials).unwrap();
        assert_eq!(line, format!("credentials:{n}"), "{credentials}");
        assert!(told.contains(why), "{told}");
    }
}
