//! How many random inputs a test takes: few enough for every run, or as many as somebody has time for.

use proptest::test_runner::Config;

/// This many, or `PROPTEST_CASES`.
pub fn cases(usually: u32) -> Config {
    let told = std::env::var("PROPTEST_CASES").ok();
    let cases = told.and_then(|told| told.parse().ok()).unwrap_or(usually);
    Config {
        cases,
        // What fails is printed in its smallest form, to become a test with a name.
        failure_persistence: None,
        ..Config::default()
    }
}
