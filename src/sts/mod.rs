//! The calls to AWS STS: our own, with explicit credentials, never inside an SDK provider (whose
//! identity resolver gives up after 5 s and whose chain would look at the environment first).
//! With [`client`] the only place that names the AWS client and tokio.

mod answer;
mod client;
mod failure;
#[cfg(test)]
mod fuzz;
pub mod proxy;
pub mod trust;

use std::time::{Duration, Instant};

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::error::{Asked, Error, KeyOrigin, Result, SigningKey};
use crate::mfa::TokenCode;
use crate::model::serial::Serial;
use crate::model::session::{Credentials, Secret, Session, Timestamp};
use crate::output::trace;
use crate::profile::endpoint::Endpoint;
use client::{ATTEMPT_TIMEOUT, Client};
use failure::{Failure, Proof};

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
    origin: KeyOrigin,
}

/// Sent this often at most (see [`failure::may_repeat`]), and never again once one attempt's time is
/// over: a call ends within twice that.
const ATTEMPTS: u32 = 3;

impl<'a> Sts<'a> {
    /// Prepares the calls; nothing is sent yet.
    pub fn new(endpoint: &'a Endpoint, keys: &'a Credentials, origin: KeyOrigin) -> Result<Self> {
        Ok(Self {
            client: Client::new(endpoint, Some(keys))?,
            endpoint,
            proof: Proof::Keys(keys),
            origin,
        })
    }

    /// The same for [`Sts::assume_role_with_web_identity`].
    pub fn with_token(
        endpoint: &'a Endpoint,
        token: &'a Secret,
        origin: KeyOrigin,
    ) -> Result<Self> {
        Ok(Self {
            client: Client::new(endpoint, None)?,
            endpoint,
            proof: Proof::Token(token),
            origin,
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
        let asked = self.asked(Some(mfa), None, duration);
        let answer = self.send(asked, Some(mfa.code), || request.clone().send())?;
        answer::check(answer.credentials(), now, self.endpoint, true)
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
        let asked = self.asked(mfa, Some(role.arn), duration);
        let answer = self.send(asked, mfa.map(|m| m.code), || request.clone().send())?;
        answer::check(answer.credentials(), now, self.endpoint, mfa.is_some())
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
        let asked = self.asked(None, Some(role.arn), duration);
        let answer = self.send(asked, None, || request.clone().send())?;
        answer::check(answer.credentials(), now, self.endpoint, false)
    }

    fn asked(&self, mfa: Option<&Mfa>, role: Option<&str>, seconds: u32) -> Asked {
        let key_id = match self.proof {
            Proof::Keys(keys) => &keys.access_key_id,
            Proof::Token(_) => "",
        };
        Asked {
            key: SigningKey::new(key_id, self.origin.clone()),
            serial: mfa.map(|mfa| mfa.serial.as_str().to_owned()),
            serial_from: mfa.map_or_else(String::new, |mfa| mfa.serial.given_as().to_owned()),
            role: role.map(str::to_owned),
            seconds,
            region: self.endpoint.region.as_str().to_owned(),
            region_from: self.endpoint.region_from.clone(),
        }
    }

    /// Sends until there is an answer that another try cannot better.
    fn send<T, E, F>(
        &self,
        asked: Asked,
        code: Option<&TokenCode>,
        send: impl Fn() -> F,
    ) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + RequestId + std::error::Error + 'static,
    {
        let started = Instant::now();
        let mut attempt = 1;
        loop {
            let error = match self.client.runtime.block_on(send()) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let failure = Failure {
                endpoint: self.endpoint,
                proof: self.proof,
                code,
            };
            if attempt == ATTEMPTS
                || started.elapsed() >= ATTEMPT_TIMEOUT
                || !failure::may_repeat(&error, code.is_some())
            {
                return Err(failure.explain(&error, asked));
            }
            trace::say(|| format!("again, after: {}", failure.explain(&error, asked.clone())));
            std::thread::sleep(Duration::from_millis(100 << attempt));
            attempt += 1;
        }
    }
}

fn seconds(duration: u32) -> i32 {
    i32::try_from(duration).unwrap_or(i32::MAX)
}
