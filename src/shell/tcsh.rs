//! tcsh, for `eval "`awsmfa env`"`.

use zeroize::Zeroizing;

use super::End;
use crate::environment::patch::EnvPatch;
use crate::error::{Error, Result};

/// `setenv` cannot fail for want of a right: no variable of the environment is read-only in tcsh. It
/// has no way to step over an alias of that name either: a quoted word is no builtin (measured).
pub fn render(patch: &EnvPatch, end: End) -> Result<Zeroizing<String>> {
    let mut text = super::buffer(patch);
    for name in &patch.unset {
        text.push_str(&format!("unsetenv {name}; "));
    }
    for (name, value) in &patch.set {
        let quoted = quote(value.expose()).ok_or(Error::Unsayable {
            shell: "tcsh",
            name,
            reason: "it has a line break in it",
        })?;
        text.push_str("setenv ");
        text.push_str(name);
        text.push(' ');
        text.push_str(&quoted);
        text.push_str("; ");
    }
    match end {
        End::Success | End::Regardless => text.push_str("set status = 0;\n"),
        // A script under `tcsh -e` ends at a command that fails, and only at that.
        End::Failure { code, .. } => text.push_str(&format!("false; set status = {code};\n")),
    }
    Ok(text)
}

/// One word with exactly this value. Between single quotes `!` is special, and `\` where
/// `backslash_quote` is set: both stand outside, where a backslash always takes the meaning away. A
/// line's end cannot be said: it splits what a backquote gives into words.
pub fn quote(value: &str) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(2 * value.len() + 2));
    let mut plain = value;
    while let Some(at) = plain.find(['\\', '\'', '!', '\n']) {
        let (before, special) = plain.split_at(at);
        let (special, after) = special.split_at(1);
        if special == "\n" {
            return None;
        }
        if !before.is_empty() {
            text.push_str(&format!("'{before}'"));
        }
        text.push('\\');
        text.push_str(special);
        plain = after;
    }
    if !plain.is_empty() || value.is_empty() {
        text.push_str(&format!("'{plain}'"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    #[test]
    fn a_failure_ends_in_a_command_that_fails_and_in_our_status() {
        let patch = EnvPatch {
            unset: vec!["A"],
            set: vec![("B", Secret::new("x"))],
        };
        assert_eq!(
            *render(&patch, End::Success).unwrap(),
            "unsetenv A; setenv B 'x'; set status = 0;\n"
        );
        let end = End::Failure {
            code: 3,
            message: "",
        };
        assert_eq!(
            *render(&EnvPatch::default(), end).unwrap(),
            "false; set status = 3;\n"
        );
    }

    #[test]
    fn what_is_special_between_quotes_stands_outside() {
        for (value, quoted) in [
            ("", "''"),
            ("a!b", r"'a'\!'b'"),
            ("it's", r"'it'\''s'"),
            (r"\", r"\\"),
            ("$HOME `id`", "'$HOME `id`'"),
        ] {
            assert_eq!(quote(value).unwrap().as_str(), quoted);
        }
        assert!(quote("a\nb").is_none());
    }
}
