//! D-Bus messages as bytes: the part of the protocol that Secret Service needs. Pure.
//!
//! Ours and no library's: `secret-service` (zbus) adds 1,170,344 bytes to a program of three STS calls, `oo7`
//! 1,494,424 (release, fat LTO, opt-level s), which is more than the 6 MB of the static binary have room for.

use zeroize::Zeroizing;

/// No answer about a key is longer.
pub const MESSAGE_LIMIT: usize = 1024 * 1024;
/// How deep a value may be nested; `a{sv}` of a secret is 4.
const DEPTH: usize = 16;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Call = 1,
    Return = 2,
    Error = 3,
    Signal = 4,
}

/// One message. A body may hold a secret: it is wiped.
#[derive(Debug, Default)]
pub struct Message {
    pub kind: Option<Kind>,
    pub serial: u32,
    pub path: String,
    pub interface: String,
    pub member: String,
    pub error_name: String,
    pub reply_serial: u32,
    pub destination: String,
    pub signature: String,
    pub body: Zeroizing<Vec<u8>>,
}

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

/// Bytes with D-Bus's alignment, which counts from the beginning of the message: a body begins at a
/// multiple of eight, so that its own beginning will do.
#[derive(Default)]
pub struct Writer(pub Zeroizing<Vec<u8>>);

impl Writer {
    fn align(&mut self, to: usize) {
        while !self.0.len().is_multiple_of(to) {
            self.0.push(0);
        }
    }

    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.u32(value.into())
    }

    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.align(4);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// `s` and `o`.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.u32(length(text.len()));
        self.0.extend(text.bytes());
        self.0.push(0);
        self
    }

    /// `g`.
    pub fn signature(&mut self, text: &str) -> &mut Self {
        self.0.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        self.0.extend(text.bytes());
        self.0.push(0);
        self
    }

    /// `ay`.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u32(length(bytes.len()));
        // Never grown, so that no copy of a secret stays behind.
        self.0.reserve_exact(bytes.len() + 64);
        self.0.extend(bytes);
        self
    }

    /// An array whose elements are aligned to so many bytes.
    pub fn array(&mut self, alignment: usize, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.u32(0);
        let at = self.0.len() - 4;
        self.align(alignment);
        let start = self.0.len();
        fill(self);
        let size = length(self.0.len() - start).to_le_bytes();
        if let Some(place) = self.0.get_mut(at..at + 4) {
            place.copy_from_slice(&size);
        }
        self
    }

    /// A struct or an entry of a dictionary.
    pub fn group(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.align(8);
        fill(self);
        self
    }

    /// `a{ss}`.
    pub fn texts_by_name(&mut self, pairs: &[(&str, &str)]) -> &mut Self {
        self.array(8, |w| {
            for (name, value) in pairs {
                w.group(|w| {
                    w.text(name).text(value);
                });
            }
        })
    }
}

fn length(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

impl Message {
    /// A call of a method.
    pub fn call(destination: &str, path: &str, interface: &str, member: &str) -> Self {
        Self {
            kind: Some(Kind::Call),
            path: path.to_owned(),
            interface: interface.to_owned(),
            member: member.to_owned(),
            destination: destination.to_owned(),
            ..Self::default()
        }
    }

    /// With these arguments.
    pub fn with(mut self, signature: &str, fill: impl FnOnce(&mut Writer)) -> Self {
        let mut body = Writer::default();
        fill(&mut body);
        self.signature = signature.to_owned();
        self.body = body.0;
        self
    }

    /// As it is sent.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut head = Writer::default();
        let kind = self.kind.map_or(0, |kind| kind as u8);
        head.0.extend([b'l', kind, 0, 1]);
        head.u32(length(self.body.len())).u32(self.serial);
        let texts = [
            (1, "o", &self.path),
            (2, "s", &self.interface),
            (3, "s", &self.member),
            (6, "s", &self.destination),
            (8, "g", &self.signature),
        ];
        head.array(8, |w| {
            for (code, kind, value) in texts.iter().filter(|(.., value)| !value.is_empty()) {
                w.group(|w| {
                    w.0.push(*code);
                    w.signature(kind);
                    match *kind {
                        "g" => w.signature(value),
                        _ => w.text(value),
                    };
                });
            }
        });
        head.align(8);
        let mut bytes = Zeroizing::new(Vec::with_capacity(head.0.len() + self.body.len()));
        bytes.extend_from_slice(&head.0);
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// How long the message is whose first bytes these are: 16 are needed.
    pub fn length(start: &[u8]) -> Result<usize, &'static str> {
        let mut reader = Reader::new(start, start.first() == Some(&b'B'));
        if !matches!(start.first(), Some(b'l' | b'B')) {
            return Err("it is no D-Bus message");
        }
        reader.at = 4;
        let body = reader.u32()? as usize;
        reader.at = 12;
        let fields = reader.u32()? as usize;
        let total = fields
            .checked_add(16 + 7)
            .map(|head| head / 8 * 8)
            .and_then(|head| head.checked_add(body));
        total
            .filter(|total| *total <= MESSAGE_LIMIT)
            .ok_or("its message is too long")
    }

    /// A whole message.
    pub fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let big = bytes.first() == Some(&b'B');
        let mut reader = Reader::new(bytes, big);
        let mut message = Self {
            kind: match bytes.get(1) {
                Some(1) => Some(Kind::Call),
                Some(2) => Some(Kind::Return),
                Some(3) => Some(Kind::Error),
                Some(4) => Some(Kind::Signal),
                _ => None,
            },
            ..Self::default()
        };
        reader.at = 8;
        message.serial = reader.u32()?;
        for field in reader.value("a(yv)")?.list() {
            let [Value::Byte(code), Value::Variant(value)] = field.list() else {
                return Err("its header is wrong");
            };
            match (code, &**value) {
                (1, Value::Text(text)) => message.path.clone_from(text),
                (2, Value::Text(text)) => message.interface.clone_from(text),
                (3, Value::Text(text)) => message.member.clone_from(text),
                (4, Value::Text(text)) => message.error_name.clone_from(text),
                (8, Value::Text(text)) => message.signature.clone_from(text),
                (5, Value::Number(serial)) => {
                    message.reply_serial = u32::try_from(*serial).unwrap_or_default();
                }
                _ => {}
            }
        }
        reader.align(8)?;
        let body = bytes.get(reader.at..).unwrap_or_default();
        message.body = Zeroizing::new(body.to_vec());
        // Values are read as little-endian from here on.
        if big {
            return Err("it speaks big-endian");
        }
        Ok(message)
    }

    /// The arguments.
    pub fn values(&self) -> Result<Vec<Value>, &'static str> {
        let mut reader = Reader::new(&self.body, false);
        let mut signature = self.signature.as_str();
        let mut values = Vec::new();
        while !signature.is_empty() {
            let (one, rest) = split(signature)?;
            values.push(reader.value(one)?);
            signature = rest;
        }
        Ok(values)
    }
}

