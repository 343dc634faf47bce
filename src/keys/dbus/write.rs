//! D-Bus values as bytes. Pure.

use zeroize::Zeroizing;

/// Bytes with D-Bus's alignment, which counts from the beginning of the message: a body begins at a
/// multiple of eight, so that its own beginning will do.
#[derive(Default)]
pub struct Writer(pub Zeroizing<Vec<u8>>);

impl Writer {
    pub fn align(&mut self, to: usize) {
        while !self.0.len().is_multiple_of(to) {
            self.0.push(0);
        }
    }

    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.u32(value.into())
    }

    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.align(4);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// `s` and `o`.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.u32(length(text.len()));
        self.0.extend(text.bytes());
        self.0.push(0);
        self
    }

    /// `g`.
    pub fn signature(&mut self, text: &str) -> &mut Self {
        self.0.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        self.0.extend(text.bytes());
        self.0.push(0);
        self
    }

    /// `ay`.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u32(length(bytes.len()));
        // Never grown, so that no copy of a secret stays behind.
        self.0.reserve_exact(bytes.len() + 64);
        self.0.extend(bytes);
        self
    }

    /// An array whose elements are aligned to so many bytes.
    pub fn array(&mut self, alignment: usize, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.u32(0);
        let at = self.0.len() - 4;
        self.align(alignment);
        let start = self.0.len();
        fill(self);
        let size = length(self.0.len() - start).to_le_bytes();
        if let Some(place) = self.0.get_mut(at..at + 4) {
            place.copy_from_slice(&size);
        }
        self
    }

    /// A struct or an entry of a dictionary.
    pub fn group(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.align(8);
        fill(self);
        self
    }

    /// `a{ss}`.
    pub fn texts_by_name(&mut self, pairs: &[(&str, &str)]) -> &mut Self {
        self.array(8, |w| {
            for (name, value) in pairs {
                w.group(|w| {
                    w.text(name).text(value);
                });
            }
        })
    }
}

/// As D-Bus writes a length.
pub fn length(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
