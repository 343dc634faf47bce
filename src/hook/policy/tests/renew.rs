//! The renewal and the end of a session.

use super::*;

#[test]
fn a_session_is_renewed_from_ten_minutes_before_its_end_as_the_same_entry() {
    let mut shell = Shell::with("a");
    assert_eq!(shell.ends_in(601).change, Change::None);
    let answer = shell.ends_in(600);
    assert_eq!(answer.change, Change::Put("Ka:ea".into()));
    assert_eq!(said(&answer), "");
    assert_eq!(answer.next, LATER - 600);
    let wish = Wish::Renewal {
        entry: "ea".into(),
        min_ttl: 600,
    };
    assert_eq!(shell.tried, [Try { wish, call: true }]);
}

#[test]
fn the_program_is_asked_again_when_there_is_something_to_do() {
    let mut shell = Shell::new();
    assert_eq!(shell.prompt().next, 0);
    assert_eq!(shell.use_it("a").next, LATER - 600);
    let mut shell = shell.without("a");
    assert_eq!(shell.ends_in(300).next, NOW + 60);
    assert_eq!(shell.ends_in(20).next, NOW + 20);
    assert_eq!(shell.ends_in(0).next, 0);
}

#[test]
fn the_first_time_it_cannot_be_renewed_it_says_once_how_long_is_left() {
    let mut shell = Shell::with("a").without("a");
    let answer = shell.ends_in(540);
    let sentence = "the session ends in 9 min and cannot be renewed: run awsmfa use a";
    assert_eq!(said(&answer), sentence);
    assert_eq!(said(&shell.prompt()), "");
    assert_eq!(shell.holds(), "Ka:ea");
}

#[test]
fn a_renewal_is_tried_once_a_minute_and_where_aws_did_not_answer_nobody_is_called_for_a_minute() {
    let mut shell = Shell::with("a").without("a");
    shell.is_dead = true;
    shell.ends_in(540);
    shell.prompt();
    assert_eq!(shell.tried.len(), 1);
    shell.variable("nobody");
    assert!(!shell.tried[1].call, "{:?}", shell.tried);
    shell.now += 60;
    shell.variable("other");
    assert!(shell.tried[2].call);
}

#[test]
fn at_its_end_a_session_goes_with_one_line_and_gives_back_what_it_took() {
    let mut shell = Shell::new();
    shell.here.profile = "mine".into();
    shell.here.region = "eu-west-1".into();
    shell.use_it("a");
    shell.here.region.clear();
    let mut shell = shell.without("a");
    let answer = shell.ends_in(0);
    assert_eq!(answer.change, Change::Drop);
    assert_eq!(said(&answer), "the session has ended: run awsmfa use a");
    let mine = |name, value: &str| (name, value.to_owned());
    let expected = [mine("AWS_PROFILE", "mine"), mine("AWS_REGION", "eu-west-1")];
    assert_eq!(answer.give_back, expected);
    assert_eq!(shell.prompt().change, Change::None);
}

#[test]
fn an_end_that_is_no_number_is_no_end() {
    let mut shell = Shell::with("a").without("a");
    if let Keys::Ours(ours) = &mut shell.here.keys {
        ours.end = None;
    }
    let answer = shell.prompt();
    assert_eq!((answer.change, answer.next), (Change::None, 0));
}
