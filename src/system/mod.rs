//! What the operating system is asked for: locks, private files, replacing a file, bounded reads, the user's commands.

pub mod bounded_read;
mod likeness;
pub mod lock;
pub mod lock_file;
pub mod own_path;
pub mod owner;
mod place;
pub mod private;
pub mod replace;
pub mod rewrite;
pub mod screen;
mod snapshot;
pub mod terminal_mode;
pub mod tied;
pub mod user_command;
pub mod wsl;
