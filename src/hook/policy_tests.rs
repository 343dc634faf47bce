//! The policy as a list of cases: what was seen and what is here now, and what comes of it. The lines
//! follow DESIGN, section 6.

use super::here::{Here, Keys, Ours, Place};
use super::memory::Memory;
use super::policy::{Answer, Change, Event, Had, Outcome, Step, Try, Wish, decide};
use crate::store::pins::Pin;

const NOW: i64 = 1_000_000;
const LATER: i64 = NOW + 9_000;

/// A shell, and what can be had for it without a question.
#[derive(Clone, Default)]
struct Shell {
    memory: Option<Memory>,
    here: Here,
    /// Profiles and entries that can be had.
    stored: Vec<(Wish, Had)>,
    /// AWS does not answer for what is not stored.
    is_dead: bool,
    now: i64,
    /// What was tried, and whether AWS was to be asked.
    tried: Vec<Try>,
}

fn had(name: &str) -> Had {
    Had {
        text: format!("K{name}:e{name}"),
        profile: name.to_owned(),
        end: LATER,
    }
}

impl Shell {
    /// A shell without a session, which has asked once; `a`, `b` and `p` are stored.
    fn new() -> Self {
        let mut stored = Vec::new();
        for name in ["a", "b", "p", "q"] {
            stored.push((Wish::Profile(name.into()), had(name)));
            for min_ttl in [60, 600] {
                let entry = format!("e{name}");
                stored.push((Wish::Renewal { entry, min_ttl }, had(name)));
            }
        }
        let mut shell = Self {
            stored,
            now: NOW,
            ..Self::default()
        };
        shell.prompt();
        shell
    }

    fn with(name: &str) -> Self {
        let mut shell = Self::new();
        shell.use_it(name);
        shell
    }

    fn without(mut self, name: &str) -> Self {
        self.stored.retain(|(_, had)| had.profile != name);
        self
    }

    fn variable(&mut self, value: &str) -> Answer {
        value.clone_into(&mut self.here.profile);
        self.prompt()
    }

    fn cd(&mut self, pin: Option<(&str, &str)>) -> Answer {
        self.here.place = Place::Under(pin.map(|(directory, profile)| Pin {
            directory: directory.into(),
            profile: profile.into(),
        }));
        self.prompt()
    }

    /// Somebody else puts a session there: `env`, or direnv.
    fn env(&mut self, text: &str, profile: &str) {
        self.here.keys = Keys::Ours(Ours {
            text: text.into(),
            profile: profile.into(),
            end: Some(LATER),
        });
        self.here.is_session = true;
    }

    fn ends_in(&mut self, seconds: i64) -> Answer {
        if let Keys::Ours(ours) = &mut self.here.keys {
            ours.end = Some(self.now + seconds);
        }
        self.prompt()
    }

    fn use_it(&mut self, name: &str) -> Answer {
        self.event(&Event::Use {
            had: had(name),
            as_the_profile_says: true,
            keep_profile: false,
        })
    }

    fn off(&mut self) -> Answer {
        self.event(&Event::Off)
    }

    fn prompt(&mut self) -> Answer {
        self.event(&Event::Prompt)
    }

    /// Asks, and does as it is told.
    fn event(&mut self, event: &Event) -> Answer {
        let mut tried = Vec::new();
        let mut last = match event {
            Event::Use { had, .. } => Some(had.clone()),
            _ => None,
        };
        let answer = loop {
            let step = decide(event, self.memory.as_ref(), &self.here, self.now, &tried);
            let Try { wish, call } = match step {
                Step::Answer(answer) => break *answer,
                Step::Try(try_first) => try_first,
            };
            self.tried.push(Try {
                wish: wish.clone(),
                call,
            });
            let stored = self.stored.iter().find(|(stored, _)| *stored == wish);
            let outcome = match stored {
                Some((_, had)) => {
                    last = Some(had.clone());
                    Outcome::Had(had.clone())
                }
                None if self.is_dead && call => Outcome::NoAnswer,
                None => Outcome::Not,
            };
            tried.push((wish, outcome));
        };
        match &answer.change {
            Change::None => {}
            Change::Drop | Change::Clear | Change::Forget => {
                self.here.keys = Keys::None;
                self.here.is_session = false;
            }
            Change::Put(text) => {
                let had = last.unwrap();
                self.env(text, &had.profile);
                if let Keys::Ours(ours) = &mut self.here.keys {
                    ours.end = Some(had.end);
                }
            }
        }
        if answer.takes_profile {
            self.here.profile.clear();
            self.here.default_profile.clear();
        }
        for (name, value) in &answer.give_back {
            match *name {
                "AWS_PROFILE" => self.here.profile.clone_from(value),
                "AWS_DEFAULT_PROFILE" => self.here.default_profile.clone_from(value),
                "AWS_REGION" => self.here.region.clone_from(value),
                _ => self.here.default_region.clone_from(value),
            }
        }
        // What the shell keeps is a word.
        self.memory = Memory::decode(&answer.memory.encode());
        assert_eq!(self.memory.as_ref(), Some(&answer.memory));
        answer
    }

    fn holds(&self) -> &str {
        self.here.session()
    }
}

fn said(answer: &Answer) -> String {
    answer.words.join("\n")
}

const P: Option<(&str, &str)> = Some(("/p", "p"));
const Q: Option<(&str, &str)> = Some(("/p/q", "q"));

// -- Renewing ------------------------------------------------------------------------------------

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

// -- The profile variable ------------------------------------------------------------------------

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

// -- Pins ----------------------------------------------------------------------------------------

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

// -- What is not ours ----------------------------------------------------------------------------

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

// -- off -----------------------------------------------------------------------------------------

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
