//! The tools, a row each. Adding one is adding a row, and its package to `.ci/run`.

use super::super::shells::Shell;
use super::{Needs, Neighbour};

/// Every neighbour that was found in a package registry. (Not found: oh-my-zsh, prezto, powerlevel10k, tide and ble.sh.
/// `atuin init bash` brings bash-preexec 0.6.0.)
pub const NEIGHBOURS: &[Neighbour] = &[
    Neighbour {
        name: "direnv",
        needs: Needs::Program("direnv"),
        // In elvish 0.19 that of its 2.32 is a syntax error.
        shells: &["bash", "zsh", "fish", "tcsh"],
        command: "direnv hook {shell}",
        lines: "{init}",
        terminal: "dumb",
        is_prompt: false,
        shows_43: None,
        works: |hooked| {
            hooked.run("cd three");
            assert_eq!(hooked.exported()["FROM_ENVRC"], "yes");
            assert_eq!(hooked.holds().1.as_deref(), Some("b"), "as its AWS_PROFILE");
            hooked.run("cd ..");
            assert!(!hooked.exported().contains_key("FROM_ENVRC"));
        },
    },
    Neighbour {
        name: "zoxide",
        needs: Needs::Program("zoxide"),
        shells: &["bash", "zsh", "fish", "powershell"],
        command: "zoxide init {shell}",
        lines: "{init}",
        terminal: "dumb",
        is_prompt: false,
        shows_43: None,
        works: |hooked| {
            let known = hooked.world.output("zoxide", &["query", "--list"]);
            assert!(known.contains("/work/two\n"), "{known}");
        },
    },
    Neighbour {
        name: "atuin (in bash with bash-preexec)",
        needs: Needs::Program("atuin"),
        // In PowerShell it needs a module that is not everywhere.
        shells: &["bash", "zsh", "fish", "nushell"],
        command: "atuin init {shell}",
        lines: "{init}",
        terminal: "dumb",
        is_prompt: false,
        shows_43: None,
        works: |hooked| {
            let format = "{command} = {exit}";
            let list = ["history", "list", "--format", format];
            let known = hooked.world.output("atuin", &list);
            assert!(known.contains("sh fail = 43\n"), "{known}");
        },
    },
    Neighbour {
        name: "functions of bash-preexec",
        needs: Needs::Program("atuin"),
        shells: &["bash"],
        command: "atuin init {shell}",
        lines: "{init}\nprecmd() { saw=$?; }\npreexec() { ran=$1; }",
        terminal: "dumb",
        is_prompt: false,
        shows_43: None,
        works: |hooked| {
            let ran = hooked.status_of("sh fail; true \"$ran\"");
            assert_eq!(ran, 0);
            hooked.terminal.enter("sh fail");
            hooked.terminal.wait_for("it failed");
            hooked.terminal.wait_for_prompt();
            let ran = hooked.run("echo \"precmd saw $saw, preexec $ran\"");
            assert!(ran.contains("precmd saw 43, preexec echo "), "{ran}");
        },
    },
    Neighbour {
        name: "liquidprompt",
        needs: Needs::File("/usr/share/liquidprompt/liquidprompt"),
        shells: &["bash", "zsh"],
        command: "",
        lines: "LP_PS1_PREFIX=drawn LP_PS1_POSTFIX='READY# ' LP_ENABLE_LOAD=0 LP_ENABLE_BATT=0\nsource {file}",
        terminal: "xterm",
        is_prompt: true,
        shows_43: Some("43"),
        works: |hooked| assert!(hooked.idle().contains("drawn")),
    },
    Neighbour {
        name: "powerlevel9k",
        needs: Needs::File("/usr/share/powerlevel9k/powerlevel9k.zsh-theme"),
        shells: &["zsh"],
        command: "",
        lines: "POWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(custom_mine status) POWERLEVEL9K_CUSTOM_MINE='echo drawn'\n\
                POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=() POWERLEVEL9K_PROMPT_ON_NEWLINE=true\n\
                POWERLEVEL9K_MULTILINE_LAST_PROMPT_PREFIX='READY# ' POWERLEVEL9K_MULTILINE_FIRST_PROMPT_PREFIX=''\n\
                POWERLEVEL9K_STATUS_SHOW_PIPESTATUS=true\nsource {file}",
        terminal: "dumb",
        is_prompt: true,
        shows_43: Some("43"),
        works: |hooked| assert!(hooked.idle().contains("drawn")),
    },
    Neighbour {
        name: "pure",
        needs: Needs::Module("pure-prompt/pure.zsh"),
        shells: &["zsh"],
        command: "",
        lines: "PURE_PROMPT_SYMBOL='READY# '\nfpath=({file}(:h) $fpath)\nautoload -Uz promptinit && promptinit && prompt pure",
        terminal: "xterm",
        is_prompt: true,
        shows_43: Some("\u{1b}[31mREADY# "),
        works: |hooked| assert!(hooked.idle().contains("~/work")),
    },
    Neighbour {
        name: "spaceship",
        needs: Needs::Module("spaceship-prompt/spaceship.zsh"),
        shells: &["zsh"],
        command: "",
        lines: "SPACESHIP_CHAR_SYMBOL='READY# ' SPACESHIP_CHAR_SUFFIX='' SPACESHIP_PROMPT_ASYNC=false SPACESHIP_EXIT_CODE_SHOW=true\n\
                SPACESHIP_PROMPT_ORDER=(dir aws exit_code char)\nsource {file}",
        terminal: "dumb",
        is_prompt: true,
        shows_43: Some("43"),
        works: |hooked| assert!(hooked.idle().contains("work")),
    },
    Neighbour {
        name: "zsh-autosuggestions",
        needs: Needs::File("/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh"),
        shells: &["zsh"],
        command: "",
        lines: "source {file}",
        terminal: "dumb",
        is_prompt: false,
        shows_43: None,
        works: |hooked| {
            hooked.run("echo first-second");
            hooked.terminal.send("echo first");
            hooked.terminal.wait_for("-second");
            // The end of the line takes what is suggested.
            hooked.terminal.control('e');
            hooked.terminal.enter("");
            hooked.terminal.wait_for("\nfirst-second");
            hooked.terminal.wait_for_prompt();
        },
    },
    Neighbour {
        name: "zsh-syntax-highlighting",
        needs: Needs::File("/usr/share/zsh-syntax-highlighting/zsh-syntax-highlighting.zsh"),
        shells: &["zsh"],
        command: "",
        lines: "source {file}",
        terminal: "xterm",
        is_prompt: false,
        shows_43: None,
        works: |hooked| {
            hooked.terminal.send("no-such");
            hooked.terminal.wait_for("\u{1b}[31m");
            hooked.terminal.enter("");
            hooked.terminal.wait_for_prompt();
        },
    },
    Neighbour {
        name: "a hook of the user's own",
        needs: Needs::Nothing,
        shells: &["elvish", "tcsh", "xonsh", "nushell", "powershell"],
        command: "",
        lines: "{own}",
        terminal: "dumb",
        is_prompt: true,
        shows_43: None,
        works: |hooked| {
            hooked.unset("OWN_HOOK");
            assert_eq!(hooked.exported()["OWN_HOOK"], "ran");
        },
    },
    Neighbour {
        name: "a prompt of the user's own that shows the status",
        needs: Needs::Nothing,
        // elvish has no status.
        shells: &[
            "bash",
            "zsh",
            "fish",
            "tcsh",
            "xonsh",
            "nushell",
            "powershell",
        ],
        command: "",
        lines: "{prompt}",
        terminal: "dumb",
        is_prompt: true,
        shows_43: Some("[43]READY# "),
        works: |hooked| assert!(hooked.run("sh fine").contains("[0]READY# ")),
    },
    Neighbour {
        name: "starship",
        needs: Needs::ProgramAtADesk("starship"),
        // In PowerShell it needs a module that is not everywhere.
        shells: &["bash", "zsh", "fish", "elvish", "tcsh", "xonsh", "nushell"],
        command: "starship init {shell}",
        lines: "{init}",
        terminal: "xterm",
        is_prompt: true,
        shows_43: Some("43 READY# "),
        works: |hooked| {
            let account = hooked.run("awsmfa use a");
            assert!(account.contains("<a>"), "{account}");
        },
    },
];

