//! What kept an answer away, by the chain of errors below the SDK's. Pure.

use std::error::Error as StdError;
use std::io;

use aws_sdk_sts::error::SdkError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::client::ATTEMPT_TIMEOUT;
use crate::error::NoAnswer;

/// Whether the connection ended in the middle of an answer.
pub fn broke_off<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> bool {
    sources(error).any(<dyn StdError>::is::<io::Error>)
}

/// Whether another try can only end in the same way: a certificate stays what it is, and a proxy that is
/// given a wrong password again and again locks the user out of the company.
pub fn is_settled<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> bool {
    match cause(error) {
        NoAnswer::Certificate | NoAnswer::CertificateDate | NoAnswer::CertificateName => true,
        NoAnswer::Proxy => sources(error).any(|source| wants_password(&source.to_string())),
        NoAnswer::Dns | NoAnswer::Overloaded | NoAnswer::Network => false,
    }
}

/// HTTP 407, in the words of the connector.
pub fn wants_password(told: &str) -> bool {
    told.contains("proxy authorization required")
}

/// Whether the failure came before any byte of the request could be sent.
pub fn never_connected<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> bool {
    sources(error).any(|source| {
        source
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
    })
}

/// What kept the answer away. The chain's errors have no types of their own: only their texts tell.
pub fn cause<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> NoAnswer {
    let told: String = sources(error).map(|source| format!("{source} ")).collect();
    let tells = |words: &[&str]| words.iter().any(|word| told.contains(word));
    if tells(&["certificate expired", "certificate not valid yet"]) {
        NoAnswer::CertificateDate
    } else if tells(&["certificate not valid for name"]) {
        NoAnswer::CertificateName
    } else if tells(&["certificate", "UnknownIssuer"]) {
        NoAnswer::Certificate
    } else if tells(&["proxy", "tunnel", "Proxy"]) {
        NoAnswer::Proxy
    } else if tells(&["dns error", "lookup address"]) {
        NoAnswer::Dns
    } else {
        NoAnswer::Network
    }
}

/// The words of the cause at the bottom of the chain, or that nobody answered in time.
pub fn innermost<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> String {
    if matches!(error, SdkError::TimeoutError(_)) {
        return format!("no answer within {} seconds", ATTEMPT_TIMEOUT.as_secs());
    }
    let innermost = sources(error).last().map(ToString::to_string);
    innermost.unwrap_or_default()
}

pub fn sources<E: StdError + 'static>(
    error: &SdkError<E, HttpResponse>,
) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |source: &&(dyn StdError + 'static)| {
        (*source).source()
    })
}
