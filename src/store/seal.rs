//! Encryption of an entry: AES-256-GCM, with the entry's name and header as associated data, so that
//! an entry can be neither read nor moved nor relabelled without the key.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::key::Key;

/// How an entry's body is kept.
pub enum Sealing {
    /// Encrypted.
    Key(Key),
    /// As it is (`AWSMFA_STORE=file`).
    Plain,
}

impl Sealing {
    /// The body as it goes to the disk: nonce, ciphertext, tag. A random nonce of 96 bits is good for
    /// 2^32 entries of one key.
    pub fn seal(&self, associated: &[u8], body: &[u8]) -> Result<Vec<u8>, &'static str> {
        let Sealing::Key(key) = self else {
            return Ok(body.to_vec());
        };
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new()
            .fill(&mut nonce)
            .map_err(|_| "no random numbers")?;
        let mut sealed = body.to_vec();
        cipher(key)?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated),
                &mut sealed,
            )
            .map_err(|_| "encryption failed")?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// The body again; `None` if a bit of it or of `associated` is another, or the key is.
    pub fn open(&self, associated: &[u8], stored: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let Sealing::Key(key) = self else {
            return Some(Zeroizing::new(stored.to_vec()));
        };
        let (nonce, sealed) = stored.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut body = Zeroizing::new(sealed.to_vec());
        let length = cipher(key)
            .ok()?
            .open_in_place(nonce, Aad::from(associated), &mut body)
            .ok()?
            .len();
        body.truncate(length);
        Some(body)
    }
}

fn cipher(key: &Key) -> Result<LessSafeKey, &'static str> {
    UnboundKey::new(&AES_256_GCM, &**key)
        .map(LessSafeKey::new)
        .map_err(|_| "the key has a wrong length")
}
