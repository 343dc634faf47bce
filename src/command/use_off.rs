//! `awsmfa use` and `awsmfa off` change the shell that they run in, which only a function of that shell
//! can: the hook's. Whoever gets here by themselves has no hook.

use super::env;
use crate::cli::{EnvArgs, Format, UseArgs};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::shell::{Shell, detect};

/// `awsmfa use [PROFILE]`: `awsmfa env` for a hook, which says for which shell.
pub fn use_profile(args: UseArgs, env: &Environment) -> Result<()> {
    if args.shell.is_none() {
        let profile = args.profile_argument.or(args.session.profile);
        let profile = profile.map_or_else(String::new, |profile| format!(" {profile}"));
        return Err(no_hook("use", &format!("awsmfa env{profile}"), env));
    }
    let args = EnvArgs {
        profile_argument: args.profile_argument,
        session: args.session,
        shell: args.shell,
        format: Format::Shell,
        unset: false,
        keep_profile: args.keep_profile,
        reveal: false,
        renew: false,
        at_prompt: false,
        only_stored: false,
        where_stored: false,
    };
    env::run(&args, env)
}

/// `awsmfa off`.
pub fn off(env: &Environment) -> Result<()> {
    Err(no_hook("off", "awsmfa env --unset", env))
}

fn no_hook(command: &'static str, env_command: &str, env: &Environment) -> Error {
    let shell = detect::detect(env.var("MSYSTEM").is_some());
    Error::NoHook {
        command,
        install: install(shell),
        instead: shell.idiom().replace("awsmfa env", env_command),
    }
}

/// What puts the hook into the shell's start-up file.
fn install(shell: Shell) -> Option<&'static str> {
    match shell {
        // Every terminal of a Mac is a login shell.
        Shell::Bash if cfg!(target_os = "macos") => {
            Some(r#"add eval "$(awsmfa hook bash)" to the end of ~/.bash_profile"#)
        }
        Shell::Bash => Some(r#"add eval "$(awsmfa hook bash)" to the end of ~/.bashrc"#),
        Shell::Zsh => Some(r#"add eval "$(awsmfa hook zsh)" to the end of ~/.zshrc"#),
        Shell::Fish => Some("add awsmfa hook fish | source to ~/.config/fish/config.fish"),
        Shell::PowerShell => Some("add Invoke-Expression (awsmfa hook powershell) to $PROFILE"),
        Shell::Cmd => Some("run awsmfa hook cmd > mfa.cmd, and mfa use in place of awsmfa use"),
        Shell::Elvish => Some("add eval (awsmfa hook elvish | slurp) to ~/.config/elvish/rc.elv"),
        Shell::Tcsh => Some(
            r"run \awsmfa hook tcsh >! ~/.awsmfa.tcsh, and add source ~/.awsmfa.tcsh to ~/.tcshrc",
        ),
        Shell::Xonsh => Some("run awsmfa hook xonsh > ~/.config/xonsh/rc.d/awsmfa.xsh"),
        Shell::Nushell => Some(NUSHELL),
        Shell::Sh => None,
    }
}

const NUSHELL: &str = "run mkdir ($nu.data-dir)/vendor/autoload; awsmfa hook nushell | save -f ($nu.data-dir)/vendor/autoload/awsmfa.nu";
