//! D-Bus values, read from bytes that somebody else wrote. Pure.

use zeroize::Zeroizing;

/// How deep a value may be nested; `a{sv}` of a secret is 4.
const DEPTH: usize = 16;

/// A value, as far as Secret Service has such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Byte(u8),
    Bool(bool),
    /// Every other number.
    Number(u64),
    /// Texts, object paths and signatures.
    Text(String),
    /// `ay`.
    Bytes(Zeroizing<Vec<u8>>),
    /// Arrays, structs and dictionary entries.
    List(Vec<Value>),
    Variant(Box<Value>),
}

impl Value {
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn list(&self) -> &[Value] {
        match self {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// The texts of an array.
    pub fn texts(&self) -> Vec<String> {
        let texts = self.list().iter().filter_map(Value::text);
        texts.map(str::to_owned).collect()
    }
}

/// The first complete type of a signature, and what follows it.
pub fn split(signature: &str) -> Result<(&str, &str), &'static str> {
    const WRONG: &str = "its signature is wrong";
    let mut depth = 0_usize;
    for (at, byte) in signature.bytes().enumerate() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.checked_sub(1).ok_or(WRONG)?,
            b'a' => continue,
            _ => {}
        }
        if depth == 0 {
            return signature.split_at_checked(at + 1).ok_or(WRONG);
        }
    }
    Err(WRONG)
}

/// Reads values, from the beginning of a message or of its body.
pub struct Reader<'b> {
    bytes: &'b [u8],
    /// Where the next value begins, before its alignment.
    pub at: usize,
    big: bool,
    depth: usize,
}

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8], big: bool) -> Self {
        Self {
            bytes,
            at: 0,
            big,
            depth: 0,
        }
    }

    pub fn align(&mut self, to: usize) -> Result<(), &'static str> {
        self.at = self.at.next_multiple_of(to);
        match self.at <= self.bytes.len() {
            true => Ok(()),
            false => Err("its message is cut off"),
        }
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8], &'static str> {
        let end = self.at.checked_add(count).ok_or("its message is cut off")?;
        let taken = self.bytes.get(self.at..end);
        self.at = end;
        taken.ok_or("its message is cut off")
    }

    fn number<const N: usize>(&mut self) -> Result<u64, &'static str> {
        self.align(N)?;
        let mut bytes: Vec<u8> = self.take(N)?.to_vec();
        if !self.big {
            bytes.reverse();
        }
        Ok(bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    pub fn u32(&mut self) -> Result<u32, &'static str> {
        let number = self.number::<4>()?;
        u32::try_from(number).map_err(|_| "its message is wrong")
    }

    fn text(&mut self, count: usize) -> Result<String, &'static str> {
        let bytes = self.take(count)?.to_vec();
        self.take(1)?;
        String::from_utf8(bytes).map_err(|_| "its text is not UTF-8")
    }

    pub fn value(&mut self, signature: &str) -> Result<Value, &'static str> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("its message is nested too deep");
        }
        let value = self.value_of(signature);
        self.depth -= 1;
        value
    }

    fn value_of(&mut self, signature: &str) -> Result<Value, &'static str> {
        let inner = signature.get(1..).unwrap_or_default();
        Ok(match signature.bytes().next() {
            Some(b'y') => Value::Byte(self.take(1)?.first().copied().unwrap_or_default()),
            Some(b'b') => Value::Bool(self.u32()? != 0),
            Some(b'n' | b'q') => Value::Number(self.number::<2>()?),
            Some(b'i' | b'u' | b'h') => Value::Number(self.number::<4>()?),
            Some(b'x' | b't' | b'd') => Value::Number(self.number::<8>()?),
            Some(b's' | b'o') => {
                let count = self.u32()?;
                Value::Text(self.text(count as usize)?)
            }
            Some(b'g') => {
                let count = self.take(1)?.first().copied().unwrap_or_default();
                Value::Text(self.text(count.into())?)
            }
            Some(b'v') => {
                let count = self.take(1)?.first().copied().unwrap_or_default();
                let signature = self.text(count.into())?;
                Value::Variant(Box::new(self.value(&signature)?))
            }
            Some(b'a') if inner == "y" => {
                let count = self.u32()?;
                Value::Bytes(Zeroizing::new(self.take(count as usize)?.to_vec()))
            }
            Some(b'a') => {
                let count = self.u32()? as usize;
                self.align(if inner.starts_with(['(', '{', 'x', 't', 'd']) {
                    8
                } else {
                    1
                })?;
                let end = self.at.checked_add(count).ok_or("its message is cut off")?;
                let mut list = Vec::new();
                while self.at < end {
                    let before = self.at;
                    list.push(self.value(inner)?);
                    // An empty struct takes no byte, and would never come to the end.
                    if self.at == before {
                        return Err("its signature is wrong");
                    }
                }
                Value::List(list)
            }
            Some(b'(' | b'{') => {
                self.align(8)?;
                let mut rest = inner
                    .get(..inner.len().saturating_sub(1))
                    .unwrap_or_default();
                let mut list = Vec::new();
                while !rest.is_empty() {
                    let (one, after) = split(rest)?;
                    list.push(self.value(one)?);
                    rest = after;
                }
                Value::List(list)
            }
            _ => return Err("its signature is wrong"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_that_is_wrong_is_refused_and_read_to_an_end() {
        for signature in ["(", "{", "a", "a()", "a{}", "a(()", ")", "z", ""] {
            let bytes = [&[8, 0, 0, 0][..], &[0; 32]].concat();
            let read = Reader::new(&bytes, false).value(signature);
            let is_empty = read == Ok(Value::List(Vec::new()));
            assert!(read.is_err() || is_empty, "{signature}: {read:?}");
        }
        let deep = "a".repeat(200) + "y";
        assert!(Reader::new(&[1; 4096], false).value(&deep).is_err());
    }
}
