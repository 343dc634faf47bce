//! Reading a file whole that somebody else named: it may be `/dev/zero`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

/// What holds settings, keys or certificates is smaller: 10,000 profiles are 2 MB.
const LIMIT: u64 = 16 * 1024 * 1024;

/// The bytes of the file; an error where it is larger than any of its kind.
pub fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = File::open(path)?;
    // As large as it will be: a buffer that grows leaves copies of what may be a secret.
    let size = file.metadata()?.len().min(LIMIT);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1));
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LIMIT {
        true => Err(io::Error::other("it is larger than 16 MiB")),
        false => Ok(bytes),
    }
}
