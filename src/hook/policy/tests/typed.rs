//! `use` and `off`, and keys that are not ours.

use super::*;

#[test]
fn off_gives_back_the_first_that_was_taken_and_direnvs_only_in_its_directory() {
    for (direnv, gives) in [("", true), ("-/other", false)] {
        let mut shell = Shell::new();
        shell.here.profile = "mine".into();
        shell.use_it("a");
        shell.here.profile = "second".into();
        shell.use_it("b");
        shell.here.direnv = direnv.into();
        let answer = shell.off();
        assert_eq!(answer.change, Change::Clear);
        assert_eq!(!answer.give_back.is_empty(), gives);
        let again = shell.off();
        assert_eq!(again.change, Change::Forget);
        assert_eq!(said(&again), "there is no session in this shell");
        assert_eq!(again.give_back, []);
    }
}

#[test]
fn the_session_before_is_remembered() {
    let mut shell = Shell::with("a");
    let before = |answer: Answer| answer.memory.before.map(|(_, profile)| profile);
    assert_eq!(before(shell.use_it("a")), None);
    assert_eq!(before(shell.use_it("b")).as_deref(), Some("a"));
    assert_eq!(before(shell.use_it("b")).as_deref(), Some("a"));
    assert_eq!(before(shell.off()).as_deref(), Some("b"));
}

#[test]
fn keys_of_others_are_never_touched() {
    let mut shell = Shell::with("a");
    shell.here.keys = Keys::Others;
    assert_eq!(shell.variable("b").change, Change::None);
    assert_eq!(shell.variable("").change, Change::None);
    let answer = shell.cd(P);
    assert_eq!(answer.change, Change::None);
    assert!(said(&answer).contains("are not awsmfa's and stay"));
    assert_eq!(shell.tried, []);
}
