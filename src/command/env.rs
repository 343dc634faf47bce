//! `awsmfa env`: a session, printed as code that puts it into the shell.

use std::io::{self, IsTerminal};
use std::time::Duration;

use serde::Serialize;
use zeroize::Zeroizing;

use crate::cli::request;
use crate::cli::{EnvArgs, Format};
use crate::environment::marks;
use crate::environment::patch::EnvPatch;
use crate::environment::session_here::Inherited;
use crate::environment::{Environment, words};
use crate::error::Result;
use crate::model::session::{Session, Timestamp};
use crate::output::env_file::{self, GithubEnv};
use crate::output::exit;
use crate::output::json;
use crate::output::stderr;
use crate::output::stdout::{self, Evaluated};
use crate::output::trace;
use crate::session::renew;
use crate::session::{Obtained, obtain_as, stored_at};
use crate::shell::{End, Shell, detect};
use crate::text::durations::human_seconds;

/// As long as a prompt may be kept waiting: a dead network costs no more.
const PROMPT_WAITS: Duration = Duration::from_secs(3);

/// Runs the command.
pub fn run(args: &EnvArgs, env: &Environment) -> Result<()> {
    let shell = args
        .shell
        .unwrap_or_else(|| detect::detect(env.var("MSYSTEM").is_some()));
    let keep_profile = args.keep_profile || words::KEEP_PROFILE.checked(env);
    match args.format {
        Format::Shell => {
            stdout::is_evaluated(Evaluated {
                shell,
                env: env.clone(),
                entry: None,
                keep_profile,
                status_only: false,
                of_hook: None,
            });
        }
        Format::Json | Format::Dotenv | Format::GithubActions => stdout::is_not_evaluated(),
    }
    words::check(env)?;
    let shown = args.reveal || !io::stdout().is_terminal();
    if args.unset {
        return unset(shell, keep_profile, shown, env);
    }
    if args.where_stored {
        return where_stored(args, env);
    }
    marks::prompt_variable(env)?;
    if args.at_prompt {
        stderr::silence();
    }
    if args.renew || args.at_prompt {
        exit::after(PROMPT_WAITS);
    }
    let github_env = match args.format {
        Format::GithubActions => Some(GithubEnv::open(env)?),
        Format::Shell | Format::Json | Format::Dotenv => None,
    };
    let Some(obtained) = get(args, env)? else {
        return Ok(());
    };
    let mut patch = obtained.patch(keep_profile, env);
    if args.format != Format::Shell {
        patch = patch.without_marks();
    }
    if env.flag("DIRENV_IN_ENVRC") {
        patch.mark_as_direnvs();
    }
    if !shown {
        list(&obtained, &patch, shell);
        return Ok(());
    }
    match (args.format, github_env) {
        (Format::Json, _) => return stdout::write(&sts_json(&obtained.session)?),
        (Format::Dotenv, _) => return stdout::write(&env_file::lines(&patch)),
        (_, Some(github_env)) => return github_env.hand_over(&obtained.session, &patch),
        (Format::Shell | Format::GithubActions, None) => {}
    }
    let text = shell.render(&patch, End::Success)?;
    trace::say(|| format!("print code for {}", shell.name()));
    if !keep_profile {
        stderr::profile_is_taken(env);
    }
    stdout::write(&text)
}

fn get(args: &EnvArgs, env: &Environment) -> Result<Option<Obtained>> {
    let mut request = if args.renew {
        renew::request(&args.session, env)?
    } else {
        request::request(&args.session, args.profile_argument.as_deref())?
    };
    request.at_prompt = args.renew || args.at_prompt;
    request.only_stored = args.only_stored;
    obtain_as(request, env)
}

/// For direnv, which loads a directory again when a file that it watches changes: the file of the
/// session, whether or not it is there yet.
fn where_stored(args: &EnvArgs, env: &Environment) -> Result<()> {
    stdout::is_not_evaluated();
    let request = request::request(&args.session, args.profile_argument.as_deref())?;
    match stored_at(&request, env)? {
        Some(path) => stdout::write(&format!("{}\n", path.display())),
        None => Ok(()),
    }
}

fn unset(shell: Shell, keep_profile: bool, shown: bool, env: &Environment) -> Result<()> {
    let patch = EnvPatch::clear(keep_profile, &Inherited(env));
    if !shown {
        stderr::note("nothing was changed: the shell has to evaluate what this prints");
        stderr::hint(&format!(
            "run {}",
            shell.idiom().replace("awsmfa env", "awsmfa env --unset")
        ));
        return Ok(());
    }
    if Inherited(env).our_entry().is_some() {
        stderr::note("a profile or region that the session took away is not put back by --unset");
    }
    stdout::write(&shell.render(&patch, End::Success)?)
}

/// On a terminal nothing that evaluates is printed, and no secret.
fn list(obtained: &Obtained, patch: &EnvPatch, shell: Shell) {
    let left = obtained.session.expiration.seconds_after(Timestamp::now());
    stderr::note(&format!(
        "a session of profile {} for {}, not yet in this shell:",
        obtained.profile.name,
        human_seconds(left)
    ));
    for (name, value) in &patch.set {
        let shown = match *name {
            "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN" => "(hidden)",
            _ => value.expose(),
        };
        stderr::line(&format!("  {name}={shown}"));
    }
    stderr::hint(&format!(
        "run {} to put it into this shell, or add --reveal to see it",
        shell.idiom()
    ));
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
