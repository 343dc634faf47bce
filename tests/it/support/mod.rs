//! What every transcript needs: a private machine ([`World`]), the real binary with its expectations
//! ([`Test`]), the shells and how they are spoken to ([`shells`]), a terminal ([`pty`]), what a run
//! has printed and stored ([`stored`]), an STS on the loopback interface ([`sts`]), and what a company
//! puts before it ([`office`]): a proxy ([`proxy`]) and an authority of its own ([`authority`]); and files of
//! the system that are others ([`mount`]).

#![allow(
    dead_code,
    unused_imports,
    reason = "the demo and the benches use their part of it"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot happen may stop a test"
)]

pub mod asked;
pub mod authority;
pub mod callgrind;
pub mod clients;
pub mod example;
pub mod hooked;
pub mod logins;
pub mod mount;
#[cfg(unix)]
pub mod neighbours;
pub mod office;
pub mod powershell;
pub mod process;
pub mod proxy;
pub mod pty;
pub mod screen;
pub mod served;
pub mod shells;
#[cfg(unix)]
pub mod signals;
pub mod stored;
pub mod stranger;
pub mod sts;
pub mod svg;
pub mod transcript;
pub mod values;
pub mod world;

pub use process::Finished;
pub use transcript::Test;
pub use world::World;
