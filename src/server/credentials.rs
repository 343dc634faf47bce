//! The container credential endpoint, as every AWS SDK asks it (`AWS_CONTAINER_CREDENTIALS_FULL_URI`).

use std::future::{Future, pending};
use std::net::SocketAddr;
use std::sync::Arc;

use http::uri::PathAndQuery;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, ORIGIN};
use hyper::{Request, StatusCode};
use serde::Serialize;
use zeroize::Zeroizing;

use super::door::{self, Lock};
use super::listen::{Answer, Handler, status};
use super::renewer::{Failure, Renewer};
use crate::error::Result;
use crate::model::session::{Secret, Session};
use crate::output::json;

/// The only path.
const PATH: &str = "/";

/// What the command is told of the port.
pub fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}{PATH}")
}

/// Answers with the session if the request has the token.
pub struct Credentials {
    port: u16,
    lock: Lock,
    renewer: Arc<Renewer>,
}

impl Credentials {
    /// On this port, for this token.
    pub fn new(port: u16, token: &Secret, renewer: Renewer) -> Result<Self> {
        Ok(Self {
            port,
            lock: Lock::new(token)?,
            renewer: Arc::new(renewer),
        })
    }
}

impl Handler for Credentials {
    fn lets_in(&self, request: &Request<Incoming>, _: SocketAddr) -> bool {
        let headers = request.headers();
        let mut tokens = headers.get_all(AUTHORIZATION).iter();
        let token = tokens.next().map_or(&b""[..], HeaderValue::as_bytes);
        door::is_for_us(request.method(), request.uri(), headers, self.port)
            && request.uri().path_and_query().map(PathAndQuery::as_str) == Some(PATH)
            // No SDK sends one, every browser does.
            && !headers.contains_key(ORIGIN)
            && tokens.next().is_none()
            && self.lock.opens_for(token)
    }

    async fn answer(&self) -> Answer {
        let text = match self.renewer.session().await {
            Ok(session) => of_session(&session).map(|text| (StatusCode::OK, text)),
            // SDKs take a 5xx for a passing trouble and try again before they show it.
            Err(failure) => of_failure(&failure).map(|text| (StatusCode::BAD_REQUEST, text)),
        };
        let Ok((code, text)) = text else {
            return status(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let mut answer = Answer::new(Full::new(Bytes::from_owner(Wiped(text))));
        *answer.status_mut() = code;
        let json = HeaderValue::from_static("application/json");
        answer.headers_mut().insert(CONTENT_TYPE, json);
        answer
    }

    fn is_done(&self) -> impl Future<Output = ()> + Send {
        pending() // it ends with the command
    }
}

/// Wiped when hyper has sent it.
struct Wiped(Zeroizing<String>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn of_session(session: &Session) -> Result<Zeroizing<String>> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Found<'a> {
        access_key_id: &'a str,
        secret_access_key: &'a str,
        token: &'a str,
        expiration: String,
    }
    json::text(&Found {
        access_key_id: &session.credentials.access_key_id,
        secret_access_key: session.credentials.secret_access_key.expose(),
        token: session.token(),
        expiration: session.expiration.rfc3339(),
    })
}

fn of_failure(failure: &Failure) -> Result<Zeroizing<String>> {
    #[derive(Serialize)]
    struct Why<'a> {
        code: &'a str,
        message: &'a str,
    }
    json::text(&Why {
        code: failure.code,
        message: &failure.message,
    })
}
