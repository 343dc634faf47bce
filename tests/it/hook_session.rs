//! A session in a shell with the hook is renewed and ended at the prompt, always under the same identity.
#![cfg(unix)]
use std::time::{Duration, Instant};

use crate::support::World;
use crate::support::hooked::{Hooked, epoch_in, shells, two_accounts, two_accounts_of};
use crate::support::shells::Shell;
use crate::support::sts::{LocalSts, Step};

/// Nothing is stored, so nothing can be renewed.
#[test]
fn at_its_end_a_session_is_unset_with_one_line_once() {
    for shell in shells() {
        let world = two_accounts().env("AWSMFA_STORE", "off");
        let mut hooked = Hooked::start(&world, shell);
        let code = world.code();
        hooked.run(&format!("awsmfa use a -t {code}"));
        let ran = hooked.export("AWSMFA_EXPIRES", &epoch_in(540));
        assert!(
            ran.contains("the session ends in 9 min and cannot be renewed: run awsmfa use a"),
            "{ran}"
        );
        let ran = hooked.idle();
        assert!(!ran.contains("awsmfa"), "said twice: {ran}");
        let ran = hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        assert!(
            ran.contains("awsmfa: the session has ended: run awsmfa use a\n"),
            "{ran}"
        );
        hooked.assert_empty();
        assert!(!hooked.idle().contains("awsmfa"));
        assert_eq!(world.sts().calls().len(), 1);
    }
}

#[test]
fn a_session_that_another_terminal_renewed_is_taken_from_the_store() {
    for shell in shells() {
        let world = two_accounts();
        let key = world.log_in("a");
        for seconds in [300, -1] {
            let mut hooked = Hooked::start(&world, shell);
            hooked.run("awsmfa use a");
            let ran = hooked.export("AWSMFA_EXPIRES", &epoch_in(seconds));
            assert!(!ran.contains("awsmfa:"), "not silent: {ran}");
            hooked.assert_holds(&key, "a");
            assert_ne!(hooked.exported()["AWSMFA_EXPIRES"], epoch_in(seconds));
        }
    }
}

/// Every session of this STS has less than ten minutes, so each is due at once.
fn short_sessions() -> World {
    two_accounts_of(LocalSts::builder().session_seconds_clock_offset(-400))
}

#[test]
fn a_role_is_renewed_as_that_role_and_never_as_its_base() {
    for shell in shells() {
        let world = short_sessions();
        world.log_in("a");
        let before = world.sts().calls().len();
        let mut hooked = Hooked::start(&world, shell);
        hooked.run(
            "awsmfa use a --role-arn arn:aws:iam::123456789012:role/reader -d 15m --min-ttl 1s",
        );
        let renewed = world
            .sts()
            .wait_for_calls(before + 2, Duration::from_secs(20));
        assert_eq!(
            renewed[before..]
                .iter()
                .map(|call| call.action.as_str())
                .collect::<Vec<_>>(),
            ["AssumeRole"; 2]
        );
        let holds = hooked.exported();
        assert_eq!(holds["AWSMFA_PROFILE"], "a", "{}", shell.name);
        // And not again within the minute.
        hooked.idle();
        assert_eq!(world.sts().calls().len(), before + 2, "{}", shell.name);
    }
}

#[test]
fn a_profile_that_means_another_identity_now_renews_nothing() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use reader");
        let key = hooked.holds().0.unwrap();
        let config = world
            .read(".aws/config")
            .replace("role/reader", "role/admin");
        std::fs::write(world.path(".aws/config"), config).unwrap();
        let ran = hooked.export("AWSMFA_EXPIRES", &epoch_in(300));
        assert!(ran.contains("cannot be renewed"), "{ran}");
        hooked.assert_holds(&key, "reader");
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.assert_empty();
    }
}

#[test]
fn a_dead_network_costs_three_seconds_once_a_minute() {
    std::thread::scope(|threads| {
        for shell in shells() {
            threads.spawn(move || dead_network(shell));
        }
    });
}

