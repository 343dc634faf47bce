//! What a run leaves behind: the session it printed, the files of the store, the key of the kernel.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Finished, Test, World};

/// A session as `awsmfa env --format json` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    pub expiration: String,
}

impl Printed {
    /// Reads standard output.
    #[track_caller]
    pub fn of(text: &str) -> Self {
        let json: serde_json::Value =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text:?}"));
        let field = |name: &str| json["Credentials"][name].as_str().unwrap().to_owned();
        Self {
            access_key_id: field("AccessKeyId"),
            secret_access_key: field("SecretAccessKey"),
            session_token: field("SessionToken"),
            expiration: field("Expiration"),
        }
    }
}

impl World {
    /// Runs `awsmfa env --format json` with these arguments, to be given further expectations.
    pub fn env_json(&self, args: &[&str]) -> Test<'_> {
        let all = ["env", "--format", "json"].iter().chain(args).copied();
        self.awsmfa(all).any_stdout()
    }

    /// The session that `awsmfa env` gives with these arguments, without a word on standard error.
    #[track_caller]
    pub fn session(&self, args: &[&str]) -> Printed {
        Printed::of(&self.env_json(args).run().stdout)
    }

    /// The session that a code buys.
    #[track_caller]
    pub fn session_for_a_code(&self, args: &[&str]) -> Printed {
        let code = self.code();
        self.session(&[args, &["--token-code", &code]].concat())
    }

    /// Runs `env` where it has to fail for want of a code: nothing that is stored served.
    #[track_caller]
    pub fn assert_asks(&self, args: &[&str]) -> Finished {
        let all = [args, &["--no-input"]].concat();
        self.env_json(&all).any_stderr().status(5).run()
    }

    /// What `awsmfa status --json` says.
    #[track_caller]
    pub fn status_json(&self) -> serde_json::Value {
        let ran = self.awsmfa(["status", "--json"]).any_stdout().run();
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// The folder of the store.
    pub fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// The names of the files in the store.
    pub fn stored(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.state()).into_iter().flatten();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    /// The one entry of the store.
    #[track_caller]
    pub fn entry(&self) -> PathBuf {
        let entries: Vec<String> = self.stored().into_iter().collect();
        let [entry] = entries.as_slice() else {
            panic!("not one file: {entries:?}")
        };
        self.state().join(entry)
    }

    /// Every file of the home that holds this text, but for the ones named.
    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        walk(&self.path(""), &mut |path| {
            let bytes = fs::read(path).unwrap_or_default();
            if bytes.windows(text.len()).any(|w| w == text.as_bytes()) {
                found.push(path.to_owned());
            }
        });
        found
    }

    /// Every file and folder of the home, below it.
    pub fn tree(&self) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        walk(&self.path(""), &mut |path| {
            found.insert(path.to_owned());
        });
        found
    }
}

/// Hands every file and every folder below this one to `see`; follows no link.
fn walk(folder: &Path, see: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        see(&path);
        if path.symlink_metadata().is_ok_and(|m| m.is_dir()) {
            walk(&path, see);
        }
    }
}

/// Removes the key of the store in this folder from the kernel's keyring of this user.
#[cfg(target_os = "linux")]
pub fn forget_key(state: &str) {
    invalidate(&format!("awsmfa:{state}"));
}

/// The same, and what opens the passphrase file there, which would rest for a day.
#[cfg(target_os = "linux")]
pub fn forget_every_key(state: &str) {
    forget_key(state);
    invalidate(&format!("awsmfa-keys:{state}/keys.age"));
}

#[cfg(target_os = "linux")]
fn invalidate(name: &str) {
    use linux_keyutils::{KeyRing, KeyRingIdentifier};
    let forget = || {
        let user = KeyRing::from_special_id(KeyRingIdentifier::User, false)?;
        let process = KeyRing::from_special_id(KeyRingIdentifier::Process, true)?;
        process.link_keyring(user)?;
        user.search(name)?.invalidate()
    };
    // Most worlds have none.
    let _: Result<(), linux_keyutils::KeyError> = forget();
}
