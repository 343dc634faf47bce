//! How often a request is sent. Most answers that get lost are worth another try; what may have been done is
//! not done twice.

use std::error::Error as StdError;
use std::time::{Duration, Instant};

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::runtime::Runtime;

use super::client::ATTEMPT_TIMEOUT;
use super::failure::Failure;
use super::no_answer::{broke_off, is_settled, never_connected};
use crate::error::{Asked, Cause, Result};
use crate::output::trace;

/// Sent this often at most, and never again once one attempt's time is over: a call ends within twice that.
const ATTEMPTS: u32 = 3;

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Whenever its answer was lost.
    Freely,
    /// Only where it was surely not done: it carries a code, or makes something.
    OnlyUndone,
}

impl Failure<'_> {
    /// Sends until there is an answer that another try cannot better.
    pub fn call<T, E, F>(
        &self,
        runtime: &Runtime,
        asked: Asked,
        repeats: Repeats,
        send: impl Fn() -> F,
    ) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + RequestId + StdError + 'static,
    {
        let started = Instant::now();
        let mut attempt = 1;
        loop {
            let error = match runtime.block_on(send()) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if attempt == ATTEMPTS
                || started.elapsed() >= ATTEMPT_TIMEOUT
                || !may_repeat(&error, repeats)
            {
                return Err(self.explain(&error, asked));
            }
            trace::say(|| format!("again, after: {}", self.explain(&error, asked.clone())));
            std::thread::sleep(Duration::from_millis(100 << attempt));
            attempt += 1;
        }
    }
}

/// Surely not done is a request for which no connection was made, or whose answer says so.
pub fn may_repeat<E>(error: &SdkError<E, HttpResponse>, repeats: Repeats) -> bool
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let is_free = repeats == Repeats::Freely;
    match error {
        SdkError::ServiceError(answer) => {
            answer.raw().status().as_u16() == 503
                || answer.err().code().is_some_and(|code| {
                    Cause::of(code, "", None) == Cause::Throttled || code == "ServiceUnavailable"
                })
        }
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => {
            (never_connected(error) || is_free) && !is_settled(error)
        }
        SdkError::ResponseError(_) => broke_off(error) && is_free,
        _ => false,
    }
}
