//! Connections: few at a time, each for one request and a few seconds. One that has shown no secret gives way to a
//! newer one, so a client that opens many, and says nothing or says it slowly, holds up nobody.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::error::{Error, Result};

/// Fifty programs that start at once ask at once.
const CONNECTIONS: usize = 64;
/// A program on this machine sends its request at once.
const HEAD_TIMEOUT: Duration = Duration::from_secs(2);
/// A whole connection, with the time that a renewal may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// hyper's smallest. The longest request of an SDK is far below it.
const HEAD_LIMIT: usize = 8 * 1024;

/// What is answered.
pub type Answer = Response<Full<Bytes>>;

/// Decides about requests.
pub trait Handler: Send + Sync + 'static {
    /// Whether the request is let in. If not, it gets the same answer whatever is wrong with it.
    fn lets_in(&self, request: &Request<Incoming>, peer: SocketAddr) -> bool;
    /// Answers one that was let in.
    fn answer(&self) -> impl Future<Output = Answer> + Send;
    /// Resolves when enough is answered; the server then ends.
    fn is_done(&self) -> impl Future<Output = ()> + Send;
}

/// Serves until the handler is done, on this thread.
pub fn listen(listener: TcpListener, handler: impl Handler) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|_| Error::Internal("the async runtime cannot start"))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)
            .map_err(|_| Error::Internal("the port cannot be listened on"))?;
        let handler = Arc::new(handler);
        let mut guests = Guests::default();
        {
            let mut accepting = pin!(accept(&listener, &handler, &mut guests));
            let mut done = pin!(handler.is_done());
            poll_fn(|context| match done.as_mut().poll(context) {
                Poll::Pending => accepting.as_mut().poll(context),
                done => done,
            })
            .await;
        }
        guests.farewell().await;
        Ok(())
    })
}

async fn accept<H: Handler>(
    listener: &tokio::net::TcpListener,
    handler: &Arc<H>,
    guests: &mut Guests,
) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => guests.receive(stream, peer, Arc::clone(handler)),
            // Out of file descriptors, or a client that is gone already: others are not.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// The open connections, oldest first.
#[derive(Default)]
struct Guests(VecDeque<Guest>);

struct Guest {
    task: JoinHandle<()>,
    was_let_in: Arc<AtomicBool>,
}

impl Guests {
    fn receive<H: Handler>(&mut self, stream: TcpStream, peer: SocketAddr, handler: Arc<H>) {
        self.0.retain(|guest| !guest.task.is_finished());
        if self.0.len() >= CONNECTIONS {
            let is_stranger = |guest: &Guest| !guest.was_let_in.load(Ordering::Relaxed);
            match self.0.iter().position(is_stranger) {
                Some(oldest) => {
                    if let Some(guest) = self.0.remove(oldest) {
                        guest.task.abort();
                    }
                }
                None => return, // all of them have been let in: this one has to come again
            }
        }
        let was_let_in = Arc::new(AtomicBool::new(false));
        let served = serve(stream, peer, handler, Arc::clone(&was_let_in));
        let task = tokio::spawn(async {
            let _ = timeout(TIMEOUT, served).await;
        });
        self.0.push_back(Guest { task, was_let_in });
    }

    /// What was answered last arrives, too.
    async fn farewell(self) {
        for guest in self.0 {
            if guest.was_let_in.load(Ordering::Relaxed) {
                let _ = timeout(HEAD_TIMEOUT, guest.task).await;
            }
        }
    }
}

async fn serve<H: Handler>(
    stream: TcpStream,
    peer: SocketAddr,
    handler: Arc<H>,
    was_let_in: Arc<AtomicBool>,
) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let (handler, was_let_in) = (Arc::clone(&handler), Arc::clone(&was_let_in));
        async move {
            let mut answer = if handler.lets_in(&request, peer) {
                was_let_in.store(true, Ordering::Relaxed);
                handler.answer().await
            } else {
                status(StatusCode::FORBIDDEN)
            };
            let headers = answer.headers_mut();
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok::<_, Infallible>(answer)
        }
    });
    // An error is a client that went away, or was too slow, or speaks no HTTP.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_LIMIT)
        .keep_alive(false)
        // A body is not copied into a buffer that nobody wipes.
        .writev(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// An answer without a word.
pub(super) fn status(status: StatusCode) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = status;
    answer
}
