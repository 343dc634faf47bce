//! nushell. It has no eval of code, so what it gets is data: a record for `load-env`, a line of JSON.

use zeroize::Zeroizing;

use super::End;
use crate::environment::patch::EnvPatch;

/// A variable that is null is in no child's environment (measured). No record makes `load-env` fail once
/// it has begun: a failure is the status of this program, which nushell throws when the pipeline is over.
///
/// `from json` throws it before `load-env` gets a thing, and the old session would stay (measured): only
/// `from json --objects | first`, which reads no further than the record, lets both happen.
pub fn render(patch: &EnvPatch, _: End) -> Zeroizing<String> {
    let mut text = super::buffer(patch);
    text.push('{');
    let is_set = |name: &&&str| patch.set.iter().any(|(set, _)| set == *name);
    let mut separator = "";
    for name in patch.unset.iter().filter(|name| !is_set(name)) {
        text.push_str(&format!("{separator}\"{name}\": null"));
        separator = ", ";
    }
    for (name, value) in &patch.set {
        text.push_str(&format!("{separator}\"{name}\": "));
        text.push_str(&quote(value.expose()));
        separator = ", ";
    }
    text.push_str("}\n");
    text
}

/// A string of JSON with exactly this value, and of nushell where it has no control character.
pub fn quote(value: &str) -> Zeroizing<String> {
    let mut quoted = Zeroizing::new(String::with_capacity(2 * value.len() + 2));
    quoted.push('"');
    for c in value.chars() {
        match c {
            '\\' | '"' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..=' ' if c != ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    #[test]
    fn the_text_is_one_record_without_a_name_twice() {
        let patch = EnvPatch {
            unset: vec!["A", "B"],
            set: vec![("B", Secret::new("it's \"\\\n\u{1}"))],
        };
        assert_eq!(
            *render(&patch, End::Success),
            "{\"A\": null, \"B\": \"it's \\\"\\\\\\n\\u0001\"}\n"
        );
        let end = End::Failure {
            code: 3,
            message: "no",
        };
        assert_eq!(*render(&EnvPatch::default(), end), "{}\n");
    }
}