/// Its prompt, in which the mark of a session and the status stand.
pub const STARSHIP: &str = "add_newline = false\nformat = '<$env_var>$status READY# '\n\
    [status]\ndisabled = false\nformat = '$status'\n[env_var.AWS_VAULT]\nformat = '$env_value'\n";

/// What a user may have in a start-up file to be told of each prompt.
pub fn own_hook(shell: Shell) -> &'static str {
    match shell.says {
        "elvish" => "set edit:before-readline = [$@edit:before-readline { set-env OWN_HOOK ran }]",
        "tcsh" => "alias precmd 'setenv OWN_HOOK ran'",
        "xonsh" => "@events.on_pre_prompt\ndef own_hook(**_):\n    $OWN_HOOK = 'ran'\n",
        "nushell" => {
            "$env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt | append {|| $env.OWN_HOOK = 'ran'})"
        }
        _ => "function prompt { $env:OWN_HOOK = 'ran'; 'READY# ' }",
    }
}

/// A prompt that shows the status of the last command, from a hook where the shell has such.
pub fn own_prompt(shell: Shell) -> &'static str {
    match shell.says {
        "bash" => {
            "own_hook() { saw=$?; }\nPROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND$'\\n'}own_hook\nPS1='[$saw]READY# '"
        }
        "zsh" => {
            "own_hook() { saw=$?; }; precmd_functions+=(own_hook)\nsetopt prompt_subst; PS1='[$saw]READY# '"
        }
        "fish" => "function fish_prompt; printf '[%s]READY# ' $status; end",
        "tcsh" => "set prompt = '[%?]READY# '",
        "xonsh" => "$PROMPT = lambda: '[' + str($LAST_RETURN_CODE) + ']READY# '\n",
        "nushell" => {
            "$env.PROMPT_COMMAND = {|| print --no-newline $'[($env.LAST_EXIT_CODE)]READY# '; '' }"
        }
        _ => "function prompt { \"[$LASTEXITCODE]READY# \" }",
    }
}
