//! The calls to AWS STS: our own, with explicit credentials, never inside an SDK provider (whose
//! identity resolver gives up after 5 s and whose chain would look at the environment first).
//! With [`client`] the only place that names the AWS client and tokio.

mod answer;
mod answers_clock;
pub mod client;
pub mod failure;
pub mod federation;
#[cfg(test)]
mod fuzz;
pub mod login;
pub mod login_file;
mod no_answer;
mod parameters;
pub mod proxy;
pub mod repeat;
pub mod trust;

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::error::{Asked, Error, KeyOrigin, Result, SigningKey};
use crate::mfa::TokenCode;
use crate::model::role_options::RoleOptions;
use crate::model::serial::Serial;
use crate::model::session::{Credentials, Secret, Session, Timestamp};
use crate::profile::endpoint::Endpoint;
use answers_clock::AnswersClock;
use client::Client;
use failure::{Failure, Proof, Service};
use parameters::{none_if_empty, policies, seconds, tags};
use repeat::Repeats;

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
    /// `PolicyArns`, `Tags`, `TransitiveTagKeys`, `SourceIdentity`.
    pub options: &'a RoleOptions,
}

/// Who signs, by GetCallerIdentity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// `arn:aws:iam::123456789012:user/alice`, with the path of the user.
    pub arn: String,
}

impl Identity {
    /// The name of the user, without a path; `None` for a role or the account itself.
    pub fn user(&self) -> Option<&str> {
        let resource = self.arn.splitn(6, ':').nth(5)?.strip_prefix("user/")?;
        resource.rsplit('/').next()
    }
}

/// An STS that can be called, with what proves who calls.
pub struct Sts<'a> {
    client: Client,
    endpoint: &'a Endpoint,
    proof: Proof<'a>,
    origin: KeyOrigin,
}

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
            .set_policy_arns(policies(role.options))
            .set_tags(tags(role.options)?)
            .set_transitive_tag_keys(none_if_empty(role.options.transitive_tags.clone()))
            .set_source_identity(role.options.source_identity.clone())
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
            .set_policy_arns(policies(role.options))
            .duration_seconds(seconds(duration));
        let asked = self.asked(None, Some(role.arn), duration);
        let answer = self.send(asked, None, || request.clone().send())?;
        answer::check(answer.credentials(), now, self.endpoint, false)
    }

    /// `GetCallerIdentity`, which no policy can deny: whose keys these are, and that AWS knows them.
    pub fn caller_identity(&self) -> Result<Identity> {
        self.caller_identity_and_clock()
            .map(|(identity, _)| identity)
    }

    /// The same, and by how many seconds this machine's clock is behind that of STS, where the answer says the time.
    pub fn caller_identity_and_clock(&self) -> Result<(Identity, Option<i64>)> {
        let clock = AnswersClock::default();
        let request = self.client.sts.get_caller_identity();
        let asked = self.asked(None, None, 0);
        let answer = self.send(asked, None, || {
            let request = request.clone().customize();
            request.interceptor(clock.clone()).send()
        })?;
        match (answer.account(), answer.arn()) {
            (Some(account), Some(arn)) if answer::is_identity(account, arn) => {
                let identity = Identity {
                    account: account.to_owned(),
                    arn: arn.to_owned(),
                };
                Ok((identity, clock.behind()))
            }
            _ => Err(answer::not_an_identity(self.endpoint)),
        }
    }

    fn asked(&self, mfa: Option<&Mfa>, role: Option<&str>, seconds: u32) -> Asked {
        let key_id = match self.proof {
            Proof::Keys(keys) => &keys.access_key_id,
            Proof::Token(_) => "",
        };
        Asked {
            key: SigningKey::new(key_id, self.origin.clone()),
            serial: mfa.map(|mfa| mfa.serial.as_str().to_owned()),
            serial_from: mfa.map(|mfa| mfa.serial.origin().clone()),
            role: role.map(str::to_owned),
            seconds,
            region: self.endpoint.region.as_str().to_owned(),
            region_from: self.endpoint.region_from.clone(),
        }
    }

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
        let failure = Failure {
            service: Service::Sts,
            endpoint: self.endpoint,
            proof: self.proof,
            code,
        };
        let repeats = match code {
            Some(_) => Repeats::OnlyUndone,
            None => Repeats::Freely,
        };
        failure.call(self.client.runtime, asked, repeats, send)
    }
}
