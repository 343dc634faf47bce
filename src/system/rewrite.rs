//! Changing a text file that other programs write as well: whole or not at all, and nothing is lost of what
//! another program writes meanwhile.
//!
//! The lock keeps other awsmfa out; no other program knows it. So the file is compared with what was read, right
//! before it is replaced. Even then another program may have it open already and write a moment later, into a file
//! that has no name any more: the old file is looked at once more, and what came late is taken along.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::bounded_read::read_again;
use super::lock::{Lock, NotTaken, Patience};
use super::place::Place;
use super::replace;
use super::snapshot::Snapshot;

/// How often it is begun anew where another program has written in between: with the pauses, two seconds.
const ATTEMPTS: u32 = 30;
/// How long a program that has opened the file takes to write into it, two busy processors included.
const LATE: Duration = Duration::from_millis(20);
/// More than is ever added to a file, for the rehearsal.
const ADDED: usize = 16 * 1024;

/// Why the file was not changed. Its bytes are those of before, or what another program wrote.
#[derive(Debug)]
pub enum Failure<E> {
    /// The system's reason.
    Io(io::Error),
    /// Another awsmfa is at it: which process.
    Held(String),
    /// Another program changed it each time.
    Unsettled,
    /// The change itself refused.
    Refused(E),
}

/// What was done.
pub struct Done {
    /// How many other names (hard links) the old file has, which lead to the old bytes now.
    pub other_names: u64,
}

/// Changes the file behind `path`, which is made where there is none. `change` gets its bytes and gives those that
/// shall stand there; it is asked again, with other bytes, where another program has written in between, so that it
/// must be pure. Where the bytes are the same nothing is written. `told` is called once, for which process, where
/// another awsmfa has the lock for longer than a second.
pub fn rewrite<E>(
    path: &Path,
    patience: Patience,
    told: &mut dyn FnMut(&str),
    mut change: impl FnMut(&[u8]) -> Result<Zeroizing<Vec<u8>>, E>,
) -> Result<Done, Failure<E>> {
    let place = Place::behind(path)?;
    let _lock = Lock::take(place.beside("lock"), patience, told)?;
    place.remove_leftovers();
    let mut overtaken = None;
    for attempt in 0..ATTEMPTS {
        pause(attempt);
        let before = Snapshot::take(&place.path)?;
        if before.is_in_flux(attempt) {
            continue;
        }
        let base = merged(&before.bytes, overtaken.as_ref());
        let after = change(&base).map_err(Failure::Refused)?;
        if *after == *before.bytes {
            return Ok(Done { other_names: 0 });
        }
        let new = place.prepare(&before, &after)?;
        if !before.is_current(&place.path)? {
            continue;
        }
        let other_names = other_names(&before);
        let Some(old) = put(new, before, &place)? else {
            continue;
        };
        let Some(late) = old.late()? else {
            return Ok(Done { other_names });
        };
        overtaken = Some(Overtaken {
            theirs: appended(&base, &old.bytes, late),
            ours: after,
        });
    }
    // Our change is given up rather than theirs.
    if overtaken.is_some() {
        let before = Snapshot::take(&place.path)?;
        let new = place.prepare(&before, &merged(&before.bytes, overtaken.as_ref()))?;
        put(new, before, &place)?;
    }
    Err(Failure::Unsettled)
}

/// Whether [`rewrite`] could do it, asked before something is spent that would be lost. Nothing is left behind but
/// the folder.
pub fn check(
    path: &Path,
    patience: Patience,
    told: &mut dyn FnMut(&str),
) -> Result<(), Failure<std::convert::Infallible>> {
    let place = Place::behind(path)?;
    let _lock = Lock::take(place.beside("lock"), patience, told)?;
    let before = Snapshot::take(&place.path)?;
    let bytes = Zeroizing::new(vec![0; before.bytes.len() + ADDED]);
    Ok(place.rehearse(&before, &bytes)?)
}

