//! Input without an end: it costs neither the memory of the machine nor the patience of its user.
#![cfg(target_os = "linux")]
use std::process::Stdio;

use crate::support::World;
use crate::support::process::{Finished, finish};

/// Through a shell that allows 1 GB of address space.
fn run(world: &World, line: &str) -> Finished {
    let line = format!("ulimit -v 1000000; {line}");
    finish(
        world
            .command("bash")
            .args(["-c", &line])
            .stdout(Stdio::piped()),
        "",
    )
}

#[test]
fn a_code_is_not_looked_for_in_an_endless_line() {
    let ran = run(&World::alice(), "awsmfa env --shell sh -t - </dev/zero");
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stdout.ends_with("false;\n"), "{ran:?}");
    assert!(ran.stderr.contains("six digits"), "{ran:?}");
}

#[test]
fn a_file_without_an_end_is_refused() {
    let world = World::alice();
    for (line, file) in [
        ("awsmfa env --shell sh --setting-ini /dev/zero", "/dev/zero"),
        (
            "AWS_CONFIG_FILE=/dev/zero awsmfa env --shell sh",
            "/dev/zero",
        ),
        (
            "AWS_ENDPOINT_URL_STS=https://127.0.0.1:9 awsmfa env --shell sh -t 123456 --ca-bundle /dev/zero",
            "/dev/zero",
        ),
        (
            "GITHUB_ENV=/dev/full awsmfa env --format github-actions -t 123456",
            "/dev/full",
        ),
    ] {
        let ran = run(&world, line);
        assert_eq!(ran.status, 1, "{line}: {ran:?}");
        assert!(ran.stderr.contains(file), "{line}: {ran:?}");
    }
    assert_eq!(world.sts().calls().len(), 0);
}

#[test]
fn a_command_that_never_ends_its_output_is_cut_off() {
    let ran = run(&World::alice(), "awsmfa env --shell sh --mfa-process yes");
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.stderr
            .contains("(--mfa-process) gave none: it ended with"),
        "{ran:?}"
    );
}

#[test]
fn an_argument_is_not_repeated_for_pages() {
    let ran = run(
        &World::alice(),
        "awsmfa env --shell sh -p $(head -c 100000 /dev/zero | tr '\\0' a)",
    );
    assert_eq!(ran.status, 1, "{}", ran.status);
    assert!(ran.stderr.len() < 10_000, "{}", ran.stderr.len());
}
