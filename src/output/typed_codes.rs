//! A code in the wrong place of the command line works for 30 seconds more, and standard error may be a log. So
//! every message is printed without the codes that were typed.

use std::borrow::Cow;
use std::ffi::OsString;
use std::sync::OnceLock;

static TYPED: OnceLock<Vec<String>> = OnceLock::new();

const HIDDEN: &str = "******";

/// Notes the words that have the shape of a code. Once, before anything is said.
pub fn remember(args: &[OsString]) {
    let words: Vec<&str> = args.iter().skip(1).filter_map(|arg| arg.to_str()).collect();
    let codes = in_words(&words);
    if !codes.is_empty() {
        let _ = TYPED.set(codes);
    }
}

/// The text without them.
pub fn hide(text: &str) -> Cow<'_, str> {
    let codes = TYPED.get().map(Vec::as_slice).unwrap_or_default();
    codes.iter().fold(Cow::Borrowed(text), |text, code| {
        match text.contains(code.as_str()) {
            true => Cow::Owned(without(code, &text)),
            false => text,
        }
    })
}

/// The same digits inside a longer number (an account's) are no code.
fn without(code: &str, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(code) {
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let last = before.as_bytes().last().or(out.as_bytes().last());
        let is_longer = is_digit(last) || is_digit(after.as_bytes().first());
        out.push_str(before);
        out.push_str(if is_longer { code } else { HIDDEN });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Six digits as a word of their own, as the value of a flag, or as an app shows them: `123 456`. A time is no code.
fn in_words(words: &[&str]) -> Vec<String> {
    let mut codes = Vec::new();
    let mut before = "";
    for word in words {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with('-') => (flag, value),
            _ if word.starts_with('-') && !word.starts_with("--") => {
                let (flag, value) = word.split_at_checked(2).unwrap_or((word, ""));
                (flag, value)
            }
            _ => (before, *word),
        };
        if !is_time(flag) && is_code(value) {
            codes.push(value.to_owned());
        }
        before = word;
    }
    codes
}

fn is_code(word: &str) -> bool {
    let digits = word.trim().replacen(' ', "", 1);
    digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_time(flag: &str) -> bool {
    let name = flag.trim_start_matches('-');
    flag.starts_with('-') && ["d", "duration", "duration-seconds", "min-ttl"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_goes_and_a_longer_number_that_holds_it_stays() {
        for (text, expected) in [
            ("no profile 123456", "no profile ******"),
            ("\"123456\", 123456", "\"******\", ******"),
            (
                "arn:aws:iam::123456789012:mfa/x",
                "arn:aws:iam::123456789012:mfa/x",
            ),
            ("0123456 1234567 123456", "0123456 1234567 ******"),
        ] {
            assert_eq!(without("123456", text), expected);
        }
    }

    #[test]
    fn a_code_is_found_wherever_it_was_typed_and_a_time_is_not_one() {
        for line in [
            "logout 123456",
            "exec -- 123456",
            "use --profile=123456",
            "env -p123456",
            "env -t 123456",
            "-serial-number x 123456",
            "env -d 1h 123456",
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(in_words(&words), ["123456"], "{line}");
        }
        assert_eq!(in_words(&["env", "123 456"]), ["123 456"]);
        for line in [
            "env -d 129600",
            "env --duration=129600",
            "env --duration-seconds 129600",
            "env -d129600",
            "env --min-ttl 100000",
            "env build-123456",
            "env 1234567",
            "env é",
            "env -é123456",
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(in_words(&words), [""; 0], "{line}");
        }
    }
}
