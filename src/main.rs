//! awsmfa: short-lived, MFA-checked AWS credentials in the shell you are already in.
fn main() {}
