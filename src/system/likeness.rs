//! A new file that takes an old one's place gets what the old one had beside its bytes: owner, mode, access control
//! list, extended attributes. Where that cannot be done the old file stays: nobody may read the new one who could
//! not read the old one.

#[cfg(unix)]
use std::fs::Permissions;
use std::fs::{File, Metadata};
use std::io;
#[cfg(not(target_os = "linux"))]
use std::path::Path;

/// Makes `new`, which is private yet, like `old`.
#[cfg(target_os = "linux")]
pub fn give(old: &File, before: &Metadata, new: &File) -> io::Result<()> {
    let mode = give_owner(new, before)?;
    // The list first: with one, the mode's bits for the group are the most that the list may allow, and without
    // it they are what the owning group may do.
    attributes::give(old, new)?;
    new.set_permissions(mode)
}

/// The same. The system's copy takes access control lists and extended attributes along, and the bytes, which
/// are cut off again.
#[cfg(target_vendor = "apple")]
pub fn give(old: &Path, before: &Metadata, new: &File, path: &Path) -> io::Result<()> {
    std::fs::copy(old, path)?;
    new.set_len(0)?;
    let mode = give_owner(new, before)?;
    new.set_permissions(mode)
}

/// The same: the list of who may do what is all there is.
#[cfg(windows)]
pub fn give(old: &Path, _: &Metadata, _: &File, path: &Path) -> io::Result<()> {
    super::private::copy(old, path)
}

/// The same.
#[cfg(not(any(target_os = "linux", target_vendor = "apple", windows)))]
pub fn give(_: &Path, before: &Metadata, new: &File, _: &Path) -> io::Result<()> {
    let mode = give_owner(new, before)?;
    new.set_permissions(mode)
}

/// A file that root edits stays its user's, one of a shared group stays the group's, and so does the mode, which is
/// given back for the end. A new file has the group of its folder on macOS, and in a folder with the set-group-ID bit:
/// where the group of before is not ours to give, that other group gets none of its rights.
#[cfg(unix)]
fn give_owner(new: &File, before: &Metadata) -> io::Result<Permissions> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let now = new.metadata()?;
    let mut mode = before.permissions();
    if now.uid() != before.uid() {
        fchown(new, Some(before.uid()), None).map_err(|error| {
            let owner = before.uid();
            let why = format!(
                "it belongs to user {owner}, to whom the new file cannot be given: {error}"
            );
            io::Error::new(error.kind(), why)
        })?;
    }
    if now.gid() != before.gid() {
        match fchown(new, None, Some(before.gid())) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                mode.set_mode(mode.mode() & !0o070);
            }
            result => result?,
        }
    }
    Ok(mode)
}

#[cfg(target_os = "linux")]
mod attributes {
    use std::fs::File;
    use std::io;

    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fremovexattr, fsetxattr};
    use rustix::io::Errno;

    /// The kernel makes these from the bytes and the other attributes, and lets nobody else set them.
    const MADE_BY_THE_KERNEL: [&[u8]; 2] = [b"security.ima", b"security.evm"];

    /// Gives `new` the attributes of `old`, its POSIX access control list (`system.posix_acl_access`) and its
    /// SELinux label among them, and takes away what it has from its folder (a default list).
    pub fn give(old: &File, new: &File) -> io::Result<()> {
        let names = names(old)?;
        for name in self::names(new)? {
            if !names.contains(&name) {
                fremovexattr(new, &*name).map_err(|error| told(&name, error))?;
            }
        }
        for name in names {
            let value = value(old, &name)?;
            if self::value(new, &name).ok().as_ref() != Some(&value) {
                let set = fsetxattr(new, &*name, &value, XattrFlags::empty());
                set.map_err(|error| told(&name, error))?;
            }
        }
        Ok(())
    }

    fn names(file: &File) -> io::Result<Vec<Vec<u8>>> {
        let mut list = vec![0; 65_536]; // XATTR_LIST_MAX
        let length = match flistxattr(file, &mut list) {
            Ok(length) => length,
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => 0, // a file system without any
            Err(error) => return Err(error.into()),
        };
        let names = list.get(..length).unwrap_or_default().split(|b| *b == 0);
        let ours = |name: &&[u8]| !name.is_empty() && !MADE_BY_THE_KERNEL.contains(name);
        Ok(names.filter(ours).map(<[u8]>::to_vec).collect())
    }

    fn value(file: &File, name: &[u8]) -> io::Result<Vec<u8>> {
        let mut value = vec![0; 65_536]; // XATTR_SIZE_MAX
        let length = fgetxattr(file, name, &mut value).map_err(|error| told(name, error))?;
        value.truncate(length);
        Ok(value)
    }

    fn told(name: &[u8], error: Errno) -> io::Error {
        let error = io::Error::from(error);
        let name = String::from_utf8_lossy(name);
        let why = format!("its attribute {name} cannot be given to the new file: {error}");
        io::Error::new(error.kind(), why)
    }
}
