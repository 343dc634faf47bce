//! A session is renewed before its end, and taken away at its end. Pure.

use super::{Deciding, PAUSE, RENEW_BEFORE, Tried, Wish};
use crate::hook::here;
use crate::hook::words;

impl Deciding<'_> {
    /// Renews, and at the end takes away. It never asks for a code.
    pub(super) fn renew(&mut self) -> Tried<()> {
        let Some(ours) = self.here.ours() else {
            return Ok(());
        };
        let Some(end) = ours.end.filter(|end| self.now >= end - RENEW_BEFORE) else {
            return Ok(());
        };
        if self.now >= self.before.retry {
            self.memory().retry = self.now + PAUSE;
            let wish = Wish::Renewal {
                entry: ours.entry().to_owned(),
                min_ttl: RENEW_BEFORE,
            };
            if let Some(had) = self.had(wish)? {
                self.put(&had, here::behind(&ours.text));
                return Ok(());
            }
        }
        if self.now >= end {
            self.memory().aside = ours.base().map(str::to_owned);
            self.drop_ours();
            if self.here.variable().is_empty() {
                self.give_back();
            }
            self.answer.words.push(words::ended(&ours.profile));
        } else if self.before.said != ours.text {
            self.memory().said.clone_from(&ours.text);
            let left = end - self.now;
            self.answer.words.push(words::ends(left, &ours.profile));
        }
        Ok(())
    }
}
