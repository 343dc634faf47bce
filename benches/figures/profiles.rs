//! A config file with many profiles, of which one is asked for.

use std::fmt::Write;
use std::path::PathBuf;

use super::binaries::Binaries;
use super::clock::{in_turn, run};
use super::page::{Row, times};
use super::warm;
use crate::support::World;

const ROUNDS: usize = 200;

pub fn measure(binaries: &Binaries) -> Vec<Row> {
    let world = warm::world();
    let [ten, thousand, ten_thousand] = [10, 1_000, 10_000].map(|count| config_of(&world, count));
    let env_with = |config: &PathBuf| {
        let mut command = binaries.awsmfa(&world, &["env", "--shell", "sh"]);
        run(command.env("AWS_CONFIG_FILE", config));
    };
    // The largest by itself: what it leaves in the caches would be paid by what comes after it.
    let [ten, thousand] = in_turn(
        ROUNDS,
        [&mut || env_with(&ten), &mut || env_with(&thousand)],
    );
    let [ten_thousand] = in_turn(ROUNDS, [&mut || env_with(&ten_thousand)]);
    let ratio = thousand.least() / ten.least();
    vec![
        Row::new("10 profiles", times(&ten)),
        Row::new("1,000", times(&thousand))
            .times("10 profiles", ratio)
            .at_most(1.5),
        Row::new("10,000", times(&ten_thousand))
            .times("10 profiles", ten_thousand.least() / ten.least())
            .holds("≤ 30 ms", ten_thousand.least() <= 0.030),
    ]
}

/// The profile that is asked for, at the end of so many.
fn config_of(world: &World, count: usize) -> PathBuf {
    let mut text = String::new();
    for n in 1..count {
        let _ = writeln!(
            text,
            "[profile team-{n}]\nrole_arn = arn:aws:iam::123456789012:role/team-{n}\nsource_profile = default\nregion = eu-west-1\noutput = json\n"
        );
    }
    text += &world.read(".aws/config");
    let path = world.path(&format!("config-{count}"));
    std::fs::write(&path, text).unwrap();
    path
}
