//! PowerShell. One line, because `Invoke-Expression (awsmfa env)` fails on more; ASCII only, because
//! a console decodes our bytes by its code page.

use zeroize::Zeroizing;

use super::End;
use crate::environment::patch::EnvPatch;

/// `$env:X = $null` removes a variable in every version and leaves `$?` true; `Remove-Item Env:\X` of
/// a missing one does not, and `$env:X = ''` leaves an empty variable behind.
pub fn render(patch: &EnvPatch, end: End) -> Zeroizing<String> {
    let mut text = super::buffer(patch);
    for name in &patch.unset {
        text.push_str(&format!("$env:{name} = $null; "));
    }
    for (name, value) in &patch.set {
        text.push_str(&format!("$env:{name} = "));
        text.push_str(&quote(value.expose()));
        text.push_str("; ");
    }
    match end {
        // Empty output is an error of its own in every idiom.
        End::Success | End::Regardless if text.is_empty() => text.push_str("$null = 0;"),
        End::Success | End::Regardless => {}
        // `throw`, not Write-Error: that leaves $? true after Invoke-Expression.
        End::Failure { message, .. } => {
            text.push_str("throw ");
            text.push_str(&quote(&format!("awsmfa: {message}")));
            text.push(';');
        }
    }
    if text.ends_with(' ') {
        text.pop();
    }
    text.push('\n');
    text
}

/// An expression with exactly this value, in ASCII. '…' also ends at U+2018 to U+201B, which as
/// `[char]0x…` are plain numbers like every other character beyond ASCII.
pub fn quote(value: &str) -> Zeroizing<String> {
    let mut parts: Vec<Zeroizing<String>> = Vec::new();
    let mut plain = Zeroizing::new(String::new());
    for unit in value.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'\'') => plain.push_str("''"),
            Ok(byte @ b' '..=b'~') => plain.push(byte.into()),
            _ => {
                if !plain.is_empty() {
                    parts.push(Zeroizing::new(format!("'{}'", *plain)));
                    plain = Zeroizing::default();
                }
                parts.push(Zeroizing::new(format!("[char]0x{unit:04X}")));
            }
        }
    }
    if parts.is_empty() {
        return Zeroizing::new(format!("'{}'", *plain));
    }
    if !plain.is_empty() {
        parts.push(Zeroizing::new(format!("'{}'", *plain)));
    }
    // A leading string makes every + a concatenation: [char] + [char] alone would add numbers.
    let mut expression = Zeroizing::new(String::from("(''"));
    for part in &parts {
        expression.push_str(" + ");
        expression.push_str(part);
    }
    expression.push(')');
    expression
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    #[test]
    fn the_text_is_one_line_of_statements() {
        let patch = EnvPatch {
            unset: vec!["A", "B"],
            set: vec![("A", Secret::new("it's"))],
        };
        assert_eq!(
            *render(&patch, End::Success),
            "$env:A = $null; $env:B = $null; $env:A = 'it''s';\n"
        );
        let end = End::Failure {
            code: 3,
            message: "caf\u{e9}\nno",
        };
        assert_eq!(
            *render(&EnvPatch::default(), end),
            "throw ('' + 'awsmfa: caf' + [char]0x00E9 + [char]0x000A + 'no');\n"
        );
        assert_eq!(*render(&EnvPatch::default(), End::Success), "$null = 0;\n");
    }

    #[test]
    fn the_quotes_that_powershell_also_takes_for_quotes_are_numbers() {
        for c in ['\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}', '\u{1f600}'] {
            let quoted = quote(&c.to_string());
            assert!(quoted.is_ascii());
            assert!(quoted.starts_with("('' + [char]0x"), "{}", *quoted);
        }
    }
}
