//! A connection to the session bus: calls that are answered, and the signal of a prompt. The protocol is there as
//! far as Secret Service needs it.
//!
//! Our own, and not a library: `secret-service` (zbus) adds 1,170,344 bytes to a program of three STS calls,
//! `oo7` 1,494,424 (release, fat LTO, opt-level s), which is more than the 6 MB of the static binary have
//! room for.

mod message;
mod read;
mod write;

use std::io::{self, Read, Write};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::environment::Environment;
use message::Kind;
pub use message::Message;
pub use read::Value;
pub use write::Writer;

/// A key store that starts on demand needs a second or two.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a call was not answered.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The bus or the service said no: the name of its error, and its text.
    #[error("{name}: {text}")]
    Refused { name: String, text: String },
    /// What answers does not speak D-Bus.
    #[error("{0}")]
    Strange(&'static str),
    /// The connection.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The session bus of this user.
pub struct Connection {
    stream: UnixStream,
    serial: u32,
}

impl Connection {
    /// Connects as the bus's own library does: `DBUS_SESSION_BUS_ADDRESS`, else the socket that systemd makes.
    pub fn open(env: &Environment) -> Result<Self, Failure> {
        let beside = env
            .var("XDG_RUNTIME_DIR")
            .map(|folder| format!("unix:path={folder}/bus"));
        let addresses = env
            .var("DBUS_SESSION_BUS_ADDRESS")
            .map(str::to_owned)
            .or(beside)
            .ok_or(Failure::Strange("there is no session bus"))?;
        let mut failed = Failure::Strange("its address is of a kind that awsmfa does not know");
        for address in addresses.split(';') {
            match connect(address) {
                Some(Ok(stream)) => return Self::greet(stream),
                Some(Err(error)) => failed = error.into(),
                None => {}
            }
        }
        Err(failed)
    }

    /// Says who we are: the bus asks the kernel whether it is true.
    fn greet(mut stream: UnixStream) -> Result<Self, Failure> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let user = rustix::process::geteuid().as_raw().to_string();
        let user: String = user.bytes().map(|b| format!("{b:02x}")).collect();
        stream.write_all(format!("\0AUTH EXTERNAL {user}\r\n").as_bytes())?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            answer.extend(byte);
            if answer.len() > 1024 {
                return Err(Failure::Strange("it does not speak D-Bus"));
            }
        }
        if !answer.starts_with(b"OK ") {
            return Err(Failure::Strange("the session bus refuses the connection"));
        }
        stream.write_all(b"BEGIN\r\n")?;
        let mut connection = Self { stream, serial: 0 };
        connection.call(Message::call(BUS, BUS_PATH, BUS, "Hello"))?;
        Ok(connection)
    }

    /// Calls and waits for the answer.
    pub fn call(&mut self, message: Message) -> Result<Vec<Value>, Failure> {
        let serial = self.send(message)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let message = self.receive(deadline)?;
            if message.reply_serial != serial {
                continue;
            }
            let values = message.values().map_err(Failure::Strange);
            return match message.kind {
                Some(Kind::Return) => values,
                _ => Err(Failure::Refused {
                    name: message.error_name,
                    text: values?
                        .first()
                        .and_then(Value::text)
                        .unwrap_or_default()
                        .to_owned(),
                }),
            };
        }
    }

    /// From now on signals of this object arrive.
    pub fn listen(&mut self, path: &str) -> Result<(), Failure> {
        let rule = format!("type='signal',path='{path}'");
        let message = Message::call(BUS, BUS_PATH, BUS, "AddMatch");
        self.call(message.with("s", |w| {
            w.text(&rule);
        }))
        .map(drop)
    }

    /// Calls, and waits for this signal of the object, which may take as long as a person takes. The answer to
    /// the call and the signal may arrive in any order.
    pub fn wait_for(
        &mut self,
        path: &str,
        member: &str,
        call: Message,
        patience: Duration,
    ) -> Result<Vec<Value>, Failure> {
        let serial = self.send(call)?;
        let deadline = Instant::now() + patience;
        loop {
            let message = self.receive(deadline)?;
            if message.kind == Some(Kind::Error) && message.reply_serial == serial {
                return Err(Failure::Refused {
                    name: message.error_name,
                    text: String::new(),
                });
            }
            let is_it = message.kind == Some(Kind::Signal)
                && message.path == path
                && message.member == member;
            if is_it {
                return message.values().map_err(Failure::Strange);
            }
        }
    }

    fn send(&mut self, mut message: Message) -> Result<u32, Failure> {
        self.serial += 1;
        message.serial = self.serial;
        self.stream.write_all(&message.to_bytes())?;
        Ok(self.serial)
    }

    fn receive(&mut self, deadline: Instant) -> Result<Message, Failure> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::from(io::ErrorKind::TimedOut).into());
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut start = [0; 16];
        self.stream.read_exact(&mut start)?;
        let length = Message::length(&start).map_err(Failure::Strange)?;
        let mut bytes = Zeroizing::new(vec![0; length]);
        let (head, rest) = bytes
            .split_at_mut_checked(start.len())
            .ok_or(Failure::Strange("its message is cut off"))?;
        head.copy_from_slice(&start);
        self.stream.read_exact(rest)?;
        Message::parse(&bytes).map_err(Failure::Strange)
    }
}

const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";

/// One address of a list; `None` for a kind that a session bus on this machine has not.
fn connect(address: &str) -> Option<io::Result<UnixStream>> {
    let pairs = address.strip_prefix("unix:")?;
    let value = |key: &str| {
        let mut pairs = pairs.split(',').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(name, _)| *name == key)
            .map(|(_, v)| unescaped(v))
    };
    if let Some(path) = value("path") {
        use std::os::unix::ffi::OsStringExt;
        return Some(UnixStream::connect(std::ffi::OsString::from_vec(path)));
    }
    let name = value("abstract")?;
    let address = SocketAddr::from_abstract_name(name);
    Some(address.and_then(|address| UnixStream::connect_addr(&address)))
}

/// `%2f` and the like.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        match byte {
            b'%' => {
                let pair = (digit(bytes.next()), digit(bytes.next()));
                if let (Some(high), Some(low)) = pair {
                    plain.push(u8::try_from(high * 16 + low).unwrap_or_default());
                }
            }
            byte => plain.push(byte),
        }
    }
    plain
}