/// The first complete type of a signature, and what follows it.
fn split(signature: &str) -> Result<(&str, &str), &'static str> {
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

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    big: bool,
    depth: usize,
}

impl<'b> Reader<'b> {
    fn new(bytes: &'b [u8], big: bool) -> Self {
        Self {
            bytes,
            at: 0,
            big,
            depth: 0,
        }
    }

    fn align(&mut self, to: usize) -> Result<(), &'static str> {
        self.at = self.at.next_multiple_of(to);
        match self.at <= self.bytes.len() {
            true => Ok(()),
            false => Err("its message breaks off"),
        }
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8], &'static str> {
        let end = self.at.checked_add(count).ok_or("its message breaks off")?;
        let taken = self.bytes.get(self.at..end);
        self.at = end;
        taken.ok_or("its message breaks off")
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

    fn u32(&mut self) -> Result<u32, &'static str> {
        let number = self.number::<4>()?;
        u32::try_from(number).map_err(|_| "its message is wrong")
    }

    fn text(&mut self, count: usize) -> Result<String, &'static str> {
        let bytes = self.take(count)?.to_vec();
        self.take(1)?;
        String::from_utf8(bytes).map_err(|_| "its text is no UTF-8")
    }

    fn value(&mut self, signature: &str) -> Result<Value, &'static str> {
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
                let end = self.at.checked_add(count).ok_or("its message breaks off")?;
                let mut list = Vec::new();
                while self.at < end {
                    list.push(self.value(inner)?);
                }
                Value::List(list)
            }
            Some(b'(' | b'{') => {
                self.align(8)?;
                let mut rest = inner.get(..inner.len() - 1).unwrap_or_default();
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
    use crate::fuzz::feed;

    fn secret() -> Message {
        let mut message = Message::call("org.x", "/org/x", "org.x.Y", "CreateItem");
        message.serial = 7;
        message.with("a{sv}(oayays)b", |w| {
            w.array(8, |w| {
                w.group(|w| {
                    w.text("Attributes").signature("a{ss}");
                    w.texts_by_name(&[("application", "awsmfa"), ("x", "")]);
                });
            });
            w.group(|w| {
                w.text("/s").bytes(b"").bytes(b"wJalr").text("text/plain");
            });
            w.bool(true);
        })
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = secret().to_bytes();
        assert_eq!(Message::length(&bytes), Ok(bytes.len()));
        let read = Message::parse(&bytes).unwrap();
        assert_eq!((read.kind, read.serial), (Some(Kind::Call), 7));
        assert_eq!(
            (read.path.as_str(), read.member.as_str()),
            ("/org/x", "CreateItem")
        );
        let values = read.values().unwrap();
        assert_eq!(values.len(), 3);
        let Value::List(properties) = &values[0] else {
            panic!("{values:?}")
        };
        let [name, Value::Variant(attributes)] = properties[0].list() else {
            panic!()
        };
        assert_eq!(name.text(), Some("Attributes"));
        assert_eq!(attributes.list()[1].texts(), ["x", ""]);
        let [_, _, Value::Bytes(secret), _] = values[1].list() else {
            panic!()
        };
        assert_eq!(&***secret, b"wJalr");
        assert_eq!(values[2], Value::Bool(true));
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        let seeds: &[&str] = &["l\u{1}\0\u{1}\0\0\0\0\u{1}\0\0\0\0\0\0\0", "a{sv}(oayays)b"];
        let words: &[&str] = &["\0", "\u{1}", "\u{8}", "a", "(", "v", "\u{7f}\0\0\0"];
        feed(300, seeds, words, |bytes| {
            let _ = Message::length(bytes);
            let mut whole = secret().to_bytes().to_vec();
            for (at, byte) in bytes.iter().enumerate() {
                let at = at * 37 % whole.len();
                whole[at] = *byte;
            }
            for bytes in [bytes, &whole] {
                let _ = Message::parse(bytes).map(|message| message.values());
            }
        });
    }
}
