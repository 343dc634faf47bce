//! The Windows command prompt: a line per statement, read by
//! `for /f "delims=" %i in ('awsmfa env') do @call %i`.

use zeroize::Zeroizing;

use super::End;
use crate::environment::patch::EnvPatch;
use crate::error::{Error, Result};

/// cmd cuts a longer line, here counted with the `call ` before it.
const LINE_LIMIT: usize = 8_190 - "call ".len();

/// `set "X="` and `set "X=value"`, a line each. Nothing quotes `% ! ^ & | < > "` safely in cmd, so a
/// value with one of them is refused.
pub fn render(patch: &EnvPatch, end: End) -> Result<Zeroizing<String>> {
    let mut text = super::buffer(patch);
    for name in &patch.unset {
        text.push_str(&format!("set \"{name}=\"\r\n"));
    }
    for (name, value) in &patch.set {
        let value = value.expose();
        let safe = |b: u8| (b' '..=b'~').contains(&b) && !b"%!^&|<>\"".contains(&b);
        if !value.bytes().all(safe) {
            return Err(Error::Unsayable {
                shell: "cmd",
                name,
                reason: "it has one of % ! ^ & | < > \" or is not ASCII",
            });
        }
        let line = Zeroizing::new(format!("set \"{name}={value}\""));
        if line.len() > LINE_LIMIT {
            return Err(Error::Unsayable {
                shell: "cmd",
                name,
                reason: "its line would be longer than 8190 characters",
            });
        }
        text.push_str(&line);
        text.push_str("\r\n");
    }
    // `set "X="` of a name that is not set leaves errorlevel 1.
    let code = match end {
        End::Success | End::Regardless => 0,
        End::Failure { code, .. } => code,
    };
    text.push_str(&format!("cmd /c exit {code}\r\n"));
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    fn set(value: &str) -> Result<Zeroizing<String>> {
        let patch = EnvPatch {
            unset: vec!["A"],
            set: vec![("A", Secret::new(value))],
        };
        render(&patch, End::Success)
    }

    #[test]
    fn a_statement_a_line_and_a_status_at_the_end() {
        assert_eq!(
            *set("a b").unwrap(),
            "set \"A=\"\r\nset \"A=a b\"\r\ncmd /c exit 0\r\n"
        );
    }

    #[test]
    fn what_cmd_cannot_say_is_refused() {
        for value in [
            "%PATH%",
            "a!b",
            "a^b",
            "a&calc",
            "a|b",
            "a<b",
            "a>b",
            "a\"b",
            "caf\u{e9}",
            "a\nb",
        ] {
            assert!(set(value).is_err(), "{value}");
        }
        assert!(set(&"a".repeat(8_100)).is_ok());
        assert!(set(&"a".repeat(8_190)).is_err());
    }
}
