//! Who is let in: the right secret at the right place, in a request as an SDK or a browser sends it. Pure, but for the
//! random numbers.

use hyper::header::{HOST, HeaderMap};
use hyper::{Method, Uri};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

use crate::error::{Error, Result};
use crate::model::session::Secret;

/// A secret to be let in by: 256 random bits, in hexadecimal.
pub fn new_secret() -> Result<Secret> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    SystemRandom::new()
        .fill(&mut *bytes)
        .map_err(|_| Error::Internal("the system gives no random numbers"))?;
    let mut text = String::with_capacity(64); // never grown, so no copy stays behind
    for byte in *bytes {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(half.into(), 16));
        }
    }
    Ok(Secret::new(text))
}

/// Knows the secret again, in a time that does not depend on how much of a guess is right: what is compared are
/// tags under a key that nobody knows.
pub struct Lock {
    key: hmac::Key,
    tag: hmac::Tag,
}

impl Lock {
    /// Opens for this secret alone.
    pub fn new(secret: &Secret) -> Result<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new())
            .map_err(|_| Error::Internal("the system gives no random numbers"))?;
        let tag = hmac::sign(&key, secret.expose().as_bytes());
        Ok(Self { key, tag })
    }

    /// Whether this is the secret.
    pub fn opens_for(&self, guess: &[u8]) -> bool {
        hmac::verify(&self.key, guess, self.tag.as_ref()).is_ok()
    }
}

/// Whether the request is a plain `GET` for this server: a name that somebody made point to 127.0.0.1 (DNS rebinding)
/// is another host.
pub fn is_for_us(method: &Method, uri: &Uri, headers: &HeaderMap, port: u16) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().map(|host| host.as_bytes());
    method == Method::GET
        && uri.authority().is_none()
        && host == Some(format!("127.0.0.1:{port}").as_bytes())
        && hosts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_opens_for_its_secret_alone() {
        let secret = new_secret().unwrap();
        assert_eq!(secret.expose().len(), 64);
        assert_ne!(secret, new_secret().unwrap());
        let lock = Lock::new(&secret).unwrap();
        assert!(lock.opens_for(secret.expose().as_bytes()));
        let text = secret.expose();
        let changed = format!("{}x", &text[..63]);
        for wrong in ["", "x", &text[..63], &format!("{text} "), &changed] {
            assert!(!lock.opens_for(wrong.as_bytes()), "{wrong}");
        }
    }

    #[test]
    fn a_name_that_points_here_is_another_host() {
        let is_for_us = |method: Method, uri: &str, hosts: &[&str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(HOST, host.parse().unwrap());
            }
            super::is_for_us(&method, &uri.parse().unwrap(), &headers, 4321)
        };
        let get = || Method::GET;
        assert!(is_for_us(get(), "/", &["127.0.0.1:4321"]));
        assert!(!is_for_us(Method::POST, "/", &["127.0.0.1:4321"]));
        assert!(!is_for_us(Method::OPTIONS, "/", &["127.0.0.1:4321"]));
        assert!(!is_for_us(
            get(),
            "http://127.0.0.1:4321/",
            &["127.0.0.1:4321"]
        ));
        for wrong in [
            "127.0.0.1",
            "127.0.0.1:4322",
            "localhost:4321",
            "evil.example:4321",
            "evil.example",
            "127.0.0.1:4321.evil.example",
        ] {
            assert!(!is_for_us(get(), "/", &[wrong]), "{wrong}");
        }
        assert!(!is_for_us(get(), "/", &[]));
        assert!(!is_for_us(get(), "/", &["127.0.0.1:4321", "evil.example"]));
    }
}
