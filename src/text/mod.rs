//! Text, as pure functions: what somebody else wrote made safe to print, and names near a mistyped one.

pub mod durations;
pub mod percent;
pub mod redact;
pub mod sanitize;
pub mod suggest;
pub mod table;
pub mod typed_path;
pub mod word;
