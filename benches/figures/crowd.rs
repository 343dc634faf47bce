//! A hundred processes at once on an empty store: one of them calls, the others read what it got.

use std::process::{Child, Stdio};
use std::time::Instant;

use super::binaries::Binaries;
use super::clock::{Times, in_turn, run};
use super::page::{Row, time, times};
use super::warm::Warm;
use crate::support::World;

const CROWD: u32 = 100;
const ROUNDS: usize = 11;

pub fn measure(binaries: &Binaries, warm: &Warm) -> Vec<Row> {
    let mut calls = 0;
    let all = (0..ROUNDS).map(|_| {
        let world = World::alice().with_store();
        let code = world.code();
        let started = Instant::now();
        let crowd: Vec<Child> = (0..CROWD)
            .map(|_| {
                let mut command = binaries.awsmfa(&world, &["env", "--shell", "sh", "-t", &code]);
                command
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for mut child in crowd {
            assert!(child.wait().unwrap().success());
        }
        let took = started.elapsed();
        calls = calls.max(world.sts().calls().len());
        took
    });
    let all = Times::of(all.collect());
    let one = one_call(binaries);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    #[allow(clippy::cast_precision_loss, reason = "a number of cores")]
    let bound = f64::from(CROWD) * warm.env.median() / cores as f64 + one.median();
    vec![
        Row::new("the first to the last of 100", times(&all)).holds(
            format!(
                "≤ 100 × a warm run / {cores} cores + one call = {} (medians)",
                time(bound)
            ),
            all.least() <= bound,
        ),
        Row::new("calls of STS", calls.to_string()).holds("1", calls == 1),
    ]
}

/// A run that calls this STS, without TLS.
fn one_call(binaries: &Binaries) -> Times {
    let world = World::alice();
    let mut call =
        || run(&mut binaries.awsmfa(&world, &["env", "--shell", "sh", "-t", &world.code()]));
    let [one] = in_turn(10, [&mut call]);
    one
}
