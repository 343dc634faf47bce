//! Our lines in somebody's start-up file: one marked block at its end. Pure; any bytes may stand around it.

/// `#` begins a comment in every shell that has a start-up file of ours.
const BEGIN: &str = "# >>> awsmfa: `awsmfa setup --undo` takes this out again >>>";
/// The same where the file did not end with a line break before us.
const BEGIN_JOINED: &str =
    "# >>> awsmfa: `awsmfa setup --undo` takes this out again, and the line break before it >>>";
const END: &str = "# <<< awsmfa <<<";

/// The text with the block of these lines at its end; one that is there already is replaced where it stands.
pub fn with(text: &[u8], lines: &[&str]) -> Vec<u8> {
    if let Some((start, end)) = place(text) {
        let is_joined = starts_with_line(text.get(start..).unwrap_or_default(), BEGIN_JOINED);
        let mut changed = text.get(..start).unwrap_or_default().to_vec();
        push(
            &mut changed,
            if is_joined { BEGIN_JOINED } else { BEGIN },
            lines,
        );
        changed.extend_from_slice(text.get(end..).unwrap_or_default());
        return changed;
    }
    let mut changed = text.to_vec();
    let is_joined = text.last().is_some_and(|last| *last != b'\n');
    if is_joined {
        changed.push(b'\n');
    }
    push(
        &mut changed,
        if is_joined { BEGIN_JOINED } else { BEGIN },
        lines,
    );
    changed
}

/// The text without the block: byte for byte what it was before, but for what somebody wrote since.
pub fn without(text: &[u8]) -> Vec<u8> {
    let Some((start, end)) = place(text) else {
        return text.to_vec();
    };
    let is_joined = starts_with_line(text.get(start..).unwrap_or_default(), BEGIN_JOINED);
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    // What was written after the block must not be joined to the line before it.
    let before = match is_joined && after.is_empty() {
        true => before.strip_suffix(b"\n").unwrap_or(before),
        false => before,
    };
    [before, after].concat()
}

fn push(text: &mut Vec<u8>, begin: &str, lines: &[&str]) {
    for line in [begin].iter().chain(lines).chain(&[END]) {
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
}

/// Where the block begins, and where the line after it does; `None` for half of one, which is left alone.
fn place(text: &[u8]) -> Option<(usize, usize)> {
    let mut start = None;
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let end = at + line.len();
        let is = |mark: &str| line.trim_ascii_end() == mark.as_bytes();
        if is(BEGIN) || is(BEGIN_JOINED) {
            start = Some(at);
        } else if is(END)
            && let Some(start) = start
        {
            return Some((start, end));
        }
        at = end;
    }
    None
}

fn starts_with_line(text: &[u8], line: &str) -> bool {
    text.strip_prefix(line.as_bytes()).is_some_and(|rest| {
        rest.first()
            .is_none_or(|next| matches!(next, b'\n' | b'\r'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &[&str] = &["one", "two"];

    #[test]
    fn what_is_put_in_comes_out_again_byte_for_byte() {
        for before in [
            &b""[..],
            b"a\n",
            b"a",
            b"\n",
            b"\xff\xfe\x00",
            b"a\r\nb\r\n",
            b"a\n\n",
        ] {
            let with_block = with(before, LINES);
            assert_eq!(without(&with_block), before, "{before:?}");
            assert_eq!(with(&with_block, LINES), with_block, "twice: {before:?}");
        }
    }

    #[test]
    fn what_somebody_wrote_after_it_stays_on_a_line_of_its_own() {
        let mut text = with(b"a", LINES);
        text.extend_from_slice(b"b\n");
        assert_eq!(without(&text), b"a\nb\n");
    }

    #[test]
    fn other_lines_replace_those_of_before() {
        let text = with(&with(b"a\n", LINES), &["three"]);
        assert_eq!(text, with(b"a\n", &["three"]));
    }

    #[test]
    fn half_a_block_is_no_block() {
        let text = [BEGIN, "\none\n"].concat().into_bytes();
        assert_eq!(without(&text), text);
    }
}
