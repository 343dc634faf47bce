//! What other tools left behind: variables that make an SDK use other keys than the shell shows, and lines of
//! start-up files that put keys into every new shell.

use super::{Finding, Place};
use crate::environment::marks;
use crate::environment::session_here::SessionHere;
use crate::shell::startup;
use crate::system::bounded_read;

/// What stands in a start-up file, and what it does to a shell that awsmfa works in.
const HABITS: &[(&str, &str)] = &[
    ("export AWS_ACCESS_KEY_ID=", "puts keys into every shell"),
    (
        "export AWS_SECRET_ACCESS_KEY=",
        "puts a secret key into every shell",
    ),
    (
        "export AWS_SESSION_TOKEN=",
        "puts an old token into every shell",
    ),
    ("set -gx AWS_ACCESS_KEY_ID", "puts keys into every shell"),
    (
        "sts get-session-token",
        "gets sessions that awsmfa env gets now",
    ),
    (
        "alias awsume=",
        "loads awsume, whose sessions awsmfa replaces",
    ),
    (
        "alias assume=",
        "loads granted, whose sessions awsmfa replaces",
    ),
    (
        "acp ",
        "switches profiles by oh-my-zsh, which leaves keys behind",
    ),
];

pub fn check(place: &Place) -> Vec<Finding> {
    let mut findings = variables(place);
    findings.extend(start_up_files(place));
    findings
}

fn variables(place: &Place) -> Vec<Finding> {
    let here = SessionHere(place.env);
    let is_ours = here.our_entry().is_some();
    let ours = place.env.var("AWSMFA_PROFILE").filter(|_| is_ours);
    let mut findings = Vec::new();
    for name in marks::of_sessions() {
        let Some(value) = place.env.var(name) else {
            continue;
        };
        if Some(value) != ours {
            findings.push(Finding::warn(
                "leftovers",
                format!("{name} is set by another tool, and prompts show it"),
                place.off(),
            ));
        }
    }
    if place.env.var("AWS_SECURITY_TOKEN").is_some() {
        findings.push(Finding::wrong(
            "leftovers",
            "AWS_SECURITY_TOKEN is set, which Python's SDK reads before AWS_SESSION_TOKEN",
            place.off(),
        ));
    }
    if is_ours {
        for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
            if place.env.var(name).is_some() {
                findings.push(Finding::warn(
                    "leftovers",
                    format!("{name} is set beside a session, and the JavaScript SDK ignores the session then"),
                    format!("unset {name}"),
                ));
            }
        }
    } else if here.long_term_keys().is_some() {
        findings.push(Finding::warn(
            "leftovers",
            "long-term keys are in this shell, and every program started from it gets them",
            "run awsmfa setup, and take the line that exports them out of your start-up file",
        ));
    }
    findings
}

fn start_up_files(place: &Place) -> Vec<Finding> {
    let Ok(home) = place.env.home() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for file in startup::read_at_start(place.shell, &home, place.env) {
        let Ok(bytes) = bounded_read::read(&file) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim_start().starts_with('#') {
                continue;
            }
            // The line itself may hold a secret: only its number is said.
            if let Some((_, does)) = HABITS.iter().find(|(sign, _)| line.contains(sign)) {
                findings.push(Finding::warn(
                    "leftovers",
                    format!("{}:{number} {does}", file.display()),
                    "remove that line",
                ));
            }
        }
    }
    findings
}
