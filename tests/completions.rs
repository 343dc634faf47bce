//! Completion: the committed scripts are what the program prints, and TAB offers the profiles that the
//! AWS files hold at that moment.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what cannot happen may stop a test"
)]

mod support;

use std::fmt::Write;

use support::World;
use support::pty::Terminal;
use support::shells;

const SCRIPTS: [(&str, &str); 5] = [
    ("bash", "awsmfa.bash"),
    ("zsh", "_awsmfa"),
    ("fish", "awsmfa.fish"),
    ("powershell", "_awsmfa.ps1"),
    ("elvish", "awsmfa.elv"),
];

#[test]
fn the_committed_scripts_are_current() {
    let world = World::new();
    for (shell, file) in SCRIPTS {
        let path = format!("{}/completions/{file}", env!("CARGO_MANIFEST_DIR"));
        let committed = std::fs::read_to_string(&path).unwrap();
        world.awsmfa(["completions", shell]).stdout(committed).run();
    }
}

/// What the script asks when somebody has typed these words and presses TAB.
fn offered(world: &World, words: &[&str]) -> Vec<String> {
    let mut args = vec!["--", "awsmfa"];
    args.extend(words);
    let index = words.len().to_string();
    let run = world
        .awsmfa(args)
        .env("AWSMFA_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", &index)
        .env("_CLAP_IFS", "\n")
        .any_stdout()
        .run();
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn profiles_are_offered_wherever_one_is_wanted() {
    let world = World::new().config("[default]\n[profile dev]\n[profile demo]\n[profile prod]\n");
    for command in ["env", "exec", "logout", "credential-process"] {
        assert_eq!(
            offered(&world, &[command, "de"]),
            ["default", "dev", "demo"],
            "{command}"
        );
    }
    assert_eq!(offered(&world, &["env", "--profile", "p"]), ["prod"]);
}

#[test]
fn a_broken_file_offers_nothing_and_says_nothing() {
    let world = World::new().config("[default\n");
    assert_eq!(offered(&world, &["env", "de"]), [""; 0]);
}

#[test]
fn five_thousand_profiles_are_offered_at_once() {
    let mut config = String::new();
    for n in 0..5_000 {
        writeln!(
            config,
            "[profile team-{n}]\nregion = eu-west-1\noutput = json"
        )
        .unwrap();
    }
    let world = World::new().config(config);
    assert_eq!(offered(&world, &["env", "team-4999"]), ["team-4999"]);
    assert_eq!(offered(&world, &["env", "team-"]).len(), 5_000);
}

#[test]
fn tab_completes_a_profile_in_the_real_shells() {
    for (name, load) in [
        (
            "bash",
            r#"source /dev/stdin <<< "$(awsmfa completions bash)""#,
        ),
        (
            "zsh",
            r#"autoload -Uz compinit && compinit -u -D && eval "$(awsmfa completions zsh)""#,
        ),
        ("fish", "awsmfa completions fish | source"),
    ] {
        let Some(shell) = shells::named(name) else {
            continue;
        };
        let world = World::new().config("[profile marmalade]\n");
        let mut terminal = Terminal::shell(&world, shell);
        terminal.run(load);
        terminal.send("awsmfa env marm\t");
        terminal.wait_for("marmalade");
    }
}
