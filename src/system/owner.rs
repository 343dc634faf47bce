//! Whose a folder is: root, with the home of another user (`sudo` that keeps `HOME`), must leave nothing there that
//! locks this user out.

use std::io;
use std::path::Path;

/// Refuses where what would be made at this path would be root's in a folder of another user.
#[cfg(unix)]
pub fn may_create_in(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    if !rustix::process::geteuid().is_root() {
        return Ok(()); // what another user's folder lets us make there is ours to make
    }
    // The nearest that exists: what is made in between would be root's as well.
    let nearest = folder.ancestors().find_map(|above| above.metadata().ok());
    match nearest {
        Some(metadata) if metadata.uid() != 0 => Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "it would belong to root in a folder of another user",
        )),
        _ => Ok(()),
    }
}

/// Windows gives what is made in a user's folder the rights of the folder.
#[cfg(windows)]
pub fn may_create_in(_: &Path) -> io::Result<()> {
    Ok(())
}
