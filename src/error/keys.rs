//! What can go wrong with long-term keys outside the AWS files.

use std::path::PathBuf;

use super::{Error, Location, NoTerminal, Refusal};
use crate::error::kept_key::{KeptKey, Place};

/// What rotating takes. A statement for a policy of the user.
const POLICY: &str = r#"{"Effect": "Allow", "Action": ["iam:ListAccessKeys", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey", "iam:GetAccessKeyLastUsed"], "Resource": "arn:aws:iam::*:user/${aws:username}"}"#;

/// What went wrong. The sentence is lower case and without a full stop.
#[derive(Debug, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "each variant's sentence says what its fields are"
)]
pub enum KeysError {
    #[error("{place} cannot be used for keys: {reason}")]
    Store { place: Place, reason: String },
    #[error("{place} is locked and nobody can be asked: {why}")]
    Locked { place: Place, why: NoTerminal },
    #[error("the passphrase file is new and wants a passphrase, and nobody can be asked: {why}")]
    NoPassphrase { why: NoTerminal },
    #[error("AWSMFA_KEYS is {text:?}, which is not a place for keys")]
    NoSuchPlace { text: String },
    #[error("{} cannot be used: {reason}", path.display())]
    Index { path: PathBuf, reason: String },
    #[error("there is no folder for the index of keys: {reason}")]
    NoIndex { reason: String },
    #[error("the access key {} of profile {} is not in {} any more", key.access_key_id, key.profile, key.place)]
    Gone { key: KeptKey },
    #[error("profile {} has an access key in {location} and one in {}", key.profile, key.place)]
    Twice { key: KeptKey, location: Location },
    #[error("profile {profile} has no long-term key to import")]
    NothingToImport { profile: String },
    #[error("what profile {profile} has in {location} is a session, not a long-term key")]
    NotLongTerm { profile: String, location: Location },
    #[error("{location} holds another key than the one that profile {profile} uses")]
    Differs { profile: String, location: Location },
    #[error("the value in {location} continues on the next line")]
    Continued { location: Location },
    #[error("profile {} has the access key {} in {} already", key.profile, key.access_key_id, key.place)]
    OtherKey { key: KeptKey },
    #[error("profile {profile} has no key in a key store")]
    NotKept { profile: String },
    #[error("{} holds the only copy of the access key {} that awsmfa knows, and nobody can be asked: {why}", key.place, key.access_key_id)]
    OnlyCopy { key: KeptKey, why: NoTerminal },
    #[error(
        "awsmfa asks before it forgets the access key of profile {profile}, and nobody can be asked: {why}"
    )]
    NotAgreed { profile: String, why: NoTerminal },
    #[error("the access key of profile {profile} is typed, and nobody can be asked: {why}")]
    NotTyped { profile: String, why: NoTerminal },
    #[error("profile {profile} has another access key in {location}")]
    InTheFile { profile: String, location: Location },
    #[error("{what} does not look like one of AWS's")]
    Malformed { what: &'static str },
    #[error("profile {profile} takes a role, and its keys are those of profile {source_profile}")]
    OfSource {
        profile: String,
        source_profile: String,
    },
    #[error(
        "profile {profile} has the same access key in {found}, and would be left with the old one"
    )]
    SharedElsewhere {
        profile: String,
        found: String,
        in_file: String,
    },
    #[error("profile {profile} has no long-term key that could be replaced")]
    NothingToRotate { profile: String },
    #[error("the access key of profile {profile} is split between the two AWS files")]
    InBothFiles { profile: String },
    #[error(
        "AWS does not name {access_key_id} among the access keys of the user whose session this is"
    )]
    NotOfUser {
        profile: String,
        access_key_id: String,
    },
    #[error("the user has two access keys, which is all that AWS allows: {used}, and {other}, {state}{}", nobody(*why))]
    TwoKeys {
        profile: String,
        used: String,
        other: String,
        state: String,
        why: Option<NoTerminal>,
    },
    #[error("{refusal}")]
    NotAllowed { refusal: Box<Refusal> },
    #[error(
        "the new access key of profile {profile} cannot be kept, so it is deleted again and nothing is changed: {reason}"
    )]
    NewKeyNotKept { profile: String, reason: String },
    #[error("a rotation of the access key of profile {profile} has not ended")]
    Unfinished { profile: String },
    #[error("no rotation of profile {profile} has left an old access key")]
    NothingToDelete { profile: String },
    #[error(
        "AWS does not know the new access key {new} after {seconds} seconds; the old one is still used"
    )]
    NotKnownYet {
        profile: String,
        new: String,
        seconds: u64,
    },
    #[error("nothing is changed")]
    Declined,
}

/// The end of a sentence about what would be asked.
fn nobody(why: Option<NoTerminal>) -> String {
    why.map_or_else(String::new, |why| format!("; nobody can be asked: {why}"))
}

impl From<KeysError> for Error {
    fn from(error: KeysError) -> Self {
        Error::Keys(Box::new(error))
    }
}

