//! The hook beside other tools at the prompt, its line before theirs and behind it in the start-up file: both do all of
//! their work, and each sees the status of the user's command.
#![cfg(unix)]
use crate::support::World;
use crate::support::hooked::{Hooked, two_accounts};
use crate::support::neighbours::{self, Neighbour};
use crate::support::shells::{self, Shell};

/// Two accounts with sessions; `work/two` is pinned to b, and direnv sets the profile variable in `work/three`.
fn world(neighbour: &Neighbour) -> (World, String, String) {
    let world = two_accounts()
        .file("work/fail", "echo it failed; exit 43\n")
        .file("work/fine", "echo all is well\n")
        .file("work/two/readme", "")
        .file("work/three/.envrc", "export AWS_PROFILE=b FROM_ENVRC=yes\n");
    let world = neighbour.prepare(world);
    let (a, b) = (world.log_in("a"), world.log_in("b"));
    world.pin("work/two", "b");
    if neighbour.name == "direnv" {
        let three = world.path("work/three");
        world.output("direnv", &["allow", three.to_str().unwrap()]);
    }
    (world, a, b)
}

fn beside(shell: Shell, neighbour: &Neighbour, ours_first: bool) {
    let (world, a, b) = world(neighbour);
    let mut lines = [
        neighbours::ours(&world, shell),
        neighbour.lines(&world, shell),
    ];
    if !ours_first {
        lines.reverse();
    }
    let mut hooked = neighbours::start(&world, shell, &lines);
    hooked.idle();
    hooked.assert_empty();

    hooked.run("awsmfa use a");
    hooked.assert_holds(&a, "a");
    assert_eq!(hooked.exported()["AWS_VAULT"], "a");
    hooked.export("AWS_PROFILE", "b");
    hooked.assert_holds(&b, "b");
    hooked.unset("AWS_PROFILE");
    hooked.assert_holds(&a, "a");
    hooked.run("cd two");
    hooked.assert_holds(&b, "b");
    hooked.run("cd ..");
    hooked.assert_holds(&a, "a");
    assert_quiet(&hooked);

    assert_statuses(&mut hooked, neighbour);
    (neighbour.works)(&mut hooked);
    hooked.run("awsmfa off");
    hooked.assert_empty();
    assert!(!hooked.exported().contains_key("AWS_VAULT"));
}

/// Neither has complained so far.
#[track_caller]
fn assert_quiet(hooked: &Hooked) {
    let text = hooked.terminal.text();
    let all: &[&str] = &[
        "awsmfa:",
        "hint:",
        "xception",
        "raceback",
        "rror",
        "not found",
        "nvalid",
        "o such",
        "bad ",
        "annot",
        "warning",
    ];
    // elvish finds faults with a line while it is typed.
    let so_many = if hooked.shell.says == "elvish" {
        4
    } else {
        all.len()
    };
    for complaint in &all[..so_many] {
        assert!(!text.contains(complaint), "{complaint}: {text}");
    }
}

/// The next command sees the status of the one before, and so does the neighbour's prompt.
#[track_caller]
fn assert_statuses(hooked: &mut Hooked, neighbour: &Neighbour) {
    let drawn = neighbour.shows_43.unwrap_or("READY# ");
    // What the scripts print tells the new prompt from the old one, which a line editor may draw again while one types.
    hooked.terminal.enter("sh fail");
    hooked.terminal.wait_for("it failed");
    hooked.terminal.wait_for(drawn);
    hooked.terminal.enter("sh fine");
    hooked.terminal.wait_for("all is well");
    hooked.terminal.wait_for_prompt();
    let text = String::from_utf8_lossy(&hooked.terminal.bytes()).into_owned();
    let (_, after) = text.rsplit_once("all is well").unwrap();
    // elvish shows the old prompt until the new one is made.
    let may_show = neighbour.shows_43.is_none() || hooked.shell.says == "elvish";
    assert!(may_show || !after.contains(drawn), "{after}");
    let (fail, show) = match hooked.shell.says {
        "bash" => ("(exit 3) | sh fail", "echo was $? ${PIPESTATUS[*]}"),
        "zsh" => ("(exit 3) | sh fail", "echo was $? $pipestatus"),
        "fish" => ("sh -c 'exit 3' | sh fail", "echo was $status $pipestatus"),
        _ => return assert_eq!(hooked.status_of("sh fail"), 43),
    };
    hooked.terminal.enter(fail);
    hooked.terminal.wait_for("it failed");
    hooked.terminal.wait_for(drawn);
    let ran = hooked.run(show);
    assert!(ran.contains("was 43 3 43\n"), "{ran}");
}

fn beside_all(name: &str) {
    let Some(shell) = shells::named(name) else {
        return;
    };
    for neighbour in neighbours::of(shell) {
        for ours_first in [true, false] {
            // It has one prompt function, and what is defined last is that.
            if !(ours_first && neighbour.is_prompt && shell.says == "powershell") {
                beside(shell, neighbour, ours_first);
            }
        }
    }
}

#[test]
fn in_bash() {
    beside_all("bash");
}

#[test]
fn in_zsh() {
    beside_all("zsh");
}

#[test]
fn in_fish() {
    beside_all("fish");
}

#[test]
fn in_elvish() {
    beside_all("elvish");
}

#[test]
fn in_tcsh() {
    beside_all("tcsh");
}

#[test]
fn in_xonsh() {
    beside_all("xonsh");
}

#[test]
fn in_nushell() {
    beside_all("nushell");
}

#[test]
fn in_powershell() {
    beside_all("pwsh");
}
