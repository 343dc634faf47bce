//! The profile variable.

use super::*;

#[test]
fn a_profile_variable_brings_its_session_and_takes_it_away() {
    let mut shell = Shell::with("a");
    assert_eq!(
        shell.variable("b").change,
        Change::Put("Kb:eb:Ka:ea".into())
    );
    assert_eq!(
        shell.variable("p").change,
        Change::Put("Kp:ep:Ka:ea".into())
    );
    let answer = shell.variable("");
    assert_eq!(answer.change, Change::Put("Ka:ea".into()));
    assert_eq!(said(&answer), "");
}

#[test]
fn without_a_session_and_at_load_a_profile_variable_is_no_request() {
    let mut shell = Shell::new();
    assert_eq!(shell.variable("b").change, Change::None);
    let mut shell = Shell::with("a");
    shell.memory = None; // a new shell in this one
    shell.here.profile = "b".into();
    assert_eq!(shell.prompt().change, Change::None);
    assert_eq!(shell.variable("b").change, Change::None);
}

#[test]
fn a_variable_whose_session_cannot_be_had_leaves_none_until_it_goes() {
    let mut shell = Shell::with("a");
    let answer = shell.variable("nobody");
    assert_eq!(answer.change, Change::Drop);
    assert_eq!(
        said(&answer),
        "the profile variable has changed, and there is no session of that profile: run awsmfa use nobody"
    );
    assert_eq!(shell.prompt().change, Change::None);
    assert_eq!(
        shell.variable("b").change,
        Change::Put("Kb:eb:Ka:ea".into())
    );
    shell.variable("no'body");
    let answer = shell.variable("");
    assert_eq!(answer.change, Change::Put("Ka:ea".into()));
}

#[test]
fn where_the_former_session_is_gone_too_there_is_none() {
    let mut shell = Shell::with("a");
    shell.variable("b");
    let mut shell = shell.without("a");
    let answer = shell.variable("");
    assert_eq!(answer.change, Change::Drop);
    assert_eq!(
        said(&answer),
        "the session that the profile variable brought is gone with it: run awsmfa use"
    );
    assert_eq!(shell.prompt().change, Change::None);
}

#[test]
fn what_use_and_env_put_there_stays_when_the_variable_goes() {
    let mut shell = Shell::with("a");
    shell.variable("b");
    shell.use_it("b");
    assert_eq!(
        (shell.prompt().change, shell.holds()),
        (Change::None, "Kb:eb")
    );
    shell.variable("p");
    shell.env("Kq:eq", "q");
    assert_eq!(shell.variable("").change, Change::None);
}

#[test]
fn what_env_took_away_comes_back_with_off() {
    let mut shell = Shell::new();
    shell.variable("b");
    shell.env("Kb:eb", "b");
    shell.variable("");
    assert_eq!(shell.off().give_back, [("AWS_PROFILE", "b".to_owned())]);
}

#[test]
fn a_new_shell_knows_what_to_come_back_to() {
    let mut shell = Shell::with("a");
    shell.variable("b");
    shell.memory = None;
    assert_eq!(shell.prompt().change, Change::None);
    assert_eq!(shell.variable("").change, Change::Put("Ka:ea".into()));
}

#[test]
fn a_renewal_and_an_end_remember_what_to_come_back_to() {
    let mut shell = Shell::with("a");
    shell.variable("b");
    assert_eq!(shell.ends_in(5).change, Change::Put("Kb:eb:Ka:ea".into()));
    let mut shell = shell.without("b");
    shell.now += 60;
    assert_eq!(shell.ends_in(0).change, Change::Drop);
    assert_eq!(shell.variable("").change, Change::Put("Ka:ea".into()));
}
