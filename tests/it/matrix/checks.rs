//! What is evaluated, and what must be there afterwards.

use std::collections::BTreeMap;

use super::answers::{Answer, answers};
use crate::support::World;
use crate::support::shells::{Evaluated, Shell, Step};
use crate::support::sts::Step as Sts;
use crate::support::values::{Class, is_sent_by_sts};

/// What a failure takes away where a session was.
const SESSION: [&str; 9] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWSMFA_EXPIRES",
    "AWSMFA_SESSION",
    "AWSMFA_REGION",
    "AWS_VAULT",
];
/// What goes with it on success and with `--unset`.
const PROFILE: [&str; 3] = ["AWSMFA_PROFILE", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
/// The user's, and not to be touched.
const REGION: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// One evaluation: what the shell does, and what must be there afterwards.
pub struct Check<'v> {
    pub step: Step,
    /// What it is about, for a mismatch.
    pub told: String,
    /// How many values it puts to the test.
    pub values: usize,
    fails: bool,
    gone: Vec<&'static str>,
    set: Vec<(&'static str, &'v str)>,
}

/// One idiom of one shell.
pub struct Pair<'w> {
    pub shell: Shell,
    pub idiom: &'static str,
    /// Which one of all: where a class has more values than we have variables, each pair takes others.
    pub number: usize,
    pub world: &'w World,
}

impl Pair<'_> {
    fn line(&self, command: &str) -> String {
        self.idiom.replace("{}", command)
    }

    /// Leaves values in all the variables that we manage, and in the user's regions. A script takes them
    /// from other variables: no text of a test is quoted.
    fn leave(&self, column: usize, values: usize) -> String {
        if values == 0 {
            return String::new();
        }
        let places = SESSION.iter().chain(&PROFILE).chain(&REGION).enumerate();
        let lines = places.map(|(place, name)| {
            let from = format!("V{column}_{}", place % values);
            self.shell.copy(name, &from) + "\n"
        });
        lines.collect()
    }

    pub fn checks<'v>(&self, column: usize, class: &'v Class) -> Vec<Check<'v>> {
        let left = match self.shell.syntax.copy {
            "" => 0,
            _ => left(class, self.number).len(),
        };
        let after_leaving = |command: &str| Step {
            prelude: self.leave(column, left),
            line: self.line(command),
        };
        let all = || [&SESSION[..], &PROFILE].concat();
        // AWS_PROFILE is no profile, or one whose code nobody can be asked for.
        let mut checks = vec![
            Check {
                step: after_leaving("awsmfa env --no-input"),
                told: "failure".to_owned(),
                values: left,
                fails: true,
                gone: SESSION.to_vec(),
                set: Vec::new(),
            },
            Check {
                step: after_leaving("awsmfa env --unset"),
                told: "unset".to_owned(),
                values: left,
                fails: false,
                gone: all(),
                set: Vec::new(),
            },
        ];
        let refused = class.values.iter().find(|value| !is_sent_by_sts(value));
        checks.extend(refused.map(|token| {
            let answer = Answer {
                token,
                ..Answer::default()
            };
            Check {
                step: self.ask(&answer, String::new()),
                told: format!("STS sends {token:?}"),
                values: 1,
                fails: true,
                gone: Vec::new(),
                set: Vec::new(),
            }
        }));
        checks.extend(answers(class).into_iter().enumerate().map(|(nth, answer)| {
            // The first session replaces what somebody left, the others the one before.
            let (prelude, left) = match nth {
                0 => (self.leave(column, left), left),
                _ => (String::new(), 0),
            };
            Check {
                step: self.ask(&answer, prelude),
                told: format!("success with {answer:?}"),
                values: left + answer.values,
                fails: false,
                gone: all(),
                set: answer.sets(),
            }
        }));
        checks
    }

    /// Has STS answer this to `env`. What somebody left as a region gives way to the flag, and stays.
    fn ask(&self, answer: &Answer, prelude: String) -> Step {
        self.world.sts().next(Sts::AnswerWith(answer.issued()));
        let code = self.world.code();
        let profile = answer.profile;
        Step {
            prelude,
            line: self.line(&format!(
                "awsmfa env --region us-east-1 -t {code} '--profile={profile}'"
            )),
        }
    }
}

/// What somebody left in as many variables as there are.
pub fn left(class: &Class, number: usize) -> impl ExactSizeIterator<Item = &String> {
    let some: Vec<&String> = class.values.iter().filter(|v| !v.is_empty()).collect();
    let places = SESSION.len() + PROFILE.len() + REGION.len();
    let taken = some.len().min(places);
    let mut some = some.into_iter().cycle().skip(number * places);
    (0..taken).map(move |_| some.next().unwrap())
}

/// What differs from what must be there.
pub fn mismatch(check: &Check, ran: &Evaluated) -> Option<String> {
    let goes = |name: &str, value: &str| {
        // A class of few values leaves the same one as AWSMFA_REGION: then the region is ours.
        let is_ours = REGION.contains(&name)
            && ran
                .before
                .get("AWSMFA_REGION")
                .is_some_and(|ours| ours == value);
        check.gone.contains(&name) || is_ours
    };
    let before = ran
        .before
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let mut expected: BTreeMap<&str, &str> =
        before.filter(|(name, value)| !goes(name, value)).collect();
    expected.extend(check.set.iter().copied());
    let Some(after) = &ran.after else {
        return Some("the script ended".to_owned());
    };
    let after: BTreeMap<&str, String> = after
        .iter()
        .map(|(name, value)| (name.as_str(), without_entry(name, value)))
        .collect();
    if (ran.status != 0) != check.fails {
        return Some(format!("status {}", ran.status));
    }
    let names = expected.keys().chain(after.keys());
    let differs = |name: &&str| expected.get(name).copied() != after.get(name).map(String::as_str);
    let name = names.copied().find(differs)?;
    Some(format!(
        "{name} is {:?} and not {:?}",
        after.get(name),
        expected.get(name)
    ))
}

/// The port of the local STS is part of an entry's name.
fn without_entry(name: &str, value: &str) -> String {
    match value.split_once(':') {
        Some((id, entry))
            if name == "AWSMFA_SESSION"
                && entry.len() == 32
                && entry.bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            format!("{id}:[ENTRY]")
        }
        _ => value.to_owned(),
    }
}
