//! Stored sessions: what one is called.

mod name;

pub use name::entry_name;
