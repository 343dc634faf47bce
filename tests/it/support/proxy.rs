//! A company's proxy on 127.0.0.1: it takes CONNECT and whatever host is asked for, its tunnel leads to
//! one address. So a test sees which host of AWS's a run would have gone to, and nothing leaves the machine.

use std::io::{Read, Write, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::sts::http::{Connection, Request, Response};

/// A running proxy; it ends with the test's process.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    target: SocketAddr,
    /// The `Proxy-Authorization` that it wants.
    authorization: Option<String>,
    asked: Mutex<Vec<String>>,
}

impl Proxy {
    /// For anybody.
    pub fn to(target: SocketAddr) -> Self {
        Self::start(target, None)
    }

    /// For those alone who send this header: `Basic …`.
    pub fn wanting(target: SocketAddr, authorization: &str) -> Self {
        Self::start(target, Some(authorization.to_owned()))
    }

    fn start(target: SocketAddr, authorization: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            target,
            authorization,
            asked: Mutex::default(),
        });
        let proxy = Self {
            address,
            shared: Arc::clone(&shared),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || shared.serve(&stream));
            }
        });
        proxy
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked for, in order: `CONNECT sts.us-east-1.amazonaws.com:443`.
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }
}

impl Shared {
    fn serve(&self, client: &TcpStream) {
        let mut connection = Connection::new(client);
        let Ok(Some(request)) = connection.read() else {
            return;
        };
        let Request { method, path, .. } = &request;
        self.asked.lock().unwrap().push(format!("{method} {path}"));
        let refusal = match request.header("proxy-authorization") {
            given if given == self.authorization.as_deref() => None,
            _ => Some(407),
        };
        if let Some(status) = refusal {
            let _ = connection.write(&Response::new(status, "text/plain", "no").to_bytes());
            return;
        }
        let Ok(server) = TcpStream::connect(self.target) else {
            let _ = connection.write(&Response::new(502, "text/plain", "gone").to_bytes());
            return;
        };
        if connection.write(b"HTTP/1.1 200 \r\n\r\n").is_ok() {
            thread::scope(|scope| {
                scope.spawn(|| pass(client, &server));
                pass(&server, client);
            });
        }
    }
}

/// Everything one way, and then the end.
fn pass(mut from: impl Read, to: &TcpStream) {
    let _ = copy(&mut from, &mut &*to);
    let _ = (&mut &*to).flush();
    let _ = to.shutdown(Shutdown::Write);
}
