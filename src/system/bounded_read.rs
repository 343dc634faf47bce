//! Reads a whole file that somebody else named: it may be `/dev/zero`.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek};
use std::path::Path;

use zeroize::Zeroizing;

/// What holds settings, keys or certificates is smaller: 10,000 profiles are 2 MB.
const LIMIT: u64 = 16 * 1024 * 1024;

/// The bytes of the file; an error where it is larger than any of its kind.
pub fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    read_open(&file, size)
}

/// The same, where nothing but a file will do: a pipe would be waited for, and gives its bytes only once. A known
/// way to say "no file" is `/dev/null`.
pub fn read_file(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut options = OpenOptions::new();
    options.read(true);
    never_waiting(&mut options);
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    #[cfg(unix)]
    if metadata.is_dir() {
        return Err(rustix::io::Errno::ISDIR.into());
    }
    match metadata.is_file() || is_dev_null(&metadata) {
        true => read_open(&file, metadata.len()),
        false => Err(not_a_file()),
    }
}

/// What is in an open file of about this size, to its end.
pub fn read_open(file: &File, size: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    // As large as it will be: a buffer that grows leaves copies of what may be a secret.
    let size = usize::try_from(size.min(LIMIT)).unwrap_or(0);
    let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LIMIT {
        true => Err(io::Error::other("it is larger than 16 MiB")),
        false => Ok(bytes),
    }
}

/// Reads an open file once more.
pub fn read_again(mut file: &File) -> io::Result<Zeroizing<Vec<u8>>> {
    file.rewind()?;
    read_open(file, file.metadata()?.len())
}

#[cfg(unix)]
fn is_dev_null(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == metadata.rdev())
}

#[cfg(windows)]
fn is_dev_null(_: &std::fs::Metadata) -> bool {
    true // NUL, which is neither a file nor a folder
}

/// A pipe without a writer would be waited for until somebody writes.
pub fn never_waiting(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = options;
}

/// That something else stands in the place of a file.
pub fn not_a_file() -> io::Error {
    io::Error::other("it is not a regular file")
}
