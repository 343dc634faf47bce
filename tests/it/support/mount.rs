//! A system in which one file is another: a resolver that never answers, the kernel of WSL. It is a mount that
//! one program alone sees, where the system gives that to everybody.

use std::path::Path;
use std::process::Command;

use super::{World, shells};

/// This program, which sees `own`, a file or a pipe of the home, in place of `system`.
pub fn seeing(world: &World, own: &str, system: &str, program: &str) -> Option<Command> {
    let unshared = |program: &str| {
        let mut command = world.command("unshare");
        let script = "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"";
        command
            .args(["-rm", "sh", "-c", script])
            .arg(world.path(own));
        command.args([system, program]);
        command
    };
    if !Path::new(system).exists()
        || !unshared("true")
            .output()
            .is_ok_and(|ran| ran.status.success())
    {
        shells::say_skipped("this system gives nobody a mount of his own");
        return None;
    }
    Some(unshared(program))
}
