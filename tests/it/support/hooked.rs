//! Somebody who has the hook: two accounts, a terminal whose shell has loaded it, and what that shell
//! exports after each line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::pty::Terminal;
use super::shells::{self, Shell};
use super::sts::{Builder, LocalSts};
use super::world::AWSMFA;
use super::{Test, World};

/// The shells that have a prompt check.
pub fn shells() -> Vec<Shell> {
    let mut shells = main_shells();
    let others = ["pwsh", "elvish", "tcsh", "xonsh", "nushell"];
    shells.extend(others.into_iter().filter_map(shells::named));
    shells
}

/// Those of them that have what a test is about, such as `$PIPESTATUS` or a trace.
pub fn main_shells() -> Vec<Shell> {
    let names = ["bash", "zsh", "fish"];
    names.into_iter().filter_map(shells::named).collect()
}

/// alice's account as profile `a` and bob's as `b`; `reader` is a role that alice may assume without
/// another code, and `nobody` has never been used. Sessions are kept in plain files, so that no test
/// meets another's in the keyring.
pub fn two_accounts() -> World {
    two_accounts_of(LocalSts::builder())
}

/// The same with an STS of the test's own making.
pub fn two_accounts_of(sts: Builder) -> World {
    let world = World::new().sts_of(sts).env("AWSMFA_STORE", "file");
    let (alice, bob) = (world.sts().user("alice"), world.sts().user("bob"));
    let mut config = String::new();
    let mut credentials = String::new();
    for (profile, user) in [("a", alice), ("b", bob), ("nobody", bob)] {
        config += &format!("[profile {profile}]\nmfa_serial = {}\n", user.mfa_serial);
        credentials += &format!(
            "[{profile}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            user.access_key_id, user.secret_access_key
        );
    }
    config += "region = eu-west-1\n";
    config +=
        "[profile reader]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = a\n";
    world.config(config).credentials(credentials)
}

impl World {
    /// Gets a session of profile `a` or `b` into the store; its access key id.
    #[track_caller]
    pub fn log_in(&self, profile: &str) -> String {
        let user = if profile == "b" { "bob" } else { "alice" };
        let code = self.sts().user(user).fresh_code();
        self.session(&[profile, "--token-code", &code])
            .access_key_id
    }

    /// A program of this name in a folder that PATH has first; `make` puts it there.
    #[must_use]
    pub fn with_program(self, name: &str, make: impl FnOnce(&Path)) -> Self {
        let folder = self.path("bin");
        fs::create_dir_all(&folder).unwrap();
        make(&folder.join(name));
        let path = format!("{}:{}", folder.display(), self.variables()["PATH"]);
        self.env("PATH", path)
    }

    /// A copy of the binary first on PATH, to be removed or replaced; where it is.
    pub fn with_own_copy(self) -> (Self, PathBuf) {
        let world = self.with_program("awsmfa", |copy| {
            fs::copy(AWSMFA, copy).unwrap();
        });
        let copy = world.path("bin/awsmfa");
        (world, copy)
    }

    /// Pins a directory of the home, from another process.
    #[track_caller]
    pub fn pin(&self, directory: &str, profile: &str) {
        let mut command = self.command(AWSMFA);
        command.args(["pin", profile]);
        let output = command.current_dir(self.path(directory)).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// Runs `awsmfa` and expects nothing of it.
    pub fn any(&self, args: &[&str]) -> Test<'_> {
        self.awsmfa(args.iter().copied()).any_stdout().any_stderr()
    }
}

/// The line that loads the hook.
pub fn install(shell: Shell) -> String {
    match shell.says {
        // No variable of tcsh holds a script of several lines.
        "tcsh" => "\\awsmfa hook tcsh >! ~/.awsmfa.tcsh; source ~/.awsmfa.tcsh".to_owned(),
        // Its $() loses an output now and then.
        "xonsh" => "awsmfa hook xonsh > ~/hook.xsh; source ~/hook.xsh".to_owned(),
        // It parses a whole line, and all that the line sources, before it runs any of it.
        "nushell" => "awsmfa hook nushell | save --force ~/hook.nu\nsource ~/hook.nu".to_owned(),
        says => shell.line(&format!("awsmfa hook {says}")),
    }
}

/// Steps over a function or an alias of the user: some tests define one.
fn by_builtin(shell: Shell, line: String) -> String {
    match shell.is_posix() {
        true => format!("builtin {line}"),
        false => line,
    }
}

/// A line that may fail, and what comes behind it on the line runs all the same.
pub fn leniently(shell: Shell, line: &str) -> String {
    match shell.says {
        "powershell" => format!("try {{ {line} }} catch {{ }}"),
        "elvish" => format!("try {{ {line} }} catch {{ nop }}"),
        "nushell" => format!("try {{ {line} }}"),
        _ => line.to_owned(),
    }
}

