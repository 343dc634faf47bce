//! What was typed: `use`, which has its session already, and `off`. Pure.

use super::{Change, Deciding, Had};
use crate::hook::here;
use crate::hook::words;

impl Deciding<'_> {
    /// In a pinned directory `use` for the pinned profile is what the pin asks for, and goes with it;
    /// any other stands until the pin is left and entered again.
    pub(super) fn used(&mut self, had: &Had, as_the_profile_says: bool, keep_profile: bool) {
        let here = self.here;
        self.remember_before(&had.text);
        self.take(
            here.profile.clone(),
            here.default_profile.clone(),
            here.region.clone(),
            here.default_region.clone(),
        );
        let base = self.base();
        let pinned = self.answer.memory.pin.as_ref().map(|pin| &pin.profile);
        let is_pinned = as_the_profile_says && pinned == Some(&had.profile);
        let stands = pinned.is_some() && !is_pinned;
        let memory = self.memory();
        memory.stands = stands;
        memory.aside = None;
        if !keep_profile {
            memory.profile.clear();
            memory.default_profile.clear();
            self.answer.takes_profile = true;
        }
        if is_pinned {
            let base = base.unwrap_or_else(|| match here.ours() {
                Some(ours) => ours.text.clone(),
                None => String::new(),
            });
            self.put(had, &format!(":{base}"));
        } else {
            self.put(had, "");
        }
    }

    pub(super) fn off(&mut self) {
        self.remember_before("");
        if self.here.is_session {
            self.answer.change = Change::Clear;
        } else {
            self.answer.change = Change::Forget;
            self.answer.words.push(words::no_session());
        }
        self.end = None;
        let memory = self.memory();
        memory.session.clear();
        memory.aside = None;
        memory.stands = memory.pin.is_some();
        self.give_back();
    }

    fn remember_before(&mut self, new: &str) {
        if let Some(ours) = self.here.ours()
            && here::entry_of(new) != ours.entry()
        {
            self.memory().before = Some((ours.entry().to_owned(), ours.profile.clone()));
        }
    }
}
