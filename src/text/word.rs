//! Any text as one word of letters, digits, `:`, `-` and `_`, which no shell reads as anything else.

/// Letters, digits, `:` and `-` as they are, every other byte as `_` and two hexadecimal digits.
pub fn word(value: &str) -> String {
    let mut word = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b':' | b'-' => word.push(byte.into()),
            byte if byte.is_ascii_alphanumeric() => word.push(byte.into()),
            byte => word.push_str(&format!("_{byte:02x}")),
        }
    }
    word
}

/// What [`word`] was made of.
pub fn unword(word: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'_' => 16 * hex(rest.next()?)? + hex(rest.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_back_and_nothing_else_is_read() {
        for text in ["", "dev", "a b/c_d.é", "\n\0'$(x)"] {
            assert_eq!(unword(&word(text)).as_deref(), Some(text));
        }
        for wrong in ["_", "_1", "_zz", "_ff", "_+1"] {
            assert_eq!(unword(wrong), None, "{wrong}");
        }
    }
}
