//! The session follows the profile variable and the pin, and comes back when they go. Pure.

use super::{Deciding, Tried, Wish};
use crate::hook::here::{self, Keys, Ours};
use crate::hook::words;

/// A session that is brought back has at least this many seconds left.
const WORTH_BRINGING_BACK: i64 = 60;

impl Deciding<'_> {
    /// The profile variable and the pin; whether they moved the session.
    pub(super) fn follow(&mut self) -> Tried<bool> {
        let base = self.base();
        if self.here.keys == Keys::Others {
            self.say_that_others_keys_stay();
            return Ok(false);
        }
        if !self.here.variable().is_empty() {
            // A variable acts when it changes while a session is active, and outranks every pin.
            if !self.variable_changed() || (self.here.ours().is_none() && base.is_none()) {
                return Ok(false);
            }
            let profile = self.here.variable().to_owned();
            let sentence = words::no_session_of_variable(&profile);
            self.bring(profile, base, sentence)?;
            return Ok(true);
        }
        if self.here.ours().is_some_and(Ours::is_direnvs) {
            return Ok(false);
        }
        let hides_direnvs = base.as_deref().is_some_and(here::is_direnvs);
        let pin = self.answer.memory.pin.clone();
        match pin.filter(|_| !self.answer.memory.stands && !hides_direnvs) {
            Some(pin) => {
                let is_there = self
                    .here
                    .ours()
                    .is_some_and(|ours| ours.base().is_some() && ours.profile == pin.profile);
                let is_new = self.pin_changed || self.variable_changed();
                let is_lost = self.here.ours().is_some() && base.is_some();
                if is_there || !(is_new || is_lost) {
                    return Ok(false);
                }
                let sentence = words::no_session_of_pin(&pin.profile);
                self.bring(pin.profile, base, sentence)?;
                Ok(true)
            }
            None => match base {
                Some(base) => self.come_back(&base).map(|()| true),
                None => Ok(false),
            },
        }
    }

    /// Brings a profile's session, or none at all: never another account's.
    fn bring(&mut self, profile: String, base: Option<String>, sentence: String) -> Tried<()> {
        let is_first = base.is_none();
        let base = base.unwrap_or_else(|| self.here.session().to_owned());
        match self.had(Wish::Profile(profile))? {
            // The user has it already, so nobody brings it.
            Some(had) if is_first && here::entry_of(&had.text) == here::entry_of(&base) => {}
            Some(had) => self.put(&had, &format!(":{base}")),
            None => {
                self.drop_ours();
                self.memory().aside = Some(base);
                self.answer.words.push(sentence);
            }
        }
        Ok(())
    }

    /// What brought the session is gone, so the former one comes back.
    fn come_back(&mut self, base: &str) -> Tried<()> {
        self.memory().aside = None;
        if base.is_empty() {
            self.drop_ours();
            return Ok(());
        }
        let wish = Wish::Renewal {
            entry: here::entry_of(base).to_owned(),
            min_ttl: WORTH_BRINGING_BACK,
        };
        match self.had(wish)? {
            Some(had) => self.put(&had, here::behind(base)),
            None => {
                self.drop_ours();
                let was_variable = self.variable_changed();
                self.answer
                    .words
                    .push(words::nothing_to_come_back_to(was_variable));
            }
        }
        Ok(())
    }

    fn say_that_others_keys_stay(&mut self) {
        let pin = self.answer.memory.pin.as_ref();
        if let Some(pin) = pin.filter(|_| self.pin_changed && self.here.variable().is_empty()) {
            let sentence = words::keys_of_others(&pin.profile);
            self.answer.words.push(sentence);
        }
    }
}
