//! C's `pow`, so that a start need not load libm.so for it: 55 of 1,042 µs of a run with a stored session, of
//! which a bare process takes 728.
//!
//! Of all that is linked only the SDK's adaptive retries want it, which nothing here turns on.

#[allow(
    unsafe_code,
    reason = "the name is C's and so is the signature: nothing else can be wrong with it"
)]
#[unsafe(no_mangle)]
extern "C" fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

#[cfg(test)]
mod tests {
    /// What glibc's says. (std's `powf` would be this one.)
    #[test]
    fn it_is_cs() {
        for (base, exponent, power) in [
            (2.0_f64, 10.0, 1024.0),
            (0.3, 1.0 / 3.0, 0.669_432_950_082_169_5),
            (-2.0, 3.0, -8.0),
            (0.0, 0.0, 1.0),
        ] {
            let ours = super::pow(base, exponent);
            assert!((ours - power).abs() < 1e-12, "{base} {exponent}");
        }
    }
}
