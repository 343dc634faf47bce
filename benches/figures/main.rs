//! What awsmfa costs, in one run and as ratios: `cargo bench > benches/README.md` writes the page.
//!
//! Every time is the least of many, taken in turn with what it is compared to: what else the machine
//! does can only add to a run, and adds to all alike.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "what cannot happen may stop a measurement"
)]
#![cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, unused_imports, reason = "measured on Linux alone")
)]

#[path = "../../tests/it/support/mod.rs"]
mod support;

mod binaries;
mod clock;
mod cold;
mod crowd;
mod instructions;
mod machine;
mod page;
mod profiles;
mod prompt;
mod size;
mod warm;

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("the figures are taken on Linux: strace, callgrind and /proc are part of them");
}

#[cfg(target_os = "linux")]
fn main() {
    let binaries = binaries::Binaries::copied();
    let parts = [
        page::Part::of("A stored session", warm::measure(&binaries).rows()),
        page::Part::of("A prompt with nothing to do", prompt::measure()),
        page::Part::of("A new session over TLS", cold::measure(&binaries).rows()),
        page::Part::of("A hundred at once", crowd::measure(&binaries)),
        page::Part::of("Many profiles", profiles::measure(&binaries)),
        page::Part::of("Instructions", instructions::measure(&binaries)),
        page::Part::of("Size", size::measure(&binaries)),
    ];
    let page = page::write(&parts, machine::linked(), &machine::describe());
    print!("{page}");
}
