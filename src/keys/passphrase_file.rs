//! The place for machines that have no other: a file encrypted under a passphrase. Inside it looks like a credentials
//! file, so that `age -d` and an editor are all that it takes to have the keys back.

use zeroize::Zeroizing;

use super::age_format::{FileKey, Sealed, Unopened};
use super::place::Trouble;
use super::rest;
use crate::environment::Environment;
use crate::error::{Error, KeysError};
use crate::mfa::terminal::Terminal;
use crate::model::session::Secret;
use crate::state::Directory;

/// The name of the file, beside the sessions.
pub const FILE: &str = "keys.age";
/// A mistyped passphrase is asked for again.
const ASKINGS: u8 = 3;

/// The file, opened.
pub struct PassphraseFile {
    directory: Directory,
    no_input: bool,
    /// What it is sealed with, and its text, once it is open.
    open: Option<(Sealed, Zeroizing<String>)>,
}

impl PassphraseFile {
    /// Nothing is read or asked yet.
    pub fn of(env: &Environment, no_input: bool) -> Result<Self, Trouble> {
        let directory = Directory::find(env).map_err(|e| Trouble::NotThere(e.to_string()))?;
        Ok(Self {
            directory,
            no_input,
            open: None,
        })
    }

    /// The secret of a key, `None` where the file has none.
    pub fn get(&mut self, access_key_id: &str) -> Result<Option<Secret>, Trouble> {
        self.read()?;
        let Some((_, text)) = &self.open else {
            return Ok(None);
        };
        let mut found = sections(text).filter(|(_, id, _)| *id == access_key_id);
        Ok(found.next().map(|(.., secret)| Secret::new(secret)))
    }

    /// Keeps a key, in place of the same one.
    pub fn put(
        &mut self,
        access_key_id: &str,
        profile: &str,
        secret: &Secret,
    ) -> Result<(), Trouble> {
        self.read()?;
        let before = self.text_without(access_key_id);
        let pieces = [
            &before,
            "[",
            profile,
            "]\naws_access_key_id = ",
            access_key_id,
            "\naws_secret_access_key = ",
            secret.expose(),
            "\n",
        ];
        // Never grown, so that no copy of a secret stays behind.
        let room = pieces.iter().map(|piece| piece.len()).sum();
        let mut text = Zeroizing::new(String::with_capacity(room));
        pieces.iter().for_each(|piece| text.push_str(piece));
        self.write(text)
    }

    /// Forgets a key. A file that has no key left is removed.
    pub fn remove(&mut self, access_key_id: &str) -> Result<(), Trouble> {
        self.read()?;
        let text = self.text_without(access_key_id);
        match &self.open {
            None => Ok(()),
            Some((_, before)) if *before == text => Ok(()),
            Some(_) if text.is_empty() => {
                self.directory.remove(FILE);
                rest::forget(&self.name());
                self.open = None;
                Ok(())
            }
            Some(_) => self.write(text),
        }
    }

    fn text_without(&self, access_key_id: &str) -> Zeroizing<String> {
        let Some((_, text)) = &self.open else {
            return Zeroizing::default();
        };
        let mut kept = Zeroizing::new(String::with_capacity(text.len()));
        for (profile, id, secret) in sections(text).filter(|(_, id, _)| *id != access_key_id) {
            for piece in [
                "[",
                profile,
                "]\naws_access_key_id = ",
                id,
                "\naws_secret_access_key = ",
                secret,
                "\n",
            ] {
                kept.push_str(piece);
            }
        }
        kept
    }

