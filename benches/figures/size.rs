//! The size of the file, and the most memory that a run with a stored session holds.

use std::fs;
use std::io::{Read, Write, pipe};
use std::time::Instant;

use super::binaries::Binaries;
use super::page::Row;
use super::warm;
use crate::support::process::DEADLINE;

pub fn measure(binaries: &Binaries) -> Vec<Row> {
    let [awsmfa, _] = binaries.paths();
    let bytes = fs::metadata(awsmfa).unwrap().len();
    vec![
        Row::new("the binary", format!("{:.1} MB", megabytes(bytes))),
        Row::new(
            "memory at most",
            format!("{:.1} MB", megabytes(peak(binaries))),
        ),
    ]
}

#[allow(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Of a run that is held where it has done everything but print: its pipe is full. (What the system
/// accounts to a finished process counts its parent's memory in: it was a copy of it.)
fn peak(binaries: &Binaries) -> u64 {
    let world = warm::world();
    let (mut reader, mut writer) = pipe().unwrap();
    writer.write_all(&vec![0; 64 * 1024]).unwrap(); // what Linux gives a pipe
    let mut command = binaries.awsmfa(&world, &["env", "--shell", "sh"]);
    let mut child = command.stdout(writer).spawn().unwrap();
    drop(command); // and with it our end
    let status = format!("/proc/{}/status", child.id());
    let started = Instant::now();
    let kilobytes: u64 = loop {
        let text = fs::read_to_string(&status).unwrap();
        let field = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)
        };
        // Nothing else in such a run waits for anything.
        if field("State:") == Some("S") && field("Name:") == Some("awsmfa") {
            break field("VmHWM:").unwrap().parse().unwrap();
        }
        assert!(started.elapsed() < DEADLINE, "{text}");
        std::thread::yield_now();
    };
    reader.read_to_end(&mut Vec::new()).unwrap();
    assert!(child.wait().unwrap().success());
    kilobytes * 1024
}
