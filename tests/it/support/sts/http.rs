//! As much HTTP/1.1 as an STS client needs: keep-alive, `Content-Length`, `Expect: 100-continue`.
//! Generic over the stream, so that TLS can be put underneath.

use std::io::{Error, ErrorKind, Read, Result, Write};

/// More than any call of STS; a client that sends more is broken, and must not fill the memory of the test.
const HEAD_LIMIT: usize = 64 * 1024;
const BODY_LIMIT: usize = 1024 * 1024;

#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// Without the `?`, still percent-coded.
    pub query: String,
    /// In their order, names as they were sent.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    fn says(&self, name: &str, word: &str) -> bool {
        self.header(name)
            .is_some_and(|value| value.eq_ignore_ascii_case(word))
    }

    /// Whether the client will not use the connection again.
    pub fn is_last(&self) -> bool {
        self.says("connection", "close")
    }

    fn body_length(&self) -> Result<usize> {
        if self.header("transfer-encoding").is_some() {
            return Err(bad("no STS client sends chunks"));
        }
        match self.header("content-length").map(str::parse) {
            None => Ok(0),
            Some(Ok(length)) if length <= BODY_LIMIT => Ok(length),
            Some(_) => Err(bad("unusable Content-Length")),
        }
    }
}

/// The first header of this name, whatever its capitals.
pub fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut headers = headers.iter();
    let found = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response {
        Response {
            status,
            headers: vec![("Content-Type", content_type.to_owned())],
            body: body.into(),
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} \r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        [head.as_bytes(), &self.body].concat()
    }
}

/// One connection of a client, and what has been read from it too early.
pub struct Connection<S> {
    stream: S,
    unread: Vec<u8>,
}

impl<S: Read + Write> Connection<S> {
    pub fn new(stream: S) -> Self {
        Connection {
            stream,
            unread: Vec::new(),
        }
    }

    /// The next request; nothing when the client has gone away between two. `InvalidData` is the client's fault.
    pub fn read(&mut self) -> Result<Option<Request>> {
        let mut request = loop {
            if let Some((request, length)) = parse_head(&self.unread)? {
                self.unread.drain(..length);
                break request;
            }
            if self.unread.len() > HEAD_LIMIT {
                return Err(bad("endless head"));
            }
            if self.fill()? == 0 {
                return if self.unread.is_empty() {
                    Ok(None)
                } else {
                    Err(ErrorKind::UnexpectedEof.into())
                };
            }
        };
        let length = request.body_length()?;
        if request.says("expect", "100-continue") && self.unread.len() < length {
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        while self.unread.len() < length {
            if self.fill()? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        request.body = self.unread.drain(..length).collect();
        Ok(Some(request))
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    fn fill(&mut self) -> Result<usize> {
        let mut chunk = [0; 8192];
        let count = self.stream.read(&mut chunk)?;
        self.unread.extend_from_slice(&chunk[..count]);
        Ok(count)
    }
}

/// The head and its length in bytes, or nothing while it is incomplete.
fn parse_head(bytes: &[u8]) -> Result<Option<(Request, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) =
        head.parse(bytes).map_err(|error| bad(&error.to_string()))?
    else {
        return Ok(None);
    };
    let target = head.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |header: &httparse::Header<'_>| {
        (
            header.name.to_owned(),
            String::from_utf8_lossy(header.value).into_owned(),
        )
    };
    let request = Request {
        method: head.method.unwrap_or_default().to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: head.headers.iter().map(header).collect(),
        body: Vec::new(),
    };
    Ok(Some((request, length)))
}

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what.to_owned())
}
