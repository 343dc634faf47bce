//! A prompt with nothing to do: what the shell takes for its check, told from outside in batches.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use super::binaries::in_world;
use super::clock::Times;
use super::page::{Row, time};
use super::warm;
use crate::support::World;
use crate::support::hooked::{install, main_shells};
use crate::support::shells::{Shell, installed, named};

const BATCHES: usize = 300;
/// Short enough to be left alone by what else runs, long enough for the pipe to be little beside it.
const CHECKS: u32 = 100;
/// PowerShell makes its prompt by the check, so a bare prompt is what it is compared to.
const POWERSHELL: [&str; 2] = ["$null = prompt", "$null = & $global:bare"];
/// One starts a process.
const BATCHES_OF_DIRENV: usize = 60;

pub fn measure() -> Vec<Row> {
    let shells = main_shells().into_iter().chain(named("pwsh"));
    shells.flat_map(rows).collect()
}

fn rows(shell: Shell) -> Vec<Row> {
    let world = warm::world();
    let is_powershell = shell.name == "pwsh";
    let check = if is_powershell {
        POWERSHELL[0]
    } else {
        "_awsmfa_prompt"
    };
    let (hook, session) = (hook(shell), hook_with_session(&world, shell));
    let idle = cost(&world, shell, &hook, check, CHECKS, BATCHES);
    let active = cost(&world, shell, &session, check, CHECKS, BATCHES);
    let name = shell.name;
    let figure = |seconds: f64| format!("{:.1} µs", seconds * 1e6);
    let bounded = |row: Row, seconds: f64| match name {
        "fish" => row,
        "pwsh" => row.holds("≤ 60 µs", seconds <= 60e-6),
        _ => row.holds("≤ 30 µs", seconds <= 30e-6),
    };
    let mut rows = vec![
        bounded(Row::new(format!("{name}, no session"), figure(idle)), idle),
        bounded(
            Row::new(format!("{name}, a session in the shell"), figure(active)),
            active,
        ),
    ];
    if name == "fish" {
        // It looks at the clock there, and at the prompt only behind a long command.
        let before = cost(&world, shell, &session, "_awsmfa_preexec", CHECKS, BATCHES);
        rows.push(Row::new("fish, before a command", figure(before)));
    }
    // The direnv of Debian knows no PowerShell.
    if !is_powershell && installed("direnv", false) {
        let hook = shell.line(&format!("direnv hook {name}"));
        let check = match name {
            "fish" => "__direnv_export_eval",
            _ => "_direnv_hook",
        };
        let direnv = cost(&world, shell, &[hook], check, 1, BATCHES_OF_DIRENV);
        rows.push(Row::new(
            format!("{name}, direnv's own check"),
            time(direnv),
        ));
        rows.push(
            Row::new(format!("{name}, ours beside it"), "")
                .times("direnv", active / direnv)
                .at_most(1.0 / 50.0),
        );
    }
    rows
}

/// The hook. fish defines its handlers at the first prompt, and says how long a command took.
fn hook(shell: Shell) -> Vec<String> {
    match shell.name {
        "fish" => vec![
            install(shell),
            "emit fish_prompt; set -g CMD_DURATION 5".to_owned(),
        ],
        "pwsh" => vec!["$global:bare = $function:prompt".to_owned(), install(shell)],
        _ => vec![install(shell)],
    }
}

/// The hook, and what a session in the shell exports.
fn hook_with_session(world: &World, shell: Shell) -> Vec<String> {
    let printed = world
        .awsmfa(["env", "--format", "dotenv"])
        .any_stdout()
        .run();
    let lines = printed
        .stdout
        .lines()
        .filter_map(|line| line.split_once('='));
    let exports = lines.map(|(name, value)| shell.export(name, value));
    exports.chain(hook(shell)).collect()
}

/// Seconds that one check takes more than no check: the least batch of each.
fn cost(
    world: &World,
    shell: Shell,
    setup: &[String],
    check: &str,
    checks: u32,
    batches: usize,
) -> f64 {
    let mut served = Served::start(world, shell, setup);
    let nothing = match shell.name {
        "pwsh" => POWERSHELL[1],
        _ => shell.syntax.nothing,
    };
    let (mut with, mut without) = (Vec::new(), Vec::new());
    // A check that is no command would be timed as well.
    match shell.name {
        "pwsh" => served.batch(check, checks),
        _ => served.batch(&format!("{check} || echo failed"), checks),
    };
    for _ in 0..batches {
        with.push(served.batch(check, checks));
        without.push(served.batch(nothing, checks));
    }
    (Times::of(with).least() - Times::of(without).least()) / f64::from(checks)
}

/// A shell that runs what it is told, a line at a time, and says when it is done.
struct Served {
    shell: Shell,
    child: Child,
    tell: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl Served {
    fn start(world: &World, shell: Shell, setup: &[String]) -> Self {
        let serve = match shell.name {
            "fish" => "while read -l line; eval $line; end",
            "pwsh" => "while ($line = [Console]::In.ReadLine()) { Invoke-Expression $line }",
            _ => "while read -r line; do eval \"$line\"; done",
        };
        let (program, _) = shell.interactive(world);
        let script = setup.join("\n") + "\n" + serve;
        let mut command = in_world(world, program);
        let plain: &[&str] = match shell.name {
            "bash" => &["--norc", "--noprofile", "-c"],
            "zsh" => &["-f", "-c"],
            "pwsh" => &["-NoLogo", "-NoProfile", "-Command"],
            _ => &["--no-config", "-c"],
        };
        command.args(plain).arg(&script);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let tell = child.stdin.take().unwrap();
        let told = BufReader::new(child.stdout.take().unwrap());
        Self {
            shell,
            child,
            tell,
            told,
        }
    }

    /// How long it takes to do this so often.
    fn batch(&mut self, what: &str, count: u32) -> Duration {
        let line = match self.shell.name {
            "fish" => {
                let words = vec!["x"; count as usize].join(" ");
                format!("for x in {words}; {what}; end; echo done\n")
            }
            "pwsh" => format!("for ($i = 0; $i -lt {count}; $i++) {{ {what} }}; 'done'\n"),
            _ => format!("for ((i = 0; i < {count}; i++)); do {what}; done; echo done\n"),
        };
        let started = Instant::now();
        self.tell.write_all(line.as_bytes()).unwrap();
        let mut said = String::new();
        self.told.read_line(&mut said).unwrap();
        let took = started.elapsed();
        assert_eq!(said, "done\n", "{}: {what}", self.shell.name);
        took
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
