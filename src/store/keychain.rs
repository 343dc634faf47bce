//! The key of the store in macOS's Keychain, without ever a dialog: a prompt, a script and a login by SSH
//! cannot answer one, and a session is worth less than the question.
//!
//! Each item belongs to the program that made it. What is built without a certificate is known by its hash
//! alone, so that after an upgrade the old key is there and is refused; a new one takes its place, which costs
//! one code.

use security_framework::base::Error;
use security_framework::item::{ItemClass, ItemSearchOptions};
use security_framework::os::macos::keychain::{SecKeychain, SecPreferencesDomain};

use super::key::{Failure, Key};

const SERVICE: &str = "awsmfa";

/// `errSecItemNotFound`
const NOT_FOUND: i32 = -25300;
/// `errSecDuplicateItem`
const DUPLICATE: i32 = -25299;
/// `errSecAuthFailed`, and `errSecInteractionNotAllowed`: a dialog would have been shown.
const REFUSED: [i32; 2] = [-25293, -25308];

/// The key, as this program may read it.
pub fn get(description: &str) -> Result<Option<Key>, Failure> {
    quietly(
        |keychain| match keychain.find_generic_password(SERVICE, description) {
            Ok((password, _)) => Ok(<[u8; 32]>::try_from(&*password).ok().map(Key::new)),
            Err(error) if error.code() == NOT_FOUND => Ok(None),
            Err(error) if REFUSED.contains(&error.code()) => Err(Failure::Unreadable),
            Err(error) => Err(say(error)),
        },
    )
}

/// Puts a key there, in the place of one that this program may not read.
pub fn put(description: &str, key: &Key) -> Result<(), Failure> {
    quietly(|keychain| {
        let add = |name: &str, bytes: &[u8]| {
            let added = keychain.add_generic_password(SERVICE, name, bytes);
            added.map_err(|error| error.code())
        };
        match add(description, &**key) {
            Ok(()) => return Ok(()),
            Err(DUPLICATE) => {}
            Err(code) => return Err(say(Error::from_code(code))),
        }
        // A locked keychain keeps what it has: the one that is refused now may be readable then.
        let probe = format!("{description} (probe)");
        match add(&probe, b"-") {
            Ok(()) | Err(DUPLICATE) => remove(keychain, &probe)?,
            Err(code) => return Err(say(Error::from_code(code))),
        }
        remove(keychain, description)?;
        add(description, &**key).map_err(|code| say(Error::from_code(code)))
    })
}

/// Takes an item away unread.
fn remove(keychain: &SecKeychain, description: &str) -> Result<(), Failure> {
    let mut item = ItemSearchOptions::new();
    item.keychains(std::slice::from_ref(keychain))
        .class(ItemClass::generic_password())
        .service(SERVICE)
        .account(description);
    item.delete().map_err(say)
}

/// Works on the user's keychain, without a dialog.
fn quietly<T>(work: impl FnOnce(&SecKeychain) -> Result<T, Failure>) -> Result<T, Failure> {
    let _no_dialog = SecKeychain::disable_user_interaction().map_err(say)?;
    let keychain = SecKeychain::default_for_domain(SecPreferencesDomain::User).map_err(say)?;
    work(&keychain)
}

fn say(error: Error) -> Failure {
    match REFUSED.contains(&error.code()) {
        true => Failure::Locked,
        false => Failure::Unusable(error.to_string()),
    }
}
