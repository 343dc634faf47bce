//! Notes beside the sessions, none of them secret: such as the serial number that was once typed for a key.

use super::Store;

impl Store {
    /// A note of ours that is no session and no secret, by its file's name.
    pub fn note(&self, file: &str) -> Option<Vec<u8>> {
        self.directory.as_ref().ok()?.read(file)
    }

    /// Keeps a note; whether it is kept now.
    pub fn keep_note(&self, file: &str, bytes: &[u8]) -> bool {
        match &self.directory {
            Ok(directory) => directory.create().is_ok() && directory.write(file, bytes).is_ok(),
            Err(_) => false,
        }
    }

    /// The serial once typed for this source, named as for [`entry_name`].
    pub fn remembered_serial(&self, source: &str) -> Option<String> {
        let bytes = self.directory.as_ref().ok()?.read(&serial_file(source)?)?;
        String::from_utf8(bytes).ok()
    }

    /// Remembers a typed serial. It is not secret.
    pub fn remember_serial(&self, source: &str, serial: &str) {
        if let (Ok(directory), Some(file)) = (&self.directory, serial_file(source))
            && directory.create().is_ok()
        {
            let _ = directory.write(&file, serial.as_bytes());
        }
    }
}

fn serial_file(source: &str) -> Option<String> {
    let plain = source.len() <= 128 && source.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| format!("{source}.serial"))
}
