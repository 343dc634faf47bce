//! AWS Signature Version 4. One implementation serves both sides, the verifier and the demo's client; that both
//! could share a mistake is why `tests/local_sts.rs` checks it against AWS's own test suite.

use ring::{digest, hmac};

use super::form;
use super::http::Request;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TERMINATOR: &str = "aws4_request";

/// What a signature is good for: one day, one region, one service.
#[derive(Clone, Debug)]
pub struct Scope {
    /// `20261121`.
    pub date: String,
    pub region: String,
    pub service: String,
}

impl Scope {
    fn path(&self) -> String {
        format!(
            "{}/{}/{}/{TERMINATOR}",
            self.date, self.region, self.service
        )
    }
}

/// The `Authorization` header, taken apart.
#[derive(Clone, Debug)]
pub struct Authorization {
    pub access_key_id: String,
    pub scope: Scope,
    /// In lower case, in their order.
    pub signed_headers: Vec<String>,
    pub signature: String,
}

impl Authorization {
    pub fn parse(header: &str) -> Option<Authorization> {
        let fields = header.strip_prefix(ALGORITHM)?;
        let field = |name| {
            let mut fields = fields
                .split(',')
                .filter_map(|field| field.trim().split_once('='));
            fields
                .find(|(other, _)| *other == name)
                .map(|(_, value)| value)
        };
        let mut credential = field("Credential")?.split('/');
        let mut part = || credential.next().map(str::to_owned);
        let access_key_id = part()?;
        let scope = Scope {
            date: part()?,
            region: part()?,
            service: part()?,
        };
        let is_whole = part()? == TERMINATOR && part().is_none();
        is_whole.then_some(Authorization {
            access_key_id,
            scope,
            signed_headers: field("SignedHeaders")?
                .split(';')
                .map(str::to_owned)
                .collect(),
            signature: field("Signature")?.to_owned(),
        })
    }

    /// Signs every header that `request` has so far; the result is the value of its `Authorization` header.
    pub fn sign(
        request: &Request,
        timestamp: &str,
        (region, service): (&str, &str),
        (access_key_id, secret): (&str, &str),
    ) -> String {
        let mut signed_headers: Vec<_> = request
            .headers
            .iter()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        signed_headers.sort();
        let date = timestamp.get(..8).unwrap_or_default().to_owned();
        let scope = Scope {
            date,
            region: region.to_owned(),
            service: service.to_owned(),
        };
        let signature = signature(secret, &scope, timestamp, request, &signed_headers);
        let (scope, names) = (scope.path(), signed_headers.join(";"));
        format!(
            "{ALGORITHM} Credential={access_key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
    }
}

/// The signature of `request` made at `timestamp` (`20261121T052000Z`) with `secret`, in hexadecimal.
pub fn signature(
    secret: &str,
    scope: &Scope,
    timestamp: &str,
    request: &Request,
    signed_headers: &[String],
) -> String {
    let hash = sha256(canonical(request, signed_headers).as_bytes());
    let text = format!("{ALGORITHM}\n{timestamp}\n{}\n{hash}", scope.path());
    let secret = format!("AWS4{secret}");
    let parts = [&scope.date, &scope.region, &scope.service, TERMINATOR];
    let key = parts
        .iter()
        .fold(secret.into_bytes(), |key, part| hmac(&key, part));
    hex(&hmac(&key, &text))
}

/// The request as both sides write it down before they hash it. STS has one path, `/`: no normalising of `..` here.
fn canonical(request: &Request, signed_headers: &[String]) -> String {
    let mut query = form::parse(&request.query);
    query.sort_by_cached_key(|(name, value)| (form::encode(name), form::encode(value)));
    let headers: String = signed_headers
        .iter()
        .map(|name| format!("{name}:{}\n", values(request, name)))
        .collect();
    [
        &request.method,
        &form::encode(&request.path).replace("%2F", "/"),
        &form::encode_pairs(&query),
        &headers,
        &signed_headers.join(";"),
        &sha256(&request.body),
    ]
    .map(String::as_str)
    .join("\n")
}

/// All values of one header, each without needless spaces.
fn values(request: &Request, name: &str) -> String {
    let named = request
        .headers
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name));
    let values =
        named.map(|(_, value)| value.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    values.collect::<Vec<_>>().join(",")
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
