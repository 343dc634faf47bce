//! The proof of possession (RFC 9449) that `aws login` sends with a refresh token: a JWT, signed with a key that lies
//! in the cache beside the token.

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use serde_json::Value;

use super::clock;

/// How old a proof may be, in seconds.
const TOLERANCE: u64 = 300;
/// A key of P-256 as PKCS #8 has it: its 32 secret bytes come after this many others.
const SECRET_AT: usize = 36;

/// A key of the curve P-256.
#[derive(Clone, Debug)]
pub struct Key {
    secret: Vec<u8>,
    /// `04`, then x, then y.
    public: Vec<u8>,
}

impl Key {
    pub fn random() -> Key {
        let random = SystemRandom::new();
        let signing = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(signing, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(signing, pkcs8.as_ref(), &random).expect("our own key");
        Key {
            secret: pkcs8.as_ref()[SECRET_AT..SECRET_AT + 32].to_vec(),
            public: pair.public_key().as_ref().to_vec(),
        }
    }

    /// As the AWS CLI writes it: SEC 1, in PEM, with the name of the curve.
    pub fn to_pem(&self) -> String {
        let der = [
            &[0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20][..],
            &self.secret,
            &[
                0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
            ],
            &[0xa1, 0x44, 0x03, 0x42, 0x00],
            &self.public,
        ]
        .concat();
        let text = base64(&der);
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(64)
            .map(String::from_utf8_lossy)
            .collect();
        let lines = lines.join("\n");
        format!("-----BEGIN EC PRIVATE KEY-----\n{lines}\n-----END EC PRIVATE KEY-----\n")
    }
}

/// Whether the JWT was signed with this key, just now, for a POST to this URL.
pub fn proves(jwt: &str, key: &Key, url: &str) -> bool {
    check(jwt, key, url).unwrap_or(false)
}

fn check(jwt: &str, key: &Key, url: &str) -> Option<bool> {
    let (signed, signature) = jwt.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header: Value = serde_json::from_slice(&base64url(header)?).ok()?;
    let payload: Value = serde_json::from_slice(&base64url(payload)?).ok()?;
    let coordinate = |name: &str| base64url(header["jwk"][name].as_str()?);
    let public = [&[4][..], &coordinate("x")?, &coordinate("y")?].concat();
    let is_signed = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &public)
        .verify(signed.as_bytes(), &base64url(signature)?)
        .is_ok();
    let now = clock::now().unsigned_abs();
    Some(
        is_signed
            && public == key.public
            && header["typ"] == "dpop+jwt"
            && payload["htm"] == "POST"
            && payload["htu"] == *url
            && payload["iat"].as_u64()?.abs_diff(now) < TOLERANCE,
    )
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let letter = ALPHABET[(word >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    text
}

fn base64url(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let letter = match letter {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        let value = ALPHABET.iter().position(|other| *other == letter)?;
        word = word << 6 | u32::try_from(value).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits & 255) as u8);
        }
    }
    Some(bytes)
}