impl KeysError {
    /// The documented exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            KeysError::Locked { .. }
            | KeysError::NoPassphrase { .. }
            | KeysError::OnlyCopy { .. }
            | KeysError::NotAgreed { .. }
            | KeysError::NotTyped { .. }
            | KeysError::TwoKeys { why: Some(_), .. } => 5,
            KeysError::NotAllowed { .. } => 3,
            KeysError::NotKnownYet { .. } => 4,
            _ => 1,
        }
    }

    /// What to do.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            KeysError::Store { place: Place::SecretService, .. } => {
                "start the desktop's key store (gnome-keyring, KWallet, KeePassXC), or set AWSMFA_KEYS=file for a file \
                 under a passphrase"
                    .to_owned()
            }
            KeysError::Store { place: Place::File, .. } => {
                "look at keys.age in the folder of the stored sessions, and at the disk, and try again".to_owned()
            }
            KeysError::Store { .. } => {
                "set AWSMFA_KEYS to another place: keychain, credential-manager, secret-service or file".to_owned()
            }
            KeysError::Locked { place: Place::File, why } => {
                format!("{}: the passphrase is not asked for again for a day", why.hint())
            }
            KeysError::NoPassphrase { why } | KeysError::NotTyped { why, .. } => why.hint().to_owned(),
            KeysError::NotAgreed { why, .. } => {
                format!("{}, or add --no-input: another copy of the key stays", why.hint())
            }
            KeysError::Locked { .. } => "unlock it, or run the command once without --no-input".to_owned(),
            KeysError::NoSuchPlace { .. } => {
                let names = Place::ALL.map(Place::name);
                format!("set AWSMFA_KEYS to one of {}, or unset it", names.join(", "))
            }
            KeysError::Index { path, .. } => format!(
                "it holds no secret: look at it, or remove {} and run awsmfa keys add for each profile",
                path.display()
            ),
            KeysError::NoIndex { .. } => "set AWSMFA_STATE_DIR to a folder of your own".to_owned(),
            KeysError::Gone { key } => format!(
                "run awsmfa keys remove {0} and then awsmfa keys add {0}",
                key.profile
            ),
            KeysError::Twice { key, .. } => format!(
                "run awsmfa keys import {0} to finish moving it, or awsmfa keys remove {0} to go on with the file",
                key.profile
            ),
            KeysError::NothingToImport { profile } => format!(
                "run awsmfa keys add {profile} to type one, or awsmfa keys list to see what there is"
            ),
            KeysError::NotLongTerm { profile, .. } => {
                format!("run aws configure --profile {profile} to put the long-term key (AKIA…) back, and remove aws_session_token")
            }
            KeysError::Differs { .. } => "remove the lines of the key that is not wanted, then import again".to_owned(),
            KeysError::Continued { .. } => "write the value on one line".to_owned(),
            KeysError::OtherKey { key } => format!(
                "run awsmfa keys remove {} first, if the one there is not wanted any more",
                key.profile
            ),
            KeysError::NotKept { .. } => "run awsmfa keys list to see which profiles have one".to_owned(),
            KeysError::OnlyCopy { key, .. } => format!(
                "run awsmfa keys export {0} first, or awsmfa keys remove {0} on a terminal",
                key.profile
            ),
            KeysError::InTheFile { profile, .. } => {
                format!("remove it there first, or name another file; the key of {profile} in the key store stays")
            }
            KeysError::Malformed { .. } => {
                "an access key id is about 20 letters and digits and begins with AKIA, its secret has 40 characters".to_owned()
            }
            KeysError::OfSource { source_profile, .. } => format!("name that profile: {source_profile}"),
            KeysError::SharedElsewhere { in_file, .. } => {
                format!("run awsmfa keys import {in_file} first, so that both get the new key")
            }
            KeysError::NothingToRotate { profile } => format!(
                "run awsmfa keys import {profile} where a credential_process gives one, or awsmfa keys list to see \
                 what there is"
            ),
            KeysError::InBothFiles { profile } => format!(
                "run awsmfa keys import {profile}, or write both lines into one of the files"
            ),
            KeysError::NotOfUser { profile, .. } => format!(
                "if it is another user's session, run awsmfa logout {profile} and rotate again; a key that was \
                 deleted is replaced by awsmfa keys remove {profile} and awsmfa keys add {profile}"
            ),
            KeysError::TwoKeys { profile, other, .. } => format!(
                "if nothing uses {other} any more, run aws iam delete-access-key --access-key-id {other} and then \
                 awsmfa keys rotate {profile}"
            ),
            KeysError::NotAllowed { .. } => format!("add to the user's policy: {POLICY}"),
            KeysError::NewKeyNotKept { profile, .. } => {
                format!("make room, and run awsmfa keys rotate {profile} again")
            }
            KeysError::Unfinished { profile } => format!("run awsmfa keys rotate {profile}, which goes on with it"),
            KeysError::NothingToDelete { profile } => {
                format!("run awsmfa keys rotate {profile} to replace the key that is used")
            }
            KeysError::NotKnownYet { profile, .. } => {
                format!("run awsmfa keys rotate {profile} again in a minute: it goes on from there")
            }
            KeysError::Declined => return None,
        })
    }
}
