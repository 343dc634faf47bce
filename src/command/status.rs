//! `awsmfa status`: what this shell and the store hold. Never a secret, never a prompt, never the
//! network.

use std::path::Path;

use serde::Serialize;

use crate::cli::StatusArgs;
use crate::environment::Environment;
use crate::environment::session_here::SessionHere;
use crate::error::Result;
use crate::model::session::Timestamp;
use crate::output::json;
use crate::output::stderr;
use crate::output::stdout;
use crate::store::pins::{self, Pin, Pins};
use crate::store::{Header, Store};
use crate::text::durations::human_seconds;
use crate::text::table::table;

/// The JSON. Its names and types are a promise: new ones may be added, none is changed or removed.
#[derive(Serialize)]
struct Status {
    /// 1.
    version: u8,
    /// The session in this shell, or null.
    shell: Option<InShell>,
    /// The stored sessions.
    store: Vec<Stored>,
    /// The pin that is in effect in this directory, or null.
    pin: Option<Pinned>,
    /// Every pin.
    pins: Vec<Pinned>,
}

#[derive(Clone, Serialize)]
struct Pinned {
    directory: String,
    profile: String,
}

#[derive(Serialize)]
struct InShell {
    /// Whether awsmfa put it there.
    ours: bool,
    profile: Option<String>,
    access_key_id: Option<String>,
    /// Where the session is stored too: its account and principal, as there.
    account: Option<String>,
    principal: Option<String>,
    /// The region that the shell's programs use, whoever set it.
    region: Option<String>,
    #[serde(flatten)]
    ends: Ends,
}

#[derive(Serialize)]
struct Stored {
    profile: String,
    account: Option<String>,
    /// The role's ARN, or the MFA device's for a session of the user.
    principal: Option<String>,
    /// "user" or "role", or "source" for a session that the profile's own source gave.
    kind: &'static str,
    access_key_id: String,
    /// Whether this shell holds it.
    in_shell: bool,
    #[serde(flatten)]
    ends: Ends,
}

#[derive(Serialize)]
struct Ends {
    /// RFC 3339 in UTC, or null where it is not known.
    expires: Option<String>,
    /// Seconds from now, 0 once it has ended.
    expires_in_seconds: Option<i64>,
}

impl Pinned {
    fn of(pin: &Pin) -> Self {
        Self {
            directory: pin.directory.clone(),
            profile: pin.profile.clone(),
        }
    }
}

impl Ends {
    fn at(expiration: Option<Timestamp>, now: Timestamp) -> Self {
        let expiration = expiration.filter(|end| end.is_known());
        Self {
            expires: expiration.map(Timestamp::rfc3339),
            expires_in_seconds: expiration.map(|at| at.seconds_after(now).max(0)),
        }
    }

    fn left(&self) -> String {
        match self.expires_in_seconds {
            Some(0) => "ended".to_owned(),
            Some(seconds) => human_seconds(seconds),
            None => "unknown".to_owned(),
        }
    }
}

/// Runs the command.
pub fn run(args: &StatusArgs, env: &Environment) -> Result<()> {
    let status = Status::now(env, Timestamp::now());
    if args.json {
        return stdout::write(&json::text(&status)?);
    }
    let has_session = status.shell.is_some() || !status.store.is_empty();
    if !has_session {
        stderr::note("no session, neither in this shell nor in the store");
    }
    let sessions = has_session.then(|| table(&status.rows()));
    let pins = (!status.pins.is_empty()).then(|| table(&status.pins()));
    let tables: Vec<String> = sessions.into_iter().chain(pins).collect();
    match tables.is_empty() {
        true => Ok(()),
        false => stdout::write(&tables.join("\n")),
    }
}

impl Status {
    fn now(env: &Environment, now: Timestamp) -> Self {
        let session_here = SessionHere(env);
        let access_key_id = env.var("AWS_ACCESS_KEY_ID");
        let ours = session_here.our_entry().is_some();
        let stored =
            |(_, header, session): (String, Header, crate::model::session::Session)| Stored {
                kind: if header.is_of_source {
                    "source"
                } else if header
                    .principal
                    .as_ref()
                    .is_some_and(|p| p.contains(":role/"))
                {
                    "role"
                } else {
                    "user"
                },
                profile: header.profile,
                account: header.account,
                principal: header.principal,
                in_shell: access_key_id == Some(&session.credentials.access_key_id),
                access_key_id: session.credentials.access_key_id,
                ends: Ends::at(Some(header.expiration), now),
            };
        let store: Vec<Stored> = Store::open(env).list(now).into_iter().map(stored).collect();
        let same = store.iter().find(|stored| stored.in_shell);
        let shell = session_here.has_session().then(|| InShell {
            ours,
            profile: env
                .var("AWSMFA_PROFILE")
                .filter(|_| ours)
                .map(str::to_owned),
            access_key_id: access_key_id.map(str::to_owned),
            account: same.and_then(|stored| stored.account.clone()),
            principal: same.and_then(|stored| stored.principal.clone()),
            region: ["AWS_REGION", "AWS_DEFAULT_REGION"]
                .into_iter()
                .find_map(|name| env.var(name))
                .map(str::to_owned),
            ends: Ends::at(session_here.our_expiry(), now),
        });
        let pins = Pins::read(env);
        let here =
            pins::here().and_then(|directory| pins.of(Path::new(&directory)).map(Pinned::of));
        Self {
            version: 1,
            shell,
            store,
            pin: here,
            pins: pins.iter().map(Pinned::of).collect(),
        }
    }

    fn pins(&self) -> Vec<[String; 3]> {
        let mut rows = vec![["DIRECTORY", "PROFILE", ""].map(str::to_owned)];
        rows.extend(self.pins.iter().map(|pin| {
            let here = self.pin.as_ref().map(|here| &here.directory);
            let is_here = here == Some(&pin.directory);
            let mark = if is_here { "pinned here" } else { "pinned" };
            [pin.directory.clone(), pin.profile.clone(), mark.to_owned()]
        }));
        rows
    }

    fn rows(&self) -> Vec<[String; 6]> {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let mut rows =
            vec![["PROFILE", "ACCOUNT", "PRINCIPAL", "KIND", "LEFT", "WHERE"].map(str::to_owned)];
        let shown_in_store = self.store.iter().any(|s| s.in_shell);
        if let Some(shell) = self.shell.as_ref().filter(|_| !shown_in_store) {
            let place = if shell.ours {
                "this shell"
            } else {
                "this shell, not by awsmfa"
            };
            rows.push([
                or_dash(&shell.profile),
                "-".into(),
                or_dash(&shell.access_key_id),
                "-".into(),
                shell.ends.left(),
                place.into(),
            ]);
        }
        for session in &self.store {
            let place = if session.in_shell {
                "this shell, store"
            } else {
                "store"
            };
            rows.push([
                session.profile.clone(),
                or_dash(&session.account),
                or_dash(&session.principal),
                session.kind.into(),
                session.ends.left(),
                place.into(),
            ]);
        }
        rows
    }
}
