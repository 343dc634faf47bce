//! A hundred processes at once on an empty store: one of them calls, the others read what it got.

use std::process::{Child, Command, Stdio};

use super::binaries::Binaries;
use super::clock::{Times, run, took};
use super::page::{Row, times};
use super::warm;
use crate::support::World;

const CROWD: u32 = 100;
const ROUNDS: usize = 11;

/// In each round also a hundred warm runs one after the other, and one call: what else the machine does
/// meanwhile is then in both sides of the bound. Processes that do nothing tell what a crowd costs by itself.
pub fn measure(binaries: &Binaries) -> Vec<Row> {
    let (stored, one) = (warm::world(), World::alice());
    let mut at_once = Vec::new();
    let (mut all_stored, mut in_a_row, mut call) = (Vec::new(), Vec::new(), Vec::new());
    let (mut bare_at_once, mut bare_in_a_row) = (Vec::new(), Vec::new());
    let mut calls = 0;
    for _ in 0..ROUNDS {
        let world = World::alice().with_store();
        let code = world.code();
        at_once.push(took(|| {
            crowd(|| binaries.awsmfa(&world, &["env", "--shell", "sh", "-t", &code]));
        }));
        calls = calls.max(world.sts().calls().len());
        let warm = || binaries.awsmfa(&stored, &["env", "--shell", "sh"]);
        all_stored.push(took(|| crowd(warm)));
        in_a_row.push(took(|| (0..CROWD).for_each(|_| run(&mut warm()))));
        let bare = || binaries.bare(&stored);
        bare_at_once.push(took(|| crowd(bare)));
        bare_in_a_row.push(took(|| (0..CROWD).for_each(|_| run(&mut bare()))));
        let code = one.code();
        call.push(took(|| {
            run(&mut binaries.awsmfa(&one, &["env", "--shell", "sh", "-t", &code]));
        }));
    }
    let [at_once, all_stored, in_a_row, call] =
        [at_once, all_stored, in_a_row, call].map(Times::of);
    let [bare_at_once, bare_in_a_row] = [bare_at_once, bare_in_a_row].map(Times::of);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    #[allow(clippy::cast_precision_loss, reason = "a number of cores")]
    let shared = |in_a_row: &Times| in_a_row.least() / cores as f64;
    let share = shared(&in_a_row);
    vec![
        Row::new("100 at once on an empty store", times(&at_once)),
        Row::new("100 at once with a stored session", times(&all_stored)).times(
            "100 warm runs shared by the cores",
            all_stored.least() / share,
        ),
        Row::new(
            "100 with a stored session, one after the other",
            times(&in_a_row),
        ),
        Row::new("100 bare processes at once", times(&bare_at_once)).times(
            "100 bare runs shared by the cores",
            bare_at_once.least() / shared(&bare_in_a_row),
        ),
        Row::new("one call, without TLS", times(&call)),
        Row::new("the first 100 beside these", "")
            .times(
                "100 warm runs shared by the cores and one call",
                at_once.least() / (share + call.least()),
            )
            .at_most(1.0),
        Row::new("calls of STS", calls.to_string()).holds("1", calls == 1),
    ]
}

/// Starts so many and waits for all of them.
fn crowd(command: impl Fn() -> Command) {
    let start = |_| {
        let mut command = command();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.spawn().unwrap()
    };
    let crowd: Vec<Child> = (0..CROWD).map(start).collect();
    for mut child in crowd {
        assert!(child.wait().unwrap().success());
    }
}
