//! Where the key of the passphrase file rests for a day: the kernel's keyring, which forgets it by itself.

use zeroize::Zeroizing;

/// A day.
#[cfg(target_os = "linux")]
const SECONDS: usize = 24 * 60 * 60;

/// The key that rests under this name.
#[cfg(target_os = "linux")]
pub fn find(name: &str) -> Option<Zeroizing<Vec<u8>>> {
    let key = crate::store::key::user_keyring().ok()?.search(name).ok()?;
    key.read_to_vec().ok().map(Zeroizing::new)
}

/// Keeps a key there for a day. Where there is no keyring the passphrase is asked for each time.
#[cfg(target_os = "linux")]
pub fn put(name: &str, key: &[u8]) {
    let Ok(keyring) = crate::store::key::user_keyring() else {
        return;
    };
    if let Ok(put) = keyring.add_key(name, key)
        && put.set_timeout(SECONDS).is_err()
    {
        let _ = put.invalidate(); // no key is better than one that stays for ever
    }
}

/// Forgets the key that rests under this name: it is for another file.
#[cfg(target_os = "linux")]
pub fn forget(name: &str) {
    if let Ok(keyring) = crate::store::key::user_keyring()
        && let Ok(key) = keyring.search(name)
    {
        let _ = key.invalidate();
    }
}

#[cfg(not(target_os = "linux"))]
pub fn find(_: &str) -> Option<Zeroizing<Vec<u8>>> {
    None
}

#[cfg(not(target_os = "linux"))]
pub fn put(_: &str, _: &[u8]) {}

#[cfg(not(target_os = "linux"))]
pub fn forget(_: &str) {}
