//! The bytes of an entry: a line that says what it is, a header in JSON on a line, the sealed body.
//! Pure but for the random nonce.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::seal::Sealing;
use crate::model::role_options::RoleOptions;
use crate::model::session::{Credentials, Secret, Session, Timestamp};

const SEALED: &str = "awsmfa session 1 sealed";
const PLAIN: &str = "awsmfa session 1 plain";
const SUFFIX: &str = ".session";

/// What `status` and a renewal need to know: authenticated, not encrypted, never a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The profile asked for.
    pub profile: String,
    /// The account, where an ARN names it.
    pub account: Option<String>,
    /// The role's ARN, or the MFA device's for a session of the user.
    pub principal: Option<String>,
    /// When the session ends.
    pub expiration: Timestamp,
    /// How long it was asked for, in seconds: it serves every wish up to that.
    pub asked_seconds: u32,
    /// The region of the STS that gave it.
    #[serde(default)]
    pub region: Option<String>,
    /// Whether it is the session that the source itself gives, by no call to STS.
    #[serde(default)]
    pub is_of_source: bool,
    /// What to ask again for the same session.
    pub renewal: Renewal,
}

/// The flags behind a session, as they were given; never a code, never a command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// The profile's name.
    pub profile: String,
    /// `--serial-number`.
    pub serial: Option<String>,
    /// `--duration`, in seconds.
    pub duration: Option<u32>,
    /// `--role-arn`.
    pub role_arn: Option<String>,
    /// `--role-session-name`.
    pub role_session_name: Option<String>,
    /// `--external-id`.
    pub external_id: Option<String>,
    /// `--policy-arn`, `--session-tag`, `--source-identity`.
    #[serde(default, skip_serializing_if = "RoleOptions::is_empty")]
    pub role_options: RoleOptions,
    /// `--region`, or the region of the shell.
    pub region: Option<String>,
    /// Whether it was `--region`, which is the shell's region then.
    #[serde(default)]
    pub region_is_shells: bool,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// `--ca-bundle`.
    #[serde(default)]
    pub ca_bundle: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Zeroizing<String>,
}

/// The file of a session's entry.
pub fn file_name(name: &str) -> String {
    format!("{name}{SUFFIX}")
}

/// The entry that a file is, by its name.
pub fn name_of(file: &str) -> Option<&str> {
    let name = file.strip_suffix(SUFFIX)?;
    (name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit())).then_some(name)
}

/// The bytes to write.
pub fn encode(
    name: &str,
    header: &Header,
    session: &Session,
    sealing: &Sealing,
) -> Result<Vec<u8>, &'static str> {
    let body = Body {
        access_key_id: session.credentials.access_key_id.clone(),
        secret_access_key: Zeroizing::new(
            session.credentials.secret_access_key.expose().to_owned(),
        ),
        session_token: Zeroizing::new(session.token().to_owned()),
    };
    let header = serde_json::to_string(header).map_err(|_| "the header cannot be written")?;
    let body = Zeroizing::new(serde_json::to_vec(&body).map_err(|_| "the body cannot be written")?);
    let sealed = sealing.seal(&associated(name, &header), &body)?;
    let (magic, _) = magics(sealing);
    Ok([magic.as_bytes(), b"\n", header.as_bytes(), b"\n", &sealed].concat())
}

/// Reads them back; `None` for anything that [`encode`] did not write under this name and key.
pub fn decode(name: &str, bytes: &[u8], sealing: &Sealing) -> Option<(Header, Session)> {
    let (header_text, body) = split(bytes, magics(sealing).0)?;
    let body = sealing.open(&associated(name, header_text), body)?;
    let header: Header = serde_json::from_str(header_text).ok()?;
    let body: Body = serde_json::from_slice(&body).ok()?;
    let session = Session {
        credentials: Credentials {
            access_key_id: body.access_key_id,
            secret_access_key: Secret::new(&**body.secret_access_key),
            session_token: Some(Secret::new(&**body.session_token)),
        },
        expiration: header.expiration,
    };
    Some((header, session))
}

