//! The shell: whether its start-up file loads the hook, whether direnv's copy of it is of this version, and whether
//! the prompt can show whose session is there.

use std::fs;
use std::path::Path;

use super::{Finding, Grade, Place};
use crate::shell::{Shell, startup};
use crate::system::bounded_read;
use crate::text::typed_path::typed;

pub fn check(place: &Place) -> Vec<Finding> {
    let Ok(home) = place.env.home() else {
        return vec![Finding::wrong(
            "shell",
            "there is no home directory",
            "set HOME",
        )];
    };
    let mut findings = vec![hook(place, &home)];
    findings.extend(direnv(place, &home));
    findings.extend(prompt(place, &home));
    findings
}

/// Whether a start-up file of the shell loads the hook.
pub fn has_hook(place: &Place) -> bool {
    place.env.home().is_ok_and(|home| {
        startup::of(place.shell, &home, place.env).is_some()
            && hook(place, &home).grade == Grade::Good
    })
}

fn hook(place: &Place, home: &Path) -> Finding {
    let name = place.shell.name();
    let Some(startup) = startup::of(place.shell, home, place.env) else {
        return Finding::good("hook", format!("{name} has no start-up file for a hook"));
    };
    let files = startup::read_at_start(place.shell, home, place.env);
    if let Some((own, _)) = startup
        .own_file
        .filter(|(own, _)| startup.lines.is_empty() && own.exists())
    {
        return Finding::good(
            "hook",
            format!("{name} loads the hook in {}", own.display()),
        );
    }
    for file in files {
        let text = bounded_read::read(&file).unwrap_or_default();
        if let Some(line) = startup::loads_the_hook(&String::from_utf8_lossy(&text)) {
            return Finding::good(
                "hook",
                format!("{name} loads the hook in {}:{line}", file.display()),
            );
        }
    }
    Finding::warn(
        "hook",
        format!("no start-up file of {name} loads the hook, so awsmfa use cannot work there"),
        "run awsmfa setup",
    )
}

/// The number of the first line that `wanted` takes, from 1.
fn line_with(file: &Path, wanted: impl Fn(&str) -> bool) -> Option<usize> {
    let bytes = bounded_read::read(file).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    text.lines().position(wanted).map(|index| index + 1)
}

/// direnv loads a copy of our text, which an upgrade does not reach.
fn direnv(place: &Place, home: &Path) -> Option<Finding> {
    let file = startup::config(home, place.env).join("direnv/lib/awsmfa.sh");
    let there = fs::read_to_string(&file).ok()?;
    let is_current = without_path(&there) == without_path(&place.direnv_hook);
    Some(match is_current {
        true => Finding::good("direnv", format!("{} is of this version", file.display())),
        false => Finding::warn(
            "direnv",
            format!("{} is of another version of awsmfa", file.display()),
            format!("run awsmfa hook direnv > {}", typed(&file)),
        ),
    })
}

/// The path of the program stands in one line, and may differ.
fn without_path(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| !line.contains("awsmfa'"))
        .collect()
}

fn prompt(place: &Place, home: &Path) -> Option<Finding> {
    let told = place.env.var("AWSMFA_PROMPT_VARIABLE");
    if told == Some("none") {
        return Some(Finding::warn(
            "prompt",
            "AWSMFA_PROMPT_VARIABLE is none, so no prompt shows whose session this is",
            "unset AWSMFA_PROMPT_VARIABLE",
        ));
    }
    // These two read AWS_PROFILE alone, which is not set beside a session.
    let blind = |line: &str| line.contains("tide ") || line.contains("oh-my-zsh.sh");
    let shows_us = |line: &str| line.contains("AWSMFA_PROFILE");
    let files = startup::read_at_start(place.shell, home, place.env);
    let is_blind = files.iter().any(|file| line_with(file, blind).is_some());
    let is_told = files.iter().any(|file| line_with(file, shows_us).is_some());
    (matches!(place.shell, Shell::Zsh | Shell::Fish) && is_blind && !is_told).then(|| {
        Finding::warn(
            "prompt",
            "this prompt reads AWS_PROFILE alone and shows nothing of a session",
            "add the three lines of docs/prompts.md for it",
        )
    })
}
