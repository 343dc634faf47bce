//! The session of a login, by the SDK's own providers: they read what the AWS CLI has stored, renew it with its
//! refresh token, and ask nobody. So they may serve where no provider may ask for a code.

use std::error::Error as StdError;
use std::time::UNIX_EPOCH;

use aws_config::Region as SdkRegion;
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_signin::operation::create_o_auth2_token::CreateOAuth2TokenError;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::http::http_client_fn;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::client::{self, ATTEMPT_TIMEOUT, CONNECT_TIMEOUT};
use super::no_answer;
use crate::error::{Error, NoAnswer, Result};
use crate::model::region::Region;
use crate::model::session::{Credentials, Secret, Session, Timestamp};
use crate::profile::endpoint::Endpoint;
use crate::profile::login::{Login, LoginOf};
use crate::text::sanitize;

/// Takes the session of a login that is still good, or can be renewed without a question. `endpoint` says in
/// which region `aws login` is asked, and whom to trust.
pub fn session(login: &LoginOf, endpoint: &Endpoint, now: Timestamp) -> Result<Session> {
    let runtime = client::runtime()?;
    let connector = client::connector_to(&Endpoint {
        // Only whether it is on this machine counts: the address is the provider's.
        url: login.local.clone(),
        ..endpoint.clone()
    })?;
    let http =
        http_client_fn(move |settings, components| connector(settings, components.sleep_impl()));
    let config = ProviderConfig::empty()
        .with_http_client(http)
        .with_sleep_impl(TokioSleep::new())
        .with_timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                .operation_timeout(ATTEMPT_TIMEOUT * 2)
                .build(),
        )
        .with_use_fips(Some(endpoint.fips))
        .with_use_dual_stack(Some(endpoint.dualstack))
        .with_region(Some(region(&endpoint.region)));
    let answer = match &login.login {
        Login::IdentityCenter {
            session,
            start_url,
            region: of_login,
            account,
            role,
        } => {
            let mut builder = SsoCredentialsProvider::builder()
                .configure(&config)
                .account_id(account)
                .role_name(role)
                .start_url(start_url)
                .region(region(of_login));
            builder.set_session_name(session.clone());
            let provider = builder.build();
            runtime.block_on(provider.provide_credentials())
        }
        Login::Console { arn } => {
            let builder = LoginCredentialsProvider::builder(arn).configure(&config);
            runtime.block_on(builder.build().provide_credentials())
        }
    };
    let answer = answer.map_err(|error| explain(login, &error))?;
    let end = answer
        .expiry()
        .and_then(|end| end.duration_since(UNIX_EPOCH).ok());
    let end = end.and_then(|end| i64::try_from(end.as_secs()).ok());
    let expiration = end
        .map(Timestamp)
        .ok_or_else(|| not_aws(login, "its session has no end"))?;
    if expiration <= now {
        return Err(ended(login));
    }
    let credentials = Credentials {
        access_key_id: answer.access_key_id().to_owned(),
        secret_access_key: Secret::new(answer.secret_access_key()),
        session_token: answer.session_token().map(Secret::new),
    };
    if credentials.unsayable().is_some() || credentials.session_token.is_none() {
        return Err(not_aws(
            login,
            "its answer is not a session that AWS would give",
        ));
    }
    Ok(Session {
        credentials,
        expiration,
    })
}

fn region(region: &Region) -> SdkRegion {
    SdkRegion::new(region.as_str().to_owned())
}

/// Ended, refused, or not reached: only the types down the chain of causes tell.
fn explain(login: &LoginOf, error: &CredentialsError) -> Error {
    let causes = std::iter::successors(Some(error as &(dyn StdError + 'static)), |cause| {
        (*cause).source()
    });
    for cause in causes {
        if let Some(error) = cause.downcast_ref::<SdkError<GetRoleCredentialsError, HttpResponse>>()
        {
            return of_call(login, error);
        }
        if let Some(error) = cause.downcast_ref::<SdkError<CreateOAuth2TokenError, HttpResponse>>()
        {
            return of_call(login, error);
        }
        if let Some(error) = cause.downcast_ref::<CreateOAuth2TokenError>()
            && let Some(code) = error.code()
        {
            return refused(login, code, error.message().unwrap_or_default());
        }
    }
    // What is left comes from the file that the AWS CLI keeps: it is not there, over, or not to be understood.
    ended(login)
}

/// A call that was made.
fn of_call<E>(login: &LoginOf, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    if let SdkError::ServiceError(answer) = error {
        return match (answer.err().code(), answer.raw().status().as_u16()) {
            (Some(code), _) => refused(login, code, answer.err().message().unwrap_or_default()),
            (None, 401) => ended(login),
            (None, status) => not_aws(
                login,
                &format!("it answered HTTP {status} without an AWS error"),
            ),
        };
    }
    if let SdkError::ResponseError(_) = error {
        return not_aws(login, "its answer is not what AWS sends");
    }
    Error::NoAnswer {
        endpoint: login.name().to_owned(),
        cause: no_answer::cause(error),
        reason: sanitize::clean(&no_answer::innermost(error), &[]),
        code_may_be_spent: false,
    }
}

fn refused(login: &LoginOf, code: &str, message: &str) -> Error {
    match code {
        // The token is known to nobody (any more); the sign-in service says AccessDenied to one that is over.
        "UnauthorizedException" | "ExpiredTokenException" | "InvalidGrantException" => ended(login),
        "AccessDeniedException" if matches!(login.login, Login::Console { .. }) => ended(login),
        "TooManyRequestsException" | "TooManyRequestsError" => Error::NoAnswer {
            endpoint: login.name().to_owned(),
            cause: NoAnswer::Overloaded,
            reason: code.to_owned(),
            code_may_be_spent: false,
        },
        _ => Error::LoginRefused {
            name: login.name(),
            whose: match login.account() {
                Some(account) => format!("{} in account {account}", login.principal()),
                None => login.principal().to_owned(),
            },
            said: sanitize::clean(&format!("{code}: {message}"), &[]),
            location: login.location.clone(),
        },
    }
}

fn ended(login: &LoginOf) -> Error {
    Error::LoginEnded {
        profile: login.profile.clone(),
        name: login.name(),
        remedy: login.remedy(),
    }
}

fn not_aws(login: &LoginOf, reason: &str) -> Error {
    Error::NoAnswer {
        endpoint: login.name().to_owned(),
        cause: NoAnswer::Network,
        reason: reason.to_owned(),
        code_may_be_spent: false,
    }
}
