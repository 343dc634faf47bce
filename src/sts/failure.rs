//! From the SDK's error to ours: did AWS refuse, did somebody else answer, or nobody; and is the code spent.

use std::error::Error as StdError;

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use http_body_util::LengthLimitError;

use super::client::{ATTEMPT_TIMEOUT, CONNECT_TIMEOUT};
use super::no_answer::{broke_off, cause, never_connected, sources, wants_password};
use super::proxy;
use crate::error::{Asked, Cause, Error, NoAnswer, Refusal};
use crate::mfa::TokenCode;
use crate::model::session::{Credentials, Secret, Timestamp};
use crate::profile::endpoint::{CaBundle, Endpoint};
use crate::text::sanitize;

/// What a request is sent with.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// Signed with these.
    Keys(&'a Credentials),
    /// The token of a web identity, unsigned.
    Token(&'a Secret),
}

/// What is called: both speak the same protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Sts,
    Iam,
}

impl Service {
    fn name(self) -> &'static str {
        match self {
            Service::Sts => "STS",
            Service::Iam => "IAM",
        }
    }
}

/// A call that failed: what its error is explained with, and what must not come back with it.
pub struct Failure<'a> {
    pub service: Service,
    pub endpoint: &'a Endpoint,
    pub proof: Proof<'a>,
    pub code: Option<&'a TokenCode>,
}

impl Failure<'_> {
    /// Our error for the SDK's.
    pub fn explain<E>(&self, error: &SdkError<E, HttpResponse>, asked: Asked) -> Error
    where
        E: ProvideErrorMetadata + RequestId + StdError + 'static,
    {
        match error {
            SdkError::ServiceError(answer) => match answer.err().code() {
                Some(code) => {
                    let service = answer.err();
                    let code = self.clean(code);
                    let message = self.clean(service.message().unwrap_or_default());
                    Error::Refused(Box::new(Refusal {
                        cause: Cause::of(&code, &message, behind(answer.raw())),
                        code,
                        message,
                        request_id: service.request_id().map(|id| self.clean(id)),
                        asked,
                    }))
                }
                None => self.not_sts(answer.raw()),
            },
            SdkError::ResponseError(_) if broke_off(error) => Error::NoAnswer {
                endpoint: self.endpoint.shown(),
                cause: NoAnswer::Network,
                reason: "its answer is cut off".to_owned(),
                code_may_be_spent: self.code.is_some(),
            },
            SdkError::ResponseError(_) => self.strange(
                if sources(error).any(<dyn StdError>::is::<LengthLimitError>) {
                    format!("its answer is longer than any of {}", self.service.name())
                } else {
                    format!("its answer is not what {} sends", self.service.name())
                },
                self.code.is_some(),
            ),
            SdkError::ConstructionFailure(_) => Error::NoSuchEndpoint {
                endpoint: self.endpoint.shown(),
                reason: self.clean(&self.reason(error)),
            },
            _ if let Some(variable) = self.passed_over(error) => Error::NoAnswer {
                endpoint: self.endpoint.shown(),
                cause: NoAnswer::Proxy,
                reason: self.clean(&format!(
                    "{variable} is not the address of a proxy, and without a proxy: {}",
                    self.reason(error)
                )),
                code_may_be_spent: false,
            },
            _ => Error::NoAnswer {
                endpoint: self.endpoint.shown(),
                cause: cause(error),
                reason: self.clean(&self.reason(error)),
                code_may_be_spent: self.code.is_some() && !never_connected(error),
            },
        }
    }

    /// The variable of a proxy that was not asked, where nobody else could be reached either.
    fn passed_over<E: StdError + 'static>(
        &self,
        error: &SdkError<E, HttpResponse>,
    ) -> Option<&'static str> {
        (never_connected(error) && !self.endpoint.is_plain_http())
            .then(proxy::passed_over)
            .flatten()
    }

    /// An answer without an AWS error: a load balancer that is overloaded, or not AWS at all.
    fn not_sts(&self, answer: &HttpResponse) -> Error {
        let status = answer.status().as_u16();
        let endpoint = self.endpoint.shown();
        if status >= 500 {
            return Error::NoAnswer {
                endpoint,
                cause: NoAnswer::Overloaded,
                reason: format!("HTTP {status}"),
                code_may_be_spent: self.code.is_some() && status != 503,
            };
        }
        let reason = match answer.headers().get("location") {
            Some(to) => format!("it redirects to {} (HTTP {status})", self.clean(to)),
            None => format!("it answered HTTP {status} without an AWS error"),
        };
        self.strange(reason, false)
    }

    /// The server that answered is not the service that was asked.
    pub fn strange(&self, reason: String, code_may_be_spent: bool) -> Error {
        Error::NotSts {
            endpoint: self.endpoint.shown(),
            service: self.service.name(),
            reason,
            code_may_be_spent,
        }
    }

    /// The cause at the bottom of the chain ("Connection refused", not "dispatch failure"), in words
    /// where its own are no help.
    fn reason<E: StdError + 'static>(&self, error: &SdkError<E, HttpResponse>) -> String {
        if matches!(error, SdkError::TimeoutError(_)) {
            return format!("no answer within {} seconds", ATTEMPT_TIMEOUT.as_secs());
        }
        let innermost = sources(error).last().map(ToString::to_string);
        let innermost = innermost.unwrap_or_default();
        if innermost == "timed out" && never_connected(error) {
            return format!("no connection within {} seconds", CONNECT_TIMEOUT.as_secs());
        }
        match (cause(error), &self.endpoint.ca_bundle) {
            (NoAnswer::Proxy, _) if wants_password(&innermost) => {
                "the proxy wants a user name and a password (HTTP 407)".to_owned()
            }
            (NoAnswer::Proxy, _) if innermost.contains("unsuccessful") => {
                "the proxy does not connect to it".to_owned()
            }
            (NoAnswer::Proxy, _) => format!("the proxy: {innermost}"),
            (NoAnswer::Certificate, Some(CaBundle { given_as, path })) => format!(
                "its certificate is not from an authority in {given_as} {} ({innermost})",
                path.display()
            ),
            (NoAnswer::Certificate, None) => {
                format!(
                    "its certificate is from an authority that this machine does not trust ({innermost})"
                )
            }
            _ => innermost,
        }
    }

    fn clean(&self, text: &str) -> String {
        let mut secrets = Vec::new();
        match self.proof {
            Proof::Keys(keys) => {
                secrets.push(keys.secret_access_key.expose());
                secrets.extend(keys.session_token.iter().map(|token| token.expose()));
            }
            Proof::Token(token) => secrets.push(token.expose()),
        }
        secrets.extend(self.code.map(TokenCode::expose));
        sanitize::clean(text, &secrets)
    }
}

/// How far this machine's clock is behind the server's, by the header that every answer has.
pub fn behind(answer: &HttpResponse) -> Option<i64> {
    let date = answer.headers().get("date")?;
    let theirs = DateTime::from_str(date, Format::HttpDate).ok()?;
    Some(theirs.secs() - Timestamp::now().0)
}
