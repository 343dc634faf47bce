//! An STS on 127.0.0.1, in the process of the test, strict where the real one is: it computes every signature again,
//! takes real one-time codes, each once, and refuses in AWS's own words. No test needs an account, a network or Docker.
//!
//! ```ignore
//! let sts = LocalSts::start();
//! let code = sts.user("alice").fresh_code();
//! // run `awsmfa` with AWS_ENDPOINT_URL_STS set to sts.url()
//! assert_eq!(sts.calls()[0].action, "GetSessionToken");
//! ```
//!
//! Top to bottom: `server` reads a request with `http` and logs it (`log`), a `step` may spoil it, `authenticate`
//! finds out who calls (`sigv4`), `actions` decides (`constraints`, `iam`), `answer` and `refusal` say so in XML.

#![allow(
    dead_code,
    unused_imports,
    reason = "each test program uses its own part of this"
)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "support for tests: what cannot happen may stop the test"
)]

mod access_keys;
mod actions;
mod answer;
mod authenticate;
mod cast;
pub mod client;
pub mod clock;
mod constraints;
mod dpop;
mod federation;
pub mod form;
pub mod http;
mod iam;
mod iam_actions;
mod log;
mod portal;
mod principal;
mod random;
pub mod refusal;
mod role;
mod server;
pub mod sigv4;
mod step;
mod sync;
pub mod totp;
mod user;

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::ServerConfig;

pub use self::access_keys::AccessKey;
pub use self::answer::Issued;
pub use self::cast::{ALICES_ACCOUNT, BOBS_ACCOUNT};
pub use self::log::{Call, IN_FLIGHT};
pub use self::portal::{ConsoleLogin, SsoLogin};
pub use self::refusal::Refusal;
pub use self::role::Role;
pub use self::step::Step;
pub use self::sync::Gate;
pub use self::user::User;

use self::iam::Iam;
use self::server::Server;
use self::sync::lock;

/// A running STS. It stops when dropped; any number can run at once.
pub struct LocalSts {
    address: SocketAddr,
    url: String,
    server: Arc<Server>,
    acceptor: Option<JoinHandle<()>>,
}

impl LocalSts {
    /// With the users and roles of `cast.rs`.
    pub fn start() -> LocalSts {
        LocalSts::builder().start()
    }

    pub fn builder() -> Builder {
        let iam = Iam::new(cast::users(), cast::roles());
        Builder {
            iam,
            steps: VecDeque::new(),
            tls: None,
        }
    }

    /// `http://127.0.0.1:PORT`, or `https://localhost:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn user(&self, name: &str) -> &User {
        let user = self.server.iam.users.iter().find(|user| user.name == name);
        user.expect("the user is in cast.rs or was given to the builder")
    }

    /// The access keys of a user, as IAM has them now.
    pub fn access_keys(&self, name: &str) -> Vec<AccessKey> {
        self.server.iam.keys().of_user(self.user(name))
    }

    /// A key that somebody makes in the console.
    pub fn make_access_key(&self, name: &str) -> AccessKey {
        let iam = &self.server.iam;
        let key = iam.keys().create(self.user(name), iam.now(), 0);
        key.expect("the user has one key")
    }

    /// Somebody deactivates a key in the console, or activates it again.
    pub fn set_key_active(&self, name: &str, id: &str, is_active: bool) {
        let set = self
            .server
            .iam
            .keys()
            .set_active(self.user(name), id, is_active);
        set.expect("the user has this key");
    }

    /// Every request that arrived, in order, those in flight too.
    pub fn calls(&self) -> Vec<Call> {
        self.server.log.calls()
    }

    /// Somebody logs in at IAM Identity Center, for this many seconds; with a refresh token or without.
    pub fn log_in(&self, seconds: i64, is_renewable: bool) -> SsoLogin {
        self.server.portal.log_in(seconds, is_renewable)
    }

    /// Somebody logs in with `aws login`, as this role.
    pub fn sign_in(&self, role: &str, seconds: i64) -> ConsoleLogin {
        self.server.portal.sign_in(&self.server.iam, role, seconds)
    }

    /// No login is good any more.
    pub fn log_everybody_out(&self) {
        self.server.portal.log_everybody_out();
    }

    pub fn connections(&self) -> usize {
        self.server.connections.load(Ordering::SeqCst)
    }

    /// Those of them over which a request came.
    pub fn used_connections(&self) -> usize {
        self.server.used_connections.load(Ordering::SeqCst)
    }

    /// What happens to the next request, or to the one after those that are spoken for.
    pub fn next(&self, step: Step) {
        lock(&self.server.steps).push_back(step);
    }

    /// From now on requests arrive and are logged, but are not answered before [`LocalSts::release`].
    pub fn hold(&self) {
        self.server.passage.close();
    }

    pub fn release(&self) {
        self.server.passage.open();
    }

    /// The calls, once there are `count`; stops the test when they do not come in time.
    pub fn wait_for_calls(&self, count: usize, timeout: Duration) -> Vec<Call> {
        let have_come = self.server.log.wait(count, timeout);
        let calls = self.calls();
        assert!(have_come, "{} calls of {count} in {timeout:?}", calls.len());
        calls
    }
}

