//! The threads: one accepts, one for each connection answers.

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::http::{Connection, Response};
use super::iam::Iam;
use super::log::{Call, Log};
use super::portal::Portal;
use super::step::{Delivery, Step};
use super::sync::{Gate, lock};
use super::{actions, authenticate, clock, federation};

/// What the test and the threads share.
pub struct Server {
    pub iam: Iam,
    pub portal: Portal,
    pub log: Log,
    pub steps: Mutex<VecDeque<Step>>,
    /// Open, unless the test holds requests back.
    pub passage: Gate,
    /// Opened when all is over.
    pub stopped: Gate,
    pub connections: AtomicUsize,
    /// Those over which at least one request came: under TLS, the handshakes that were completed.
    pub used_connections: AtomicUsize,
    /// Under this every connection is encrypted.
    tls: Option<Arc<ServerConfig>>,
    /// Weak, so that a connection ends with its thread.
    streams: Mutex<Vec<Weak<TcpStream>>>,
}

impl Server {
    pub fn new(iam: Iam, steps: VecDeque<Step>, tls: Option<Arc<ServerConfig>>) -> Server {
        Server {
            iam,
            portal: Portal::default(),
            log: Log::default(),
            steps: Mutex::new(steps),
            passage: Gate::opened(),
            stopped: Gate::shut(),
            connections: AtomicUsize::new(0),
            used_connections: AtomicUsize::new(0),
            tls,
            streams: Mutex::default(),
        }
    }

    /// Accepts connections until [`Server::stopped`] is open and one more arrives.
    pub fn run(self: &Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.stopped.is_open() {
                return;
            }
            let Ok(stream) = stream else { continue };
            self.connections.fetch_add(1, Ordering::SeqCst);
            // As STS does: else an answer behind TLS's tickets waits 40 ms for the client to say that it has them.
            let _delayed = stream.set_nodelay(true);
            let stream = Arc::new(stream);
            lock(&self.streams).push(Arc::downgrade(&stream));
            let server = Arc::clone(self);
            // An error is a client that went away.
            thread::spawn(move || server.receive(&*stream).ok());
        }
    }

    pub fn disconnect(&self) {
        for stream in lock(&self.streams).iter().filter_map(Weak::upgrade) {
            // It may have ended by itself.
            let _ended = stream.shutdown(Shutdown::Both);
        }
    }

    fn receive(&self, stream: impl Read + Write) -> Result<()> {
        match &self.tls {
            None => self.serve(stream),
            Some(config) => {
                let tls = ServerConnection::new(Arc::clone(config)).map_err(Error::other)?;
                self.serve(StreamOwned::new(tls, stream))
            }
        }
    }

    fn serve(&self, stream: impl Read + Write) -> Result<()> {
        let mut connection = Connection::new(stream);
        let mut is_used = false;
        loop {
            let request = match connection.read() {
                Ok(Some(request)) => request,
                Ok(None) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    return connection
                        .write(&Response::new(400, "text/plain", error.to_string()).to_bytes());
                }
                Err(error) => return Err(error),
            };
            if !std::mem::replace(&mut is_used, true) {
                self.used_connections.fetch_add(1, Ordering::SeqCst);
            }
            let call = Call::of(&request);
            let params = call.params.clone();
            let number = self.log.arrived(call);
            if request.path == federation::PATH {
                let response = federation::answer(&self.iam, &params);
                self.log.answered(number, &response.status.to_string());
                connection.write(&response.to_bytes())?;
                continue;
            }
            let step = lock(&self.steps).pop_front().unwrap_or(Step::Pass);
            self.passage.wait();
            if matches!(step, Step::Pass)
                && let Some((outcome, response)) = self.portal.answer(&self.iam, &request)
            {
                self.log.answered(number, &outcome);
                connection.write(&response.to_bytes())?;
                if request.is_last() {
                    return Ok(());
                }
                continue;
            }
            let delivery = step.deliver(&request, &self.stopped, || {
                if params
                    .get("Action")
                    .is_some_and(|a| a == "AssumeRoleWithWebIdentity")
                {
                    return actions::assume_role_with_web_identity(&self.iam, &params);
                }
                let caller = authenticate::authenticate(&self.iam, &request)?;
                actions::perform(&self.iam, caller, &params)
            });
            self.log.answered(number, &delivery.outcome);
            connection.write(&with_date(&delivery, self.iam.now()))?;
            if delivery.ends_connection || request.is_last() {
                return Ok(());
            }
        }
    }
}

/// Every answer of AWS's says the time.
fn with_date(delivery: &Delivery, now: i64) -> Vec<u8> {
    let line_end = delivery.bytes.windows(2).position(|two| two == b"\r\n");
    match line_end.filter(|_| !delivery.outcome.starts_with('(')) {
        Some(at) => {
            let (status, rest) = delivery.bytes.split_at(at);
            [status, b"\r\nDate: ", clock::http(now).as_bytes(), rest].concat()
        }
        None => delivery.bytes.clone(),
    }
}