/// A line that does nothing and starts no process.
pub fn nothing(shell: Shell) -> &'static str {
    shell.syntax.nothing
}

/// A terminal whose shell has the hook.
pub struct Hooked<'w> {
    pub world: &'w World,
    pub shell: Shell,
    pub terminal: Terminal,
}

impl<'w> Hooked<'w> {
    /// Starts the shell and loads the hook.
    #[track_caller]
    pub fn start(world: &'w World, shell: Shell) -> Self {
        let mut hooked = Self::without_hook(world, shell);
        hooked.run(&install(shell));
        hooked
    }

    /// Starts the shell alone.
    #[track_caller]
    pub fn without_hook(world: &'w World, shell: Shell) -> Self {
        let terminal = Terminal::shell(world, shell);
        Self {
            world,
            shell,
            terminal,
        }
    }

    /// Runs a line up to the next prompt.
    #[track_caller]
    pub fn run(&mut self, line: &str) -> String {
        self.terminal.run(line)
    }

    /// Does nothing, so that the prompt comes again.
    #[track_caller]
    pub fn idle(&mut self) -> String {
        self.run(nothing(self.shell))
    }

    /// The status that a line leaves.
    #[track_caller]
    pub fn status_of(&mut self, line: &str) -> i32 {
        let status = self.shell.syntax.status;
        let ran = if self.shell.says == "elvish" {
            self.run(&format!(
                "try {{ {line}; echo was 0 }} catch e {{ {status} }}"
            ))
        } else {
            self.terminal.enter(line);
            self.terminal.wait_for_prompt();
            self.run(status)
        };
        let status = ran.lines().find_map(|line| line.strip_prefix("was "));
        status.unwrap_or_else(|| panic!("{ran}")).parse().unwrap()
    }

    /// Exports a variable, and lets the prompt see it.
    #[track_caller]
    pub fn export(&mut self, name: &str, value: &str) -> String {
        let line = by_builtin(self.shell, self.shell.export(name, value));
        self.run(&line)
    }

    /// Takes a variable away, and lets the prompt see it.
    #[track_caller]
    pub fn unset(&mut self, name: &str) -> String {
        let line = by_builtin(self.shell, self.shell.unset(name));
        self.run(&line)
    }

    /// What the shell exports now.
    #[track_caller]
    pub fn exported(&mut self) -> BTreeMap<String, String> {
        let file = self.world.path("exported");
        self.run(self.shell.syntax.save);
        let dump = fs::read_to_string(&file).unwrap();
        fs::remove_file(file).unwrap(); // noclobber may be on
        let pairs = dump.split('\0').filter_map(|entry| entry.split_once('='));
        pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
    }

    /// The access key in the shell and the profile that is said to be its owner.
    #[track_caller]
    pub fn holds(&mut self) -> (Option<String>, Option<String>) {
        let mut exported = self.exported();
        (
            exported.remove("AWS_ACCESS_KEY_ID"),
            exported.remove("AWSMFA_PROFILE"),
        )
    }

    /// The session of this profile and no other must be in the shell.
    #[track_caller]
    pub fn assert_holds(&mut self, key: &str, profile: &str) {
        let holds = self.holds();
        let expected = (Some(key.to_owned()), Some(profile.to_owned()));
        assert_eq!(
            holds,
            expected,
            "{}:\n{}",
            self.shell.name,
            self.terminal.text()
        );
    }

    /// Nothing of ours may be in the shell.
    #[track_caller]
    pub fn assert_empty(&mut self) {
        self.assert_nothing_but(&[]);
    }

    /// Nothing of ours but the name of the profile, which a failure leaves: the next try is for it.
    #[track_caller]
    pub fn assert_no_session(&mut self) {
        self.assert_nothing_but(&["AWSMFA_PROFILE"]);
    }

    #[track_caller]
    fn assert_nothing_but(&mut self, allowed: &[&str]) {
        let exported = self.exported();
        let left: Vec<&String> = exported
            .keys()
            .filter(|name| {
                (name.starts_with("AWSMFA_")
                    && !matches!(name.as_str(), "AWSMFA_STATE_DIR" | "AWSMFA_STORE"))
                    && !allowed.contains(&name.as_str())
                    || name.starts_with("AWS_")
                        && !name.starts_with("AWS_ENDPOINT")
                        && !name.contains("PROFILE")
            })
            .collect();
        assert!(
            left.is_empty(),
            "{}: {left:?}\n{}",
            self.shell.name,
            self.terminal.text()
        );
    }
}

/// The time as the hook reads it, this many seconds from now.
pub fn epoch_in(seconds: i64) -> String {
    (super::sts::clock::now() + seconds).to_string()
}
