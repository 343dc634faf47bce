//! The hook: the shell only notices, the program decides. The snippets of `shell/` run `awsmfa hooked SHELL
//! MEMORY [COMMAND …]`, without a command at a prompt, and obey the answer (`docs/hook-protocol.md`).
//!
//! [`policy`] decides; this is the part around it that reads the environment, the pins and the store, calls
//! AWS, and answers.

mod here;
mod memory;
pub mod pick;
pub mod pinning;
mod policy;
pub mod recent;
mod typed;
mod wish;
mod words;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use clap::ValueEnum;

use crate::environment::Environment;
use crate::environment::patch::EnvPatch;
use crate::environment::session_here::SessionHere;
use crate::error::{Error, Result};
use crate::model::session::{Secret, Timestamp};
use crate::output::stdout::{self, Evaluated, OfHook};
use crate::output::{exit, stderr};
use crate::session::Granted;
use crate::shell::Shell;
use crate::shell::told::Told;
use crate::store::pins::{self, Pins};
use here::{Here, Place};
use memory::Memory;
use policy::{Answer, Change, Event, Outcome, Step, Try, Wish, decide};

/// As long as a prompt may be kept waiting: a dead network costs no more.
const PROMPT_WAITS: Duration = Duration::from_secs(3);

/// A shell that asks.
struct Asking<'a> {
    shell: Shell,
    /// `None` for a new shell.
    memory: Option<Memory>,
    env: &'a Environment,
}

/// Answers it: `words` follow the subcommand.
pub fn answer(words: &[OsString], env: &Environment) -> Result<()> {
    let usage = || Error::Usage {
        message: "this is for the hook alone".to_owned(),
        hint: "run awsmfa hook --help".to_owned(),
    };
    let [shell, memory, command @ ..] = words else {
        return Err(usage());
    };
    // The answer holds secrets.
    if io::stdout().is_terminal() {
        return Err(usage());
    }
    let shell = shell.to_str().ok_or_else(usage)?;
    let asking = Asking {
        shell: Shell::from_str(shell, false).map_err(|_| usage())?,
        memory: memory.to_str().and_then(Memory::decode),
        env,
    };
    match command {
        [] => asking.prompt(),
        command => typed::run(command, &asking),
    }
}

impl Asking<'_> {
    fn prompt(&self) -> Result<()> {
        stderr::silence();
        exit::after(PROMPT_WAITS);
        self.settle(&Event::Prompt, None)
    }

    /// Decides, with what has to be found out on the way, and answers.
    fn settle(&self, event: &Event, mut had: Option<Granted>) -> Result<()> {
        let pins = Pins::read(self.env);
        let here = Here::of(self.env, self.place(&pins));
        let now = Timestamp::now().0;
        let mut tried = Vec::new();
        let answer = loop {
            match decide(event, self.memory.as_ref(), &here, now, &tried) {
                Step::Answer(answer) => break answer,
                Step::Try(Try { wish, call }) => {
                    tried.push((wish.clone(), Outcome::NoAnswer));
                    self.unless_it_takes_too_long(event, &here, now, &tried, &pins);
                    let (outcome, granted) = wish::try_it(&wish, call, self.env);
                    had = granted.or(had);
                    tried.pop();
                    tried.push((wish, outcome));
                }
            }
        };
        let patch = patch(&answer, had.as_ref(), self.env);
        let told = told(&answer, now, &pins);
        stdout::write(&self.shell.tell(&told, &patch)?)?;
        for sentence in self.shell.still_to_say(&told) {
            stderr::note_in_silence(sentence);
        }
        Ok(())
    }

    fn place(&self, pins: &Pins) -> Place {
        if pins.is_empty() {
            return Place::Under(None);
        }
        match pins::here() {
            Some(directory) => Place::Under(pins.of(Path::new(&directory)).cloned()),
            None => Place::Unknown,
        }
    }

    /// Decides beforehand what is answered if the time runs out or the user interrupts: the same as if AWS had not
    /// answered.
    fn unless_it_takes_too_long(
        &self,
        event: &Event,
        here: &Here,
        now: i64,
        tried: &[(Wish, Outcome)],
        pins: &Pins,
    ) {
        if let Step::Answer(answer) = decide(event, self.memory.as_ref(), here, now, tried) {
            self.fail_with(OfHook {
                told: told(&answer, now, pins),
                patch: Some(patch(&answer, None, self.env)),
            });
        }
    }

    fn fail_with(&self, of_hook: OfHook) {
        stdout::evaluated_by(Evaluated {
            shell: self.shell,
            env: self.env.clone(),
            entry: None,
            keep_profile: false,
            status_only: false,
            of_hook: Some(of_hook),
        });
    }
}

fn told(answer: &Answer, now: i64, pins: &Pins) -> Told {
    Told {
        memory: answer.memory.encode(),
        now,
        next: answer.next,
        pins: !pins.is_empty(),
        words: answer.words.clone(),
    }
}

/// The change of the environment; `had` is the session that it puts there.
fn patch(answer: &Answer, had: Option<&Granted>, env: &Environment) -> EnvPatch {
    let session_here = SessionHere(env);
    let mut patch = match (&answer.change, had) {
        (Change::Put(text), Some(granted)) => {
            let keep_profile = !answer.takes_profile;
            let mut patch = granted.patch(keep_profile, env);
            patch.replace("AWSMFA_SESSION", Secret::new(&**text));
            patch
        }
        (Change::Drop, _) => EnvPatch::drop(&session_here),
        (Change::Clear, _) => EnvPatch::clear(true, &session_here),
        (Change::Forget, _) => EnvPatch {
            unset: vec!["AWSMFA_PROFILE"],
            set: Vec::new(),
        },
        (Change::None | Change::Put(_), _) => EnvPatch::default(),
    };
    for (name, value) in &answer.give_back {
        patch.add(name, Secret::new(&**value));
    }
    patch
}
