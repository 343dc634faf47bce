//! One D-Bus message as bytes. Pure.

use zeroize::Zeroizing;

use super::read::{Reader, Value, split};
use super::write::{Writer, length};

/// No answer about a key is longer.
pub const MESSAGE_LIMIT: usize = 1024 * 1024;

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
            return Err("it is not a D-Bus message");
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
