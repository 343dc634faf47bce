//! `awsmfa use` and `awsmfa off` in a shell with the hook.
#![cfg(unix)]
use crate::support::hooked::{Hooked, shells, two_accounts};

#[test]
fn use_switches_this_shell_and_off_gives_back_what_it_took() {
    for shell in shells() {
        let world = two_accounts()
            .env("AWS_PROFILE", "a")
            .env("AWS_DEFAULT_PROFILE", "b");
        let mut hooked = Hooked::start(&world, shell);
        hooked.terminal.enter("awsmfa use");
        hooked.terminal.wait_for("MFA code for ");
        let code = world.code();
        hooked.terminal.enter(&code);
        hooked.terminal.wait_for_prompt();
        let set = hooked.exported();
        assert_eq!(set["AWSMFA_PROFILE"], "a", "{}", shell.name);
        assert!(!set.contains_key("AWS_PROFILE"), "{}", shell.name);
        assert!(!set.contains_key("AWS_DEFAULT_PROFILE"), "{}", shell.name);
        let key = world.log_in("b");
        hooked.run("awsmfa use b");
        hooked.assert_holds(&key, "b");
        hooked.run("awsmfa off");
        hooked.assert_empty();
        let set = hooked.exported();
        assert_eq!(set["AWS_PROFILE"], "a", "{}", shell.name);
        assert_eq!(set["AWS_DEFAULT_PROFILE"], "b", "{}", shell.name);
        let again = hooked.run("awsmfa off");
        assert!(
            again.contains("awsmfa: there is no session in this shell"),
            "{again}"
        );
    }
}

#[test]
fn a_variable_that_env_took_away_comes_back_too() {
    for shell in shells() {
        let world = two_accounts().env("AWS_PROFILE", "a");
        world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        let line = shell.line("awsmfa env");
        hooked.run(&line);
        hooked.run("awsmfa off");
        hooked.assert_empty();
        assert_eq!(hooked.exported()["AWS_PROFILE"], "a", "{}", shell.name);
    }
}

#[test]
fn a_switch_that_fails_leaves_no_session_of_another_account() {
    for shell in shells() {
        let world = two_accounts();
        let key = world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.assert_holds(&key, "a");
        assert_eq!(hooked.status_of("awsmfa use nobody --no-input"), 5);
        hooked.assert_no_session();
        hooked.run("awsmfa off");
        hooked.assert_empty();
    }
}

#[test]
fn a_question_that_is_cancelled_leaves_a_usable_shell_and_no_session_of_another_account() {
    for shell in shells() {
        let world = two_accounts();
        let key = world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.terminal.enter("awsmfa use nobody");
        hooked.terminal.wait_for("MFA code for ");
        hooked.terminal.control('c');
        hooked.terminal.wait_for_prompt();
        hooked.assert_no_session();
        hooked.run("awsmfa use a");
        hooked.assert_holds(&key, "a");
    }
}

#[test]
fn a_hyphen_goes_back_to_the_session_before() {
    for shell in shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        assert_eq!(hooked.status_of("awsmfa use -"), 1);
        hooked.run("awsmfa use a");
        hooked.run("awsmfa use b");
        hooked.run("awsmfa use -");
        hooked.assert_holds(&a, "a");
        hooked.run("awsmfa use -");
        hooked.assert_holds(&b, "b");
        // As it was asked for: a role is no profile of its own.
        hooked.run("awsmfa use a --role-arn arn:aws:iam::123456789012:role/reader");
        let role = hooked.holds().0.unwrap();
        hooked.run("awsmfa use b");
        hooked.run("awsmfa use -");
        hooked.assert_holds(&role, "a");
        hooked.run("awsmfa off");
        hooked.run("awsmfa use -");
        hooked.assert_holds(&role, "a");
    }
}

#[test]
fn on_a_terminal_use_ends_with_one_line() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        let ran = hooked.run("awsmfa use reader");
        let line = |end: &str| ran.contains(&format!("\nreader: 123456789012, {end}\n"));
        assert!(line("1h") || line("59m"), "{ran}");
    }
}

#[test]
fn everything_else_passes_through_with_its_status() {
    for shell in shells() {
        let world = two_accounts();
        let mut hooked = Hooked::start(&world, shell);
        let ran = hooked.run("awsmfa --version");
        assert!(
            ran.contains(concat!("\nawsmfa ", env!("CARGO_PKG_VERSION"))),
            "{ran}"
        );
        let ran = hooked.run("awsmfa use --help");
        assert!(
            ran.contains("Usage: awsmfa use [OPTIONS] [PROFILE]"),
            "{ran}"
        );
        assert_eq!(hooked.status_of("awsmfa logout --bogus"), 2);
        hooked.assert_empty();
    }
}
