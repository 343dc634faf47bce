//! The calls to AWS STS: our own, with explicit credentials, never inside an SDK provider (whose
//! identity resolver gives up after 5 s and whose chain would look at the environment first).
//! With [`client`] the only place that names the AWS client and tokio.

mod answer;
mod client;
mod refusal;
mod trust;

pub use refusal::{Refusal, Rejected};

use std::time::Duration;

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::error::{Error, Result};
use crate::foreign;
use crate::mfa::TokenCode;
use crate::profile::endpoint::Endpoint;
use crate::profile::serial::Serial;
use crate::session::{Credentials, Secret, Session, Timestamp};
use client::Client;

/// The device and its code, as they travel in one request. A code is accepted once.
#[derive(Clone, Debug)]
pub struct Mfa<'a> {
    /// Which device.
    pub serial: &'a Serial,
    /// What it shows.
    pub code: &'a TokenCode,
}

/// The three parameters of AssumeRole that name the session.
#[derive(Clone, Copy, Debug)]
pub struct RoleRequest<'a> {
    /// `RoleArn`.
    pub arn: &'a str,
    /// `RoleSessionName`.
    pub session_name: &'a str,
    /// `ExternalId`.
    pub external_id: Option<&'a str>,
}

/// An STS that can be called, with what proves who calls.
pub struct Sts<'a> {
    client: Client,
    endpoint: &'a Endpoint,
    proof: Proof<'a>,
}

/// What a request is sent with.
#[derive(Clone, Copy)]
enum Proof<'a> {
    /// Signed with these.
    Keys(&'a Credentials),
    /// The token of a web identity, unsigned.
    Token(&'a Secret),
}

/// Sent this often at most; see [`may_repeat`].
const ATTEMPTS: u32 = 3;

impl<'a> Sts<'a> {
    /// Prepares the calls; nothing is sent yet.
    pub fn new(endpoint: &'a Endpoint, keys: &'a Credentials) -> Result<Self> {
        Ok(Self {
            client: Client::new(endpoint, Some(keys))?,
            endpoint,
            proof: Proof::Keys(keys),
        })
    }

    /// The same for [`Sts::assume_role_with_web_identity`].
    pub fn with_token(endpoint: &'a Endpoint, token: &'a Secret) -> Result<Self> {
        Ok(Self {
            client: Client::new(endpoint, None)?,
            endpoint,
            proof: Proof::Token(token),
        })
    }

    /// `GetSessionToken`: a session of the IAM user whose long-term keys sign.
    pub fn get_session_token(&self, mfa: &Mfa, duration: u32, now: Timestamp) -> Result<Session> {
        let request = self
            .client
            .sts
            .get_session_token()
            .duration_seconds(seconds(duration))
            .serial_number(mfa.serial.as_str())
            .token_code(mfa.code.expose());
        let answer = self.send(Some(mfa.code), || request.clone().send())?;
        answer::check(answer.credentials(), now, self.endpoint)
    }

    /// `AssumeRole`, with the code where `mfa` is given.
    pub fn assume_role(
        &self,
        role: RoleRequest,
        mfa: Option<&Mfa>,
        duration: u32,
        now: Timestamp,
    ) -> Result<Session> {
        let mut request = self
            .client
            .sts
            .assume_role()
            .role_arn(role.arn)
            .role_session_name(role.session_name)
            .set_external_id(role.external_id.map(str::to_owned))
            .duration_seconds(seconds(duration));
        if let Some(mfa) = mfa {
            request = request
                .serial_number(mfa.serial.as_str())
                .token_code(mfa.code.expose());
        }
        let answer = self.send(mfa.map(|m| m.code), || request.clone().send())?;
        answer::check(answer.credentials(), now, self.endpoint)
    }

    /// `AssumeRoleWithWebIdentity`: the first role of a chain, for a token in place of keys.
    pub fn assume_role_with_web_identity(
        &self,
        role: RoleRequest,
        duration: u32,
        now: Timestamp,
    ) -> Result<Session> {
        let Proof::Token(token) = self.proof else {
            return Err(Error::Internal("keys are no token"));
        };
        let request = self
            .client
            .sts
            .assume_role_with_web_identity()
            .role_arn(role.arn)
            .role_session_name(role.session_name)
            .web_identity_token(token.expose())
            .duration_seconds(seconds(duration));
        let answer = self.send(None, || request.clone().send())?;
        answer::check(answer.credentials(), now, self.endpoint)
    }

    /// Sends until there is an answer that another try cannot better.
    fn send<T, E, F>(&self, code: Option<&TokenCode>, send: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + RequestId + std::error::Error + 'static,
    {
        let mut attempt = 1;
        loop {
            let error = match self.client.runtime.block_on(send()) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if attempt == ATTEMPTS || !may_repeat(&error, code.is_some()) {
                return Err(self.error(error, code));
            }
            std::thread::sleep(Duration::from_millis(100 << attempt));
            attempt += 1;
        }
    }

    fn error<E>(&self, error: SdkError<E, HttpResponse>, code: Option<&TokenCode>) -> Error
    where
        E: ProvideErrorMetadata + RequestId + std::error::Error + 'static,
    {
        let endpoint = self.client.shown(self.endpoint);
        let mut secrets = Vec::new();
        let key_id = match self.proof {
            Proof::Keys(keys) => {
                secrets.push(keys.secret_access_key.expose());
                secrets.extend(keys.session_token.iter().map(|t| t.expose()));
                keys.access_key_id.as_str()
            }
            Proof::Token(token) => {
                secrets.push(token.expose());
                ""
            }
        };
        secrets.extend(code.map(TokenCode::expose));
        if let SdkError::ServiceError(answer) = &error {
            let service = answer.err();
            return match service.code() {
                Some(aws_code) => Error::Rejected(Box::new(Rejected::new(
                    foreign::clean(aws_code, &secrets),
                    foreign::clean(service.message().unwrap_or_default(), &secrets),
                    service.request_id().map(|id| foreign::clean(id, &secrets)),
                    key_id,
                ))),
                None => Error::NotSts {
                    endpoint,
                    reason: format!(
                        "it answered HTTP {} without an AWS error",
                        answer.raw().status().as_u16()
                    ),
                },
            };
        }
        if let SdkError::ResponseError(_) = &error {
            return Error::NotSts {
                endpoint,
                reason: "its answer breaks off or is not what STS sends".to_owned(),
            };
        }
        Error::NoAnswer {
            endpoint,
            cause: client::cause(&error),
            reason: foreign::clean(&client::innermost(&error), &secrets),
            code_may_be_spent: code.is_some() && !client::never_connected(&error),
        }
    }
}

/// A request with a code is sent again only where the code was surely not used: no connection was
/// made, or the answer says that nothing was done. Without a code any lost answer is worth a retry.
fn may_repeat<E>(error: &SdkError<E, HttpResponse>, has_code: bool) -> bool
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(answer) => {
            answer.raw().status().as_u16() == 503
                || matches!(
                    answer.err().code(),
                    Some(
                        "Throttling"
                            | "ThrottlingException"
                            | "RequestLimitExceeded"
                            | "SlowDown"
                            | "ServiceUnavailable"
                    )
                )
        }
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => {
            client::never_connected(error) || !has_code
        }
        _ => false,
    }
}

fn seconds(duration: u32) -> i32 {
    i32::try_from(duration).unwrap_or(i32::MAX)
}
