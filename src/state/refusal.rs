//! Why the folder of awsmfa's own files is not used: each reason with what to do about it.

use std::io;
use std::path::PathBuf;

#[cfg(unix)]
use crate::text::typed_path::typed;

/// Why a folder is not used.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Neither `AWSMFA_STATE_DIR` nor a home directory, and why.
    #[error("{0}; set AWSMFA_STATE_DIR")]
    Nowhere(String),
    /// It would be in whatever directory somebody stands in.
    #[error("AWSMFA_STATE_DIR is {0:?}, which is not an absolute path")]
    Relative(PathBuf),
    /// The folder would be root's in another user's home, and that user locked out.
    #[error("{} would belong to root in the home of another user; run awsmfa as that user, or set AWSMFA_STATE_DIR", .0.display())]
    NotOurHome(PathBuf),
    /// A link or a file stands there.
    #[error("{} is not a folder of its own; remove it, or set AWSMFA_STATE_DIR", .0.display())]
    NotAFolder(PathBuf),
    /// Somebody else's folder.
    #[cfg(unix)]
    #[error("{} belongs to another user; remove it, or set AWSMFA_STATE_DIR", .0.display())]
    Foreign(PathBuf),
    /// Others may look into it.
    #[cfg(unix)]
    #[error("{} is open to other users; run chmod 700 {}", .0.display(), typed(.0))]
    Open(PathBuf),
    /// It is another user's, or others may look into it.
    #[cfg(windows)]
    #[error("{} is open to other users; remove it, and it is made anew for you alone, or set AWSMFA_STATE_DIR", .0.display())]
    Open(PathBuf),
    /// The system's reason.
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, io::Error),
}
