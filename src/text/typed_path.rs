//! A path in a command that the user is told to run. Pure.

use std::path::Path;

/// The path as it is typed in a shell: in quotes where a shell would read it as anything else.
pub fn typed(path: impl AsRef<Path>) -> String {
    let path = path.as_ref().display().to_string();
    let plain = if cfg!(windows) {
        "/\\:._-+@%,="
    } else {
        "/:._-+@%,="
    };
    if path
        .chars()
        .all(|c| c.is_alphanumeric() || plain.contains(c))
    {
        return path;
    }
    match cfg!(windows) {
        // PowerShell, cmd and Git Bash all read these.
        true => format!("\"{path}\""),
        false => shell_escape::unix::escape(path.into()).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_where_a_shell_needs_them() {
        assert_eq!(typed("/home/太郎/.aws"), "/home/太郎/.aws");
        if cfg!(unix) {
            assert_eq!(typed("/home/a b/.aws"), "'/home/a b/.aws'");
            assert_eq!(typed("/home/it's"), r"'/home/it'\''s'");
            assert_eq!(typed(r"/a\b"), r"'/a\b'");
        } else {
            assert_eq!(typed(r"C:\Users\a b"), r#""C:\Users\a b""#);
            assert_eq!(typed(r"C:\Users\a"), r"C:\Users\a");
        }
    }
}
