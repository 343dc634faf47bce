//! Completion: the committed scripts are what the program prints, and TAB offers the profiles that the
//! AWS files hold at that moment.
#![cfg(unix)]
use std::fmt::Write;

use crate::support::World;
use crate::support::hooked;
use crate::support::pty::Terminal;
use crate::support::shells;

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
    assert_eq!(offered(&world, &["keys", "rotate", "p"]), ["prod"]);
    assert_eq!(offered(&world, &["keys", "ro"]), ["rotate"]);
    assert_eq!(offered(&world, &["keys", "rotate", "--del"]), ["--delete"]);
}

/// A function of PowerShell swallows the `--` before the words, and PowerShell ends with the word.
#[test]
fn the_hooks_function_in_powershell_is_no_obstacle() {
    let world = World::new().config("[profile prod]\n");
    let args = ["awsmfa", "env", "p"];
    let test = world.awsmfa(args).env("AWSMFA_COMPLETE", "powershell");
    test.stdout("prod\n").run();
}

#[test]
fn flags_are_offered_where_one_is_begun() {
    let world = World::new().config("[profile dev]\n");
    assert_eq!(offered(&world, &["env", ""]), ["dev"]);
    let flags = offered(&world, &["env", "--"]);
    assert!(flags.contains(&"--token-code".to_owned()));
    assert!(!flags.contains(&"--where-stored".to_owned()), "direnv's");
    assert_eq!(offered(&world, &["env", "--unse"]), ["--unset"]);
    let re = offered(&world, &["env", "--re"]);
    assert_eq!(re, ["--reveal", "--refresh", "--region"]);
}

