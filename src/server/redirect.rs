//! An address that is a secret, handed to a browser: the browser's command line names a page here, which sends it on,
//! once. A user who reads that command line afterwards (`ps` shows it to every user) finds nothing.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::header::{HeaderValue, LOCATION, REFERRER_POLICY};
use hyper::{Request, StatusCode};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::door::{self, Lock};
use super::listen::{Answer, Handler, status};
use super::peer;
use crate::error::{Error, Result};
use crate::model::session::Secret;

/// How often to look whether the wait has been given up.
const LOOK: Duration = Duration::from_millis(50);

/// The page that the browser is started with.
pub fn url(port: u16, ticket: &Secret) -> String {
    format!("http://127.0.0.1:{port}/{}", ticket.expose())
}

/// Whether the browser has come.
pub struct Visit {
    has_come: AtomicBool,
    came: Notify,
    until: Instant,
    patience: Duration,
    given_up: Mutex<Option<String>>,
}

impl Visit {
    /// Expected within this time.
    pub fn within(patience: Duration) -> Self {
        Self {
            has_come: AtomicBool::new(false),
            came: Notify::new(),
            until: Instant::now() + patience,
            patience,
            given_up: Mutex::new(None),
        }
    }

    /// No browser will come, for this reason.
    pub fn give_up(&self, reason: String) {
        *self.given_up.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
    }

    /// How it ended; the error is why nobody came.
    pub fn outcome(&self) -> std::result::Result<(), String> {
        if self.has_come.load(Ordering::SeqCst) {
            return Ok(());
        }
        let given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        Err(given_up.clone().unwrap_or_else(|| {
            format!("no browser came within {} seconds", self.patience.as_secs())
        }))
    }

    fn is_over(&self) -> bool {
        let given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        given_up.is_some() || Instant::now() >= self.until
    }
}

/// Sends the first one who has the ticket to the address.
pub struct Redirect {
    port: u16,
    lock: Lock,
    address: HeaderValue,
    visit: Arc<Visit>,
}

impl Redirect {
    /// On this port, for this ticket.
    pub fn new(port: u16, ticket: &Secret, address: &Secret, visit: Arc<Visit>) -> Result<Self> {
        let mut address = HeaderValue::from_str(address.expose())
            .map_err(|_| Error::Internal("the address is no text for a header"))?;
        address.set_sensitive(true);
        Ok(Self {
            port,
            lock: Lock::new(ticket)?,
            address,
            visit,
        })
    }
}

impl Handler for Redirect {
    fn lets_in(&self, request: &Request<Incoming>, peer: SocketAddr) -> bool {
        let target = request
            .uri()
            .path_and_query()
            .map_or("", |target| target.as_str());
        door::is_for_us(request.method(), request.uri(), request.headers(), self.port)
            && self
                .lock
                .opens_for(target.strip_prefix('/').unwrap_or_default().as_bytes())
            // Another user who reads the browser's command line may be faster than the browser.
            && peer::may_be_ours(peer, self.port)
            && !self.visit.has_come.swap(true, Ordering::SeqCst)
    }

    async fn answer(&self) -> Answer {
        let mut answer = status(StatusCode::FOUND);
        let headers = answer.headers_mut();
        headers.insert(LOCATION, self.address.clone());
        // AWS does not have to know where the browser came from.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        self.visit.came.notify_one();
        answer
    }

    async fn is_done(&self) {
        while timeout(LOOK, self.visit.came.notified()).await.is_err() {
            if self.visit.is_over() {
                return;
            }
        }
    }
}
