//! The hook follows the profile variable: set in this shell it brings that profile's session, gone it
//! takes it away again; with direnv and without, in nested shells too.
#![cfg(unix)]
use crate::support;
use std::thread;
use std::time::Duration;

use crate::support::World;
use crate::support::hooked::{Hooked, epoch_in, install, shells, two_accounts, two_accounts_of};
use crate::support::neighbours::{self, direnv};
use crate::support::shells::{Shell, named};
use crate::support::sts::{LocalSts, Step, clock};

const VARIABLES: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

#[test]
fn a_profile_variable_brings_its_session_and_takes_it_away() {
    for shell in shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        for variable in VARIABLES {
            let mut hooked = Hooked::start(&world, shell);
            hooked.run("awsmfa use a");
            let ran = hooked.export(variable, "b");
            assert!(!ran.contains("awsmfa:"), "not silent: {ran}");
            hooked.assert_holds(&b, "b");
            assert_eq!(
                hooked.exported()[variable],
                "b",
                "the variable is left alone"
            );
            let ran = hooked.unset(variable);
            assert!(!ran.contains("awsmfa:"), "not silent: {ran}");
            hooked.assert_holds(&a, "a");
        }
    }
}

#[test]
fn one_variable_after_another_comes_back_to_the_first_session() {
    for shell in shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.export("AWS_PROFILE", "b");
        hooked.assert_holds(&b, "b");
        let ran = hooked.export("AWS_PROFILE", "nobody-of-that-name");
        assert!(
            ran.contains("there is no session of that profile: run awsmfa use nobody-of-that-name"),
            "{ran}"
        );
        hooked.assert_empty();
        hooked.export("AWS_PROFILE", "b");
        hooked.assert_holds(&b, "b");
        hooked.unset("AWS_PROFILE");
        hooked.assert_holds(&a, "a");
    }
}

#[test]
fn a_renewal_at_the_prompt_remembers_what_to_come_back_to() {
    for shell in shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.export("AWS_PROFILE", "b");
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.assert_holds(&b, "b");
        hooked.unset("AWS_PROFILE");
        hooked.assert_holds(&a, "a");
    }
}

#[test]
fn a_value_at_load_is_no_request_and_neither_is_one_without_a_session() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        world.log_in("b");
        let world = world.env("AWS_PROFILE", "b");
        let mut hooked = Hooked::start(&world, shell);
        hooked.idle();
        hooked.assert_empty();
        hooked.export("AWS_PROFILE", "a");
        hooked.assert_empty();
    }
}

#[test]
fn what_use_and_env_put_there_stays_when_the_variable_goes() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        let b = world.log_in("b");
        for line in ["awsmfa use", &shell.line("awsmfa env")] {
            let mut hooked = Hooked::start(&world, shell);
            hooked.run("awsmfa use a");
            hooked.export("AWS_PROFILE", "b");
            // It takes the variable away, and asks for what is there already.
            hooked.run(line);
            hooked.assert_holds(&b, "b");
            hooked.idle();
            hooked.assert_holds(&b, "b");
        }
    }
}

#[test]
fn a_nested_shell_knows_what_to_come_back_to() {
    for shell in shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.export("AWS_PROFILE", "b");
        let (program, args) = shell.interactive(&world);
        let words: Vec<String> = args.iter().map(|arg| format!("'{arg}'")).collect();
        hooked
            .terminal
            .enter(&format!("{program} {}", words.join(" ")));
        hooked.terminal.wait_for_prompt();
        hooked.run(&install(shell));
        hooked.assert_holds(&b, "b");
        hooked.unset("AWS_PROFILE");
        hooked.assert_holds(&a, "a");
        hooked.terminal.enter("exit");
        hooked.terminal.wait_for_prompt();
        hooked.assert_holds(&b, "b");
    }
}

/// A home with direnv: two directories whose `.envrc` hold these lines.
fn with_direnv(one: &str, two: &str) -> Option<World> {
    if !support::shells::installed("direnv", true) {
        return None;
    }
    let world = two_accounts()
        .file("work/one/.envrc", one)
        .file("work/two/.envrc", two)
        .file("work/out/readme", "");
    for directory in ["work/one", "work/two"] {
        let allowed = world
            .command("direnv")
            .arg("allow")
            .arg(world.path(directory))
            .output();
        assert!(allowed.unwrap().status.success());
    }
    Some(world)
}

