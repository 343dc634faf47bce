//! What is removed whenever a session is stored, so that the store does not grow.

use super::seal::Sealing;
use super::{entry, flight};
use crate::model::session::Timestamp;
use crate::state::Directory;

/// How long a session is kept after its end, for what its header says: the longest that the session
/// behind it can outlive it, 36 hours.
const RENEWABLE_SECONDS: i64 = 129_600;

/// Removes what can never be read again, and what dead processes left. What was written with the other
/// setting of `AWSMFA_STORE` can be read again with it, until it ends.
pub fn clean(directory: &Directory, sealing: &Sealing) {
    let long_ago = Timestamp(Timestamp::now().0 - RENEWABLE_SECONDS);
    directory.remove_leftovers();
    flight::remove_abandoned(directory);
    let is_useless = |name: &str, bytes: &[u8]| {
        let end = match entry::decode(name, bytes, sealing) {
            Some((header, _)) => Some(header.expiration),
            None => entry::end_of_other_kind(bytes, sealing),
        };
        end.is_none_or(|end| end <= long_ago)
    };
    for file in directory.names() {
        if let Some(name) = entry::name_of(&file)
            && directory
                .read(&file)
                .is_none_or(|bytes| is_useless(name, &bytes))
        {
            directory.remove(&file);
        }
    }
}
