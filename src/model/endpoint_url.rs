//! The address of a server in place of AWS's own. This is the one place that parses it: everything else asks the
//! parsed value, so that no two readings of one text can differ (a scheme in capitals once went past a comparison
//! with `http://`, and with it code, keys and session to a proxy in plain text).

use http::Uri;

use crate::error::{Error, Result};

/// A checked address. Long-term keys sign every request and the answer is a session: neither may cross a network in
/// plain text, so plain http is for this machine alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointUrl {
    text: String,
    host: String,
    plain_http: bool,
}

impl EndpointUrl {
    /// Reads the address; `given_as` is the flag, variable or key that holds it.
    pub fn parse(given_as: &'static str, text: &str) -> Result<Self> {
        let wrong = |reason| Error::EndpointUrl {
            given_as,
            url: text.to_owned(),
            reason,
        };
        let uri: Uri = text.parse().map_err(|_| wrong("it is no URL"))?;
        let host = uri.host().ok_or_else(|| wrong("it names no host"))?;
        if uri.authority().is_some_and(|a| a.as_str().contains('@')) {
            // The URL may be shown in a note; a password in it must not be.
            return Err(Error::EndpointUrl {
                given_as,
                url: host.to_owned(),
                reason: "it holds a user name or a password",
            });
        }
        let plain_http = match uri.scheme_str() {
            Some(scheme) if scheme.eq_ignore_ascii_case("https") => false,
            Some(scheme) if scheme.eq_ignore_ascii_case("http") => true,
            _ => return Err(wrong("it is neither https:// nor http://")),
        };
        if plain_http && !is_loopback(host) {
            return Err(wrong("plain http is for this machine only"));
        }
        let (_, rest) = text.split_once(':').unwrap_or_default();
        let scheme = if plain_http { "http" } else { "https" };
        Ok(Self {
            text: format!("{scheme}:{rest}"),
            host: host.to_owned(),
            plain_http,
        })
    }

    /// The address, its scheme in small letters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name or address of the server.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is one of this machine, without TLS: no proxy and no authority has a part in it.
    pub fn is_plain_http(&self) -> bool {
        self.plain_http
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, bool)> {
        let url = EndpointUrl::parse("test", text).ok()?;
        Some((url.as_str().to_owned(), url.is_plain_http()))
    }

    #[test]
    fn a_scheme_means_the_same_in_any_case() {
        for scheme in ["http", "HTTP", "Http", "hTtP"] {
            for host in ["127.0.0.1:8080/x", "LocalHost:1", "[::1]:1", "127.9.9.9"] {
                let read = read(&format!("{scheme}://{host}"));
                assert_eq!(read, Some((format!("http://{host}"), true)));
            }
            for other in [
                "10.0.0.1",
                "sts.example",
                "127.0.0.1.example",
                "[::2]",
                "0.0.0.0",
            ] {
                assert_eq!(read(&format!("{scheme}://{other}")), None, "{other}");
            }
        }
        assert_eq!(
            read("HTTPS://STS.example/"),
            Some(("https://STS.example/".to_owned(), false))
        );
        for other in [
            "ftp://127.0.0.1",
            "127.0.0.1:80",
            "//127.0.0.1",
            "http:127.0.0.1",
            "",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
