//! The HTTP client under [`super::Sts`]: connector, timeouts, proxy, trust.

use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::config::{
    BehaviorVersion, Config, Credentials as SdkCredentials, Region as SdkRegion, SharedAsyncSleep,
    SharedCredentialsProvider,
};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use tokio::runtime::{Builder, Runtime};

use super::{proxy, trust};
use crate::error::{Error, Result};
use crate::model::session::Credentials;
use crate::output::trace;
use crate::profile::endpoint::Endpoint;

/// Long enough for a slow hotel network, short enough to stay with it. With TLS and a proxy's tunnel.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// From the name's look-up to the last byte of the answer.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// Eight times the longest session that [`super::answer`] takes.
const BODY_LIMIT: usize = 64 * 1024;

/// The SDK's client and the runtime that drives it, on this one thread.
pub struct Client {
    pub sts: aws_sdk_sts::Client,
    pub runtime: &'static Runtime,
}

/// One for the whole run, and never dropped: that would wait for a name server that does not answer, five
/// seconds beyond every time limit (measured).
pub fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    // tokio panics where it gets no thread to look a name up in: better an error before the call.
    let spare = std::thread::Builder::new().spawn(|| ());
    let _ = spare.map_err(|error| Error::NoThread { error })?.join();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|_| Error::Internal("the async runtime cannot start"))?;
    Ok(RUNTIME.get_or_init(|| runtime))
}

/// What makes the connectors to this endpoint: whom it trusts, by which proxy it goes, and how long an answer
/// may be.
pub fn connector_to(
    endpoint: &Endpoint,
) -> Result<impl Fn(&HttpConnectorSettings, Option<SharedAsyncSleep>) -> SharedHttpConnector + use<>>
{
    let plain_http = endpoint.is_plain_http();
    let trust = if plain_http {
        trust::nobody()
    } else {
        trust::of(endpoint.ca_bundle.as_ref())?
    };
    let tls = TlsContext::builder()
        .with_trust_store(trust)
        .build()
        .map_err(|_| Error::Internal("TLS cannot be set up"))?;
    trace::say(|| {
        let trusted = match &endpoint.ca_bundle {
            _ if plain_http => "nobody",
            Some(bundle) => bundle.given_as,
            None => "the system's authorities",
        };
        let Endpoint {
            region,
            region_from,
            ..
        } = endpoint;
        let region = region.as_str();
        format!(
            "region {region} by {region_from}; trust {trusted}; proxy variables: {}",
            proxy::names()
        )
    });
    Ok(move |settings: &HttpConnectorSettings, sleep| {
        // Plain http goes to this machine alone: no proxy, no CA folder.
        let through = if plain_http {
            ProxyConfig::disabled()
        } else {
            ProxyConfig::from_env()
        };
        let mut connector = Connector::builder()
            .connector_settings(settings.clone())
            .proxy_config(through)
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(tls.clone());
        connector.set_sleep_impl(sleep);
        SharedHttpConnector::new(Limited(connector.build()))
    })
}

impl Client {
    /// Without keys no request is signed; only a web identity's may be.
    pub fn new(endpoint: &Endpoint, keys: Option<&Credentials>) -> Result<Self> {
        let runtime = runtime()?;
        let connector = connector_to(endpoint)?;
        let http = http_client_fn(move |settings, components| {
            connector(settings, components.sleep_impl())
        });
        let mut config = Config::builder();
        if let Some(keys) = keys {
            config.set_credentials_provider(Some(SharedCredentialsProvider::new(sdk_keys(keys))));
        }
        let url = endpoint.url.as_ref();
        config.set_endpoint_url(url.map(|url| url.as_str().to_owned()));
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
}

/// As the SDK takes them.
pub fn sdk_keys(keys: &Credentials) -> SdkCredentials {
    let token = keys.session_token.as_ref().map(|t| t.expose().to_owned());
    SdkCredentials::new(
        &*keys.access_key_id,
        keys.secret_access_key.expose(),
        token,
        None,
        "awsmfa",
    )
}

/// Scheme, host and port: a path may be somebody's secret.
fn host_of(url: &str) -> String {
    let url: Option<http::Uri> = url.parse().ok();
    let host = url.as_ref().and_then(http::Uri::authority);
    let scheme = url.as_ref().and_then(http::Uri::scheme_str);
    format!(
        "{}://{}",
        scheme.unwrap_or_default(),
        host.map_or("", http::uri::Authority::as_str)
    )
}

/// A connector whose answers end: the SDK keeps the whole body, however long, before it looks at it.
#[derive(Debug)]
struct Limited<C>(C);

impl<C: HttpConnector> HttpConnector for Limited<C> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        trace::say(|| format!("ask {}", host_of(request.uri())));
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let limited =
                |body| SdkBody::from_body_1_x(http_body_util::Limited::new(body, BODY_LIMIT));
            let answer = answer.await?;
            trace::say(|| format!("answer: HTTP {}", answer.status().as_u16()));
            Ok(answer.map(limited))
        })
    }
}
