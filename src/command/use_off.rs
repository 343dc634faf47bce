//! `awsmfa use` and `awsmfa off` change the shell that they run in, which only a function of that shell
//! can: the hook's. Whoever gets here by themselves has no hook.

use super::env;
use crate::cli::{EnvArgs, UseArgs};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::hook::{pick, recent};
use crate::profile;
use crate::shell::{Shell, detect};
use crate::store::Store;

/// `awsmfa use [PROFILE]`: `awsmfa env` for a hook, which says for which shell.
pub fn use_profile(args: UseArgs, shell: Option<Shell>, env: &Environment) -> Result<()> {
    if args.shell.is_none() {
        let profile = args.session.profile_argument.or(args.session.flags.profile);
        let profile = profile.map_or_else(String::new, |profile| format!(" {profile}"));
        return Err(no_hook("use", &format!("env{profile}"), env));
    }
    let mut session = args.session;
    let picked = pick::profile(session.request()?, env)?.profile;
    if session.flags.profile.is_none() {
        session.profile_argument = picked;
    }
    let args = EnvArgs {
        session,
        shell: args.shell,
        keep_profile: args.keep_profile,
        ..EnvArgs::default()
    };
    env::run(&args, shell, env)?;
    if !args.session.flags.no_cache {
        let name = profile::name(&args.session.request()?, env)?.0;
        recent::used(&name, &Store::open(env));
    }
    Ok(())
}

/// `awsmfa off`.
pub fn off(env: &Environment) -> Result<()> {
    Err(no_hook("off", "env --unset", env))
}

fn no_hook(command: &'static str, env_command: &str, env: &Environment) -> Error {
    let shell = detect::asking(env);
    Error::NoHook {
        command,
        install: shell.install_line(),
        instead: shell.idiom(env_command),
    }
}
