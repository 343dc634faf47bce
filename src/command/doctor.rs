//! `awsmfa doctor`: what is wrong here, and the command that fixes it. Never a secret, never a question.

use std::io::{self, IsTerminal};

use serde::Serialize;

use super::hook;
use crate::aws_files::AwsFiles;
use crate::cli::{DoctorArgs, Hook};
use crate::doctor::{self, Finding, Grade, Place};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::session::Timestamp;
use crate::output::{json, stderr, stdout};
use crate::shell::detect;
use crate::text::sanitize;

/// The JSON. Its names and types are a promise: new ones may be added, none is changed or removed.
#[derive(Serialize)]
struct Report<'f> {
    /// 1.
    version: u8,
    /// The worst of all findings.
    grade: Grade,
    findings: &'f [Finding],
}

/// Runs the command.
pub fn run(args: &DoctorArgs, env: &Environment) -> Result<()> {
    let place = Place {
        env: &env.clone().with_surroundings(),
        files: &AwsFiles::read(env),
        shell: args.shell.unwrap_or_else(|| detect::asking(env)),
        direnv_hook: hook::text(Hook::Direnv).unwrap_or_default(),
        now: Timestamp::now(),
    };
    let mut findings = doctor::examine(&place);
    if args.online {
        findings.extend(doctor::online::check(&place));
    }
    let grade = findings.iter().map(|finding| finding.grade).max();
    let grade = grade.unwrap_or(Grade::Good);
    let text = match args.json {
        true => json::text(&Report {
            version: 1,
            grade,
            findings: &findings,
        })?
        .to_string(),
        false => table(
            &findings,
            io::stdout().is_terminal() && !stderr::colors_are_refused(),
        ),
    };
    stdout::write(&text)?;
    match grade {
        Grade::Wrong => Err(Error::Wrong {
            count: count(&findings, Grade::Wrong),
        }),
        Grade::Good | Grade::Warn => Ok(()),
    }
}

fn count(findings: &[Finding], grade: Grade) -> usize {
    findings
        .iter()
        .filter(|finding| finding.grade == grade)
        .count()
}

/// A line for each finding, and below it what fixes it.
fn table(findings: &[Finding], color: bool) -> String {
    let mut text = String::new();
    for finding in findings {
        let grade = format!("{:<5}", finding.grade);
        let grade = match (color, finding.grade) {
            (false, _) => grade,
            (true, Grade::Good) => format!("\u{1b}[32m{grade}\u{1b}[0m"),
            (true, Grade::Warn) => format!("\u{1b}[33m{grade}\u{1b}[0m"),
            (true, Grade::Wrong) => format!("\u{1b}[31m{grade}\u{1b}[0m"),
        };
        let found = sanitize::printable(&finding.found);
        text.push_str(&format!("{grade}  {:<9}  {found}\n", finding.check));
        if let Some(mend) = &finding.mend {
            text.push_str(&format!("{:18}{}\n", "", sanitize::printable(mend)));
        }
    }
    text
}
