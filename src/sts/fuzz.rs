//! Any bytes as an answer of STS, through the SDK's own client.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::answer;
use super::client::Client;
use super::failure::{Failure, Proof, Service};
use super::repeat::{Repeats, may_repeat};
use crate::error::{Asked, KeyOrigin, Origin, SigningKey};
use crate::fuzz::feed;
use crate::mfa::TokenCode;
use crate::model::session::{Credentials, Secret, Timestamp};
use crate::profile::endpoint::Endpoint;

const NOW: Timestamp = Timestamp(1_795_000_000);
const CODE: &str = "271828";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// Status, date and place on a line each, then the body.
const ANSWERS: &[&str] = &[
    "200\nWed, 18 Nov 2026 11:06:40 GMT\n\n<GetSessionTokenResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
     <GetSessionTokenResult><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>\
     <SecretAccessKey>wJalrXUtnFEMI/K7MDENG</SecretAccessKey><SessionToken>IQoJb3JpZ2luX2VjE//+token==</SessionToken>\
     <Expiration>2099-12-31T23:59:59Z</Expiration></Credentials></GetSessionTokenResult>\
     <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>\
     </GetSessionTokenResponse>",
    "403\nWed, 18 Nov 2026 10:06:40 GMT\n\n<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
     <Type>Sender</Type><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time \
     pass code. 271828 wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</Message></Error><RequestId>1</RequestId></ErrorResponse>",
    "403\n\n\n<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired: 20261118T100640Z is \
     now earlier than 20261118T110140Z (20261118T111640Z - 15 min.)</Message></Error></ErrorResponse>",
    "302\n\nhttp://portal.invalid/login\n<!DOCTYPE html><html><body>Please sign in</body></html>",
];
const ANSWER_WORDS: &[&str] = &[
    "\n",
    "200\n",
    "400\n",
    "403\n",
    "500\n",
    "503\n",
    "302\n",
    "100\n",
    "999\n",
    "<",
    ">",
    "</",
    "/>",
    "&amp;",
    "&#x1b;",
    "&#0;",
    "&#x110000;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "<Code>",
    "</Code>",
    "<Message>",
    "</Message>",
    "<Error>",
    "</Error>",
    "<Expiration>",
    "</Expiration>",
    "<SessionToken>",
    "</SessionToken>",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:60.999999999Z",
    "-9999-01-01T00:00:00Z",
    "1e300",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:60 GMT",
    "Signature expired: ",
    "Signature not yet current: ",
    " is now earlier than ",
    " is still later than ",
    "20261118T100640Z",
    "99999999T999999Z",
    "\u{1b}[2J",
    "\u{9b}31m",
    "\u{202e}",
    "271828",
    "Credential=AKIA/x",
    "\0",
    "\u{e9}",
];

/// Answers every request with what is in it.
#[derive(Clone, Debug, Default)]
struct Canned(Arc<Mutex<Vec<u8>>>);

impl HttpConnector for Canned {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let input = self.0.lock().unwrap().clone();
        let mut parts = input.splitn(4, |byte| *byte == b'\n');
        let mut part = || parts.next().unwrap_or_default().to_vec();
        let (status, date, location, body) = (part(), part(), part(), part());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
        let status = text(status).and_then(|status| status.trim().parse().ok());
        let status = StatusCode::try_from(status.unwrap_or(200))
            .unwrap_or(StatusCode::try_from(200).unwrap());
        let mut response = HttpResponse::new(status, SdkBody::from(body));
        for (name, value) in [("date", date), ("location", location)] {
            // A connection hands over no header that is none.
            if let Some(value) = text(value).filter(|value| !value.is_empty()) {
                let _ = response.headers_mut().try_append(name, value);
            }
        }
        HttpConnectorFuture::ready(Ok(response))
    }
}

/// What STS sends, all the way from the bytes to a session or to what somebody is told.
fn an_answer() -> impl Fn(&[u8]) {
    let endpoint = Endpoint::local();
    let keys = Credentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: Secret::new(SECRET),
        session_token: None,
    };
    let code = TokenCode::parse(CODE).unwrap();
    let client = Client::new(&endpoint, Some(&keys)).unwrap();
    let canned = Canned::default();
    let connector = canned.clone();
    let http = http_client_fn(move |_, _| SharedHttpConnector::new(connector.clone()));
    let config = client.sts.config().to_builder().http_client(http);
    let sts = aws_sdk_sts::Client::from_conf(config.build());
    let asked = Asked {
        key: SigningKey::new(&keys.access_key_id, KeyOrigin::Environment),
        serial: Some("GAHT12345678".to_owned()),
        role: None,
        seconds: 900,
        region: "us-east-1".to_owned(),
        region_from: Origin::Variable("AWS_REGION"),
        serial_from: Some(Origin::Flag("--serial-number")),
    };
    move |input| {
        *canned.0.lock().unwrap() = input.to_vec();
        let error = match client.runtime.block_on(sts.get_session_token().send()) {
            Ok(answer) => match answer::check(answer.credentials(), NOW, &endpoint, true) {
                Ok(session) => {
                    assert!(session.expiration > NOW);
                    assert!(session.token().bytes().all(|byte| byte.is_ascii_graphic()));
                    return;
                }
                Err(error) => error,
            },
            Err(error) => {
                let _ = may_repeat(&error, Repeats::OnlyUndone);
                let failure = Failure {
                    service: Service::Sts,
                    endpoint: &endpoint,
                    proof: Proof::Keys(&keys),
                    code: Some(&code),
                };
                failure.explain(&error, asked.clone())
            }
        };
        assert!([3, 4].contains(&error.exit_code()), "{error}");
        let told = format!("{error}\n{}", error.hint().unwrap_or_default());
        assert!(!told.contains(CODE) && !told.contains(SECRET), "{told:?}");
        assert!(
            !told.contains(|c: char| c.is_control() && c != '\n'),
            "{told:?}"
        );
    }
}

#[test]
fn any_answer_is_a_session_or_an_error_that_repeats_nothing() {
    feed(500, ANSWERS, ANSWER_WORDS, an_answer());
}
