//! `cargo run --example demo`: the real `awsmfa` in your own shell, without an account and without a network.
//!
//! It starts the STS that the tests use, gives a user called alice a home of her own, and lets your shell evaluate
//! what `awsmfa env` prints. Then `demo whoami`, a program started from that shell like any other, signs a call with
//! the variables it finds. A second shell does the same without a code: the session is stored.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a demo talks to a person"
)]

#[path = "../tests/it/support/sts/mod.rs"]
mod sts;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use sts::client::{self, Credentials};
use sts::{ALICES_ACCOUNT, LocalSts, User};

const REGION: &str = "ap-northeast-1";

const YOUR_TURN: &str = r#"
Two shells, one code, one GetSessionToken. With an account of your own:

  eval "$(awsmfa env)"                   # bash, zsh, ksh, sh; in fish: awsmfa env | source
  eval "$(awsmfa env --profile dev)"     # in .envrc, with direnv
  Invoke-Expression (awsmfa env)         # PowerShell"#;

/// Why the demo cannot go on, in one sentence.
type Failure = String;

fn main() -> ExitCode {
    let result = match env::args().nth(1).as_deref() {
        None => run(),
        Some("whoami") => whoami(),
        Some(other) => Err(format!("{other} is no part of it")),
    };
    result.map_or_else(
        |failure| {
            eprintln!("demo: {failure}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn run() -> Result<(), Failure> {
    let path = search_path()?;
    // As strict with codes as AWS, for who copies from here.
    let alice = User::new(ALICES_ACCOUNT, "alice").with_code_window(1);
    let sts = LocalSts::builder().user(alice).start();
    let alice = sts.user("alice");
    let home = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    write_aws_files(home.path(), alice).map_err(|error| format!("no AWS files: {error}"))?;
    let shell = Shell::of_user();
    let world = World {
        home: home.path(),
        path,
        url: sts.url(),
    };

    let code = alice.code();
    println!("An STS on 127.0.0.1 plays AWS. Your shell: {}.", shell.name);
    println!("alice's MFA device shows {code}. It goes to standard input: `ps` shows arguments.\n");
    world.run(&shell, shell.with_code, &code)?;
    println!("\nAnother shell. The session is stored, so nobody needs the device:\n");
    world.run(&shell, shell.without_code, "")?;

    let calls = sts.calls();
    let sessions = calls.iter().filter(|call| call.action == "GetSessionToken");
    match sessions.count() {
        1 => println!("{YOUR_TURN}"),
        count => return Err(format!("two shells took {count} sessions, not one")),
    }
    Ok(())
}

/// The folder of the real binary, built as this program was: together with it, so that both share every crate.
fn build() -> Result<PathBuf, Failure> {
    let is_debug = cfg!(debug_assertions);
    let profile = if is_debug { "dev" } else { "release" };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What `cargo run` says of this package makes ring's build script run again, and half a minute of building follow.
    let of_package =
        |name: &str| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_");
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_package)) {
        cargo.env_remove(name);
    }
    let output = cargo
        .args(["build", "--quiet", "--profile", profile])
        .args(["--bin", "awsmfa", "--example", "demo"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    // Only cargo knows where it puts things.
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().find_map(|line| {
        let message: serde_json::Value = line.parse().ok()?;
        let is_awsmfa = message.pointer("/target/name")? == "awsmfa";
        let path = message.get("executable")?.as_str().filter(|_| is_awsmfa);
        path.map(PathBuf::from)
    });
    let folder = executable.as_deref().and_then(Path::parent);
    folder
        .map(Path::to_owned)
        .ok_or_else(|| "awsmfa does not build".to_owned())
}

/// Where a shell finds `awsmfa`, `demo` and its own programs.
fn search_path() -> Result<OsString, Failure> {
    let demo = env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
    let ours = [build()?, demo.with_file_name("")];
    let inherited = env::var_os("PATH").unwrap_or_default();
    let folders = ours.into_iter().chain(env::split_paths(&inherited));
    env::join_paths(folders).map_err(|error| format!("no usable PATH: {error}"))
}

fn write_aws_files(home: &Path, user: &User) -> std::io::Result<()> {
    let serial = &user.mfa_serial;
    let config = format!("[default]\nmfa_serial = {serial}\nregion = {REGION}\n");
    let (id, secret) = (&user.access_key_id, &user.secret_access_key);
    let keys = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    fs::create_dir(home.join(".aws"))?;
    fs::write(home.join(".aws/config"), config)?;
    fs::write(home.join(".aws/credentials"), keys)
}

/// A shell, and how it takes a session.
struct Shell {
    name: &'static str,
    command: &'static str,
    with_code: &'static str,
    without_code: &'static str,
}

impl Shell {
    const fn posix(name: &'static str) -> Shell {
        Shell {
            name,
            command: "-c",
            with_code: r#"eval "$(awsmfa env --token-code -)""#,
            without_code: r#"eval "$(awsmfa env)""#,
        }
    }

    const FISH: Shell = Shell {
        name: "fish",
        command: "-c",
        with_code: "awsmfa env --token-code - | source",
        without_code: "awsmfa env | source",
    };

    const POWERSHELL: Shell = Shell {
        name: "powershell",
        command: "-Command",
        with_code: "Invoke-Expression (awsmfa env --token-code -)",
        without_code: "Invoke-Expression (awsmfa env)",
    };

    /// The login shell if `awsmfa` speaks its language, else one that is always there.
    fn of_user() -> Shell {
        if cfg!(windows) {
            return Shell::POWERSHELL;
        }
        let login = env::var_os("SHELL").map(PathBuf::from).unwrap_or_default();
        let login = login.file_name().and_then(|name| name.to_str());
        let known = ["bash", "zsh", "dash", "ksh"]
            .into_iter()
            .find(|name| login == Some(name));
        match login {
            Some("fish") => Shell::FISH,
            _ => Shell::posix(known.unwrap_or("sh")),
        }
    }
}

/// Alice's machine.
struct World<'a> {
    home: &'a Path,
    path: OsString,
    url: &'a str,
}

impl World<'_> {
    /// A new shell that evaluates `idiom` and starts a program, showing both.
    fn run(&self, shell: &Shell, idiom: &str, input: &str) -> Result<(), Failure> {
        let script = [idiom, "demo whoami"]
            .map(|line| format!("echo '$ {line}'\n{line}\n"))
            .concat();
        let mut command = Command::new(shell.name);
        command.args([shell.command, &script]).env_clear();
        // Windows: without the first no program opens a socket, without the second none is found.
        for name in ["SystemRoot", "PATHEXT"] {
            command.envs(env::var_os(name).map(|value| (name, value)));
        }
        let mut child = command
            .env("PATH", &self.path)
            .env("HOME", self.home)
            .env("USERPROFILE", self.home)
            .env("AWS_ENDPOINT_URL_STS", self.url)
            // A file below HOME, which is thrown away: the demo leaves nothing in your key store.
            .env("AWSMFA_STORE", "file")
            .env("AWSMFA_STATE_DIR", self.home.join("state"))
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", shell.name))?;
        if let Some(mut stdin) = child.stdin.take() {
            // It fails if nobody reads, which `demo whoami` will tell better.
            let _read = writeln!(stdin, "{input}");
        }
        match child.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{} has no working session ({status})", shell.name)),
            Err(error) => Err(format!("{} was lost: {error}", shell.name)),
        }
    }
}

/// What any program in such a shell can do: call AWS with the variables it finds.
fn whoami() -> Result<(), Failure> {
    let variable = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
    let credentials = Credentials {
        access_key_id: variable("AWS_ACCESS_KEY_ID")?,
        secret_access_key: variable("AWS_SECRET_ACCESS_KEY")?,
        session_token: Some(variable("AWS_SESSION_TOKEN")?),
    };

    let shown = [
        "AWS_ACCESS_KEY_ID",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_REGION",
    ];
    for name in shown {
        println!("{name}={}", variable(name)?);
    }
    for name in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        println!("{name}=******** ({} characters)", variable(name)?.len());
    }
    let (url, region) = (variable("AWS_ENDPOINT_URL_STS")?, variable("AWS_REGION")?);
    let reply = client::call(&url, &region, &credentials, "GetCallerIdentity", &[])
        .map_err(|error| format!("no answer from {url}: {error}"))?;
    match (reply.text("Arn"), reply.text("Message")) {
        (Some(arn), _) => println!("GetCallerIdentity: {arn}"),
        (None, message) => return Err(format!("refused: {}", message.unwrap_or(&reply.body))),
    }
    Ok(())
}
