//! Any text there and back: through the quoting of each shell, into the real shell, and out of its environment.
//! Hundreds of values are one change and so one script. What `env` prints is stricter (no value with a meaning
//! to a shell gets as far as a quote): this is what stands behind it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use clap::ValueEnum;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::{End, Shell};
use crate::environment::patch::EnvPatch;
use crate::fuzz;
use crate::model::session::Secret;

#[path = "../../tests/it/support/process.rs"]
#[allow(dead_code, reason = "the transcripts use the rest")]
mod process;
#[path = "../../tests/it/support/shells/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the transcripts use the rest")]
mod shells;
#[path = "../../tests/it/support/values.rs"]
#[allow(dead_code, reason = "the transcripts use the rest")]
mod values;

use shells::{Shell as Row, Step};

/// As many values as one script takes.
const VALUES: usize = 256;

/// A folder for the scripts.
struct World {
    folder: tempfile::TempDir,
    locale: &'static str,
}

impl World {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .env("LC_ALL", self.locale)
            .env("TERM", "dumb")
            .current_dir(self.folder.path());
        command
    }

    fn redacted(&self, text: &str) -> String {
        text.to_owned()
    }
}

/// The rows that are here, each with the shell that it is to us and a locale: a shell reads bytes by it.
fn rows() -> impl Iterator<Item = (&'static Row, Shell, World)> {
    let rows = shells::SHELLS.iter().filter(|row| row.is_here());
    rows.flat_map(|row| {
        // tcsh in C takes bytes beyond ASCII for characters of its own; no value has any.
        let locales: &[&str] = match row.name {
            "tcsh" => &["C.UTF-8"],
            _ => &["C.UTF-8", "C"],
        };
        locales.iter().map(move |locale| {
            let folder = tempfile::tempdir().unwrap();
            let shell = Shell::from_str(row.says, false).unwrap();
            (row, shell, World { folder, locale })
        })
    })
}

fn names() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&str>> = OnceLock::new();
    let name = |number| &*Box::leak(format!("V{number}").into_boxed_str());
    NAMES.get_or_init(|| (0..VALUES).map(name).collect())
}

/// The values as a change of as many variables; those that the shell cannot hold are refused, and left out.
fn patch(shell: Shell, values: &[String]) -> EnvPatch {
    let is_said = |value: &&String| {
        let set = vec![("V", Secret::new(*value))];
        let unset = vec!["V"];
        shell.render(&EnvPatch { unset, set }, End::Success).is_ok()
    };
    let said = values.iter().filter(is_said).map(Secret::new);
    let set: Vec<_> = names().iter().copied().zip(said).collect();
    EnvPatch {
        unset: set.iter().map(|(name, _)| *name).collect(),
        set,
    }
}

/// Sets them, fails with one of them as the message, sets them again and takes them away.
#[track_caller]
fn assert_arrive(row: &Row, shell: Shell, world: &World, values: &[String]) {
    let set = patch(shell, values);
    let gone = EnvPatch {
        unset: set.unset.clone(),
        set: Vec::new(),
    };
    let message = values.first().map_or("", String::as_str);
    let failure = End::Failure { code: 3, message };
    let texts = [
        (&set, End::Success),
        (&gone, failure),
        (&set, End::Success),
        (&gone, End::Success),
    ];
    let steps = texts.iter().enumerate().map(|(nth, (patch, end))| {
        let file = format!("text{nth}");
        let text = shell.render(patch, *end).unwrap();
        std::fs::write(world.path(&file), text.as_bytes()).unwrap();
        // The program itself fails too, which is all that a record can say of it.
        let status = u8::from(matches!(end, End::Failure { .. }));
        let program = format!("cat {file}; exit {status}\n");
        std::fs::write(world.path(&format!("program{nth}")), program).unwrap();
        Step {
            prelude: String::new(),
            line: row.line(&format!("sh program{nth}")),
        }
    });
    let ran = row.each(world, &steps.collect::<Vec<_>>());
    let told = format!("{} in {}", row.name, world.locale);
    assert_eq!(ran.len(), texts.len(), "{told}: {}", ran[0].stderr);
    assert_eq!(ran[0].stderr, "", "{told}");
    for (ran, (patch, end)) in ran.iter().zip(texts) {
        let fails = matches!(end, End::Failure { .. });
        assert_eq!(ran.status != 0, fails, "{told}: status of {end:?}");
        let after = ran.after.as_ref().unwrap();
        for name in &set.unset {
            let expected = patch.set.iter().find(|(set, _)| set == name);
            let expected = expected.map(|(_, value)| value.expose());
            assert_eq!(after.get(*name).map(String::as_str), expected, "{told}");
        }
    }
    assert!(
        !world.path("canary").exists(),
        "{told}: a value ran as code"
    );
}

#[test]
fn every_hostile_value_arrives_as_it_is() {
    let classes = values::classes().iter();
    let all: Vec<String> = classes.flat_map(|class| class.values.clone()).collect();
    for (row, shell, world) in rows() {
        for values in all.chunks(VALUES) {
            assert_arrive(row, shell, &world, values);
        }
    }
}

/// Everything that a variable can hold, and often what means something to some shell.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => any::<char>().prop_map(String::from),
        4 => proptest::char::range('\u{1}', '\u{7f}').prop_map(String::from),
        4 => proptest::sample::select("'\"\\$`!*?[]{}()<>|&;#~^%=@+-,. \t\r\n\u{2018}\u{2019}\u{201a}\u{201b}".chars().collect::<Vec<_>>()).prop_map(String::from),
        1 => proptest::sample::select(vec!["$(touch canary)", "`touch canary`", "touch canary", "\u{fffe}", "\r\n"]).prop_map(String::from),
    ];
    let text = proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat());
    text.prop_map(|text| text.replace('\0', ""))
}

#[test]
fn any_text_arrives_as_it_is() {
    for (row, shell, world) in rows() {
        let mut runner = TestRunner::new(fuzz::config(4));
        let texts = proptest::collection::vec(any_text(), 1..=VALUES);
        let ran = runner.run(&texts, |values| {
            assert_arrive(row, shell, &world, &values);
            Ok(())
        });
        ran.unwrap();
    }
}
