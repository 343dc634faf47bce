//! A key that is being replaced where it stands, in the AWS files. Its section then has a spare key beside it, under
//! names that no AWS tool reads: first the new one, until it is proven, then the old one, until it is inactive. Each
//! step is one edit, so that the file holds both at every instant. Pure.

use zeroize::Zeroizing;

use super::edit::{self, Existing, Unwritten};
use super::key_lines;
use super::sections::FileKind;
use crate::model::session::{Credentials, Secret};

/// The line that stays: after which key sessions are named, and for which key that holds.
pub const LINE: &str = "awsmfa_rotated";
const SPARE_ID: &str = "awsmfa_spare_access_key_id";
const SPARE_SECRET: &str = "awsmfa_spare_secret_access_key";

/// What [`LINE`] says of this key; `None` where it is about another key, because somebody has replaced the key since.
pub fn sessions_of(line: Option<&str>, access_key_id: &str) -> Option<String> {
    let (first, now) = line?.split_once(' ')?;
    let is_of_it = now == access_key_id && Credentials::is_access_key_id(first);
    is_of_it.then(|| first.to_owned())
}

/// The spare key of a section, by what its lines say.
pub fn spare<'f>(get: impl Fn(&'static str) -> Option<&'f str>) -> Option<Credentials> {
    let (id, secret) = (get(SPARE_ID)?, get(SPARE_SECRET)?);
    (Credentials::is_access_key_id(id) && secret.bytes().all(Credentials::may_hold)).then(|| {
        Credentials {
            access_key_id: id.to_owned(),
            secret_access_key: Secret::new(secret),
            session_token: None,
        }
    })
}

/// The text with this key as the profile's spare one.
pub fn with_spare(
    kind: FileKind,
    text: &str,
    profile: &str,
    spare: &Credentials,
) -> Result<Zeroizing<String>, Unwritten> {
    let values = [
        (SPARE_ID, spare.access_key_id.as_str()),
        (SPARE_SECRET, spare.secret_access_key.expose()),
    ];
    edit::put(kind, text, profile, &values, Existing::Replaced)
}

/// The text without the profile's spare key.
pub fn without_spare(kind: FileKind, text: &str, profile: &str) -> Option<Zeroizing<String>> {
    key_lines::without(kind, text, profile, &[SPARE_ID, SPARE_SECRET])
}

/// The text with this key as the profile's own. Its sessions keep the name that they have.
pub fn with_key(
    kind: FileKind,
    text: &str,
    profile: &str,
    keys: &Credentials,
    sessions_of: &str,
) -> Result<Zeroizing<String>, Unwritten> {
    let line = format!("{sessions_of} {}", keys.access_key_id);
    let values = [
        ("aws_access_key_id", keys.access_key_id.as_str()),
        ("aws_secret_access_key", keys.secret_access_key.expose()),
        (LINE, &line),
    ];
    edit::put(kind, text, profile, &values, Existing::Replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(id: &str) -> Credentials {
        Credentials {
            access_key_id: id.to_owned(),
            secret_access_key: Secret::new(format!("secret/of+{id}")),
            session_token: None,
        }
    }

    const OLD: &str = "AKIAOLDOLDOLDOLDOLD0";
    const NEW: &str = "AKIANEWNEWNEWNEWNEW0";

    #[test]
    fn the_two_change_places_and_every_other_byte_stays() {
        let kind = FileKind::Credentials;
        let text = format!(
            "# mine\n[dev]\naws_access_key_id={OLD}\naws_secret_access_key = secret/of+{OLD}\nregion = x\n\n[b]\nc = d\n"
        );
        let staged = with_spare(kind, &text, "dev", &keys(NEW)).unwrap();
        assert!(staged.starts_with(text.split("\n\n").next().unwrap()));
        assert!(staged.contains(&format!("{SPARE_ID} = {NEW}\n")));
        let both = with_spare(kind, &staged, "dev", &keys(OLD)).unwrap();
        let switched = with_key(kind, &both, "dev", &keys(NEW), OLD).unwrap();
        let done = without_spare(kind, &switched, "dev").unwrap();
        let expected = text.replace(OLD, NEW).replace(
            "region = x\n",
            &format!("region = x\n{LINE} = {OLD} {NEW}\n"),
        );
        assert_eq!(*done, expected);
    }

    #[test]
    fn what_is_said_of_another_key_is_not_believed() {
        let line = format!("{OLD} {NEW}");
        assert_eq!(sessions_of(Some(&line), NEW).as_deref(), Some(OLD));
        for (line, id) in [
            (line.as_str(), OLD),
            (NEW, NEW),
            ("a b AKIA", "AKIA"),
            ("", ""),
        ] {
            assert_eq!(sessions_of(Some(line), id), None, "{line}");
        }
        assert_eq!(sessions_of(None, NEW), None);
    }
}
