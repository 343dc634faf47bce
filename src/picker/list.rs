//! What is typed, which profiles fit it, and which of them is chosen. Pure.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};

use super::Row;
use super::keys::Key;

/// More than any name.
const LONGEST_QUERY: usize = 200;

/// The list as it stands.
pub struct List<'r> {
    rows: &'r [Row],
    /// What is looked into for each row: its name, then a blank, then the rest.
    texts: Vec<Utf32String>,
    matcher: Matcher,
    query: String,
    pattern: Pattern,
    /// Which rows fit, the best first.
    fitting: Vec<usize>,
    /// Which of those is chosen.
    at: usize,
    /// Which of those is the first that is shown.
    top: usize,
    /// How many can be shown: as far as a page goes.
    page: usize,
}

/// A row as it is to be shown.
pub struct Shown<'r> {
    pub row: &'r Row,
    /// Which characters of its name, account and role, with a blank between them, fit what was typed.
    pub fitting: Vec<u32>,
    pub is_chosen: bool,
}

impl<'r> List<'r> {
    /// All rows, with nothing typed; `at` is chosen.
    pub fn new(rows: &'r [Row], at: usize) -> Self {
        let text = |row: &Row| format!("{} {} {}", row.name, row.account, row.role).into();
        Self {
            rows,
            texts: rows.iter().map(text).collect(),
            matcher: Matcher::new(Config::DEFAULT),
            query: String::new(),
            pattern: Pattern::default(),
            fitting: (0..rows.len()).collect(),
            at,
            top: 0,
            page: 1,
        }
    }

    /// What was typed.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// How many fit, and how many there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.fitting.len(), self.rows.len())
    }

    /// The place of the chosen row among all; `None` where nothing fits.
    pub fn picked(&self) -> Option<usize> {
        self.fitting.get(self.at).copied()
    }

    /// The places of all that fit, the best first.
    pub fn all_fitting(&self) -> &[usize] {
        &self.fitting
    }

    /// All rows, for widths that do not change while somebody types.
    pub fn rows(&self) -> &'r [Row] {
        self.rows
    }

    /// What a key does. Enter and Escape are the caller's.
    pub fn press(&mut self, key: &Key) {
        let last = self.fitting.len().saturating_sub(1);
        match key {
            Key::Up => self.at = self.at.saturating_sub(1),
            Key::Down => self.at = last.min(self.at + 1),
            Key::PageUp => self.at = self.at.saturating_sub(self.page),
            Key::PageDown => self.at = last.min(self.at + self.page),
            Key::Char(typed) => {
                if self.query.len() < LONGEST_QUERY {
                    self.query.push(*typed);
                    self.look();
                }
            }
            Key::Backspace => {
                self.query.pop();
                self.look();
            }
            Key::DeleteWord => {
                let kept = self.query.trim_end();
                let kept = kept.trim_end_matches(|c: char| !c.is_whitespace());
                self.query.truncate(kept.len());
                self.look();
            }
            Key::Clear => {
                self.query.clear();
                self.look();
            }
            Key::Enter | Key::Cancel | Key::Unknown => {}
        }
    }

    /// Where two rows fit equally well, the one used last comes first.
    fn look(&mut self) {
        self.pattern
            .reparse(&self.query, CaseMatching::Smart, Normalization::Smart);
        let mut scored: Vec<(u32, usize)> = (0..)
            .zip(&self.texts)
            .filter_map(|(index, text)| {
                let score = self.pattern.score(text.slice(..), &mut self.matcher)?;
                Some((score, index))
            })
            .collect();
        scored.sort_by_key(|(score, index)| (std::cmp::Reverse(*score), *index));
        self.fitting = scored.into_iter().map(|(_, index)| index).collect();
        self.at = 0;
    }

    /// As many rows as there is room for, with the chosen one among them.
    pub fn shown(&mut self, room: usize) -> Vec<Shown<'r>> {
        self.page = room.max(1);
        let lowest_top = (self.at + 1).saturating_sub(self.page);
        let highest_top = self.fitting.len().saturating_sub(self.page);
        self.top = self.top.clamp(lowest_top, self.at.max(lowest_top));
        self.top = self.top.min(highest_top.max(lowest_top));
        let mut shown = Vec::new();
        for (place, index) in (0..).zip(&self.fitting).skip(self.top).take(room) {
            let (Some(row), Some(text)) = (self.rows.get(*index), self.texts.get(*index)) else {
                continue;
            };
            let mut fitting = Vec::new();
            if !self.query.is_empty() {
                self.pattern
                    .indices(text.slice(..), &mut self.matcher, &mut fitting);
            }
            shown.push(Shown {
                row,
                fitting,
                is_chosen: place == self.at,
            });
        }
        shown
    }
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
