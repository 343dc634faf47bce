//! The page: a table for each part, and how it was made. Pure.

use std::fmt::Write;

/// One line of a table.
pub struct Row {
    what: String,
    figure: String,
    /// Against what, and how many times that.
    ratio: Option<(&'static str, f64)>,
    /// The most that it may be, and whether it is.
    bound: Option<(String, bool)>,
}

impl Row {
    pub fn new(what: impl Into<String>, figure: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            figure: figure.into(),
            ratio: None,
            bound: None,
        }
    }

    /// How many times the other it is.
    pub fn times(mut self, other: &'static str, ratio: f64) -> Self {
        self.ratio = Some((other, ratio));
        self
    }

    /// What the ratio may be at most.
    pub fn at_most(self, bound: f64) -> Self {
        let kept = self.ratio.is_some_and(|(_, ratio)| ratio <= bound);
        let shown = match bound {
            b if b < 0.1 => format!("1/{:.0}", 1.0 / b),
            b => b.to_string(),
        };
        self.holds(format!("≤ {shown} ×"), kept)
    }

    /// Any other bound.
    pub fn holds(mut self, bound: impl Into<String>, kept: bool) -> Self {
        self.bound = Some((bound.into(), kept));
        self
    }
}

/// A table under its title.
pub struct Part {
    title: &'static str,
    rows: Vec<Row>,
}

impl Part {
    pub fn of(title: &'static str, rows: Vec<Row>) -> Self {
        Self { title, rows }
    }
}

/// The whole page.
pub fn write(parts: &[Part], linked: &str, machine: &str) -> String {
    let mut page = format!("# What awsmfa costs, {linked}\n\n{HEAD}");
    for part in parts {
        let _ = write!(page, "\n## {}\n\n{COLUMNS}", part.title);
        for row in &part.rows {
            let ratio = row.ratio.map_or_else(String::new, |(other, ratio)| {
                let shown = match ratio {
                    r if r < 0.1 => format!("1/{:.0}", 1.0 / r),
                    r => format!("{r:.2} ×"),
                };
                format!("{shown} {other}")
            });
            let bound = row
                .bound
                .as_ref()
                .map_or_else(String::new, |(bound, kept)| {
                    format!("{bound}, {}", if *kept { "kept" } else { "**missed**" })
                });
            let _ = writeln!(
                page,
                "| {} | {} | {ratio} | {bound} |",
                row.what, row.figure
            );
        }
    }
    let _ = write!(page, "\n## The machine\n\n{machine}");
    page
}

const HEAD: &str = "\
Made by `cargo bench > benches/README.md`; with `--target x86_64-unknown-linux-musl > benches/static.md` for the
binary that needs no library. A time is the least of many, each taken in turn with what it is compared to (in
brackets the median: what the machine made of it). What the tests guard without a clock is in `tests/it/warm.rs`,
`tests/it/hook_safety.rs`, `tests/it/calls.rs`, `tests/it/certificates.rs` and `tests/it/single_flight.rs`.
";

const COLUMNS: &str = "| | | | bound |\n|---|---|---|---|\n";

/// A time as people read it.
pub fn time(seconds: f64) -> String {
    match seconds {
        s if s < 0.001 => format!("{:.0} µs", s * 1e6),
        s if s < 0.1 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.0} ms", s * 1e3),
    }
}

/// The least of the times, and their median.
pub fn times(times: &super::clock::Times) -> String {
    format!("{} ({})", time(times.least()), time(times.median()))
}
