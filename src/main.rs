//! The program `awsmfa`; [`awsmfa_env`] is all of it.

use std::process::ExitCode;

/// musl's own allocator gives every few kilobytes back to the system, and asks for them again.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    awsmfa_env::main()
}
