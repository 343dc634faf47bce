//! `~/.aws/config`, `~/.aws/credentials` and a `setting.ini`: read, understood, edited and written here, and nowhere
//! else.

pub mod block;
mod by_sdk;
pub mod edit;
mod file;
#[cfg(test)]
mod fuzz;
pub mod kept;
pub mod key_index;
pub mod key_lines;
mod profile;
mod read;
pub mod rotated;
pub mod sections;
pub mod setting_ini;
pub mod write;

pub use profile::FoundProfile;
pub use read::AwsFiles;
