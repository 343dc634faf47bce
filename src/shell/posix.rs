//! bash, zsh, and the POSIX shells.

use zeroize::Zeroizing;

use super::End;
use crate::environment::patch::EnvPatch;

/// One `unset … && export … && …;` chain, so that a read-only variable makes it fail before a new
/// key stands beside an old token (bash goes on after a failed `unset`; measured).
///
/// `stepper` steps over a user's function of the same name: `builtin` in bash and zsh; `command` in
/// the others, where it also keeps a special builtin's error from ending the script.
pub fn render(stepper: &str, patch: &EnvPatch, end: End) -> Zeroizing<String> {
    let mut text = super::buffer(patch);
    if !patch.unset.is_empty() {
        text.push_str(stepper);
        // -v: without it a shell that finds no variable removes a function of that name.
        text.push_str(" unset -v");
        for name in &patch.unset {
            text.push(' ');
            text.push_str(name);
        }
    }
    if stepper == "builtin" && !patch.set.is_empty() {
        // A name that only stands for another one (`declare -n`) would leave the key without its token. A bash
        // before 4.3, and zsh, know neither these names nor this test, whose error then counts as a no.
        text.push_str(" && ! builtin test");
        for (nth, (name, _)) in patch.set.iter().enumerate() {
            text.push_str(if nth == 0 { " -R " } else { " -o -R " });
            text.push_str(name);
        }
        text.push_str(" 2>/dev/null");
    }
    for (name, value) in &patch.set {
        text.push_str(" && ");
        text.push_str(stepper);
        text.push_str(" export ");
        text.push_str(name);
        text.push('=');
        text.push_str(&quote(value.expose()));
    }
    if !text.is_empty() {
        text.push(';');
    }
    match end {
        End::Success | End::Regardless if text.is_empty() => text.push_str("true;"),
        End::Success => {}
        End::Regardless => text.push_str(" true;"),
        End::Failure { .. } if text.is_empty() => text.push_str("false;"),
        End::Failure { .. } => text.push_str(" false;"),
    }
    text.push('\n');
    text
}

/// One word with exactly this value, always in quotes: zsh expands a bare leading `=`.
pub fn quote(value: &str) -> Zeroizing<String> {
    let escaped = shell_escape::unix::escape(value.into());
    Zeroizing::new(if escaped.starts_with('\'') {
        escaped.into_owned()
    } else {
        format!("'{escaped}'")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    #[test]
    fn success_is_one_chain_and_failure_ends_in_false() {
        let patch = EnvPatch {
            unset: vec!["A", "B"],
            set: vec![("A", Secret::new("x=y"))],
        };
        assert_eq!(
            *render("builtin", &patch, End::Success),
            "builtin unset -v A B && ! builtin test -R A 2>/dev/null && builtin export A='x=y';\n"
        );
        let end = End::Failure {
            code: 3,
            message: "",
        };
        assert_eq!(
            *render(
                "command",
                &EnvPatch {
                    unset: vec!["A"],
                    set: vec![]
                },
                end
            ),
            "command unset -v A; false;\n"
        );
        assert_eq!(*render("command", &EnvPatch::default(), end), "false;\n");
    }

    #[test]
    fn a_value_is_always_quoted() {
        assert_eq!(*quote("=ls"), "'=ls'");
        assert_eq!(*quote("a'b"), r"'a'\''b'");
        assert_eq!(*quote(""), "''");
    }
}
