//! Times that survive a noisy machine.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The times of one thing, least first.
#[derive(Clone, Debug)]
pub struct Times(Vec<Duration>);

impl Times {
    /// What it costs: whatever else ran can only have added to it.
    pub fn least(&self) -> f64 {
        self.0[0].as_secs_f64()
    }

    /// What it cost here, with what else ran.
    pub fn median(&self) -> f64 {
        self.0[self.0.len() / 2].as_secs_f64()
    }

    /// The times as they were taken.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }
}

/// Runs each in turn, all as often, so that a slow minute is slow for all of them.
pub fn in_turn<const N: usize>(rounds: usize, mut things: [&mut dyn FnMut(); N]) -> [Times; N] {
    let mut times = [(); N].map(|()| Vec::with_capacity(rounds));
    for thing in &mut things {
        thing(); // read from the disk once, before it counts
    }
    for _ in 0..rounds {
        for (thing, times) in things.iter_mut().zip(&mut times) {
            times.push(took(thing));
        }
    }
    times.map(Times::of)
}

/// How long this takes.
pub fn took(mut thing: impl FnMut()) -> Duration {
    let started = Instant::now();
    thing();
    started.elapsed()
}

/// Runs a program to its end, which must be a success; nobody reads what it prints.
pub fn run(command: &mut Command) {
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.is_ok_and(|s| s.success()), "{command:?}");
}
