//! A long-term key that is not in the AWS files: which one, and where. Not secret.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where long-term keys can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Of macOS.
    Keychain,
    /// Of Windows.
    CredentialManager,
    /// GNOME Keyring, KWallet or KeePassXC, over D-Bus.
    SecretService,
    /// A file encrypted under a passphrase.
    File,
}

impl Place {
    /// All of them.
    pub const ALL: [Place; 4] = [
        Place::Keychain,
        Place::CredentialManager,
        Place::SecretService,
        Place::File,
    ];

    /// As `AWSMFA_KEYS` names it.
    pub fn name(self) -> &'static str {
        match self {
            Place::Keychain => "keychain",
            Place::CredentialManager => "credential-manager",
            Place::SecretService => "secret-service",
            Place::File => "file",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::Keychain => "the Keychain",
            Place::CredentialManager => "Credential Manager",
            Place::SecretService => "Secret Service",
            Place::File => "the passphrase file",
        })
    }
}

/// The key of one profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptKey {
    /// Whose it is.
    pub profile: String,
    /// `AKIA…`.
    pub access_key_id: String,
    /// Where its secret is.
    pub place: Place,
    /// After which key its sessions are named, where it came by a rotation; `None` is itself. A rotation changes
    /// the key and not the user: what is stored, and the shells that hold it, go on as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions_of: Option<String>,
}

impl KeptKey {
    /// The access key id that its sessions are named after.
    pub fn sessions_id(&self) -> &str {
        self.sessions_of.as_deref().unwrap_or(&self.access_key_id)
    }
}

/// A line that was taken out of a file, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenLine {
    /// Whether it stood in the config file; else in the credentials file.
    pub in_config: bool,
    /// Which of the profile's sections in that file it stood in.
    pub section: usize,
    /// After how many lines of it that stay, the header being the first.
    pub after: usize,
    /// `aws_access_key_id = `, as it was written.
    pub before_value: String,
    /// Blanks and the end of the line.
    pub after_value: String,
    /// Whether the value is the secret.
    pub is_secret: bool,
}