/// When an entry of the other kind says that it ends: it was written under the other setting of
/// `AWSMFA_STORE`, and stays for it. Nothing of this is authenticated; it is for tidying up alone.
pub fn end_of_other_kind(bytes: &[u8], sealing: &Sealing) -> Option<Timestamp> {
    header_of(bytes, magics(sealing).1).map(|header| header.expiration)
}

/// What an entry of either kind says of itself, which nothing proves: to forget it, no more is needed.
pub fn unproven(bytes: &[u8]) -> Option<Header> {
    header_of(bytes, SEALED).or_else(|| header_of(bytes, PLAIN))
}

fn header_of(bytes: &[u8], magic: &str) -> Option<Header> {
    serde_json::from_str(split(bytes, magic)?.0).ok()
}

/// The first line of what this sealing writes, and that of the other one.
fn magics(sealing: &Sealing) -> (&'static str, &'static str) {
    match sealing {
        Sealing::Key(_) => (SEALED, PLAIN),
        Sealing::Plain => (PLAIN, SEALED),
    }
}

/// Header and body behind this first line.
fn split<'a>(bytes: &'a [u8], magic: &str) -> Option<(&'a str, &'a [u8])> {
    let rest = bytes.strip_prefix(magic.as_bytes())?.strip_prefix(b"\n")?;
    let end = rest.iter().position(|b| *b == b'\n')?;
    let header = std::str::from_utf8(rest.get(..end)?).ok()?;
    Some((header, rest.get(end + 1..)?))
}

fn associated(name: &str, header: &str) -> Vec<u8> {
    [name.as_bytes(), b"\n", header.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "0123456789abcdef0123456789abcdef";

    fn sample() -> (Header, Session) {
        let header = Header {
            profile: "dev".into(),
            account: None,
            principal: None,
            expiration: Timestamp(2_000),
            asked_seconds: 900,
            region: None,
            is_of_source: false,
            renewal: Renewal::default(),
        };
        let credentials = Credentials {
            access_key_id: "ASIA1".into(),
            secret_access_key: Secret::new("canary-key"),
            session_token: Some(Secret::new("canary-token")),
        };
        (
            header,
            Session {
                credentials,
                expiration: Timestamp(2_000),
            },
        )
    }

    fn sealed() -> (Vec<u8>, Sealing) {
        let sealing = Sealing::Key(Zeroizing::new([7; 32]));
        let (header, session) = sample();
        (encode(NAME, &header, &session, &sealing).unwrap(), sealing)
    }

    #[test]
    fn what_was_written_is_read_and_holds_no_secret() {
        let (bytes, sealing) = sealed();
        assert_eq!(decode(NAME, &bytes, &sealing), Some(sample()));
        assert!(!String::from_utf8_lossy(&bytes).contains("canary"));
    }

    #[test]
    fn every_changed_byte_another_name_and_another_key_are_noticed() {
        let (bytes, sealing) = sealed();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(decode(NAME, &changed, &sealing), None, "byte {at}");
            assert_eq!(decode(NAME, &bytes[..at], &sealing), None, "cut at {at}");
        }
        assert_eq!(
            decode("ffffffffffffffffffffffffffffffff", &bytes, &sealing),
            None
        );
        assert_eq!(
            decode(NAME, &bytes, &Sealing::Key(Zeroizing::new([8; 32]))),
            None
        );
    }

    #[test]
    fn a_plain_file_does_not_pass_for_a_sealed_one() {
        let (header, session) = sample();
        let plain = encode(NAME, &header, &session, &Sealing::Plain).unwrap();
        assert_eq!(decode(NAME, &plain, &Sealing::Plain), Some(sample()));
        assert_eq!(decode(NAME, &plain, &sealed().1), None);
    }
}
