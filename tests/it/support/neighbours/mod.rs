//! Other tools that put themselves before a prompt, each with its lines in a start-up file, and how to see that it is
//! still at work.

mod table;

use std::fs;
use std::os::unix::fs::symlink;

use super::hooked::{Hooked, install};
use super::pty::Terminal;
use super::shells::{self, Shell};
use super::{World, clients};
use table::{NEIGHBOURS, STARSHIP, own_hook, own_prompt};

/// One tool.
pub struct Neighbour {
    pub name: &'static str,
    needs: Needs,
    /// The shells that it is for, as `says` has them.
    shells: &'static [&'static str],
    /// What stands in the start-up file: `{init}` is the line that evaluates the output of this command, and `{file}`
    /// the file that it needs.
    command: &'static str,
    lines: &'static str,
    /// The terminal that it wants.
    terminal: &'static str,
    /// Whether it defines the prompt itself.
    pub is_prompt: bool,
    /// What its prompt shows, as bytes, after a command with the status 43 and not after one that succeeds.
    pub shows_43: Option<&'static str>,
    /// Fails where it does not do its own work any more.
    pub works: fn(&mut Hooked),
}

enum Needs {
    Nothing,
    /// A program on PATH, in CI too.
    Program(&'static str),
    /// A program that takes CI too long to build.
    ProgramAtADesk(&'static str),
    /// A file that a package of Debian has.
    File(&'static str),
    /// A file that a package of npm has.
    Module(&'static str),
}

/// Those that are for this shell and are here; what is not says so.
pub fn of(shell: Shell) -> Vec<&'static Neighbour> {
    let rows = NEIGHBOURS.iter();
    let rows = rows.filter(|row| row.shells.contains(&shell.says));
    rows.filter(|row| row.is_here()).collect()
}

/// direnv.
pub fn direnv() -> &'static Neighbour {
    &NEIGHBOURS[0]
}

impl Neighbour {
    /// The shells that it is for.
    pub fn shells(&self) -> Vec<Shell> {
        let all = super::hooked::shells().into_iter();
        all.filter(|shell| self.shells.contains(&shell.says))
            .collect()
    }

    fn is_here(&self) -> bool {
        match self.needs {
            Needs::Nothing => true,
            Needs::Program(name) => shells::installed(name, true),
            Needs::ProgramAtADesk(name) => shells::installed(name, false),
            Needs::File(_) | Needs::Module(_) => {
                let is_here = self.file().is_some();
                if !is_here {
                    clients::missing(self.name);
                }
                is_here
            }
        }
    }

    fn file(&self) -> Option<String> {
        let file = match self.needs {
            Needs::File(file) => Some(file.into()),
            Needs::Module(file) => clients::node_modules().map(|folder| folder.join(file)),
            _ => None,
        };
        let file = file.filter(|file| file.is_file())?;
        Some(file.to_str().unwrap().to_owned())
    }

    /// What is to be there before the shell starts.
    pub fn prepare(&self, world: World) -> World {
        let world = world
            .env("TERM", self.terminal)
            .env("ATUIN_SESSION", "0")
            .file(".config/starship.toml", STARSHIP)
            .file(".config/atuin/config.toml", "update_check = false\n");
        match self.needs {
            Needs::Program(name) | Needs::ProgramAtADesk(name) => {
                let program = shells::find(name).unwrap();
                world.with_program(name, |link| symlink(program, link).unwrap())
            }
            _ => world,
        }
    }

    /// Its lines.
    pub fn lines(&self, world: &World, shell: Shell) -> String {
        let name = match shell.says {
            "nushell" => "nu",
            says => says,
        };
        let mut command = self.command.replace("{shell}", name);
        if self.name == "starship" && shell.says != "nushell" {
            command += " --print-full-init";
        }
        let init = || match shell.says {
            // What stands for an eval is a file that was written before.
            "nushell" | "xonsh" | "tcsh" => {
                let words: Vec<&str> = command.split(' ').collect();
                let text = world.output(words[0], &words[1..]);
                let file = world.path(&format!("neighbour.{}", shell.syntax.extension));
                fs::write(&file, text).unwrap();
                format!("source {}", file.display())
            }
            "powershell" => format!("{command} | Out-String | Invoke-Expression"),
            _ => shell.line(&command),
        };
        let lines = match self.command {
            "" => self.lines.to_owned(),
            _ => self.lines.replace("{init}", &init()),
        };
        let lines = lines.replace("{own}", own_hook(shell));
        let lines = lines.replace("{prompt}", own_prompt(shell));
        lines.replace("{file}", &self.file().unwrap_or_default())
    }
}

impl World {
    /// What a program prints, which must succeed.
    #[track_caller]
    pub fn output(&self, program: &str, args: &[&str]) -> String {
        let program = match program {
            "awsmfa" => super::world::AWSMFA.to_owned(),
            name => shells::find(name).unwrap().to_str().unwrap().to_owned(),
        };
        let output = self.command(&program).args(args).output().unwrap();
        assert!(output.status.success(), "{program}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A shell with these lines in its start-up file, as a person has them.
#[track_caller]
pub fn start<'w>(world: &'w World, shell: Shell, lines: &[String]) -> Hooked<'w> {
    let (file, prompt, args): (_, _, &[&str]) = match shell.says {
        "bash" => (".bashrc", "PS1='READY# '\n", &["-i"]),
        "zsh" => (".zshrc", "PS1='READY# '; unsetopt prompt_sp\n", &["-i"]),
        "fish" => (
            ".config/fish/config.fish",
            "function fish_prompt; printf 'READY# '; end; set -g fish_greeting\n",
            &["-i"],
        ),
        "powershell" => (
            ".config/powershell/profile.ps1",
            "function prompt { 'READY# ' }\n",
            &["-NoLogo"],
        ),
        // With a history: atuin records nothing without.
        "nushell" => {
            let (file, prompt) = shell.start_up.unwrap();
            (file, prompt, &[])
        }
        _ => {
            let (file, prompt) = shell.start_up.unwrap();
            (file, prompt, shell.interactive)
        }
    };
    let (program, _) = shell.interactive(world);
    let file = world.path(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, format!("{prompt}{}\n", lines.join("\n"))).unwrap();
    let terminal = Terminal::shell_under(world, shell, &program, args);
    let mut hooked = Hooked {
        world,
        shell,
        terminal,
    };
    if shell.says == "tcsh" {
        // Its `sched` has seconds, and the hook needs one to come behind everything.
        hooked.run("sleep 2");
    }
    hooked
}

/// Our line of the start-up file.
pub fn ours(world: &World, shell: Shell) -> String {
    match shell.says {
        // It reads what a line sources before it runs any line.
        "nushell" => load_ours(world, shell),
        _ => install(shell),
    }
}

/// A line that loads the hook from a file, for which no command of this name is run.
pub fn load_ours(world: &World, shell: Shell) -> String {
    let text = world.output("awsmfa", &["hook", shell.says]);
    let file = match shell.says {
        "tcsh" => world.path(".awsmfa.tcsh"),
        _ => world.path(&format!("hook.{}", shell.syntax.extension)),
    };
    fs::write(&file, text).unwrap();
    match shell.says {
        "elvish" => format!("eval (slurp < {})", file.display()),
        "powershell" => format!(". {}", file.display()),
        _ => format!("source {}", file.display()),
    }
}
