//! Pins.

use super::*;

#[test]
fn a_pin_brings_its_session_and_leaving_brings_the_former_one_back() {
    let mut shell = Shell::with("a");
    assert_eq!(shell.cd(P).change, Change::Put("Kp:ep:Ka:ea".into()));
    assert_eq!(shell.cd(Q).change, Change::Put("Kq:eq:Ka:ea".into()));
    assert_eq!(shell.cd(P).change, Change::Put("Kp:ep:Ka:ea".into()));
    assert_eq!(shell.prompt().change, Change::None);
    assert_eq!(shell.cd(None).change, Change::Put("Ka:ea".into()));
}

#[test]
fn a_pin_acts_without_a_session_and_in_a_shell_that_starts_there() {
    let mut shell = Shell::new();
    assert_eq!(shell.cd(P).change, Change::Put("Kp:ep:".into()));
    assert_eq!(shell.cd(None).change, Change::Drop);
    shell.memory = None;
    assert_eq!(shell.cd(P).change, Change::Put("Kp:ep:".into()));
    shell.memory = None; // a new shell in this one
    assert_eq!(shell.prompt().change, Change::None);
    let answer = shell.cd(None);
    assert_eq!((answer.change, answer.words), (Change::Drop, Vec::new()));
}

#[test]
fn a_pin_whose_session_cannot_be_had_leaves_none_and_names_use() {
    let mut shell = Shell::with("a").without("p");
    let answer = shell.cd(P);
    assert_eq!(answer.change, Change::Drop);
    assert_eq!(
        said(&answer),
        "this directory is pinned to p, and there is no session of it: run awsmfa use p"
    );
    shell.prompt();
    assert_eq!(shell.tried.len(), 1, "it is not tried again");
    // Typed there, it is the pin's: leaving takes it away.
    assert_eq!(shell.use_it("p").change, Change::Put("Kp:ep:Ka:ea".into()));
    assert_eq!(shell.prompt().change, Change::None);
    assert_eq!(shell.cd(None).change, Change::Put("Ka:ea".into()));
}

#[test]
fn use_and_off_stand_until_the_pin_is_left_and_entered_again() {
    let mut shell = Shell::with("a");
    shell.cd(P);
    assert_eq!(shell.use_it("b").change, Change::Put("Kb:eb".into()));
    assert_eq!(shell.prompt().change, Change::None);
    assert_eq!(shell.cd(None).change, Change::None);
    assert_eq!(shell.cd(P).change, Change::Put("Kp:ep:Kb:eb".into()));
    assert_eq!(shell.off().change, Change::Clear);
    assert_eq!(shell.prompt().change, Change::None);
    assert_eq!(shell.cd(None).change, Change::None);
    assert_eq!(shell.cd(P).change, Change::Put("Kp:ep:".into()));
}

#[test]
fn what_env_put_there_stands_too() {
    let mut shell = Shell::with("a");
    shell.cd(P);
    shell.env("Kb:eb", "b");
    shell.prompt();
    shell.variable("q");
    assert_eq!(shell.variable("").change, Change::Put("Kb:eb".into()));
}

#[test]
fn a_profile_variable_outranks_a_pin() {
    let mut shell = Shell::with("a");
    shell.cd(P);
    assert_eq!(
        shell.variable("b").change,
        Change::Put("Kb:eb:Ka:ea".into())
    );
    assert_eq!(shell.cd(Q).change, Change::None);
    assert_eq!(shell.variable("").change, Change::Put("Kq:eq:Ka:ea".into()));
    shell.variable("b");
    shell.cd(None);
    assert_eq!(shell.variable("").change, Change::Put("Ka:ea".into()));
    let mut shell = Shell::new();
    shell.variable("b");
    assert_eq!(shell.cd(P).change, Change::None);
}

#[test]
fn direnv_with_a_session_of_its_own_outranks_a_pin() {
    let mut shell = Shell::with("a");
    shell.env("Kb:eb:direnv", "b");
    assert_eq!(shell.cd(P).change, Change::None);
    assert_eq!(shell.cd(Q).change, Change::None);
    // It is renewed as direnv's, and is direnv's again when a variable that hid it goes.
    assert_eq!(shell.ends_in(1).change, Change::Put("Kb:eb:direnv".into()));
    shell.variable("q");
    assert_eq!(
        shell.variable("").change,
        Change::Put("Kb:eb:direnv".into())
    );
    // Where our check came first, direnv gives back what the pin had brought.
    shell.env("Kp:ep:Ka:ea", "p");
    assert_eq!(shell.cd(None).change, Change::Put("Ka:ea".into()));
}

#[test]
fn a_directory_that_is_gone_changes_nothing() {
    let mut shell = Shell::with("a");
    shell.cd(P);
    shell.here.place = Place::Unknown;
    assert_eq!(shell.prompt().change, Change::None);
    assert_eq!(shell.cd(None).change, Change::Put("Ka:ea".into()));
}

#[test]
fn a_pin_of_the_session_that_is_here_changes_nothing() {
    let mut shell = Shell::with("p");
    assert_eq!(shell.cd(P).change, Change::None);
    assert_eq!(shell.cd(None).change, Change::None);
}
