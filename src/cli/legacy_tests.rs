use super::*;

fn full(line: &str) -> std::result::Result<String, String> {
    let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    let full = in_full(&words).map_err(|e| format!("{e}; {}", e.hint().unwrap_or_default()))?;
    let words: Vec<_> = full.iter().map(|w| w.to_str().unwrap()).collect();
    Ok(words.join(" "))
}

#[test]
fn a_code_without_a_subcommand_is_a_write() {
    assert_eq!(
        full("awsmfa --profile p --mfa-profile-name m --duration-seconds 900 --serial-number arn --quiet 123456"),
        Ok("awsmfa write --refresh --token-code 123456 --profile p --mfa-profile-name m --duration-seconds 900 --serial-number arn --quiet".into())
    );
    assert_eq!(
        full("awsmfa 000000 --serial-number=arn"),
        Ok(
            "awsmfa write --refresh --token-code 000000 --profile=default --serial-number=arn"
                .into()
        )
    );
}

#[test]
fn its_flags_may_be_written_as_gos() {
    for (line, expected) in [
        (
            "awsmfa -serial-number arn -profile=p 123456",
            "awsmfa write --refresh --token-code 123456 --serial-number arn --profile=p",
        ),
        (
            "awsmfa --quiet=true -mfa-profile-name m -- 123456",
            "awsmfa write --refresh --token-code 123456 --profile=default --quiet --mfa-profile-name m",
        ),
        (
            "awsmfa --quiet=false -quiet=0 123456",
            "awsmfa write --refresh --token-code 123456 --profile=default",
        ),
        (
            "awsmfa -quiet 123456",
            "awsmfa write --refresh --token-code 123456 --profile=default --quiet",
        ),
    ] {
        assert_eq!(full(line), Ok(expected.into()));
    }
    assert_eq!(
        full("awsmfa -profile dev env"),
        Err("flags come after the subcommand, and some stand before env; run awsmfa env --profile dev".into())
    );
}

#[test]
fn nothing_else_is_a_code() {
    for line in [
        "awsmfa 12345",
        "awsmfa 1234567",
        "awsmfa 12345a",
        "awsmfa env 123456",
        "awsmfa status --json",
        "awsmfa exec -- echo 123456",
        "awsmfa",
        "awsmfa --help",
    ] {
        assert_eq!(full(line), Ok(line.into()));
    }
}

#[test]
fn flags_before_a_subcommand_are_shown_after_it() {
    assert_eq!(
        full("awsmfa --profile dev env"),
        Err("flags come after the subcommand, and some stand before env; run awsmfa env --profile dev".into())
    );
    assert_eq!(
        full("awsmfa --token-code 123456"),
        Err("these flags need a subcommand, or a code of six digits; run awsmfa env --token-code ****** for this shell, or awsmfa write --token-code ****** for the AWS files".into())
    );
    assert_eq!(
        full("awsmfa --serial-number 123456"),
        Err("these flags need a subcommand, or a code of six digits; run awsmfa env --serial-number ****** for this shell, or awsmfa write --serial-number ****** for the AWS files".into())
    );
    assert_eq!(
        full("awsmfa -p dev evn"),
        Err("unrecognized subcommand 'evn'; did you mean awsmfa env -p dev?".into())
    );
    assert_eq!(
        full("awsmfa --profile dev --no-cache logout dev"),
        Err(
            "flags come after the subcommand, and some stand before logout; run awsmfa logout dev"
                .into()
        )
    );
    assert_eq!(
        full("awsmfa --serial-number arn 12345"),
        Err("a code has six digits, and this one has 5; give the whole code, or omit it and be asked for it: awsmfa write".into())
    );
}
