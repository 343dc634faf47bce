//! `awsmfa use -` where the session in the shell is one that a profile variable or a pin has brought.
#![cfg(unix)]
use crate::support::hooked::{Hooked, main_shells, two_accounts};

#[test]
fn a_hyphen_goes_back_to_the_session_whose_place_a_variable_took() {
    for shell in main_shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.run("awsmfa use b");
        hooked.run("export AWS_PROFILE=a");
        hooked.assert_holds(&a, "a");
        hooked.run("awsmfa use -");
        hooked.assert_holds(&b, "b");
        hooked.run("awsmfa use -");
        hooked.assert_holds(&a, "a");
    }
}

#[test]
fn a_hyphen_goes_back_to_the_session_whose_place_a_pin_took() {
    for shell in main_shells() {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("mkdir shop; cd shop; awsmfa pin a; cd ..");
        hooked.run("awsmfa use a");
        hooked.run("awsmfa use b");
        hooked.run("cd shop");
        hooked.assert_holds(&a, "a");
        hooked.run("awsmfa use -");
        hooked.assert_holds(&b, "b");
        hooked.run("awsmfa use -");
        hooked.assert_holds(&a, "a");
    }
}

/// The pin's session cannot be had, so the shell holds none, and the one before is still the one before.
#[test]
fn a_hyphen_goes_back_from_a_pin_that_brought_nothing() {
    for shell in main_shells() {
        let world = two_accounts();
        let (_, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("mkdir shop; cd shop; awsmfa pin nobody; cd ..");
        hooked.run("awsmfa use a");
        hooked.run("awsmfa use b");
        hooked.run("cd shop");
        hooked.assert_no_session();
        hooked.run("awsmfa use -");
        hooked.assert_holds(&b, "b");
    }
}
