//! The HTTP client under [`super::Sts`]: connector, timeouts, proxy, trust.

use std::error::Error as StdError;
use std::time::Duration;

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::config::{
    BehaviorVersion, Config, Credentials as SdkCredentials, Region as SdkRegion,
    SharedCredentialsProvider,
};
use aws_sdk_sts::error::SdkError;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};
use tokio::runtime::{Builder, Runtime};

use super::trust;
use crate::error::{Error, NoAnswer, Result};
use crate::profile::endpoint::Endpoint;
use crate::session::Credentials;

/// Long enough for a slow hotel network, short enough to stay with it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);

/// The SDK's client and the runtime that drives it, on this one thread.
pub struct Client {
    pub sts: aws_sdk_sts::Client,
    pub runtime: Runtime,
}

impl Client {
    /// Without keys no request is signed; only a web identity's may be.
    pub fn new(endpoint: &Endpoint, keys: Option<&Credentials>) -> Result<Self> {
        let internal = |_| Error::Internal("the async runtime cannot start");
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(internal)?;
        let plain_http = endpoint
            .url
            .as_ref()
            .is_some_and(|url| url.starts_with("http://"));
        let trust = if plain_http {
            trust::nobody()
        } else {
            trust::of(endpoint.ca_bundle.as_deref())?
        };
        let tls = TlsContext::builder()
            .with_trust_store(trust)
            .build()
            .map_err(|_| Error::Internal("TLS cannot be set up"))?;
        let http = http_client_fn(move |settings, components| {
            // Plain http goes to this machine alone: no proxy, no CA folder.
            let proxy = if plain_http {
                ProxyConfig::disabled()
            } else {
                ProxyConfig::from_env()
            };
            let mut connector = Connector::builder()
                .connector_settings(settings.clone())
                .proxy_config(proxy)
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .tls_context(tls.clone());
            connector.set_sleep_impl(components.sleep_impl());
            SharedHttpConnector::new(connector.build())
        });
        let mut config = Config::builder();
        if let Some(keys) = keys {
            config.set_credentials_provider(Some(SharedCredentialsProvider::new(sdk_keys(keys))));
        }
        config.set_endpoint_url(endpoint.url.clone());
        let config = config
            .behavior_version(BehaviorVersion::latest())
            .region(SdkRegion::new(endpoint.region.as_str().to_owned()))
            .use_fips(endpoint.fips)
            .use_dual_stack(endpoint.dualstack)
            .http_client(http)
            // The SDK would send a request three times whatever it carries; a code is good once.
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .build(),
            )
            .build();
        Ok(Self {
            sts: aws_sdk_sts::Client::from_conf(config),
            runtime,
        })
    }

    /// How messages name the endpoint.
    pub fn shown(&self, endpoint: &Endpoint) -> String {
        match &endpoint.url {
            Some(url) => url.clone(),
            None => format!("STS in {}", endpoint.region.as_str()),
        }
    }
}

fn sdk_keys(keys: &Credentials) -> SdkCredentials {
    let token = keys.session_token.as_ref().map(|t| t.expose().to_owned());
    SdkCredentials::new(
        &*keys.access_key_id,
        keys.secret_access_key.expose(),
        token,
        None,
        "awsmfa",
    )
}

/// Whether the failure came before any byte of the request could be sent.
pub fn never_connected<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> bool {
    sources(error).any(|source| {
        source
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
    })
}

/// The cause at the bottom of the chain: "Connection refused" rather than "dispatch failure".
pub fn innermost<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> String {
    if matches!(error, SdkError::TimeoutError(_)) {
        return format!("no answer within {} seconds", ATTEMPT_TIMEOUT.as_secs());
    }
    sources(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// What kept the answer away, as far as the chain of errors tells.
pub fn cause<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> NoAnswer {
    let told: String = sources(error).map(|source| format!("{source} ")).collect();
    let tells = |words: &[&str]| words.iter().any(|word| told.contains(word));
    if tells(&["certificate", "UnknownIssuer"]) {
        NoAnswer::Certificate
    } else if tells(&["proxy", "tunnel", "Proxy"]) {
        NoAnswer::Proxy
    } else if tells(&["dns error", "lookup address"]) {
        NoAnswer::Dns
    } else {
        NoAnswer::Network
    }
}

fn sources<E: StdError + 'static>(
    error: &SdkError<E, HttpResponse>,
) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |source: &&(dyn StdError + 'static)| {
        (*source).source()
    })
}