impl Drop for LocalSts {
    fn drop(&mut self) {
        self.server.stopped.open();
        self.server.passage.open();
        // The acceptor looks up only when somebody comes.
        if let (Ok(_), Some(acceptor)) = (TcpStream::connect(self.address), self.acceptor.take()) {
            let _ended = acceptor.join();
        }
        self.server.disconnect();
    }
}

/// An STS in the making.
pub struct Builder {
    iam: Iam,
    steps: VecDeque<Step>,
    tls: Option<Arc<ServerConfig>>,
}

impl Builder {
    /// One more user, in place of one with the same key.
    pub fn user(mut self, user: User) -> Builder {
        self.iam
            .users
            .retain(|other| other.access_key_id != user.access_key_id);
        self.iam.users.push(user);
        self
    }

    /// One more role, in place of one with the same ARN.
    pub fn role(mut self, role: Role) -> Builder {
        self.iam.roles.retain(|other| other.arn != role.arn);
        self.iam.roles.push(role);
        self
    }

    /// How many requests of a new access key are refused before it is known.
    pub fn new_key_unknown_for(mut self, requests: u32) -> Builder {
        self.iam.new_key_unknown_for = requests;
        self
    }

    /// How much of a list IAM gives at once.
    pub fn page_size(mut self, members: usize) -> Builder {
        self.iam.page_size = members;
        self
    }

    /// A region that the administrator has not activated.
    pub fn disabled_region(mut self, region: &str) -> Builder {
        self.iam.disabled_regions.push(region.to_owned());
        self
    }

    /// How many seconds the clock of this STS is ahead. From 15 minutes on it refuses every signature.
    pub fn clock_offset(mut self, seconds: i64) -> Builder {
        self.iam.clock_offset = seconds;
        self
    }

    /// Added to the life of every session: with -895, one of 900 seconds ends after 5.
    pub fn session_seconds_clock_offset(mut self, seconds: i64) -> Builder {
        self.iam.session_offset = seconds;
        self
    }

    /// What happens to the first requests, one step each.
    pub fn script(mut self, steps: Vec<Step>) -> Builder {
        self.steps.extend(steps);
        self
    }

    /// TLS, with a certificate of the test's own making.
    pub fn tls(mut self, config: ServerConfig) -> Builder {
        self.tls = Some(Arc::new(config));
        self
    }

    pub fn start(self) -> LocalSts {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the address just bound");
        let url = match self.tls {
            None => format!("http://{address}"),
            Some(_) => format!("https://localhost:{}", address.port()),
        };
        let server = Arc::new(Server::new(self.iam, self.steps, self.tls));
        let acceptor = thread::spawn({
            let server = Arc::clone(&server);
            move || server.run(&listener)
        });
        LocalSts {
            address,
            url,
            server,
            acceptor: Some(acceptor),
        }
    }
}
