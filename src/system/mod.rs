//! What the operating system is asked for: locks, private files, replacing a file, bounded reads, the user's commands.

pub mod bounded_read;
pub mod lock;
pub mod own_path;
pub mod private;
pub mod replace;
pub mod tied;
pub mod user_command;
