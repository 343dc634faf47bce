//! The matrix: every shell, each of its idioms, every class of values, and what can come of `awsmfa env`: a
//! session, a failure, `--unset`. The real binary in real shells; one script for each idiom of a shell. All
//! exported variables are compared, so that nothing arrives changed, stays behind or is touched by the way.
//!
//! A value comes in wherever it can: as what STS answers and as a profile's name (refused, or exact); in every
//! variable that we manage, as somebody left it there; as the name of a file in the folder, which an unquoted
//! `eval $(…)` would glob. (The quoting itself meets every value in `src/shell/round_trip.rs`.)

mod answers;
mod checks;
mod table;

use std::sync::Mutex;
use std::time::Instant;

use crate::support::shells::{self, SHELLS, Shell, Step};
use crate::support::values::classes;
use answers::world;
use checks::{Check, Pair, left, mismatch};
use table::{Row, table};

/// Every idiom of a shell; the number of the first one among those of all shells.
fn row(shell: Shell, first: usize) -> Row {
    let classes = classes();
    let mut row = Row {
        counts: vec![0; classes.len()],
        ..Row::default()
    };
    for (nth, idiom) in shell.idioms().enumerate() {
        let mut world = world(classes);
        let number = first + nth;
        for (column, class) in classes.iter().enumerate() {
            for (index, value) in left(class, number).enumerate() {
                world.set(&format!("V{column}_{index}"), value);
            }
        }
        let pair = Pair {
            shell,
            idiom,
            number,
            world: &world,
        };
        let checks: Vec<(usize, Check)> = classes
            .iter()
            .enumerate()
            .flat_map(|(column, class)| {
                let checks = pair.checks(column, class).into_iter();
                checks.map(move |check| (column, check))
            })
            .collect();
        let steps: Vec<Step> = checks.iter().map(|(_, check)| check.step.clone()).collect();
        let ran = shell.each(&world, &steps);
        let told = |what: String| format!("{}: {idiom}: {what}", shell.name);
        for ((column, check), ran) in checks.iter().zip(&ran) {
            row.counts[*column] += check.values;
            let told = |what| told(format!("{}: {}: {what}", classes[*column].name, check.told));
            row.mismatches.extend(mismatch(check, ran).map(told));
        }
        row.evaluations += ran.len();
        if ran.len() < checks.len() {
            row.mismatches
                .push(told("the script ended early".to_owned()));
        }
        let ours = |line: &&str| line.starts_with("awsmfa: ") || line.starts_with("hint: ");
        let strange = ran[0].stderr.lines().find(|line| !ours(line));
        row.mismatches
            .extend(strange.map(|line| told(format!("stderr has {line:?}"))));
        if world.path("work/canary").exists() {
            row.mismatches.push(told("a value ran as code".to_owned()));
            row.canaries += 1;
        }
    }
    row
}

#[test]
fn every_value_in_every_idiom_of_every_shell() {
    let started = Instant::now();
    // The number of its first idiom for each shell.
    let firsts = SHELLS.iter().scan(0, |first, shell| {
        let own = *first;
        *first += shell.idioms.len();
        Some((shell, own))
    });
    let waiting = Mutex::new(firsts.collect::<Vec<_>>().into_iter().enumerate());
    let next = || waiting.lock().unwrap().next();
    let work = || {
        let taken = std::iter::from_fn(next);
        let run = |(shell, first): (&'static Shell, usize)| {
            (shell, shell.is_here().then(|| row(*shell, first)))
        };
        taken.map(|(nth, pair)| (nth, run(pair))).collect()
    };
    // As many at once as there are processors: all of them at once each took as long as the whole (measured),
    // which on a busy machine is more than a script is given.
    let workers = std::thread::available_parallelism().map_or(1, Into::into);
    let mut done: Vec<(usize, (&Shell, Option<Row>))> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let done = threads
            .into_iter()
            .flat_map(|thread| -> Vec<_> { thread.join().unwrap() });
        done.collect()
    });
    done.sort_by_key(|(nth, _)| *nth);
    let rows: Vec<(&Shell, Option<Row>)> = done.into_iter().map(|(_, row)| row).collect();
    let mismatches: Vec<&String> = rows
        .iter()
        .filter_map(|(_, row)| row.as_ref())
        .flat_map(|row| &row.mismatches)
        .collect();
    shells::say(&table(&rows, started.elapsed().as_secs_f64()));
    assert!(mismatches.is_empty(), "{mismatches:#?}");
}
