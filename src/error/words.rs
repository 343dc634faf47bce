//! Parts of the sentences of errors. Pure.

use super::{Location, Origin};

pub fn duration_words(seconds: Option<u64>) -> &'static str {
    match seconds {
        Some(0..=899) => "too short, a session lasts 15m (900) or more",
        Some(_) => "too long, a session lasts 36h (129600) or less",
        None => "not a duration",
    }
}

/// A name that stands in a variable, or in a pin, was not typed with the command.
pub fn not_typed(chosen_by: &Origin) -> String {
    match chosen_by {
        Origin::Variable(name) => format!(", which {name} names"),
        Origin::Pin => ", which the pin of this directory names".to_owned(),
        _ => String::new(),
    }
}

pub fn pinned_above(above: Option<&(String, String)>) -> String {
    above.map_or_else(String::new, |(directory, profile)| {
        format!("; it is under {directory}, which is pinned to {profile}")
    })
}

pub fn at(location: &Option<Location>) -> String {
    location
        .as_ref()
        .map(|l| format!(" ({l})"))
        .unwrap_or_default()
}
