//! The policy as a list of cases: what was seen and what is here now, and what comes of it. The lines
//! follow DESIGN, section 6.

mod pins;
mod renew;
mod typed;
mod variable;

use super::{Answer, Change, Event, Had, Outcome, Step, Try, Wish, decide};
use crate::hook::here::{Here, Keys, Ours, Place};
use crate::hook::memory::Memory;
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
