//! Somebody else, with no name on this machine: no entry in the system's list of users, so no home there either.

use std::process::Command;

use super::{World, shells};

/// The number of this user and of the group.
pub const STRANGER: u32 = 54_321;

/// Gives the whole home to the stranger; `false`, told on standard error, where only root could.
pub fn moves_in(world: &World) -> bool {
    let owner = format!("{STRANGER}:{STRANGER}");
    let mut chown = world.command("chown");
    let given = chown.args(["-R", &owner]).arg(world.path("")).output();
    let given = given.is_ok_and(|ran| ran.status.success());
    if !given {
        shells::say_skipped("giving a file to another user takes root");
    }
    given
}

/// This program, run by the stranger in a home of the stranger's.
pub fn runs(world: &World, program: &str) -> Option<Command> {
    if !moves_in(world) || !shells::installed("setpriv", true) {
        return None;
    }
    let mut command = world.command("setpriv");
    let number = STRANGER.to_string();
    command.args([
        "--reuid",
        &number,
        "--regid",
        &number,
        "--clear-groups",
        program,
    ]);
    Some(command)
}
