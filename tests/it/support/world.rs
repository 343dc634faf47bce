//! A machine of its own for each test: a private home with AWS files written from text, an emptied
//! environment, and (where a test asks for it) a local STS that knows one user.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::shells::say_skipped;
use super::sts::{Builder, LocalSts, User};
use super::transcript::Test;

/// The real binary.
pub const AWSMFA: &str = env!("CARGO_BIN_EXE_awsmfa");

/// A home and the environment of everything that a test starts.
pub struct World {
    home: TempDir,
    env: BTreeMap<String, String>,
    sts: Option<LocalSts>,
}

/// macOS's temporary folder is a link; programs that resolve it would print another path. Windows's form of
/// a resolved path, `\\?\C:\…`, is nothing that cmd can run.
fn resolved(path: &Path) -> PathBuf {
    if cfg!(windows) {
        return path.to_owned();
    }
    path.canonicalize().unwrap()
}

/// Whether a home that was made for a test can have an encrypted store.
const ENCRYPTS: bool = !cfg!(target_os = "macos");

/// The same; if not, says so.
pub fn store_is_encrypted() -> bool {
    if !ENCRYPTS {
        say_skipped("the home of a test has no keychain");
    }
    ENCRYPTS
}

/// What this system says where nobody listens.
fn nobody_listens() -> String {
    #[cfg(unix)]
    let number = rustix::io::Errno::CONNREFUSED.raw_os_error();
    #[cfg(windows)]
    let number = 10061;
    std::io::Error::from_raw_os_error(number).to_string()
}

impl World {
    /// An empty home, no STS. Nothing of the environment of the test runner comes along; the store
    /// is off, so that no test meets the sessions of another in the kernel's keyring.
    pub fn new() -> Self {
        #[cfg(unix)]
        super::signals::reset_for_children();
        let home = tempfile::Builder::new()
            .prefix("awsmfa-test-")
            .tempdir()
            .unwrap();
        let path = resolved(home.path());
        fs::create_dir(path.join(".aws")).unwrap();
        fs::create_dir(path.join("work")).unwrap();
        let bin = Path::new(AWSMFA).parent().unwrap().to_owned();
        let system = if cfg!(windows) {
            vec![PathBuf::from(r"C:\Windows\System32")]
        } else {
            // On macOS direnv and newer shells are Homebrew's.
            let homebrew = ["/opt/homebrew/bin", "/usr/local/bin"];
            let homebrew = homebrew.iter().filter(|_| cfg!(target_os = "macos"));
            homebrew
                .chain(&["/usr/bin", "/bin"])
                .map(PathBuf::from)
                .collect()
        };
        let path_variable = std::env::join_paths(std::iter::once(bin).chain(system)).unwrap();
        let world = Self {
            home,
            env: BTreeMap::new(),
            sts: None,
        };
        let world = world
            .env("HOME", path.to_str().unwrap())
            .env("PATH", path_variable.to_str().unwrap())
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "dumb")
            .env("AWSMFA_STATE_DIR", path.join("state").to_str().unwrap())
            .env("AWSMFA_STORE", "off");
        if cfg!(windows) {
            let system_root = std::env::var("SystemRoot").unwrap();
            return world
                .env("USERPROFILE", path.to_str().unwrap())
                .env("SystemRoot", system_root);
        }
        world
    }

    /// alice, her keys and her MFA device in the default profile, and an STS that knows her.
    pub fn alice() -> Self {
        Self::alice_of(LocalSts::start())
    }

    /// The same with an STS of the test's own making.
    pub fn alice_at(sts: Builder) -> Self {
        Self::alice_of(sts.start())
    }

    /// The same with an STS that runs already.
    pub fn alice_of(sts: LocalSts) -> Self {
        let world = Self::new().with_sts(sts);
        let config = format!("[default]\nmfa_serial = {}\n", world.user().mfa_serial);
        let credentials = world.keys("default");
        world.config(config).credentials(credentials)
    }

    /// Starts an STS on the loopback interface and points every program here to it.
    pub fn local_sts(self) -> Self {
        self.with_sts(LocalSts::start())
    }

    /// The same with an STS of the test's own making.
    pub fn sts_of(self, sts: Builder) -> Self {
        self.with_sts(sts.start())
    }

    fn with_sts(mut self, sts: LocalSts) -> Self {
        self.set("AWS_ENDPOINT_URL_STS", sts.url());
        self.set("AWS_ENDPOINT_URL_IAM", sts.url());
        self.sts = Some(sts);
        self
    }

    /// Turns the store on, as it is without any setting: encrypted. Its folder is private to this
    /// world and so is its key, which goes when the world does. (A home that was made for a test has no
    /// keychain: on macOS the store is in plain files.)
    pub fn with_store(self) -> Self {
        self.env("AWSMFA_STORE", if ENCRYPTS { "" } else { "file" })
    }

    /// `~/.aws/config`.
    pub fn config(self, text: impl AsRef<[u8]>) -> Self {
        self.file(".aws/config", text)
    }

    /// `~/.aws/credentials`.
    pub fn credentials(self, text: impl AsRef<[u8]>) -> Self {
        self.file(".aws/credentials", text)
    }

    /// A file of the home, folders included.
    pub fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// A variable of everything started from here on.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// The same for a world that is already in use.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.env.insert(name.to_owned(), value.into());
    }

    /// A path inside the home; `""` is the home itself.
    pub fn path(&self, name: &str) -> PathBuf {
        resolved(self.home.path()).join(name)
    }

    /// What a file of the home holds.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The variables as they stand.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.env
    }

    /// The STS of this world.
    pub fn sts(&self) -> &LocalSts {
        self.sts
            .as_ref()
            .expect("World::alice or World::local_sts starts one")
    }

    /// The user that the AWS files hold.
    pub fn user(&self) -> &User {
        self.sts().user("alice")
    }

    /// alice's long-term keys as a section of the credentials file.
    pub fn keys(&self, profile: &str) -> String {
        let User {
            access_key_id,
            secret_access_key,
            ..
        } = self.user();
        format!(
            "[{profile}]\naws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\n"
        )
    }

    /// A code that the STS will take, once.
    pub fn code(&self) -> String {
        self.user().fresh_code()
    }

    /// A program in this world: nothing but the variables set here, in an empty folder.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(&self.env)
            .current_dir(self.path("work"));
        command
    }

    /// A run of the real binary with these arguments, to be given its expectations.
    pub fn awsmfa<I>(&self, args: I) -> Test<'_>
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Test::new(self, args.into_iter().map(Into::into).collect())
    }

    /// The text with what differs from run to run and from system to system named instead: `[HOME]`, `[STS]`,
    /// `[REFUSED]` for a port that nobody listens on.
    pub fn redacted(&self, text: &str) -> String {
        let mut text = text.replace(
            self.path("").to_str().unwrap().trim_end_matches('/'),
            "[HOME]",
        );
        text = text.replace(&nobody_listens(), "[REFUSED]");
        if let Some(sts) = &self.sts {
            text = text.replace(sts.url(), "[STS]");
        }
        text
    }
}

impl Drop for World {
    /// Takes its keys out of the kernel's keyring again: a user has room for 200.
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        if let Some(state) = self.env.get("AWSMFA_STATE_DIR") {
            super::stored::forget_every_key(state);
        }
    }
}
