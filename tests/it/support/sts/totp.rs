//! The one-time codes of an MFA device: RFC 6238 with SHA-1, six digits and 30-second steps, as AWS uses it.

use ring::hmac;

pub const STEP_SECONDS: i64 = 30;

/// The number of the time step that `moment` lies in.
pub fn step_at(moment: i64) -> i64 {
    moment.div_euclid(STEP_SECONDS)
}

/// The six digits a device shows during `step`.
pub fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let mac = mac.as_ref();
    // RFC 4226, 5.3: the last four bits say where the 31 bits of the code begin.
    let start = usize::from(mac[mac.len() - 1] & 0x0f);
    let word = mac[start..start + 4]
        .iter()
        .fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}