/// A shell with direnv's hook and ours in its start-up file, in this order or in the other.
fn start<'w>(world: &'w World, shell: Shell, direnv_first: bool) -> Hooked<'w> {
    let mut lines = [direnv().lines(world, shell), neighbours::ours(world, shell)];
    if !direnv_first {
        lines.reverse();
    }
    neighbours::start(world, shell, &lines)
}

#[test]
fn directories_that_name_two_accounts_hold_the_right_one_or_none_at_every_step() {
    for shell in direnv().shells() {
        for (variable, strict) in [("AWS_PROFILE", ""), ("AWS_DEFAULT_PROFILE", "strict_env\n")] {
            let envrc = |profile| format!("{strict}export {variable}={profile}\n");
            let Some(world) = with_direnv(&envrc("a"), &envrc("b")) else {
                return;
            };
            let (a, b) = (world.log_in("a"), world.log_in("b"));
            let mut hooked = start(&world, shell, strict.is_empty());
            hooked.run("awsmfa use a");
            hooked.run("cd two");
            hooked.assert_holds(&b, "b");
            hooked.run("cd ../one");
            hooked.assert_holds(&a, "a");
            hooked.run("cd ../two");
            hooked.assert_holds(&b, "b");
            hooked.run("cd ../out");
            hooked.assert_holds(&a, "a");
            hooked.run("awsmfa off");
            hooked.assert_empty();
            hooked.run("cd ../two");
            hooked.assert_empty();
        }
    }
}

#[test]
fn a_second_account_without_a_session_leaves_none() {
    for shell in direnv().shells() {
        let Some(world) = with_direnv(
            "export AWS_PROFILE=a\n",
            "strict_env\nexport AWS_PROFILE=nobody\n",
        ) else {
            return;
        };
        let a = world.log_in("a");
        let mut hooked = start(&world, shell, true);
        hooked.run("cd one");
        hooked.run("awsmfa use");
        hooked.assert_holds(&a, "a");
        let ran = hooked.run("cd ../two");
        assert!(ran.contains("there is no session of that profile"), "{ran}");
        hooked.assert_empty();
        hooked.run("cd ../one");
        hooked.assert_holds(&a, "a");
    }
}

/// direnv acts in zsh as soon as a directory is entered: a command on the same line must not run with the
/// keys of the former account.
#[test]
fn in_zsh_the_keys_follow_on_the_line_that_changes_the_directory() {
    let envrc = "export AWS_PROFILE=b\n";
    let (Some(zsh), Some(world)) = (named("zsh"), with_direnv("", envrc)) else {
        return;
    };
    let b = world.log_in("b");
    world.log_in("a");
    let mut hooked = start(&world, zsh, true);
    hooked.run("awsmfa use a");
    let ran = hooked.run("cd ~/work/two && echo \"now $AWS_ACCESS_KEY_ID\"");
    assert!(ran.contains(&format!("now {b}\n")), "{ran}");
    let ran = hooked.run("cd ~ && echo \"now $AWSMFA_PROFILE\"");
    assert!(ran.contains("now a\n"), "{ran}");
}

/// Half a key would be worse than none.
#[test]
fn bringing_a_session_back_can_be_interrupted() {
    for shell in shells() {
        let world = two_accounts_of(LocalSts::builder().session_seconds_clock_offset(-895));
        world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use reader -d 15m --min-ttl 1s");
        let end: i64 = hooked.exported()["AWSMFA_EXPIRES"].parse().unwrap();
        hooked.export("AWS_PROFILE", "a");
        while clock::now() <= end {
            thread::sleep(Duration::from_millis(20));
        }
        for _ in 0..8 {
            world.sts().next(Step::Hang);
        }
        let calls = world.sts().calls().len();
        hooked.terminal.enter(&shell.unset("AWS_PROFILE"));
        world
            .sts()
            .wait_for_calls(calls + 1, Duration::from_secs(20));
        hooked.terminal.control('c');
        if shell.name == "pwsh" {
            // Where its prompt was stopped, it makes another after the next line.
            hooked.terminal.enter("");
        }
        hooked.terminal.wait_for_prompt();
        assert_eq!(hooked.holds().0, None, "{}", hooked.terminal.text());
    }
}
