//! Every request that arrived. A test proves by it what was sent, and that nothing was.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::http::Request;
use super::sigv4::Authorization;
use super::sync::lock;
use super::{form, http, portal};

/// The outcome of a request that waits for its answer.
pub const IN_FLIGHT: &str = "(in flight)";

#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// From the body, or from the query of a GET.
    pub params: BTreeMap<String, String>,
    pub action: String,
    /// Whose signature it claims to have; empty if it has none.
    pub access_key_id: String,
    /// The region of the signature.
    pub region: String,
    /// `200`, the code of an AWS error, the status of a foreign answer, or a word in brackets for none.
    pub outcome: String,
}

impl Call {
    pub fn of(request: &Request) -> Call {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let source = if request.method == "GET" {
            &request.query
        } else {
            &body
        };
        let params: BTreeMap<_, _> = form::parse(source).into_iter().collect();
        let authorization = request
            .header("authorization")
            .and_then(Authorization::parse);
        let (access_key_id, region) = authorization
            .map(|found| (found.access_key_id, found.scope.region))
            .unwrap_or_default();
        Call {
            method: request.method.clone(),
            path: request.path.clone(),
            headers: request.headers.clone(),
            action: match portal::operation(request) {
                Some(operation) => operation.to_owned(),
                None => params.get("Action").cloned().unwrap_or_default(),
            },
            body,
            params,
            access_key_id,
            region,
            outcome: IN_FLIGHT.to_owned(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        http::header(&self.headers, name)
    }

    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str)
    }
}

#[derive(Debug, Default)]
pub struct Log {
    calls: Mutex<Vec<Call>>,
    arrival: Condvar,
}

impl Log {
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    /// The number under which the call is kept.
    pub fn arrived(&self, call: Call) -> usize {
        let mut calls = lock(&self.calls);
        calls.push(call);
        self.arrival.notify_all();
        calls.len() - 1
    }

    pub fn answered(&self, number: usize, outcome: &str) {
        lock(&self.calls)[number].outcome = outcome.to_owned();
    }

    /// Whether `count` calls have arrived before the time was up.
    pub fn wait(&self, count: usize, timeout: Duration) -> bool {
        let too_few = |calls: &mut Vec<Call>| calls.len() < count;
        let waited = self
            .arrival
            .wait_timeout_while(lock(&self.calls), timeout, too_few);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}
