//! Random input for every parser of foreign text: a few cases in each run of the tests, and as many as you have
//! time for with `PROPTEST_CASES`. What is asked of a parser is in the `fuzz.rs` beside it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

/// This many cases, the same in every run, so that a change cannot fail because of an older mistake;
/// or `PROPTEST_CASES`, which differ from run to run.
pub fn config(usually: u32) -> Config {
    let told = std::env::var("PROPTEST_CASES").ok();
    let told = told.and_then(|told| told.parse().ok());
    Config {
        cases: told.unwrap_or(usually),
        rng_seed: told.map_or(RngSeed::Fixed(0), |_| RngSeed::Random),
        // What fails is printed in its smallest form, to become a test with a name.
        failure_persistence: None,
        ..Config::default()
    }
}

/// Feeds a parser with pieces of real inputs, the words of its grammar, floods of one word, and bytes.
#[track_caller]
pub fn feed(
    usually: u32,
    seeds: &'static [&'static str],
    words: &'static [&'static str],
    parse: impl Fn(&[u8]),
) {
    let part = |seed: &str, from: Index, length: Index| {
        let from = from.index(seed.len() + 1);
        let length = length.index(seed.len() - from + 1);
        seed.as_bytes()
            .get(from..from + length)
            .unwrap_or_default()
            .to_vec()
    };
    let piece = prop_oneof![
        2 => select(seeds).prop_map(|seed| seed.as_bytes().to_vec()),
        4 => (select(seeds), any::<Index>(), any::<Index>())
            .prop_map(move |(seed, from, length)| part(seed, from, length)),
        8 => select(words).prop_map(|word| word.as_bytes().to_vec()),
        1 => (select(words), 1..1_000_usize).prop_map(|(word, times)| word.repeat(times).into_bytes()),
        2 => vec(any::<u8>(), 1..6),
    ];
    let input = vec(piece, 0..24).prop_map(|pieces| pieces.concat());
    let fed = TestRunner::new(config(usually)).run(&input, |input| {
        parse(&input);
        Ok(())
    });
    match fed {
        Err(TestError::Fail(why, input)) => {
            panic!("{why}\nof {:?}", String::from_utf8_lossy(&input))
        }
        Err(TestError::Abort(why)) => panic!("{why}"),
        Ok(()) => {}
    }
}
