//! The age format (<https://age-encryption.org/v1>) for one kind of file: under a passphrase, and not longer than one
//! of its chunks. `age -d` opens it. Pure but for random numbers.
//!
//! Ours and not the `age` crate's, because of what rests in the kernel's keyring for a day: here it is the key of
//! this one file, and with it the file can be read and written again. The crate gives a writer a new file key each
//! time, so the passphrase itself would have to rest, which may be good for more than this file.

use aws_smithy_types::base64;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

const VERSION: &str = "age-encryption.org/v1";
const SCRYPT_LABEL: &[u8] = b"age-encryption.org/v1/scrypt";
/// 2^17 rounds: 128 MiB and a third of a second for each guess (the `age` tool takes 2^18).
const WORK: u8 = 17;
/// More would be an attack on this machine's memory: 2^20 is a gigabyte.
const MOST_WORK: u8 = 20;
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;

/// The key of one file.
pub type FileKey = Zeroizing<[u8; 16]>;

/// What a file is sealed with: the key, and the header that holds it encrypted under the passphrase.
pub struct Sealed {
    /// Up to the `---` before the code of authenticity.
    header: String,
    key: FileKey,
}

/// Why a file does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// Another passphrase.
    WrongPassphrase,
    /// It is damaged, or of another kind.
    Damaged(&'static str),
}

impl Sealed {
    /// For a new file under this passphrase; `None` where the system gives no random numbers.
    pub fn new(passphrase: &str) -> Option<Self> {
        let random = SystemRandom::new();
        let (mut key, mut salt) = (FileKey::default(), [0; 16]);
        random.fill(&mut *key).ok()?;
        random.fill(&mut salt).ok()?;
        let mut wrapped = key.to_vec();
        let wrap = wrap_key(passphrase, &salt, WORK)?;
        wrap.seal_in_place_append_tag(zero_nonce(), Aad::empty(), &mut wrapped)
            .ok()?;
        let (salt, wrapped) = (unpadded(&salt), unpadded(&wrapped));
        let header = format!("{VERSION}\n-> scrypt {salt} {WORK}\n{wrapped}\n---");
        Some(Self { header, key })
    }

    /// Opens a file with its passphrase.
    pub fn open(file: &[u8], passphrase: &str) -> Result<(Self, Zeroizing<Vec<u8>>), Unopened> {
        let (header, _) = parts(file)?;
        let mut lines = header.lines().skip(1);
        let stanza = lines.next().unwrap_or_default();
        let mut words = stanza.split(' ').skip(2);
        let (salt, work, none) = (words.next(), words.next(), words.next());
        let other = Unopened::Damaged("it is not encrypted under a passphrase alone");
        let work: u8 = work.and_then(|w| w.parse().ok()).ok_or(other)?;
        let body = lines.next().unwrap_or_default();
        if !stanza.starts_with("-> scrypt ") || none.is_some() || lines.next() != Some("---") {
            return Err(other);
        }
        if !(1..=MOST_WORK).contains(&work) {
            return Err(Unopened::Damaged("its work factor is too high"));
        }
        let salt = salt.and_then(padded).ok_or(other)?;
        let mut wrapped = Zeroizing::new(padded(body).ok_or(other)?);
        let wrap = wrap_key(passphrase, &salt, work).ok_or(other)?;
        let key = wrap
            .open_in_place(zero_nonce(), Aad::empty(), &mut wrapped)
            .map_err(|_| Unopened::WrongPassphrase)?;
        let key = <[u8; 16]>::try_from(&*key).map_err(|_| other)?;
        Self::open_with(file, &FileKey::new(key))
    }