/// A file that was replaced.
struct Old {
    file: Option<File>,
    bytes: Zeroizing<Vec<u8>>,
    /// Its name until it is looked at.
    _name: Option<NamedTempFile>,
}

impl Old {
    /// What it holds, if that is not what it held when it was replaced.
    fn late(&self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(file) = &self.file else {
            return Ok(None);
        };
        std::thread::sleep(LATE);
        let now = read_again(file)?;
        Ok((*now != *self.bytes).then_some(now))
    }
}

/// What we wrote while another program had not finished with the file that it replaced.
struct Overtaken {
    ours: Zeroizing<Vec<u8>>,
    theirs: Zeroizing<Vec<u8>>,
}

/// What the next attempt changes: the file as it is, with what came late in place of what we made of it.
fn merged(now: &[u8], overtaken: Option<&Overtaken>) -> Zeroizing<Vec<u8>> {
    match overtaken {
        Some(Overtaken { ours, theirs }) => appended(theirs, ours, Zeroizing::new(now.to_vec())),
        None => Zeroizing::new(now.to_vec()),
    }
}

/// `base` and what was added to `before` to make `now` of it; `now` itself where it is something else.
fn appended(base: &[u8], before: &[u8], now: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    match now.strip_prefix(before) {
        Some(added) => {
            let mut both = Zeroizing::new(Vec::with_capacity(base.len() + added.len()));
            both.extend_from_slice(base);
            both.extend_from_slice(added);
            both
        }
        None => now,
    }
}

/// Puts the new file in the old one's place and gives the old one back; `None` where another program was faster.
#[cfg(unix)]
fn put(new: NamedTempFile, before: Snapshot, place: &Place) -> io::Result<Option<Old>> {
    let Snapshot { file, bytes, .. } = before;
    let Some(file) = file else {
        let put = replace::add(new, &place.path)?;
        place.sync();
        return Ok(put.then_some(Old {
            file: None,
            bytes,
            _name: None,
        }));
    };
    let name = match replace::exchange(new, &place.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        exchanged => exchanged?,
    };
    place.sync();
    // Where the system can exchange two names, what was replaced is known for certain: another program may have
    // put a file of its own there in the last moment.
    let file = match &name {
        Some(name) => File::open(name.path())?,
        None => file,
    };
    Ok(Some(Old {
        file: Some(file),
        bytes,
        _name: name,
    }))
}

/// The same. Who has a file open there, and does not share its deletion, keeps it where it is.
#[cfg(windows)]
fn put(new: NamedTempFile, before: Snapshot, place: &Place) -> io::Result<Option<Old>> {
    let Snapshot { file, bytes, .. } = before;
    drop(file);
    let put = replace::once(new, &place.path)?;
    Ok(put.then_some(Old {
        file: None,
        bytes,
        _name: None,
    }))
}

#[cfg(unix)]
fn other_names(before: &Snapshot) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let names = before.metadata().map_or(1, MetadataExt::nlink);
    names.saturating_sub(1)
}

#[cfg(windows)]
fn other_names(before: &Snapshot) -> u64 {
    let told = before.file.as_ref().map(winapi_util::file::information);
    match told {
        Some(Ok(told)) => told.number_of_links().saturating_sub(1),
        _ => 0,
    }
}

/// Longer each time, and not in step with a program that writes at fixed moments.
fn pause(attempt: u32) {
    if attempt > 0 {
        let longest = u64::from(attempt * 5).min(100);
        let part = u64::from(std::process::id() ^ attempt) % 4;
        std::thread::sleep(Duration::from_millis(longest - longest * part / 8));
    }
}

impl<E> From<io::Error> for Failure<E> {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

impl<E> From<NotTaken> for Failure<E> {
    fn from(not: NotTaken) -> Self {
        match not {
            NotTaken::Held(holder) => Failure::Held(holder),
            NotTaken::Io(error) => Failure::Io(error),
        }
    }
}

#[cfg(test)]
#[path = "rewrite_tests.rs"]
mod tests;
