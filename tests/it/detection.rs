//! Which shell is asking, where nobody says it: the program that runs the nearest ancestor, also where a
//! process is named after the script that it runs.

#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::World;
use crate::support::process::finish;
use crate::support::shells;

/// Runs a script of `/usr/bin/<interpreter>` from an `outer` shell and gives back what it printed.
fn script(world: &World, outer: &str, interpreter: &str, name: &str, body: &str) -> String {
    let world_path = world.path("work").join(name);
    fs::write(&world_path, format!("#!/usr/bin/{interpreter}\n{body}\n")).unwrap();
    fs::set_permissions(&world_path, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = world.command(outer);
    // Something after it, so that no shell is replaced by the script.
    command.args(["-c", &format!("./{name}; true")]);
    let ran = finish(command.stdout(Stdio::piped()), "");
    format!("{}{}", ran.stdout, ran.stderr)
}

/// Debian's sh is dash: it has no `builtin`.
#[test]
fn a_script_is_spoken_to_in_the_language_of_its_interpreter() {
    let posix = "eval \"$(awsmfa env --no-input 2>/dev/null)\"; echo status $?";
    let fish = "awsmfa env --no-input 2>/dev/null | source; echo status $status";
    for (interpreter, body) in [
        ("sh", posix),
        ("dash", posix),
        ("bash", posix),
        ("zsh", posix),
        ("ksh", posix),
        ("mksh", posix),
        ("fish", fish),
    ] {
        if !shells::installed(interpreter, true) {
            continue;
        }
        for outer in ["bash", "fish"] {
            if !shells::installed(outer, true) {
                continue;
            }
            // The second name is that of another shell.
            for name in ["script", "cmd"] {
                let world = World::alice();
                let said = script(&world, outer, interpreter, name, body);
                assert_eq!(said, "status 1\n", "{interpreter} from {outer} as {name}");
            }
        }
    }
}
