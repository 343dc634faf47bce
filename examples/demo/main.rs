//! `cargo run --example demo`: the real `awsmfa` in your own shell, without an account and without a network.
//!
//! It starts the STS that the tests use and gives a user called alice a home of her own, with two lines of keys and the
//! two roles of her company. `awsmfa setup` finds her device; then your shell evaluates what `awsmfa env` prints, and
//! `demo whoami`, a program started from that shell like any other, signs a call with the variables it finds. Another
//! terminal gets the other role without a code, and a pinned directory means one of them by itself.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a demo talks to a person"
)]

mod build;
mod shell;
#[path = "../../tests/it/support/sts/mod.rs"]
mod sts;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use shell::Shell;
use sts::client::{self, Credentials};
use sts::{ALICES_ACCOUNT, BOBS_ACCOUNT, LocalSts, Role, User};

/// What her company gave alice: a role for the development account, and one for production.
const COMPANY: &str = "[profile dev]
role_arn = arn:aws:iam::123456789012:role/developer
source_profile = default
region = ap-northeast-1

[profile prod]
role_arn = arn:aws:iam::210987654321:role/operator
source_profile = default
region = ap-northeast-1
";

const YOUR_TURN: &str = r#"
Three terminals, two roles, one code. With an account of your own:

  awsmfa setup            # once
  awsmfa use              # then, in any new terminal: a list to pick from
  awsmfa pin prod         # with the hook `cd` alone switches there, and back"#;

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
    let path = build::search_path()?;
    let sts = local_sts();
    let alice = sts.user("alice");
    let home = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    write_aws_files(home.path(), alice).map_err(|error| format!("no AWS files: {error}"))?;
    let shell = Shell::of_user();
    let world = World {
        home: home.path(),
        path,
        url: sts.url(),
    };

    println!("An STS on 127.0.0.1 plays AWS. Your shell: {}.", shell.name);
    println!("alice has two lines of keys in ~/.aws/credentials, and knows no ARN:\n");
    world.setup(&shell)?;
    let code = alice.code();
    println!("\nHer device shows {code}. It goes to standard input: `ps` shows arguments.\n");
    world.run(&shell, &[&shell.env("--profile dev --token-code -")], &code)?;
    println!(
        "\nAnother terminal, the other role. The MFA session is stored, so nobody needs the device:\n"
    );
    world.run(&shell, &[&shell.env("--profile prod")], "")?;
    println!(
        "\nA third one, in a directory that is pinned. No profile is named, and nothing is asked of AWS:\n"
    );
    let asked = sts.calls().len();
    world.run(&shell, &["cd shop", "awsmfa pin prod", &shell.env("")], "")?;

    let calls = sts.calls();
    let count = |action: &str| calls.iter().filter(|call| call.action == action).count();
    let asked_since = calls.len() - asked;
    match (count("GetSessionToken"), count("AssumeRole"), asked_since) {
        // The one is that of `demo whoami`.
        (1, 2, 1) => println!("{YOUR_TURN}"),
        counts => {
            return Err(format!(
                "sessions, roles and calls were {counts:?}, not (1, 2, 1)"
            ));
        }
    }
    Ok(())
}

/// As strict with codes as AWS, for who copies from here.
fn local_sts() -> LocalSts {
    let role = |account: &str, name: &str| {
        let arn = format!("arn:aws:iam::{account}:role/{name}");
        Role::new(&arn).trusting(ALICES_ACCOUNT).with_mfa()
    };
    LocalSts::builder()
        .user(User::new(ALICES_ACCOUNT, "alice").with_code_window(1))
        .role(role(ALICES_ACCOUNT, "developer"))
        .role(role(BOBS_ACCOUNT, "operator"))
        .start()
}

fn write_aws_files(home: &Path, user: &User) -> std::io::Result<()> {
    let (id, secret) = (&user.access_key_id, &user.secret_access_key);
    let keys = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    fs::create_dir(home.join(".aws"))?;
    fs::create_dir(home.join("shop"))?;
    fs::write(home.join(".aws/config"), COMPANY)?;
    fs::write(home.join(".aws/credentials"), keys)
}

/// Alice's machine.
struct World<'a> {
    home: &'a Path,
    path: OsString,
    url: &'a str,
}

impl World<'_> {
    /// What `awsmfa setup` finds and writes. All at once: at your terminal it would ask you.
    fn setup(&self, shell: &Shell) -> Result<(), Failure> {
        let args = ["setup", "--yes", "--shell", shell.name];
        println!("$ awsmfa {}", args.join(" "));
        let mut command = self.command("awsmfa");
        let output = command.args(args).stdin(Stdio::null()).output();
        let output = output.map_err(|error| format!("awsmfa does not start: {error}"))?;
        print!("{}", String::from_utf8_lossy(&output.stderr));
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("setup failed ({})", output.status)),
        }
    }

    /// A new shell that runs these lines and then a program, showing each.
    fn run(&self, shell: &Shell, lines: &[&str], input: &str) -> Result<(), Failure> {
        let show = |line: &&str| format!("echo '$ {line}'\n{line}\n");
        let lines = lines.iter().chain(&["demo whoami"]);
        let script: String = lines.map(show).collect();
        let mut child = self
            .command(shell.name)
            .args([shell.command, &script])
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

    /// A program in her home, with nothing of your environment.
    fn command(&self, program: &str) -> Command {
        // A program is looked for where the child will look, not where this one does.
        let found = env::split_paths(&self.path)
            .map(|folder| folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
            .find(|file| file.is_file());
        let mut command = Command::new(found.unwrap_or_else(|| program.into()));
        command.env_clear();
        // Windows: without the first no program opens a socket, without the second none is found.
        for name in ["SystemRoot", "PATHEXT"] {
            command.envs(env::var_os(name).map(|value| (name, value)));
        }
        command
            .current_dir(self.home)
            .env("PATH", &self.path)
            .env("HOME", self.home)
            .env("USERPROFILE", self.home)
            .env("AWS_ENDPOINT_URL_STS", self.url)
            .env("AWS_ENDPOINT_URL_IAM", self.url)
            // A file below HOME, which is thrown away: the demo leaves nothing in your key store.
            .env("AWSMFA_STORE", "file")
            .env("AWSMFA_STATE_DIR", self.home.join("state"));
        command
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

    for name in [
        "AWSMFA_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "AWS_CREDENTIAL_EXPIRATION",
    ] {
        println!("{name}={}", variable(name)?);
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