fn dead_network(shell: Shell) {
    let world = short_sessions();
    world.log_in("a");
    world.sts().next(Step::Pass);
    for _ in 0..8 {
        world.sts().next(Step::Hang);
    }
    let mut hooked = Hooked::start(&world, shell);
    let before = Instant::now();
    let ran = hooked.run("awsmfa use reader -d 15m --min-ttl 1s");
    assert!(
        ran.contains("min and cannot be renewed: run awsmfa use reader"),
        "{ran}"
    );
    assert!(
        before.elapsed() >= Duration::from_secs(3),
        "it was not tried: {ran}"
    );
    let calls = world.sts().calls().len();
    let ran = hooked.idle();
    assert!(!ran.contains("awsmfa"), "{ran}");
    assert_eq!(world.sts().calls().len(), calls, "{}", shell.name);
    // The minute is over, as far as the shell can say so: it forgets (the policy's own test has the minute).
    hooked.run(match shell.name {
        "fish" => "set -g _awsmfa_memory 0; set -g _awsmfa_seen ''",
        "pwsh" => "$global:_awsmfa_memory = '0'; $global:_awsmfa_seen = $null",
        "elvish" => return, // its hook keeps what it knows to itself
        "xonsh" => "__import__('builtins')._awsmfa.__dict__.update(memory='0', seen=None)",
        "nushell" => "$env._awsmfa = ($env._awsmfa | merge {memory: '0', seen: []})",
        "tcsh" => "set _awsmfa_memory = 0; set _awsmfa_seen = ''",
        _ => "_awsmfa_memory=0 _awsmfa_seen=",
    });
    assert!(world.sts().calls().len() > calls, "{}", shell.name);
    assert_eq!(hooked.holds().1.as_deref(), Some("reader"));
}

/// The role is not stored, so it takes a call: the first one finds the network dead, and for a minute no
/// other is made.
#[test]
fn a_dead_network_is_met_once_a_minute_also_by_the_profile_variable() {
    for shell in shells() {
        let world = two_accounts();
        let a = world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        for _ in 0..8 {
            world.sts().next(Step::Hang);
        }
        hooked.export("AWS_PROFILE", "reader");
        hooked.assert_empty();
        let calls = world.sts().calls().len();
        assert!(calls > 1, "{}", shell.name);
        hooked.unset("AWS_PROFILE");
        hooked.assert_holds(&a, "a");
        hooked.export("AWS_PROFILE", "reader");
        hooked.assert_empty();
        assert_eq!(world.sts().calls().len(), calls, "{}", shell.name);
    }
}

/// What the session took away: the next command is to be for that account, or for none.
#[test]
fn at_its_end_a_session_gives_the_profile_variable_back() {
    for shell in shells() {
        let world = two_accounts().env("AWS_PROFILE", "b");
        world.log_in("b");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use");
        hooked.run("awsmfa logout b");
        let ran = hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        assert!(ran.contains("the session has ended"), "{ran}");
        hooked.assert_empty();
        assert_eq!(hooked.exported()["AWS_PROFILE"], "b", "{}", shell.name);
        assert!(!hooked.idle().contains("awsmfa"));
    }
}

/// It may want a key touched, and a prompt waits for nobody.
#[test]
fn no_command_is_run_for_a_code_at_a_prompt() {
    for shell in shells() {
        let world = two_accounts().env("AWSMFA_STORE", "file");
        let config = world.read(".aws/config").replace(
            "[profile a]\n",
            "[profile a]\nmfa_process = echo ran >> $HOME/ran; exit 1\n",
        );
        std::fs::write(world.path(".aws/config"), config).unwrap();
        world.log_in("b");
        let code = world.code();
        let mut hooked = Hooked::start(&world, shell);
        hooked.run(&format!("awsmfa use a -t {code}"));
        assert!(hooked.holds().0.is_some(), "{}", hooked.terminal.text());
        std::fs::remove_dir_all(world.state()).unwrap();
        hooked.export("AWSMFA_EXPIRES", &epoch_in(300));
        hooked.export("AWS_PROFILE", "b");
        hooked.export("AWS_PROFILE", "a");
        hooked.assert_empty();
        assert!(!world.path("ran").exists(), "{}", shell.name);
    }
}

#[test]
fn keys_of_another_tool_are_never_touched() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        world.log_in("b");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.export("AWS_ACCESS_KEY_ID", "AKIAOTHERTOOL");
        let before = hooked.exported();
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.export("AWS_PROFILE", "b");
        hooked.unset("AWS_PROFILE");
        let after = hooked.exported();
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWSMFA_SESSION",
        ] {
            assert_eq!(before[name], after[name], "{}", shell.name);
        }
    }
}

/// Nothing happens, but upgrading or removing the program must not leave a session behind that nobody ends.
#[test]
fn without_the_program_only_the_end_is_kept() {
    for shell in shells() {
        let world = two_accounts();
        let a = world.log_in("a");
        world.log_in("b");
        let (world, copy) = world.with_own_copy();
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        std::fs::remove_file(&copy).unwrap();
        let ran = hooked.export("AWS_PROFILE", "b");
        assert!(!ran.contains("awsmfa"), "{ran}");
        hooked.assert_holds(&a, "a");
        let ran = hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        assert!(ran.contains("awsmfa: the session has ended"), "{ran}");
        hooked.assert_empty();
    }
}