#[test]
fn another_programs_words_have_no_profiles() {
    let world = World::new().config("[profile dev]\n");
    assert_eq!(offered(&world, &["exec", "d"]), ["dev"]);
    assert_eq!(offered(&world, &["exec", "dev", "--", "aws", "d"]), [""; 0]);
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

/// How each shell loads its script, as the help says.
const LOADED: [(&str, &str); 4] = [
    ("bash", r#"eval "$(awsmfa completions bash)""#),
    (
        "zsh",
        r#"autoload -Uz compinit && compinit -u -D && eval "$(awsmfa completions zsh)""#,
    ),
    ("fish", "awsmfa completions fish | source"),
    ("elvish", "eval (awsmfa completions elvish | slurp)"),
];

/// A shell with the completion, and where it is wanted with the hook: its function stands between the
/// script and the program.
fn shells_with_completion(world: &World, hook: bool) -> impl Iterator<Item = (&str, Terminal)> {
    LOADED.into_iter().filter_map(move |(name, load)| {
        let shell = shells::named(name)?;
        let mut terminal = Terminal::shell(world, shell);
        if hook {
            terminal.run(&hooked::install(shell));
        }
        terminal.run(load);
        Some((name, terminal))
    })
}

/// Types a line with a TAB at its end, and has the shell say which words that has made of it.
#[track_caller]
fn assert_completes(terminal: &mut Terminal, typed: &str, words: &[&str]) {
    terminal.send(&format!("{typed}\t"));
    terminal.control('a');
    terminal.enter("printf '(%s)' ");
    let words: String = words.iter().map(|word| format!("({word})")).collect();
    terminal.wait_for(&words);
    terminal.wait_for_prompt();
}

#[test]
fn env_tab_offers_the_profiles_in_the_real_shells() {
    let world = World::new()
        .config("[default]\n[profile demo]\n[profile prod]\n")
        .env("TERM", "xterm"); // fish shows no list on a dumb terminal
    for (name, mut terminal) in shells_with_completion(&world, false) {
        // What is shown from here on is the answer.
        let before = terminal.text().len();
        // bash lists at the second one; in fish that one would go on to choose.
        let tabs = if name == "bash" { "\t\t" } else { "\t" };
        terminal.send(&format!("awsmfa env {tabs}"));
        terminal.wait_for("prod");
        let shown = terminal.text().split_off(before);
        for profile in ["default", "demo"] {
            assert!(shown.contains(profile), "{name}: {shown}");
        }
        assert!(!shown.contains("--"), "{name} shows flags too: {shown}");
    }
}

/// Every character that a name may have, among them those at which bash splits words.
const NAMES: &str = "[profile team/a.b]\n[profile me@corp]\n[profile a:b:c1]\n[profile a:b:d2]\n\
    [profile p%1+2]\n[profile x_y-z]\n";

#[test]
fn a_name_is_completed_wherever_it_stands_and_whatever_it_has() {
    let world = World::new().config(NAMES);
    for (name, mut terminal) in shells_with_completion(&world, true) {
        if name == "elvish" {
            continue; // it opens a list, and says no words
        }
        let mut completes = |typed: &str, words: &[&str]| {
            assert_completes(&mut terminal, typed, words);
        };
        completes("awsmfa env te", &["awsmfa", "env", "team/a.b"]);
        completes("awsmfa use team/", &["awsmfa", "use", "team/a.b"]);
        completes("awsmfa use team/a.", &["awsmfa", "use", "team/a.b"]);
        completes("awsmfa env me", &["awsmfa", "env", "me@corp"]);
        completes("awsmfa env me@", &["awsmfa", "env", "me@corp"]);
        completes("awsmfa env me@co", &["awsmfa", "env", "me@corp"]);
        completes("awsmfa env a", &["awsmfa", "env", "a:b:"]);
        completes("awsmfa env a:", &["awsmfa", "env", "a:b:"]);
        completes("awsmfa env a:b:d", &["awsmfa", "env", "a:b:d2"]);
        completes("awsmfa logout p", &["awsmfa", "logout", "p%1+2"]);
        completes("awsmfa exec -p me", &["awsmfa", "exec", "-p", "me@corp"]);
        completes(
            "awsmfa env --profile x",
            &["awsmfa", "env", "--profile", "x_y-z"],
        );
        completes(
            "awsmfa env --profile=x",
            &["awsmfa", "env", "--profile=x_y-z"],
        );
        completes(
            "awsmfa env --profile=a:b:c",
            &["awsmfa", "env", "--profile=a:b:c1"],
        );
        completes(
            "awsmfa write --to=me@",
            &["awsmfa", "write", "--to=me@corp"],
        );
        completes(
            "awsmfa use a:b:d2 --no-i",
            &["awsmfa", "use", "a:b:d2", "--no-input"],
        );
        completes("awsmfa cred", &["awsmfa", "credential-process"]);
    }
}

#[test]
fn equals_tab_offers_the_profiles() {
    let world = World::new().config("[profile lone]\n");
    for (name, mut terminal) in shells_with_completion(&world, false) {
        if name == "elvish" {
            terminal.send("awsmfa env --profile=lo\t");
            terminal.wait_for("lone");
            continue;
        }
        assert_completes(
            &mut terminal,
            "awsmfa env --profile=",
            &["awsmfa", "env", "--profile=lone"],
        );
        assert_completes(&mut terminal, "awsmfa env ", &["awsmfa", "env", "lone"]);
    }
}

/// As somebody's TAB does it, in the one shell of these that cannot be had everywhere.
#[test]
fn powershell_completes_on_the_program_and_on_the_hooks_function() {
    let Some(shell) = shells::named("pwsh") else {
        return;
    };
    let world = World::new().config("[default]\n[profile prod]\n");
    let path = crate::support::world::AWSMFA;
    for hook in ["", "Invoke-Expression (awsmfa hook powershell)"] {
        let mut script = format!(
            "Set-StrictMode -Version Latest\n{hook}\nawsmfa completions powershell | Out-String | Invoke-Expression\n"
        );
        let lines = [
            ("awsmfa env p", "prod"),
            ("awsmfa env ", "default prod"),
            ("$null = 1; awsmfa exec ", "default prod"),
            ("awsmfa exec prod -- Get-Ali", "Get-Alias"),
            ("awsmfa exec $(New-Item ran) p", "prod"),
            (&format!("& {path} env p"), "prod"),
        ];
        for (line, _) in &lines {
            script += &format!(
                "\"$((TabExpansion2 '{line}' {}).CompletionMatches.CompletionText)\"\n",
                line.len()
            );
        }
        let ran = shell.script(&world, &script);
        let expected = lines.map(|(_, offered)| offered).join("\n");
        assert_eq!((ran.stdout.trim(), ran.stderr.as_str()), (&*expected, ""));
        assert!(!world.path("work/ran").exists(), "a TAB ran it");
    }
}
