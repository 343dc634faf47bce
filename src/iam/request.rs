//! One signed request to IAM and its answer, under the limits that STS's have.

use std::time::SystemTime;

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use aws_types::request_id::apply_request_id;
use http_body_util::BodyExt;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::answer::Element;
use crate::error::{Error, Result};
use crate::model::endpoint_url::EndpointUrl;
use crate::model::session::Credentials;
use crate::profile::endpoint::Endpoint;
use crate::sts::client::{ATTEMPT_TIMEOUT, CONNECT_TIMEOUT, connector_to, sdk_keys};

const VERSION: &str = "2010-05-08";
const FORM: &str = "application/x-www-form-urlencoded";

pub type Failed = SdkError<ErrorMetadata, HttpResponse>;

/// The connector to this endpoint.
pub fn connector(endpoint: &Endpoint) -> Result<SharedHttpConnector> {
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .build();
    let sleep = SharedAsyncSleep::new(TokioSleep::new());
    Ok(connector_to(endpoint)?(&settings, Some(sleep)))
}

/// Sends it once.
pub async fn send(
    connector: &SharedHttpConnector,
    endpoint: &Endpoint,
    keys: &Credentials,
    action: &str,
    parameters: &[(&str, &str)],
    now: SystemTime,
) -> std::result::Result<Element, Failed> {
    let request = signed(endpoint, keys, &form(action, parameters), now)
        .map_err(SdkError::construction_failure)?;
    match timeout(ATTEMPT_TIMEOUT, answer(connector, request)).await {
        Ok(answer) => answer,
        Err(elapsed) => Err(SdkError::timeout_error(elapsed)),
    }
}

async fn answer(
    connector: &SharedHttpConnector,
    request: HttpRequest,
) -> std::result::Result<Element, Failed> {
    let mut answer = connector
        .call(request)
        .await
        .map_err(SdkError::dispatch_failure)?;
    let body = answer.take_body().collect().await;
    // A new secret key may stand in it.
    let body = match body {
        Ok(body) => Zeroizing::new(body.to_bytes().to_vec()),
        Err(error) => return Err(SdkError::response_error(error, answer)),
    };
    let element = Element::parse(&body);
    if answer.status().is_success() {
        return element.map_err(|error| SdkError::response_error(error, answer));
    }
    let mut error = ErrorMetadata::builder();
    if let Ok(element) = element {
        let text = |name| element.find(name).map(|e| e.text().to_owned());
        error = match text("Code") {
            Some(code) => error.code(code),
            None => error,
        };
        error = error.message(text("Message").unwrap_or_default());
    }
    let error = apply_request_id(error, answer.headers()).build();
    Err(SdkError::service_error(error, answer))
}

fn form(action: &str, parameters: &[(&str, &str)]) -> String {
    let fixed = [("Action", action), ("Version", VERSION)];
    let pairs = fixed.iter().chain(parameters);
    let pairs = pairs.map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// As RFC 3986 and the signature want it.
fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(b).to_string()
        }
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn signed(
    endpoint: &Endpoint,
    keys: &Credentials,
    body: &str,
    now: SystemTime,
) -> Result<HttpRequest> {
    let url = endpoint.url.as_ref().map_or("", EndpointUrl::as_str);
    let mut request = HttpRequest::new(SdkBody::from(body));
    let wrong = || Error::Internal("the request to IAM cannot be made");
    request.set_method("POST").map_err(|_| wrong())?;
    request.set_uri(url).map_err(|_| wrong())?;
    let uri: http::Uri = url.parse().map_err(|_| wrong())?;
    let host = uri.authority().ok_or_else(wrong)?.as_str();
    let headers = [("host", host), ("content-type", FORM)];
    let identity = sdk_keys(keys).into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(endpoint.region.as_str())
        .name("iam")
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .map_err(|_| wrong())?
        .into();
    let signable = SignableRequest::new(
        "POST",
        url,
        headers.into_iter(),
        SignableBody::Bytes(body.as_bytes()),
    );
    let signature = signable
        .and_then(|signable| sign(signable, &parameters))
        .map_err(|_| wrong())?;
    let (instructions, _) = signature.into_parts();
    for (name, value) in headers.into_iter().chain(instructions.headers()) {
        request
            .headers_mut()
            .try_insert(name.to_owned(), value.to_owned())
            .map_err(|_| wrong())?;
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    /// What botocore 1.43 signs for the same request at the same moment.
    #[test]
    fn a_request_is_signed_for_iam() {
        let keys = Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: Some(Secret::new("token/+=")),
        };
        let endpoint = Endpoint {
            url: EndpointUrl::parse("test", "https://iam.amazonaws.com").ok(),
            ..Endpoint::local()
        };
        let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_440_938_160);
        let body = form("ListMFADevices", &[("Marker", "a b/+=é")]);
        assert_eq!(
            body,
            "Action=ListMFADevices&Version=2010-05-08&Marker=a%20b%2F%2B%3D%C3%A9"
        );
        let request = signed(&endpoint, &keys, &body, now).unwrap();
        let header = |name| request.headers().get(name).unwrap_or_default();
        assert_eq!(header("host"), "iam.amazonaws.com");
        assert_eq!(header("x-amz-date"), "20150830T123600Z");
        assert_eq!(header("x-amz-security-token"), "token/+=");
        assert_eq!(header("authorization"), SIGNED);
    }

    const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
        SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, \
        Signature=ee949f9ba138553b750dd66e8fcd457daf22f1e87e7c2b748ea12f77a55b6001";
}
