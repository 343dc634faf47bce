//! fish.

use zeroize::Zeroizing;

use super::End;
use crate::environment::patch::EnvPatch;

/// Erases by scope, since `set -e X` takes only the innermost away, and never the universal scope,
/// which is every other fish of this user. A name that is only to be erased and that is universal
/// would come back: that is a failure, met before anything has changed.
pub fn render(patch: &EnvPatch, end: End) -> Zeroizing<String> {
    let is_set = |name: &&&str| patch.set.iter().any(|(n, _)| n == *name);
    let only_unset: Vec<&str> = patch.unset.iter().filter(|n| !is_set(n)).copied().collect();
    let is_guarded = end == End::Success && !only_unset.is_empty();
    let mut text = super::buffer(patch);
    if is_guarded {
        text.push_str(&guard(&only_unset));
        text.push_str("else; ");
    }
    if !patch.unset.is_empty() {
        let names = patch.unset.join(" ");
        for scope in ["-el", "-ef", "-eg"] {
            text.push_str(&format!("set {scope} {names}; "));
        }
    }
    for (name, value) in &patch.set {
        text.push_str("set -gx ");
        text.push_str(name);
        text.push(' ');
        text.push_str(&quote(value.expose()));
        text.push_str("; ");
    }
    text.push_str(match end {
        // `set -e` of a variable that is not there leaves status 4, and `set -gx` keeps it.
        End::Success if is_guarded => "true; end;\n",
        End::Success | End::Regardless => "true;\n",
        End::Failure { .. } => "false;\n",
    });
    text
}

/// `if` one of the names is universal, say how to erase it, fail, …
fn guard(names: &[&str]) -> String {
    let tests: Vec<String> = names.iter().map(|name| format!("set -qU {name}")).collect();
    let mut text = format!("if {}; ", tests.join("; or "));
    for name in names {
        text.push_str(&format!(
            "set -qU {name}; and echo 'awsmfa: {name} is a universal variable of fish and would come back' >&2; \
             and echo 'hint: run set -eU {name}' >&2; "
        ));
    }
    text.push_str("false; ");
    text
}

/// One word with exactly this value. Inside fish's single quotes `\` and `'` are special, all else is not.
pub fn quote(value: &str) -> Zeroizing<String> {
    let mut quoted = Zeroizing::new(String::with_capacity(value.len() + 2));
    quoted.push('\'');
    for c in value.chars() {
        if matches!(c, '\\' | '\'') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    #[test]
    fn each_scope_but_the_universal_is_erased() {
        let patch = EnvPatch {
            unset: vec!["A"],
            set: vec![("A", Secret::new(r"a'\b"))],
        };
        assert_eq!(
            *render(&patch, End::Success),
            "set -el A; set -ef A; set -eg A; set -gx A 'a\\'\\\\b'; true;\n"
        );
    }

    #[test]
    fn a_universal_name_that_is_only_erased_is_met_before_anything_changes() {
        let patch = EnvPatch {
            unset: vec!["A", "B"],
            set: vec![("A", Secret::new("x"))],
        };
        let text = render(&patch, End::Success);
        assert!(text.starts_with("if set -qU B; "), "{}", *text);
        assert!(text.ends_with("true; end;\n"), "{}", *text);
    }
}
