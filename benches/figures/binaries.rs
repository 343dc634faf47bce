//! What is measured, copied to one place: how the linker happened to lay a file out on the disk makes
//! a fifth of the time of a short run (measured), and a copy is laid out anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::World;
use crate::support::world::AWSMFA;

pub struct Binaries {
    pub awsmfa: PathBuf,
    /// The process that does nothing.
    pub bare: PathBuf,
    _folder: tempfile::TempDir,
}

impl Binaries {
    pub fn copied() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copy = |from: &Path, name: &str| {
            let to = folder.path().join(name);
            fs::copy(from, &to).unwrap();
            to
        };
        Self {
            awsmfa: copy(Path::new(AWSMFA), "awsmfa"),
            bare: copy(&newest_bare(), "bare"),
            _folder: folder,
        }
    }

    /// A run of awsmfa in this world. (Not [`World::command`]: its folder would cost a fork.)
    pub fn awsmfa(&self, world: &World, args: &[&str]) -> Command {
        let mut command = in_world(world, &self.awsmfa);
        command.args(args);
        command
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