    /// Opens a file with its own key.
    pub fn open_with(file: &[u8], key: &FileKey) -> Result<(Self, Zeroizing<Vec<u8>>), Unopened> {
        let (header, rest) = parts(file)?;
        let damaged = Unopened::Damaged("it is damaged");
        let newline = rest.iter().position(|b| *b == b'\n').ok_or(damaged)?;
        let (code, payload) = rest.split_at_checked(newline).ok_or(damaged)?;
        let code = std::str::from_utf8(code)
            .ok()
            .and_then(|c| padded(c.trim_start()));
        let sealed = Self {
            header: header.to_owned(),
            key: key.clone(),
        };
        hmac::verify(
            &sealed.header_key(),
            header.as_bytes(),
            &code.ok_or(damaged)?,
        )
        .map_err(|_| damaged)?;
        let payload = payload.get(1..).unwrap_or_default();
        let (nonce, chunk) = payload.split_at_checked(16).ok_or(damaged)?;
        if chunk.len() > CHUNK + TAG {
            return Err(Unopened::Damaged("it is longer than any file of keys"));
        }
        let mut text = Zeroizing::new(chunk.to_vec());
        let length = sealed
            .payload_key(nonce)
            .ok_or(damaged)?
            .open_in_place(last_chunk(), Aad::empty(), &mut text)
            .map_err(|_| damaged)?
            .len();
        text.truncate(length);
        Ok((sealed, text))
    }

    /// The file with this text in it, in place of any before: under the same passphrase, by a new nonce.
    pub fn seal(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; 16];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let code = hmac::sign(&self.header_key(), self.header.as_bytes());
        let mut chunk = Zeroizing::new(Vec::with_capacity(text.len() + TAG));
        chunk.extend_from_slice(text);
        self.payload_key(&nonce)?
            .seal_in_place_append_tag(last_chunk(), Aad::empty(), &mut *chunk)
            .ok()?;
        let mut file = format!("{} {}\n", self.header, unpadded(code.as_ref())).into_bytes();
        file.extend_from_slice(&nonce);
        file.extend_from_slice(&chunk);
        (text.len() <= CHUNK).then_some(file)
    }

    /// What opens this file without its passphrase.
    pub fn key(&self) -> &FileKey {
        &self.key
    }

    fn header_key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &*derive(&*self.key, b"", b"header"))
    }

    fn payload_key(&self, nonce: &[u8]) -> Option<LessSafeKey> {
        aead(&derive(&*self.key, nonce, b"payload"))
    }
}

/// The header up to `---`, and what follows it.
fn parts(file: &[u8]) -> Result<(&str, &[u8]), Unopened> {
    const END: &[u8] = b"\n---";
    let other = Unopened::Damaged("it is not a file of the age format");
    if !file.starts_with(VERSION.as_bytes()) {
        return Err(other);
    }
    let at = file
        .windows(END.len())
        .position(|w| w == END)
        .ok_or(other)?;
    let (header, rest) = file.split_at_checked(at + END.len()).ok_or(other)?;
    Ok((std::str::from_utf8(header).map_err(|_| other)?, rest))
}

fn wrap_key(passphrase: &str, salt: &[u8], work: u8) -> Option<LessSafeKey> {
    let salt = [SCRYPT_LABEL, salt].concat();
    let parameters = scrypt::Params::new(work, 8, 1).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    scrypt::scrypt(passphrase.as_bytes(), &salt, &parameters, &mut *key).ok()?;
    aead(&key)
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(key: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut derived = Zeroizing::new([0; 32]);
    let extracted = Salt::new(HKDF_SHA256, salt).extract(key);
    let info = [info];
    // 32 bytes can always be had of SHA-256.
    let _ = extracted
        .expand(&info, Bytes32)
        .and_then(|expanded| expanded.fill(&mut *derived));
    derived
}

fn aead(key: &[u8; 32]) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key).ok()?;
    Some(LessSafeKey::new(key))
}

/// A wrapping key is used once.
fn zero_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

/// The first chunk is the last.
fn last_chunk() -> Nonce {
    Nonce::assume_unique_for_key([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
}

fn unpadded(bytes: &[u8]) -> String {
    base64::encode(bytes).trim_end_matches('=').to_owned()
}

fn padded(text: &str) -> Option<Vec<u8>> {
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    base64::decode(format!("{text}{padding}")).ok()
}

#[cfg(test)]
#[path = "age_format_tests.rs"]
mod tests;
