//! The sign-in page of the console: a session for a token that a browser signs in with. One request, which is no call
//! of STS and is not signed: the session in it is the proof.

use std::time::Duration;

use aws_sdk_sts::error::SdkError;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::client::{self, ATTEMPT_TIMEOUT, CONNECT_TIMEOUT};
use super::failure::{Failure, Proof, Service};
use crate::error::{Asked, Error, KeyOrigin, NoAnswer, Result, SigningKey};
use crate::model::session::{Secret, Session};
use crate::profile::console::Console;
use crate::text::percent::encoded;

/// Asks for a token. It is good for a quarter of an hour.
pub fn signin_token(console: &Console, session: &Session) -> Result<Secret> {
    let endpoint = &console.signin;
    let body = form(session)?;
    let mut request = HttpRequest::new(SdkBody::from(body.as_bytes()));
    let wrong = |_| Error::Internal("the sign-in page has no address");
    request.set_method("POST").map_err(wrong)?;
    request
        .set_uri(console.federation())
        .map_err(|_| Error::Internal("the sign-in page has no address"))?;
    let kind = "application/x-www-form-urlencoded";
    request.headers_mut().insert("content-type", kind);
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(ATTEMPT_TIMEOUT)
        .build();
    let connector =
        client::connector_to(endpoint)?(&settings, Some(SharedAsyncSleep::new(TokioSleep::new())));
    let answer = client::runtime()?.block_on(async {
        let limit = tokio::time::timeout(ATTEMPT_TIMEOUT, async {
            let answer = connector.call(request).await?;
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await;
            Ok((status, body.map(|body| body.to_bytes()).ok()))
        });
        limit.await
    });
    let (status, body) = match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(explain(console, session, SdkError::dispatch_failure(error))),
        Err(_) => {
            return Err(no_answer(
                console,
                NoAnswer::Network,
                waited(ATTEMPT_TIMEOUT),
            ));
        }
    };
    match (status, body) {
        (200, Some(body)) => token(&body, console),
        (200, None) => Err(no_answer(
            console,
            NoAnswer::Network,
            "its answer is cut off".to_owned(),
        )),
        (500.., _) => Err(no_answer(
            console,
            NoAnswer::Overloaded,
            format!("HTTP {status}"),
        )),
        (400..=403, _) => Err(Error::SigninRefused {
            endpoint: endpoint.shown(),
            status,
        }),
        _ => Err(not_signin(console, format!("HTTP {status}"))),
    }
}

/// The address that signs a browser in.
pub fn login_address(console: &Console, token: &Secret) -> Secret {
    let destination = encoded(&console.destination);
    let token = encoded(token.expose());
    let page = console.federation();
    Secret::new(format!(
        "{page}?Action=login&Issuer=awsmfa&Destination={}&SigninToken={}",
        *destination, *token
    ))
}

fn form(session: &Session) -> Result<Zeroizing<String>> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Keys<'a> {
        session_id: &'a str,
        session_key: &'a str,
        session_token: &'a str,
    }
    let keys = serde_json::to_string(&Keys {
        session_id: &session.credentials.access_key_id,
        session_key: session.credentials.secret_access_key.expose(),
        session_token: session.token(),
    });
    let keys = Zeroizing::new(keys.map_err(|_| Error::Internal("the JSON cannot be written"))?);
    let keys = encoded(&keys);
    Ok(Zeroizing::new(format!(
        "Action=getSigninToken&SessionType=json&Session={}",
        *keys
    )))
}

fn token(body: &[u8], console: &Console) -> Result<Secret> {
    #[derive(Deserialize)]
    struct Found {
        #[serde(rename = "SigninToken")]
        token: Zeroizing<String>,
    }
    match serde_json::from_slice::<Found>(body) {
        Ok(found) if !found.token.is_empty() => Ok(Secret::new(&**found.token)),
        _ => Err(not_signin(console, "its answer holds no token".to_owned())),
    }
}

/// In the words in which a call to STS fails.
fn explain(
    console: &Console,
    session: &Session,
    error: SdkError<GetCallerIdentityError, HttpResponse>,
) -> Error {
    let endpoint = &console.signin;
    let failure = Failure {
        service: Service::Sts,
        endpoint,
        proof: Proof::Keys(&session.credentials),
        code: None,
    };
    let key_id = &session.credentials.access_key_id;
    let asked = Asked {
        key: SigningKey::new(key_id, KeyOrigin::OurSession),
        serial: None,
        serial_from: None,
        role: None,
        seconds: 0,
        region: endpoint.region.as_str().to_owned(),
        region_from: endpoint.region_from.clone(),
    };
    failure.explain(&error, asked)
}

fn waited(time: Duration) -> String {
    format!("there was no answer within {} seconds", time.as_secs())
}

fn no_answer(console: &Console, cause: NoAnswer, reason: String) -> Error {
    Error::NoAnswer {
        endpoint: console.signin.shown(),
        cause,
        reason,
        code_may_be_spent: false,
    }
}

fn not_signin(console: &Console, reason: String) -> Error {
    Error::NotSignin {
        endpoint: console.signin.shown(),
        reason,
    }
}
