//! elvish. One line, because `eval (awsmfa env)` takes a line for a value each.

use zeroize::Zeroizing;

use super::End;
use crate::environment::patch::EnvPatch;

/// `eval` sees the builtins alone, so no function of the user's comes between; no variable of the
/// environment is read-only in elvish.
///
/// elvish throws when a program fails, and then evaluates nothing that depends on its output: only
/// `awsmfa env | eval (slurp)` lets both happen (measured), and so that is the idiom.
pub fn render(patch: &EnvPatch, end: End) -> Zeroizing<String> {
    let mut text = super::buffer(patch);
    for name in &patch.unset {
        text.push_str(&format!("unset-env {name}; "));
    }
    for (name, value) in &patch.set {
        text.push_str("set-env ");
        text.push_str(name);
        text.push(' ');
        text.push_str(&quote(value.expose()));
        text.push_str("; ");
    }
    match end {
        End::Success | End::Regardless => text.push_str("nop;\n"),
        End::Failure { message, .. } => {
            text.push_str("fail ");
            text.push_str(&quote(&format!("awsmfa: {message}")));
            text.push_str(";\n");
        }
    }
    text
}

/// One word with exactly this value: between single quotes only `'` is special.
pub fn quote(value: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("'{}'", value.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    #[test]
    fn the_text_is_one_line_that_throws_at_a_failure() {
        let patch = EnvPatch {
            unset: vec!["A", "B"],
            set: vec![("A", Secret::new("it's"))],
        };
        assert_eq!(
            *render(&patch, End::Success),
            "unset-env A; unset-env B; set-env A 'it''s'; nop;\n"
        );
        let end = End::Failure {
            code: 3,
            message: "it's no",
        };
        assert_eq!(
            *render(&EnvPatch::default(), end),
            "fail 'awsmfa: it''s no';\n"
        );
    }
}
