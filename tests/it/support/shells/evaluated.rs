//! What a line did to a shell: its exported variables before and after, and its status.

use std::collections::{BTreeMap, BTreeSet};

/// Exported variables.
pub type Variables = BTreeMap<String, String>;

/// The exported variables before and after a line, and how the line ended.
#[derive(Debug)]
pub struct Evaluated {
    /// Before the line.
    pub before: Variables,
    /// After it; `None` where the line ended the script.
    pub after: Option<Variables>,
    /// All of the script's standard error.
    pub stderr: String,
    /// The line's status.
    pub status: i32,
}

impl Evaluated {
    /// The variables that the line set or changed.
    #[track_caller]
    pub fn set(&self) -> BTreeMap<&str, &str> {
        let new = self
            .there()
            .iter()
            .filter(|(name, value)| self.before.get(*name) != Some(value));
        new.map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// The variables that the line took away.
    #[track_caller]
    pub fn unset(&self) -> BTreeSet<&str> {
        let after = self.there();
        self.before
            .keys()
            .filter(|name| !after.contains_key(*name))
            .map(String::as_str)
            .collect()
    }

    #[track_caller]
    fn there(&self) -> &Variables {
        self.after
            .as_ref()
            .unwrap_or_else(|| panic!("the script did not go on: {self:?}"))
    }
}

const ENTRY_END: &str = if cfg!(windows) { "\r\n" } else { "\0" };

/// What [`Syntax::dump`](super::syntax::Syntax::dump) printed, each time that it was reached.
pub fn dumps(printed: &str) -> impl Iterator<Item = (Variables, i32)> {
    let mut variables = Variables::new();
    let entries = printed.split_terminator(ENTRY_END);
    entries.filter_map(move |entry| {
        let (name, value) = entry.split_once('=')?;
        if name == "_status" {
            return Some((std::mem::take(&mut variables), value.parse().unwrap()));
        }
        // `_` is the shell's own.
        if !name.starts_with('_') {
            variables.insert(name.to_owned(), value.to_owned());
        }
        None
    })
}
