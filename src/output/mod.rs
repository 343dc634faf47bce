//! What the program says: standard output, which a shell may evaluate, standard error, the trace, and the ends that
//! `main` does not choose.

pub mod env_file;
pub mod exit;
pub mod json;
pub mod signals;
pub mod stderr;
pub mod stdout;
pub mod trace;
pub mod typed_codes;

pub use stdout::{Evaluated, evaluated_by};
