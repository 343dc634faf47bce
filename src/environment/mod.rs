//! The process environment as a value: every variable that can change what the program does is
//! named here, read once, and handed down. Nothing below asks the process again.

pub mod home;
pub mod marks;
pub mod patch;
pub mod session_here;
pub mod words;

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};

/// Every variable the program reads.
pub const READ: &[&str] = &[
    // What a session is made of.
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    // Which profile, which files, which endpoint.
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_MFA_SERIAL",
    "AWS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_SIGNIN",
    "AWS_ENDPOINT_URL_IAM",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    // Ours.
    "AWSMFA_PROFILE",
    "AWSMFA_EXPIRES",
    "AWSMFA_SESSION",
    "AWSMFA_REGION",
    "AWSMFA_KEEP_PROFILE",
    "AWSMFA_LOG",
    "AWSMFA_STORE",
    "AWSMFA_KEYS",
    // The session bus, for Secret Service.
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_RUNTIME_DIR",
    "AWSMFA_STATE_DIR",
    "AWSMFA_IN_PROCESS",
    "AWSMFA_CONFIG_FILE",
    "AWSMFA_SHARED_CREDENTIALS_FILE",
    "AWSMFA_PROMPT_VARIABLE",
    // What other tools leave beside their sessions.
    "AWS_VAULT",
    "AWSUME_PROFILE",
    "AWSUME_EXPIRATION",
    "AWSU_PROFILE",
    "AWS_SSO_PROFILE",
    "AWS_SESSION_EXPIRATION",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    // Where `aws login` keeps what it gets.
    "AWS_LOGIN_CACHE_DIRECTORY",
    // Where we are.
    "HOME",
    "USERPROFILE",
    "LOCALAPPDATA",
    "XDG_STATE_HOME",
    "MSYSTEM",
    "DIRENV_IN_ENVRC",
    "DIRENV_DIR",
    "GITHUB_ENV",
    "USER",
    "USERNAME",
];

/// What only `setup` and `doctor` read in addition: where a shell's files are, and what other tools leave behind.
const SURROUNDINGS: &[&str] = &[
    "PATH",
    "SHELL",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "ZDOTDIR",
    "PROFILE",
    "AWS_CREDENTIAL_EXPIRATION",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
];

/// The variables of [`READ`] that are set and not empty. (An empty variable means "not set" to every
/// AWS SDK, and is what PowerShell's `$env:X = ''` leaves behind.)
#[derive(Clone, Default)]
pub struct Environment {
    set: BTreeMap<&'static str, OsString>,
    /// The home directory that the system knows of, where no variable names one.
    home_of_system: Option<OsString>,
}

/// Those of these names that are set in the process environment and not empty. It is gone through once: to ask for
/// each name goes through it each time, a tenth of the instructions of a warm run.
fn set_among(names: &[&'static str]) -> BTreeMap<&'static str, OsString> {
    let mut set = BTreeMap::new();
    for (name, value) in env::vars_os() {
        let is_it = |wanted: &&&str| match cfg!(windows) {
            true => name.eq_ignore_ascii_case(wanted),
            false => name == **wanted,
        };
        if let Some(name) = names.iter().find(is_it) {
            // A name that stands there twice has its first value, as for `getenv`.
            set.entry(*name).or_insert(value);
        }
    }
    set.retain(|_, value: &mut OsString| !value.is_empty());
    set
}

impl Environment {
    /// Reads the process environment.
    pub fn of_this_process() -> Self {
        let set = set_among(READ);
        let home_of_system = match home::named(&set) {
            Some(_) => None,
            None => home::of_system(),
        };
        Self {
            set,
            home_of_system,
        }
    }

    /// The same with what surrounds the shell: for the commands that look around in it.
    pub fn with_surroundings(mut self) -> Self {
        self.set.extend(set_among(SURROUNDINGS));
        self
    }

    /// The value as text; bytes that are not UTF-8 count as not set.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.path(name)?.to_str()
    }

    /// The value as it is, for a path.
    pub fn path(&self, name: &str) -> Option<&OsStr> {
        debug_assert!(
            READ.contains(&name) || SURROUNDINGS.contains(&name),
            "{name} is not declared"
        );
        self.set.get(name).map(OsString::as_os_str)
    }

    /// Those of these names that are set, in alphabetical order.
    pub fn among<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'static str> + 'a {
        let set = self.set.keys().copied();
        set.filter(|name| names.contains(name))
    }

    /// The names of what is set, in the order of [`READ`].
    pub fn names(&self) -> Vec<&str> {
        let is_set = |name: &&str| self.set.contains_key(*name);
        READ.iter().copied().filter(is_set).collect()
    }

    /// `true` as the AWS SDKs read it, and as `1` says it in a shell.
    pub fn flag(&self, name: &str) -> bool {
        self.var(name)
            .is_some_and(|v| v == "1" || v.eq_ignore_ascii_case("true"))
    }

    /// An environment of these pairs.
    #[cfg(test)]
    pub fn of(pairs: &[(&'static str, &str)]) -> Self {
        Self {
            set: pairs.iter().map(|(k, v)| (*k, v.into())).collect(),
            home_of_system: None,
        }
    }
}
