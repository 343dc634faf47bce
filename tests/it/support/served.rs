//! A command below `awsmfa exec --server`, and whoever asks its server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::World;
use super::process::DEADLINE;
use super::world::AWSMFA;

/// A command that waits until its standard input ends.
pub struct Served {
    pub command: Child,
    output: BufReader<ChildStdout>,
    /// `127.0.0.1:PORT`.
    pub address: String,
    pub token: String,
}

/// Says what it was told, and waits.
pub const TOLD: &str = "echo $AWS_CONTAINER_CREDENTIALS_FULL_URI; \
    echo $AWS_CONTAINER_AUTHORIZATION_TOKEN; exec cat";

impl Served {
    /// Starts it with these arguments of `exec --server`.
    #[track_caller]
    pub fn start(world: &World, args: &[&str]) -> Self {
        let mut command = world.command(AWSMFA);
        command.args(["exec", "--server"]).args(args);
        Self::of(command.args(["--", "sh", "-c", TOLD]))
    }

    /// The same for a line of the test's own that ends in [`TOLD`].
    #[track_caller]
    pub fn of(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut command = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(command.stdout.take().unwrap());
        let [url, token] = [(); 2].map(|()| {
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        });
        let address = url
            .strip_prefix("http://")
            .and_then(|u| u.strip_suffix('/'));
        let Some(address) = address else {
            let mut said = String::new();
            let _ = command.stderr.take().unwrap().read_to_string(&mut said);
            panic!("no address in {url:?}: {said}")
        };
        Self {
            address: address.to_owned(),
            token,
            command,
            output,
        }
    }

    pub fn port(&self) -> u16 {
        self.address.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// The request that every SDK makes.
    pub fn request(&self) -> String {
        let Self { address, token, .. } = self;
        format!("GET / HTTP/1.1\r\nHost: {address}\r\nAuthorization: {token}\r\n\r\n")
    }

    /// What the server answers to these bytes: status and body.
    #[track_caller]
    pub fn ask(&self, request: &str) -> (u16, String) {
        ask(&self.address, request).expect("an answer")
    }

    /// The session that an SDK gets.
    #[track_caller]
    pub fn session(&self) -> serde_json::Value {
        let (status, body) = self.ask(&self.request());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Its access key id.
    #[track_caller]
    pub fn key(&self) -> String {
        self.session()["AccessKeyId"].as_str().unwrap().to_owned()
    }

    /// Ends the command, and gives back what was said on standard error.
    #[track_caller]
    pub fn end(mut self) -> String {
        drop(self.command.stdin.take());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        let mut said = String::new();
        let mut stderr = self.command.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        assert!(self.command.wait().unwrap().success(), "{said}");
        said
    }
}

/// Sends this and reads to the end; `None` where there is no answer of HTTP.
pub fn ask(address: &str, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// The processes that run this program for this world: name and arguments.
#[cfg(target_os = "linux")]
pub fn servers(world: &World) -> Vec<(u32, String)> {
    let state = format!("AWSMFA_STATE_DIR={}", world.path("state").display());
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let found = processes.filter_map(|entry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        let read = |what: &str| {
            let bytes = std::fs::read(format!("/proc/{id}/{what}")).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let line = read("cmdline")?;
        (line.contains("serve-credentials") && read("environ")?.contains(&state))
            .then_some((id, line))
    });
    found.collect()
}

/// Waits until there is none.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn wait_for_no_server(world: &World) {
    let deadline = std::time::Instant::now() + DEADLINE;
    while !servers(world).is_empty() {
        assert!(std::time::Instant::now() < deadline, "{:?}", servers(world));
        std::thread::sleep(Duration::from_millis(5));
    }
}