    /// Opens the file, where there is one: with its key that rests, else with the passphrase.
    fn read(&mut self) -> Result<(), Trouble> {
        if self.open.is_some() {
            return Ok(());
        }
        let Some(file) = self.directory.read(FILE) else {
            return match self.directory.path_of(FILE).exists() {
                true => Err(Trouble::Failed(
                    "it is not a file of this user alone".to_owned(),
                )),
                false => Ok(()),
            };
        };
        let rested = rest::find(&self.name())
            .and_then(|key| <[u8; 16]>::try_from(key.as_slice()).ok())
            .and_then(|key| Sealed::open_with(&file, &FileKey::new(key)).ok());
        let (sealed, text) = match rested {
            Some(opened) => opened,
            None => {
                let opened = self.ask(&file)?;
                rest::put(&self.name(), &**opened.0.key());
                opened
            }
        };
        let text = std::str::from_utf8(&text)
            .map_err(|_| Trouble::Failed("what is in it is no text".to_owned()))?;
        self.open = Some((sealed, Zeroizing::new(text.to_owned())));
        Ok(())
    }

    fn ask(&self, file: &[u8]) -> Result<(Sealed, Zeroizing<Vec<u8>>), Trouble> {
        let terminal = Terminal::open(self.no_input).map_err(|error| match error {
            Error::NobodyToAsk { why } => Trouble::Locked(why),
            error => told(error),
        })?;
        for left in (0..ASKINGS).rev() {
            let question = format!(
                "passphrase for {}: ",
                self.directory.path_of(FILE).display()
            );
            let passphrase = terminal.ask_hidden(&question).map_err(told)?;
            match Sealed::open(file, &passphrase) {
                Ok(opened) => return Ok(opened),
                Err(Unopened::WrongPassphrase) if left > 0 => {
                    terminal.say("the passphrase is wrong").map_err(told)?;
                }
                Err(Unopened::WrongPassphrase) => {}
                Err(Unopened::Damaged(reason)) => return Err(Trouble::Failed(reason.to_owned())),
            }
        }
        Err(Trouble::Failed(
            "the passphrase was wrong three times".to_owned(),
        ))
    }

    fn ask_new(&self) -> Result<Sealed, Trouble> {
        let nobody = |why| KeysError::NoPassphrase { why }.into();
        let terminal = Terminal::open_or(self.no_input, nobody).map_err(told)?;
        let path = self.directory.path_of(FILE);
        for _ in 0..ASKINGS {
            let question = format!("a new passphrase for {}: ", path.display());
            let first = terminal.ask_hidden(&question).map_err(told)?;
            let second = terminal
                .ask_hidden("the same passphrase again: ")
                .map_err(told)?;
            if first != second {
                terminal.say("the two passphrases differ").map_err(told)?;
                continue;
            }
            return Sealed::new(&first)
                .ok_or_else(|| Trouble::Failed("the system gives no random numbers".to_owned()));
        }
        Err(Trouble::Failed(
            "the two passphrases differed three times".to_owned(),
        ))
    }

    fn write(&mut self, text: Zeroizing<String>) -> Result<(), Trouble> {
        let sealed = match self.open.take() {
            Some((sealed, _)) => sealed,
            None => self.ask_new()?,
        };
        let failed = |reason: String| Trouble::Failed(reason);
        let file = sealed.seal(text.as_bytes());
        let file = file.ok_or_else(|| failed("there are too many keys in it".to_owned()))?;
        self.directory.create().map_err(|e| failed(e.to_string()))?;
        self.directory
            .write_durably(FILE, &file)
            .map_err(|e| failed(e.to_string()))?;
        rest::put(&self.name(), &**sealed.key());
        self.open = Some((sealed, text));
        Ok(())
    }

    fn name(&self) -> String {
        format!("awsmfa-keys:{}", self.directory.path_of(FILE).display())
    }
}

fn told(error: Error) -> Trouble {
    Trouble::Told(Box::new(error))
}

/// Profile, key id and secret of each section.
fn sections(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    text.split("\n[").filter_map(|section| {
        let section = section.strip_prefix('[').unwrap_or(section);
        let (profile, lines) = section.split_once(']')?;
        let value = |key: &str| {
            let mut pairs = lines.lines().filter_map(|line| line.split_once('='));
            let found = pairs.find(|(name, _)| name.trim() == key);
            found.map(|(_, value)| value.trim())
        };
        Some((
            profile,
            value("aws_access_key_id")?,
            value("aws_secret_access_key")?,
        ))
    })
}
