//! From the bytes that a terminal sends to keys, which are fzf's. Pure.

/// A key and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// It is typed.
    Char(char),
    /// Enter.
    Enter,
    /// Escape, Ctrl-C, Ctrl-G, Ctrl-Q, Ctrl-D.
    Cancel,
    /// The arrow, Ctrl-P, Ctrl-K.
    Up,
    /// The arrow, Ctrl-N, Ctrl-J, TAB.
    Down,
    PageUp,
    PageDown,
    /// Backspace, Ctrl-H.
    Backspace,
    /// Ctrl-W.
    DeleteWord,
    /// Ctrl-U.
    Clear,
    /// Any other.
    Unknown,
}

/// No key that a terminal sends is longer.
const LONGEST: usize = 32;

/// Bytes on their way to keys: one key may come in two reads.
#[derive(Debug, Default)]
pub struct Keys(Vec<u8>);

impl Keys {
    /// Takes what was read.
    pub fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The next key. `is_all` is whether nothing more comes that belongs to it: then a lone escape byte is the key of
    /// that name, and not the beginning of another.
    pub fn next(&mut self, is_all: bool) -> Option<Key> {
        let (key, length) = match first(&self.0) {
            Some(found) => found,
            None if self.0.is_empty() => return None,
            // What could still become a key, and does not.
            None if is_all || self.0.len() > LONGEST => match self.0[..] {
                [ESCAPE] => (Key::Cancel, 1),
                _ => (Key::Unknown, self.0.len()),
            },
            None => return None,
        };
        self.0.drain(..length.min(self.0.len()));
        Some(key)
    }
}

const ESCAPE: u8 = 0x1b;

/// The key that the bytes begin with and how many they are; `None` while that cannot be said.
fn first(bytes: &[u8]) -> Option<(Key, usize)> {
    let control = |letter: u8| letter & 0x1f;
    let byte = *bytes.first()?;
    let key = match byte {
        ESCAPE => return sequence(bytes),
        b'\r' => Key::Enter,
        b'\t' => Key::Down,
        0x7f | 0x08 => Key::Backspace,
        b if b == control(b'n') || b == control(b'j') => Key::Down,
        b if b == control(b'p') || b == control(b'k') => Key::Up,
        b if b"cgqd".iter().any(|letter| control(*letter) == b) => Key::Cancel,
        b if b == control(b'u') => Key::Clear,
        b if b == control(b'w') => Key::DeleteWord,
        0..=0x1f => Key::Unknown,
        0x20..=0x7e => Key::Char(char::from(byte)),
        _ => return letter(bytes),
    };
    Some((key, 1))
}

/// A character of several bytes.
fn letter(bytes: &[u8]) -> Option<(Key, usize)> {
    let longest = bytes.len().min(4);
    let whole = (1..=longest).find_map(|end| std::str::from_utf8(bytes.get(..end)?).ok());
    if let Some(text) = whole {
        let typed = text.chars().next().filter(|c| !c.is_control());
        return Some((typed.map_or(Key::Unknown, Key::Char), text.len()));
    }
    let may_go_on =
        std::str::from_utf8(bytes.get(..longest)?).is_err_and(|error| error.error_len().is_none());
    (!may_go_on).then_some((Key::Unknown, 1))
}

/// What begins with an escape byte: an arrow, another key of that kind, a key with Alt held, or twice Escape.
fn sequence(bytes: &[u8]) -> Option<(Key, usize)> {
    match *bytes.get(1)? {
        ESCAPE => return Some((Key::Cancel, 2)),
        b'[' | b'O' => {}
        _ => return Some((Key::Unknown, 2)),
    }
    let rest = bytes.get(2..)?;
    let end = rest.iter().position(|byte| (0x40..=0x7e).contains(byte))?;
    let key = match rest.get(..=end)? {
        b"A" => Key::Up,
        b"B" => Key::Down,
        b"Z" => Key::Up,
        b"5~" => Key::PageUp,
        b"6~" => Key::PageDown,
        _ => Key::Unknown,
    };
    Some((key, end + 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::feed;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut keys = Keys::default();
        keys.put(bytes);
        std::iter::from_fn(|| keys.next(true)).collect()
    }

    #[test]
    fn the_keys_are_those_of_fzf() {
        use Key::*;
        for (bytes, expected) in [
            (&b"a"[..], vec![Char('a')]),
            (b"\r", vec![Enter]),
            (b"\x1b", vec![Cancel]),
            (b"\x1b\x1b", vec![Cancel]),
            (b"\x03\x07", vec![Cancel, Cancel]),
            (b"\x0e\x0a\x1b[B\x1bOB\t", vec![Down; 5]),
            (b"\x10\x0b\x1b[A\x1bOA\x1b[Z", vec![Up; 5]),
            (b"\x1b[5~\x1b[6~", vec![PageUp, PageDown]),
            (
                b"\x7f\x08\x17\x15",
                vec![Backspace, Backspace, DeleteWord, Clear],
            ),
            ("é山".as_bytes(), vec![Char('é'), Char('山')]),
            (b"\x1bx\x1b[1;5C\xff", vec![Unknown; 3]),
            (b"\x1a", vec![Unknown]),
        ] {
            assert_eq!(keys(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_key_that_comes_in_pieces_is_one() {
        for whole in [&b"\x1b[5~"[..], "山".as_bytes(), b"\x1bOA"] {
            let mut keys = Keys::default();
            let (last, before) = whole.split_last().unwrap();
            for byte in before {
                keys.put(&[*byte]);
                assert_eq!(keys.next(false), None);
            }
            keys.put(&[*last]);
            let key = keys.next(false);
            assert!(key.is_some_and(|key| key != Key::Unknown), "{whole:?}");
            assert_eq!(keys.next(true), None);
        }
    }

    #[test]
    fn any_bytes_become_keys_and_come_to_an_end() {
        feed(
            500,
            &["\x1b[1;5A", "山a\x1b"],
            &["\x1b", "[", "\x1b["],
            |bytes| {
                let mut keys = Keys::default();
                for chunk in bytes.chunks(3) {
                    keys.put(chunk);
                    while keys.next(false).is_some() {}
                    assert!(keys.0.len() <= LONGEST + 3);
                }
                while keys.next(true).is_some() {}
                assert_eq!(keys.0.len(), 0);
            },
        );
    }
}
