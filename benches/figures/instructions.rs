//! Instructions by callgrind: the figure that a busy machine does not change.

use std::path::Path;

use super::binaries::Binaries;
use super::page::Row;
use super::warm;
use crate::support::callgrind;

pub fn measure(binaries: &Binaries) -> Vec<Row> {
    if !callgrind::is_installed() {
        return Vec::new();
    }
    let world = warm::world();
    let count = |program: &Path, args: &[&str]| {
        callgrind::count(&world, program.to_str().unwrap(), args).all
    };
    let [awsmfa, bare] = binaries.paths();
    let bare = count(bare, &[]);
    let row = |what: &str, args: &[&str]| {
        let count = count(awsmfa, args);
        Row::new(what, thousands(count)).times("the bare process", ratio(count, bare))
    };
    vec![
        Row::new("a bare Rust process", thousands(bare)),
        row("`awsmfa env`", &["env", "--shell", "sh"]),
        row("`awsmfa credential-process`", &["credential-process"]),
        row(
            "what the hook asks for `awsmfa use`",
            &["hooked", "bash", "0", "use"],
        ),
    ]
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a ratio of counts far below 2^52"
)]
fn ratio(count: u64, other: u64) -> f64 {
    count as f64 / other as f64
}

fn thousands(count: u64) -> String {
    format!("{} thousand", count / 1_000)
}
