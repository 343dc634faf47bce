//! Percent-coding, for a form and for a query. Pure.

use zeroize::Zeroizing;

/// The text with every byte coded that is no letter, digit or one of `-._~`. It may hold a secret.
pub fn encoded(text: &str) -> Zeroizing<String> {
    // Never grown, so that no copy of a secret stays behind.
    let mut coded = Zeroizing::new(String::with_capacity(3 * text.len()));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            coded.push(byte.into());
        } else {
            coded.push('%');
            for half in [byte >> 4, byte & 15] {
                coded.extend(char::from_digit(half.into(), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
    }
    coded
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn what_means_something_in_a_form_is_coded() {
        assert_eq!(*encoded("aZ9-._~"), "aZ9-._~");
        assert_eq!(
            *encoded("{\"a\":1}&b=c+d %é"),
            "%7B%22a%22%3A1%7D%26b%3Dc%2Bd%20%25%C3%A9"
        );
    }
}
