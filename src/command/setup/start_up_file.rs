//! The hook and the completion in the start-up file of a shell.

use std::path::Path;

use clap::ValueEnum;

use super::{Outcome, Setup};
use crate::cli::Hook;
use crate::command::hook;
use crate::error::{Error, Result};
use crate::output::stderr;
use crate::setup::block;
use crate::shell::Shell;
use crate::shell::startup::{self, Startup};
use crate::system::bounded_read;

impl Setup {
    /// The hook and the completion, in a marked block of the start-up file, or in a file of their own.
    pub(super) fn start_up_file(&mut self, shell: Shell) -> Result<()> {
        let Ok(home) = self.env.home() else {
            return Ok(());
        };
        let Some(startup) = startup::of(shell, &home, &self.env) else {
            return Ok(());
        };
        if !startup.lines.is_empty() && self.is_loaded(shell, &home) {
            return Ok(());
        }
        if let Some((file, words)) = &startup.own_file {
            let text = hook_of(words).and_then(hook::text);
            let text = text.ok_or(Error::Internal("a start-up file of no hook"))?;
            self.offer_hook(file, shell, &startup, move |_| {
                Ok(text.clone().into_bytes())
            })?;
        }
        if !startup.lines.is_empty() {
            let lines = startup.lines.clone();
            let file = startup.file.clone();
            self.offer_hook(&file, shell, &startup, move |bytes| {
                Ok(block::with(bytes, &lines))
            })?;
        }
        Ok(())
    }

    fn offer_hook(
        &mut self,
        file: &Path,
        shell: Shell,
        startup: &Startup,
        edit: impl Fn(&[u8]) -> Result<Vec<u8>>,
    ) -> Result<()> {
        if self.offer(file, "Write this?", edit)? == Outcome::Unwritable {
            stderr::note(&format!(
                "{} cannot be written; this is for the file of {} that you manage:",
                file.display(),
                shell.name()
            ));
            for line in &startup.lines {
                stderr::line(&format!("  {line}"));
            }
        }
        Ok(())
    }

    /// Whether a start-up file loads the hook already, by our lines or by somebody's own.
    fn is_loaded(&self, shell: Shell, home: &Path) -> bool {
        startup::read_at_start(shell, home, &self.env)
            .iter()
            .filter_map(|file| bounded_read::read(file).ok())
            .any(|bytes| startup::loads_the_hook(&String::from_utf8_lossy(&bytes)).is_some())
    }
}

/// The hook that these words of a command line print.
fn hook_of(words: &[&str]) -> Option<Hook> {
    words
        .get(1)
        .and_then(|name| Hook::from_str(name, false).ok())
}
