//! For their owner alone: what 0700 and 0600 say elsewhere, Windows says by an access control list. Elsewhere
//! the mode is given where a file is made, and there is nothing to do here.

/// Whether a list, in Windows's own notation (SDDL), leaves the object to this user and to the
/// administrators of the machine: owner, and everyone who is allowed anything. Pure.
#[cfg(any(windows, test))]
fn is_private(sddl: &str, user: &str) -> bool {
    // SYSTEM, Administrators, the built-in Administrator: all may take what they like anyway. `OW` is the
    // owner, checked by itself; `CO` stands for the user who makes something inside.
    let trusted = |sid: &str| sid == user || matches!(sid, "SY" | "BA" | "LA" | "OW" | "CO");
    let Some((owner, list)) = sddl.strip_prefix("O:").and_then(|s| s.split_once("D:")) else {
        return false;
    };
    // No list at all (a FAT volume has none) lets everyone in; its notation is a word in place of entries.
    let Some((_, entries)) = list.split_once('(') else {
        return false;
    };
    // `type;flags;rights;object;inherited object;sid`, and only a denying entry is harmless whoever it names.
    let harmless = |entry: &str| {
        let mut fields = entry.trim_end_matches(')').split(';');
        let kind = fields.next().unwrap_or_default();
        kind == "D" || (kind == "A" && fields.nth(4).is_some_and(trusted))
    };
    trusted(owner) && entries.split('(').all(harmless)
}

#[cfg(windows)]
pub use acl::{copy, is_ours, make};

#[cfg(windows)]
mod acl {
    use std::io;
    use std::path::Path;

    use windows_permissions::constants::{SeObjectType::SE_FILE_OBJECT, SecurityInformation};
    use windows_permissions::wrappers::{
        ConvertSecurityDescriptorToStringSecurityDescriptor as sddl_of, ConvertSidToStringSid,
        GetNamedSecurityInfo, SetNamedSecurityInfo,
    };
    use windows_permissions::{LocalBox, SecurityDescriptor, utilities};

    /// Takes it away from everyone else: full control for the user, SYSTEM and Administrators, and for
    /// what is made inside. Nothing is inherited from the folder above.
    pub fn make(path: &Path) -> io::Result<()> {
        let user = user()?;
        let list = format!("D:P(A;OICI;FA;;;{user})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
        set(path, &list)
    }

    /// Whether it belongs to this user, and nobody else may look in.
    pub fn is_ours(path: &Path) -> io::Result<bool> {
        let list = list_of(path, SecurityInformation::Owner | SecurityInformation::Dacl)?;
        Ok(super::is_private(&list, &user()?))
    }

    /// Gives one file the list of another, where it has one.
    pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
        let list = list_of(from, SecurityInformation::Dacl)?;
        match list.contains('(') {
            true => set(to, &list),
            false => Ok(()),
        }
    }

    fn list_of(path: &Path, asked: SecurityInformation) -> io::Result<String> {
        let found = GetNamedSecurityInfo(path, SE_FILE_OBJECT, asked)?;
        Ok(sddl_of(&found, asked)?.to_string_lossy().into_owned())
    }

    pub(super) fn set(path: &Path, list: &str) -> io::Result<()> {
        let is_protected = list.starts_with("D:P");
        let list: LocalBox<SecurityDescriptor> = list.parse()?;
        let inheritance = match is_protected {
            true => SecurityInformation::ProtectedDacl,
            false => SecurityInformation::UnprotectedDacl,
        };
        let what = SecurityInformation::Dacl | inheritance;
        SetNamedSecurityInfo(path, SE_FILE_OBJECT, what, None, None, list.dacl(), None)
    }

    pub(super) fn user() -> io::Result<String> {
        let user = utilities::current_process_sid()?;
        let sid = ConvertSidToStringSid(&user)?;
        Ok(sid.to_string_lossy().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::is_private;

    const USER: &str = "S-1-5-21-1-2-3-1001";

    #[test]
    fn a_folder_of_the_users_profile_is_private() {
        for list in [
            "O:S-1-5-21-1-2-3-1001D:P(A;OICI;FA;;;S-1-5-21-1-2-3-1001)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)",
            // As %LOCALAPPDATA% hands it down.
            "O:S-1-5-21-1-2-3-1001D:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;S-1-5-21-1-2-3-1001)",
            // Made by an elevated process.
            "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICIIO;FA;;;CO)(D;;FA;;;BG)(A;;FA;;;S-1-5-21-1-2-3-1001)",
        ] {
            assert!(is_private(list, USER), "{list}");
        }
    }

    #[test]
    fn a_folder_that_anyone_else_may_open_or_owns_is_not() {
        for list in [
            // As C:\ hands it down.
            "O:S-1-5-21-1-2-3-1001D:AI(A;ID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)",
            "O:S-1-5-21-1-2-3-1001D:P(A;;FR;;;WD)",
            "O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FR;;;S-1-5-21-1-2-3-1002)",
            "O:S-1-5-21-1-2-3-1002D:P(A;;FA;;;S-1-5-21-1-2-3-1001)",
            // A condition, which we do not judge.
            "O:S-1-5-21-1-2-3-1001D:P(XA;;FR;;;S-1-5-21-1-2-3-1001;(@User.x==1))",
            // A FAT volume has no list.
            "O:S-1-5-21-1-2-3-1001D:NO_ACCESS_CONTROL",
            "O:S-1-5-21-1-2-3-1001",
            "",
        ] {
            assert!(!is_private(list, USER), "{list}");
        }
    }

    /// Wine has the mode of the folder above for what is inherited: its runs have umask 077.
    #[cfg(windows)]
    #[test]
    fn what_is_made_private_is_ours_and_what_others_may_read_is_not() {
        use super::acl::{is_ours, make, set, user};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "text").unwrap();
        for path in [folder.path(), &file] {
            let open = format!("D:P(A;OICI;FA;;;{})(A;OICI;FR;;;WD)", user().unwrap());
            set(path, &open).unwrap();
            assert!(!is_ours(path).unwrap());
            make(path).unwrap();
            assert!(is_ours(path).unwrap());
        }
    }
}
