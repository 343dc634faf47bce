//! Decides what the hook does. From what happened, what is here now, the memory, the clock and the
//! sessions that can be had, it decides the change of the shell, the next memory, when to be asked again,
//! and what to say. Pure.
//!
//! A session may have to be looked up, or asked for, before the next thing can be decided. Then the answer
//! is [`Step::Try`], and the same question is put again with what came of it.
//!
//! At a prompt: what others did is noticed ([`notice`]); the session follows the profile variable and the pin
//! ([`follow`]); where they change nothing, it is renewed, and taken away at its end ([`renew`]). What is typed is in
//! [`typed`], and what the user gets back in [`taken`].

mod follow;
mod notice;
mod question;
mod renew;
mod taken;
#[cfg(test)]
mod tests;
mod typed;

use super::here::{self, Here, Place};
use super::memory::Memory;
pub use question::{Answer, Change, Event, Had, Outcome, Step, Try, Wish};

/// A session is renewed from this many seconds before its end.
const RENEW_BEFORE: i64 = 600;
/// What failed is not tried again for this many seconds.
const PAUSE: i64 = 60;

/// Decides. `memory` is `None` for a new shell.
pub fn decide(
    event: &Event,
    memory: Option<&Memory>,
    here: &Here,
    now: i64,
    tried: &[(Wish, Outcome)],
) -> Step {
    let mut deciding = Deciding::new(memory, here, now, tried);
    let done = match event {
        Event::Prompt => deciding.prompt(),
        Event::Use {
            had,
            as_the_profile_says,
            keep_profile,
        } => {
            deciding.used(had, *as_the_profile_says, *keep_profile);
            Ok(())
        }
        Event::Off => {
            deciding.off();
            Ok(())
        }
    };
    match done {
        Ok(()) => Step::Answer(Box::new(deciding.answer())),
        Err(try_first) => Step::Try(try_first),
    }
}

/// The work on one answer.
struct Deciding<'a> {
    here: &'a Here,
    now: i64,
    tried: &'a [(Wish, Outcome)],
    /// The memory as it was, for a new shell as if it had been told of all that is here but the pin.
    before: Memory,
    /// Whether the shell was known.
    is_known: bool,
    /// The pin was left or entered since.
    pin_changed: bool,
    answer: Answer,
    /// The end of the session that the shell will hold.
    end: Option<i64>,
}

/// A step that has to be taken first.
type Tried<T> = Result<T, Try>;

impl<'a> Deciding<'a> {
    fn new(
        memory: Option<&Memory>,
        here: &'a Here,
        now: i64,
        tried: &'a [(Wish, Outcome)],
    ) -> Self {
        // A value that is there when the hook is loaded is no request.
        let before = memory.cloned().unwrap_or_else(|| Memory {
            profile: here.profile.clone(),
            default_profile: here.default_profile.clone(),
            session: here.session().to_owned(),
            ..Memory::default()
        });
        let mut next = before.clone();
        next.profile.clone_from(&here.profile);
        next.default_profile.clone_from(&here.default_profile);
        here.session().clone_into(&mut next.session);
        if let Place::Under(pin) = &here.place {
            next.pin.clone_from(pin);
        }
        let pin_changed = next.pin != before.pin;
        next.stands &= !pin_changed;
        if here.ours().is_some() {
            next.aside = None;
        }
        Self {
            here,
            now,
            tried,
            is_known: memory.is_some(),
            pin_changed,
            before,
            answer: Answer {
                change: Change::None,
                takes_profile: false,
                give_back: Vec::new(),
                memory: next,
                next: 0,
                words: Vec::new(),
            },
            end: here.ours().and_then(|ours| ours.end),
        }
    }

    fn memory(&mut self) -> &mut Memory {
        &mut self.answer.memory
    }

    /// What to come back to.
    fn base(&self) -> Option<String> {
        let base = self.here.base(self.before.aside.as_deref());
        base.map(str::to_owned)
    }

    fn former_variable(&self) -> &str {
        here::first(&self.before.profile, &self.before.default_profile)
    }

    fn variable_changed(&self) -> bool {
        self.is_known && self.here.variable() != self.former_variable()
    }

    fn prompt(&mut self) -> Tried<()> {
        self.notice();
        if !self.follow()? {
            self.renew()?;
        }
        Ok(())
    }

    /// What came of a wish; where it has not been tried, that is the next step.
    fn had(&mut self, wish: Wish) -> Tried<Option<Had>> {
        let call = self.now >= self.before.unreachable;
        match self.tried.iter().find(|(tried, _)| *tried == wish) {
            Some((_, Outcome::Had(had))) => Ok(Some(had.clone())),
            Some((_, Outcome::Not)) => Ok(None),
            Some((_, Outcome::NoAnswer)) => {
                self.memory().unreachable = self.now + PAUSE;
                Ok(None)
            }
            None => Err(Try { wish, call }),
        }
    }

    fn put(&mut self, had: &Had, behind: &str) {
        let text = format!("{}{behind}", had.text);
        self.memory().session.clone_from(&text);
        self.answer.change = Change::Put(text);
        self.end = Some(had.end);
    }

    fn drop_ours(&mut self) {
        if self.here.ours().is_some() {
            self.answer.change = Change::Drop;
            self.memory().session.clear();
            self.end = None;
        }
    }

    fn answer(mut self) -> Answer {
        // The shell compares with what it has after the change.
        for (name, value) in &self.answer.give_back {
            match *name {
                "AWS_PROFILE" => self.answer.memory.profile.clone_from(value),
                "AWS_DEFAULT_PROFILE" => self.answer.memory.default_profile.clone_from(value),
                _ => {}
            }
        }
        let retry = self.answer.memory.retry;
        self.answer.next = match self.end {
            None => 0,
            Some(end) if self.now < end - RENEW_BEFORE => end - RENEW_BEFORE,
            Some(end) => retry.min(end).max(self.now),
        };
        self.answer
    }
}
