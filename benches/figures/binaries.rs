//! What is measured, in copies that take turns: where a file happens to lie in memory makes a fifth of
//! the time of a short run (measured), and the least of several copies is the same each time.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::World;
use crate::support::world::AWSMFA;

const COPIES: usize = 6;

pub struct Binaries {
    awsmfa: Copies,
    bare: Copies,
}

impl Binaries {
    pub fn copied() -> Self {
        Self {
            awsmfa: Copies::of(Path::new(AWSMFA), "awsmfa"),
            bare: Copies::of(&newest_bare(), "bare"),
        }
    }

    /// A run of awsmfa in this world. (Not [`World::command`]: its folder would cost a fork.)
    pub fn awsmfa(&self, world: &World, args: &[&str]) -> Command {
        let mut command = in_world(world, self.awsmfa.next());
        command.args(args);
        command
    }

    /// A run of the process that does nothing.
    pub fn bare(&self, world: &World) -> Command {
        in_world(world, self.bare.next())
    }

    /// A path of each.
    pub fn paths(&self) -> [&Path; 2] {
        [self.awsmfa.next(), self.bare.next()]
    }
}

struct Copies {
    _folder: TempDir,
    turn: Cell<usize>,
    paths: Vec<PathBuf>,
}

impl Copies {
    fn of(original: &Path, name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = (0..COPIES)
            .map(|n| {
                let to = folder.path().join(format!("{n}")).join(name);
                fs::create_dir(to.parent().unwrap()).unwrap();
                fs::copy(original, &to).unwrap();
                to
            })
            .collect();
        Self {
            _folder: folder,
            turn: Cell::new(0),
            paths,
        }
    }

    fn next(&self) -> &Path {
        let turn = self.turn.get();
        self.turn.set((turn + 1) % COPIES);
        &self.paths[turn]
    }
}

/// A program with the variables of this world.
pub fn in_world(world: &World, program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.env_clear().envs(world.variables());
    command
}

/// `cargo bench` has built it beside this program, under a name that ends in a hash.
fn newest_bare() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let built = fs::read_dir(here.parent().unwrap()).unwrap();
    let is_bare = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with("bare-") && !name.contains('.'))
    };
    let bare = built.map(|entry| entry.unwrap().path()).filter(is_bare);
    let newest = bare.max_by_key(|path| path.metadata().unwrap().modified().unwrap());
    newest.expect("run cargo bench as a whole: bare is part of it")
}
