//! `awsmfa use -` where the session in the shell is one that a profile variable or a pin has brought.
#![cfg(unix)]
use crate::support::World;
use crate::support::hooked::{Hooked, shells, two_accounts};

/// In each shell `use a`, then `use b`, and what a test does then, with the access keys of a and b.
#[track_caller]
fn after_two_uses(make: impl Fn(&World), then: impl Fn(&mut Hooked, &str, &str)) {
    for shell in shells() {
        let world = two_accounts().file("work/shop/readme", "");
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        make(&world);
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.run("awsmfa use b");
        then(&mut hooked, &a, &b);
    }
}

/// Profile a has been brought over b: the one before is b, and the one before that a.
#[track_caller]
fn assert_goes_back_and_forth(hooked: &mut Hooked, a: &str, b: &str) {
    hooked.assert_holds(a, "a");
    hooked.run("awsmfa use -");
    hooked.assert_holds(b, "b");
    hooked.run("awsmfa use -");
    hooked.assert_holds(a, "a");
}

#[test]
fn a_hyphen_goes_back_to_the_session_whose_place_a_variable_took() {
    after_two_uses(
        |_| {},
        |hooked, a, b| {
            hooked.export("AWS_PROFILE", "a");
            assert_goes_back_and_forth(hooked, a, b);
        },
    );
}

#[test]
fn a_hyphen_goes_back_to_the_session_whose_place_a_pin_took() {
    after_two_uses(
        |world| world.pin("work/shop", "a"),
        |hooked, a, b| {
            hooked.run("cd shop");
            assert_goes_back_and_forth(hooked, a, b);
        },
    );
}

/// The pin's session cannot be had, so the shell holds none, and the one before is still the one before.
#[test]
fn a_hyphen_goes_back_from_a_pin_that_brought_nothing() {
    after_two_uses(
        |world| world.pin("work/shop", "nobody"),
        |hooked, _, b| {
            hooked.run("cd shop");
            hooked.assert_no_session();
            hooked.run("awsmfa use -");
            hooked.assert_holds(b, "b");
        },
    );
}
