//! The server of `exec --server`: a process of ours beside the command, which ends with it.
//!
//! `exec` starts it (this program, under a hidden name), hands it a session on standard input, is told the port, and becomes
//! the command, as without `--server`: the signals, the terminal and the exit status are the command's own. A
//! parent could only imitate that: Ctrl-C would reach the command twice, or not at all.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::cli::SERVE;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::request::Request;
use crate::model::session::{Credentials, Secret, Session, Timestamp};
use crate::output::{json, stderr, stdout};
use crate::server::renewer::{Failure, Renewer};
use crate::server::{self, credentials, door};
use crate::session::renew::Again;
use crate::session::{Granted, Resolved};
use crate::system::tied;
use crate::text::durations::human_seconds;
use crate::text::sanitize;

/// More than any session.
const LIMIT: u64 = 64 * 1024;

/// What the server gets to start with.
#[derive(Deserialize, Serialize)]
struct Start {
    /// Who started it, and whose end is its own.
    parent: u32,
    token: Zeroizing<String>,
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Zeroizing<String>,
    expiration: Timestamp,
    again: Again,
}

/// A server that runs.
pub struct Server {
    /// What the command is told.
    pub url: String,
    /// What lets it in.
    pub token: Secret,
    /// On Windows it ends when this is dropped.
    #[allow(dead_code, reason = "held for its end")]
    process: Child,
}

/// Starts the server with this session.
pub fn start(granted: &Granted) -> Result<Server> {
    let token = door::new_secret()?;
    let keys = &granted.session.credentials;
    let start = json::text(&Start {
        parent: std::process::id(),
        token: Zeroizing::new(token.expose().to_owned()),
        access_key_id: keys.access_key_id.clone(),
        secret_access_key: Zeroizing::new(keys.secret_access_key.expose().to_owned()),
        session_token: Zeroizing::new(granted.session.token().to_owned()),
        expiration: granted.session.expiration,
        again: granted.again(),
    })?;
    let failed = |error| Error::Command {
        command: "the credential server".to_owned(),
        error,
    };
    let mut process = this_program()
        .arg(SERVE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(stdin) = &mut process.stdin {
        stdin.write_all(start.as_bytes()).map_err(failed)?;
        stdin.flush().map_err(failed)?;
    }
    let mut line = String::new();
    if let Some(stdout) = process.stdout.take() {
        let told = BufReader::new(stdout.take(LIMIT)).read_line(&mut line);
        told.map_err(failed)?;
    }
    let port = line.trim().parse();
    let port = port.map_err(|_| failed(std::io::Error::other("it ended before it listened")))?;
    Ok(Server {
        url: credentials::url(port),
        token,
        process,
    })
}

/// The very file that runs, also where an upgrade has replaced it since.
fn this_program() -> Command {
    let itself = std::path::Path::new("/proc/self/exe");
    let path = match cfg!(target_os = "linux") && itself.exists() {
        true => itself.to_owned(),
        false => std::env::current_exe().unwrap_or_else(|_| "awsmfa".into()),
    };
    #[cfg(unix)]
    let command = {
        let mut command = Command::new(path);
        std::os::unix::process::CommandExt::arg0(&mut command, "awsmfa");
        command
    };
    #[cfg(not(unix))]
    let command = Command::new(path);
    command
}

/// The hidden subcommand: reads what to serve, says where, and serves until the command has ended.
pub fn run(env: &Environment) -> Result<()> {
    let start = read()?;
    tied::to_the_parent(start.parent);
    let (listener, port) = server::bind().map_err(|error| Error::Command {
        command: "the credential server".to_owned(),
        error,
    })?;
    stdout::write(&format!("{port}\n"))?;
    // It is the command's terminal from here on.
    stderr::silence();
    let token = Secret::new(&**start.token);
    let session = Session {
        credentials: Credentials {
            access_key_id: start.access_key_id,
            secret_access_key: Secret::new(&**start.secret_access_key),
            session_token: Some(Secret::new(&**start.session_token)),
        },
        expiration: start.expiration,
    };
    let renewal = Renewal {
        again: start.again,
        env: env.clone(),
        served: Mutex::new(Served::until(session.expiration)),
    };
    let seconds = renewal.again.asked_seconds;
    let renewer = Renewer::new(session, seconds, move |min_ttl| renewal.run(min_ttl));
    server::listen(
        listener,
        credentials::Credentials::new(port, &token, renewer)?,
    )
}

/// One JSON value: the end of the file comes only when `exec` has become the command.
fn read() -> Result<Start> {
    let input = std::io::stdin().lock().take(LIMIT);
    let mut values = serde_json::Deserializer::from_reader(input).into_iter::<Start>();
    match values.next() {
        Some(Ok(start)) => Ok(start),
        _ => Err(Error::Usage {
            message: format!("{SERVE} is started by awsmfa exec --server alone"),
            hint: "run awsmfa exec --server -- COMMAND".to_owned(),
        }),
    }
}

/// Renewals, as the hook makes them: the same identity, through the store, without a question.
struct Renewal {
    again: Again,
    env: Environment,
    served: Mutex<Served>,
}

/// What is served until a renewal succeeds.
struct Served {
    end: Timestamp,
    /// Whether it was said that only a person can get the next one: once for each session.
    has_been_said: bool,
}

impl Renewal {
    fn run(&self, min_ttl: i64) -> std::result::Result<Session, Failure> {
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let mut renewed = self.get(self.again.request(min_ttl));
        if renewed.is_err() {
            // What another terminal got may have little left, and more than ours.
            let stored = self.get(self.again.request(0).map(|request| Request {
                only_stored: true,
                ..request
            }));
            let is_longer = |stored: &Session| stored.expiration > served.end;
            if stored.as_ref().is_ok_and(is_longer) {
                renewed = stored;
            }
        }
        match renewed {
            Ok(session) => {
                *served = Served::until(session.expiration);
                Ok(session)
            }
            Err(error) => Err(self.failure(&error, &mut served)),
        }
    }

    fn get(&self, request: Result<Request>) -> Result<Session> {
        Ok(Resolved::of(request?, &self.env)?.session()?.session)
    }

    fn failure(&self, error: &Error, served: &mut Served) -> Failure {
        let left = served.end.seconds_after(Timestamp::now());
        let message = match error {
            Error::NobodyToAsk { .. } => format!(
                "the session of profile {} {}, and a new one takes an MFA code; run {} in another terminal",
                self.again.renewal.profile,
                match left {
                    1.. => format!("ends in {}", human_seconds(left)),
                    _ => "has ended".to_owned(),
                },
                self.again.command()
            ),
            error => match error.hint() {
                Some(hint) => format!("{error}; {hint}"),
                None => error.to_string(),
            },
        };
        let message = sanitize::clean(&message, &[]);
        let code = error.exit_code();
        // A network may come back before the session ends, but a person has to be told in time.
        if !served.has_been_said && (code == 5 || left <= 0) {
            served.has_been_said = true;
            stderr::note_in_silence(&message);
        }
        Failure {
            code: match code {
                3 => "AccessDenied",
                4 => "NoAnswer",
                5 => "LoginRequired",
                _ => "InvalidConfiguration",
            },
            message,
            was_asked: matches!(code, 3 | 4),
        }
    }
}

impl Served {
    fn until(end: Timestamp) -> Self {
        Self {
            end,
            has_been_said: false,
        }
    }
}
