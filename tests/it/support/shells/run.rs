//! Running scripts in a row's shell, with a look at the exported variables between the lines.

use std::process::Stdio;
use std::sync::OnceLock;

use super::super::World;
use super::super::process::{Finished, finish};
use super::evaluated::{Evaluated, dumps};
use super::{Shell, find};

/// A line to evaluate, and what the script says before it.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Not under test.
    pub prelude: String,
    /// Under test.
    pub line: String,
}

impl Shell {
    /// The program's path, and the arguments for a person at a terminal in this world.
    pub fn interactive(&self, world: &World) -> (String, &'static [&'static str]) {
        if let Some((file, text)) = self.start_up {
            let file = world.path(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        (self.path(), self.interactive)
    }

    /// Whether the shell reads what POSIX says.
    pub fn is_posix(&self) -> bool {
        ["bash", "zsh", "sh"].contains(&self.says)
    }

    /// The idioms that this version of the shell has: bash 3.2 (macOS's) reads nothing from `source <(…)`.
    pub fn idioms(&self) -> impl Iterator<Item = &'static str> + use<> {
        let reads_all = self.program != "bash" || bash_major() > 3;
        let idioms = self.idioms.iter().copied();
        idioms.filter(move |idiom| reads_all || !idiom.starts_with("source <("))
    }

    /// Each idiom as a line of this shell that evaluates the output of `command`.
    pub fn lines(&self, command: &str) -> impl Iterator<Item = String> {
        self.idioms().map(move |idiom| idiom.replace("{}", command))
    }

    /// The first idiom, the one to teach.
    pub fn line(&self, command: &str) -> String {
        self.lines(command).next().unwrap()
    }

    /// Exports a value of letters, digits and the like.
    pub fn export(&self, name: &str, value: &str) -> String {
        let line = self.syntax.export.replace("{name}", name);
        line.replace("{value}", value)
    }

    /// Exports whatever the variable `from` holds.
    pub fn copy(&self, name: &str, from: &str) -> String {
        let line = self.syntax.copy.replace("{name}", name);
        line.replace("{from}", from)
    }

    /// Takes an exported variable away.
    pub fn unset(&self, name: &str) -> String {
        self.syntax.unset.replace("{name}", name)
    }

    /// Runs the line in a strict script, which ends where the line fails. The prelude runs first.
    #[track_caller]
    pub fn strictly(&self, world: &World, prelude: &str, line: &str) -> Evaluated {
        self.evaluate(world, self.syntax.strict, &[step(prelude, line)])
            .remove(0)
    }

    /// Runs the line in a script that looks at its status and goes on.
    #[track_caller]
    pub fn leniently(&self, world: &World, prelude: &str, line: &str) -> Evaluated {
        self.each(world, &[step(prelude, line)]).remove(0)
    }

    /// Runs the lines in one script, one after the other, whatever their statuses.
    #[track_caller]
    pub fn each(&self, world: &World, steps: &[Step]) -> Vec<Evaluated> {
        self.evaluate(world, self.syntax.lenient, steps)
    }

    /// Runs a whole script as it is; its standard output is the test's to read.
    #[track_caller]
    pub fn script(&self, world: &World, script: &str) -> Finished {
        let file = world.path(&format!("script.{}", self.syntax.extension));
        std::fs::write(&file, script).unwrap();
        let mut command = world.command(&self.path());
        finish(
            command.args(self.strict).arg(file).stdout(Stdio::piped()),
            "",
        )
    }

    /// One for each step that was begun.
    #[track_caller]
    fn evaluate(&self, world: &World, run: &str, steps: &[Step]) -> Vec<Evaluated> {
        let dump = self.syntax.dump;
        let mut script = format!("{}\n{dump}\n", self.syntax.begin);
        for Step { prelude, line } in steps {
            // In a batch file a percent sign of the prompt is written twice.
            let [prelude, line] = [prelude, line].map(|text| match self.syntax.extension {
                "cmd" => text.replace('%', "%%"),
                _ => text.clone(),
            });
            if !prelude.is_empty() {
                script += &format!("{prelude}\n{dump}\n");
            }
            script += &format!("{}\n{dump}\n", run.replace("{line}", &line));
        }
        script += self.syntax.end;
        script += "\n";
        let ran = self.script(world, &script);
        let stderr = world.redacted(&ran.stderr);
        let mut dumps = dumps(&ran.stdout);
        let mut now = dumps.next().map(|(variables, _)| variables);
        let mut evaluated = Vec::new();
        for step in steps {
            if !step.prelude.is_empty() {
                now = dumps.next().map(|(variables, _)| variables);
            }
            let Some(before) = now else { break };
            let after = dumps.next();
            evaluated.push(Evaluated {
                before,
                status: after.as_ref().map_or(ran.status, |(_, status)| *status),
                after: after.map(|(variables, _)| variables),
                stderr: stderr.clone(),
            });
            now = evaluated.last().and_then(|last| last.after.clone());
        }
        assert!(
            !evaluated.is_empty(),
            "{}: the script did not begin: {stderr}",
            self.name
        );
        evaluated
    }

    pub fn path(&self) -> String {
        find(self.program).unwrap().to_str().unwrap().to_owned()
    }
}

fn step(prelude: &str, line: &str) -> Step {
    Step {
        prelude: prelude.to_owned(),
        line: line.to_owned(),
    }
}

/// The bash under test: 3 is macOS's.
fn bash_major() -> u32 {
    static MAJOR: OnceLock<u32> = OnceLock::new();
    *MAJOR.get_or_init(|| {
        let mut bash = std::process::Command::new(find("bash").unwrap());
        let ran = bash
            .args(["-c", "echo ${BASH_VERSINFO[0]}"])
            .output()
            .unwrap();
        String::from_utf8(ran.stdout)
            .unwrap()
            .trim()
            .parse()
            .unwrap()
    })
}
