//! `awsmfa env`: a session, printed as code that puts it into the shell.

use std::io::{self, IsTerminal};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::cli::{EnvArgs, Format};
use crate::environment::marks;
use crate::environment::patch::EnvPatch;
use crate::environment::session_here::SessionHere;
use crate::environment::{Environment, words};
use crate::error::Result;
use crate::model::session::{Session, Timestamp};
use crate::output::env_file::{self, GithubEnv};
use crate::output::{json, stderr, stdout, trace};
use crate::session::{Granted, Next, Resolved};
use crate::shell::{End, Shell, detect};
use crate::text::durations::human_seconds;

/// Runs the command, for this shell where one evaluates what is printed.
pub fn run(args: &EnvArgs, shell: Option<Shell>, env: &Environment) -> Result<()> {
    if args.where_stored {
        return where_stored(args, env);
    }
    let to = Recipient {
        shell: shell.unwrap_or_else(|| args.shell.unwrap_or_else(|| detect::asking(env))),
        keep_profile: args.keep_profile || words::KEEP_PROFILE.checked(env),
        sees_code: args.reveal || !io::stdout().is_terminal(),
        env,
    };
    if args.unset {
        return to.unset();
    }
    marks::prompt_variable(env)?;
    // Before anybody is asked for a code whose session has nowhere to go.
    let github_env = match args.format {
        Format::GithubActions => Some(GithubEnv::open(env)?),
        Format::Shell | Format::Json | Format::Dotenv => None,
    };
    let resolved = Resolved::of(args.session.request()?, env)?;
    if resolved.explain()? == Next::Stop {
        return Ok(());
    }
    let granted = resolved.session()?;
    if !to.sees_code {
        to.list(&granted);
        return Ok(());
    }
    match (args.format, github_env) {
        (Format::Json, _) => stdout::write(&sts_json(&granted.session)?),
        (Format::Dotenv, _) => stdout::write(&env_file::lines(&to.patch(&granted).without_marks())),
        (_, Some(github_env)) => {
            github_env.hand_over(&granted.session, &to.patch(&granted).without_marks())
        }
        (Format::Shell | Format::GithubActions, None) => to.put(&granted),
    }
}

/// For direnv, which loads a directory again when a file that it watches changes: the file of the
/// session, whether or not it is there yet.
fn where_stored(args: &EnvArgs, env: &Environment) -> Result<()> {
    match Resolved::of(args.session.request()?, env)?.stored_at()? {
        Some(path) => stdout::write(&format!("{}\n", path.display())),
        None => Ok(()),
    }
}

/// Who gets the session.
struct Recipient<'e> {
    shell: Shell,
    keep_profile: bool,
    /// Whether standard output goes to a program that evaluates or reads it, and not to a terminal.
    sees_code: bool,
    env: &'e Environment,
}

impl Recipient<'_> {
    fn patch(&self, granted: &Granted) -> EnvPatch {
        let mut patch = granted.patch(self.keep_profile, self.env);
        if self.env.flag("DIRENV_IN_ENVRC") {
            patch.mark_as_direnvs();
        }
        patch
    }

    fn put(&self, granted: &Granted) -> Result<()> {
        let text = self.shell.render(&self.patch(granted), End::Success)?;
        trace::say(|| format!("print code for {}", self.shell.name()));
        if !self.keep_profile {
            stderr::profile_is_taken(self.env);
        }
        stdout::write(&text)
    }

    fn unset(&self) -> Result<()> {
        let session_here = SessionHere(self.env);
        if !self.sees_code {
            stderr::note("nothing was changed: the shell has to evaluate what this prints");
            stderr::hint(&format!("run {}", self.shell.idiom("env --unset")));
            return Ok(());
        }
        if session_here.our_entry().is_some() {
            stderr::note(
                "--unset does not put back a profile or region that the session took away",
            );
        }
        let patch = EnvPatch::clear(self.keep_profile, &session_here);
        stdout::write(&self.shell.render(&patch, End::Success)?)
    }

    /// On a terminal no code for a shell is printed, and no secret.
    fn list(&self, granted: &Granted) {
        let left = granted.session.expiration.seconds_after(Timestamp::now());
        stderr::note(&format!(
            "a session of profile {} for {}, not yet in this shell:",
            granted.profile.name,
            human_seconds(left)
        ));
        for (name, value) in &self.patch(granted).set {
            let shown = match *name {
                "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN" => "(hidden)",
                _ => value.expose(),
            };
            stderr::line(&format!("  {name}={shown}"));
        }
        stderr::hint(&format!(
            "run {} to put it into this shell, or add --reveal to see it",
            self.shell.idiom("env")
        ));
    }
}

/// The JSON of `aws sts get-session-token`: its names, order, indentation and form of the date.
fn sts_json(session: &Session) -> Result<Zeroizing<String>> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer<'a> {
        credentials: Keys<'a>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Keys<'a> {
        access_key_id: &'a str,
        secret_access_key: &'a str,
        session_token: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        expiration: Option<String>,
    }
    let known = session.expiration.is_known();
    let answer = Answer {
        credentials: Keys {
            access_key_id: &session.credentials.access_key_id,
            secret_access_key: session.credentials.secret_access_key.expose(),
            session_token: session.token(),
            expiration: known.then(|| session.expiration.rfc3339().replace('Z', "+00:00")),
        },
    };
    json::text(&answer)
}
