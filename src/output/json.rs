//! JSON as the AWS CLI prints it: four spaces, a newline at the end.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The text of a value. It may hold secrets, and is wiped when dropped.
pub fn text(value: &impl Serialize) -> Result<Zeroizing<String>> {
    let mut bytes = Vec::with_capacity(16 * 1024); // never grown, so no copy stays behind
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    value
        .serialize(&mut serializer)
        .map_err(|_| Error::Internal("the JSON cannot be written"))?;
    bytes.push(b'\n');
    String::from_utf8(bytes)
        .map(Zeroizing::new)
        .map_err(|_| Error::Internal("the JSON is no text"))
}
