//! xonsh. One line of Python statements, for `execx`.

use zeroize::Zeroizing;

use super::End;
use crate::environment::patch::EnvPatch;

/// `${...}` is the environment itself, which no name of the user's hides.
pub fn render(patch: &EnvPatch, end: End) -> Zeroizing<String> {
    let mut text = super::buffer(patch);
    for name in &patch.unset {
        text.push_str(&format!("${{...}}.pop('{name}', None); "));
    }
    for (name, value) in &patch.set {
        text.push_str(&format!("${{...}}['{name}'] = "));
        text.push_str(&quote(value.expose()));
        text.push_str("; ");
    }
    match end {
        End::Success | End::Regardless => text.push_str("pass\n"),
        End::Failure { message, .. } => {
            text.push_str("raise RuntimeError(");
            text.push_str(&quote(&format!("awsmfa: {message}")));
            text.push_str(")\n");
        }
    }
    text
}

/// A string literal of Python with exactly this value, in ASCII.
pub fn quote(value: &str) -> Zeroizing<String> {
    let mut quoted = Zeroizing::new(String::with_capacity(2 * value.len() + 2));
    quoted.push('\'');
    for c in value.chars() {
        match c {
            '\\' | '\'' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    #[test]
    fn the_text_is_one_line_that_raises_at_a_failure() {
        let patch = EnvPatch {
            unset: vec!["A"],
            set: vec![("B", Secret::new(r"it's \n"))],
        };
        assert_eq!(
            *render(&patch, End::Success),
            "${...}.pop('A', None); ${...}['B'] = 'it\\'s \\\\n'; pass\n"
        );
        let end = End::Failure {
            code: 3,
            message: "caf\u{e9}\n",
        };
        assert_eq!(
            *render(&EnvPatch::default(), end),
            "raise RuntimeError('awsmfa: caf\\U000000e9\\U0000000a')\n"
        );
    }
}
