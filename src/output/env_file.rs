//! `env --format dotenv` and `--format github-actions`: the session as NAME=value lines, for containers
//! and for the later steps of a job.
//!
//! docker's `--env-file` knows neither quotes nor `export`: the line is the value (a `'` would be a part of
//! it). The values need none; where they enter, everything that could end a line or a word is refused.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::environment::Environment;
use crate::environment::patch::EnvPatch;
use crate::error::{Error, Result};
use crate::model::session::Session;
use crate::output::stdout;

/// The variables to set, one a line. A file cannot unset any.
pub fn lines(patch: &EnvPatch) -> Zeroizing<String> {
    let pieces = patch
        .set
        .iter()
        .flat_map(|(name, value)| [*name, "=", value.expose(), "\n"]);
    // Never grown, so that no copy of a secret stays behind.
    let mut text = Zeroizing::new(String::with_capacity(pieces.clone().map(str::len).sum()));
    pieces.for_each(|piece| text.push_str(piece));
    text
}

/// The file from which the runner takes the variables of the steps to come.
pub struct GithubEnv {
    path: PathBuf,
    file: File,
}

impl GithubEnv {
    /// Opens it: nobody is asked for a code whose session has nowhere to go.
    pub fn open(env: &Environment) -> Result<Self> {
        let path = env.path("GITHUB_ENV").map(PathBuf::from);
        let path = path.ok_or(Error::NoGithubEnv)?;
        let opened = OpenOptions::new().read(true).append(true).open(&path);
        let opened = opened.and_then(|file| match file.metadata()?.is_file() {
            true => Ok(file),
            false => Err(io::Error::other("it is not a regular file")),
        });
        match opened {
            Ok(file) => Ok(Self { path, file }),
            Err(error) => Err(Error::Unwritable { path, error }),
        }
    }

    /// Has the runner hide the session's parts in every log, then hands the variables over.
    pub fn hand_over(mut self, session: &Session, patch: &EnvPatch) -> Result<()> {
        let keys = &session.credentials;
        let masks = [
            &*keys.access_key_id,
            keys.secret_access_key.expose(),
            session.token(),
        ];
        stdout::write(&Zeroizing::new(
            masks.map(|mask| format!("::add-mask::{mask}\n")).concat(),
        ))?;
        let text = lines(patch);
        let written = self.line_is_open().and_then(|open| {
            let text = Zeroizing::new([if open { "\n" } else { "" }, &text].concat());
            self.file.write_all(text.as_bytes())
        });
        written.map_err(|error| Error::Unwritable {
            path: self.path,
            error,
        })
    }

    /// Whether somebody before us left a line without its end, which is not ours to continue.
    fn line_is_open(&mut self) -> io::Result<bool> {
        if self.file.metadata()?.len() == 0 {
            return Ok(false);
        }
        let mut last = [0];
        self.file.seek(SeekFrom::End(-1))?;
        self.file.read_exact(&mut last)?;
        Ok(last != *b"\n")
    }
}
