//! `awsmfa off` changes the shell that it runs in, as `awsmfa use` does: here there is no hook.

use super::use_profile::no_hook;
use crate::environment::Environment;
use crate::error::Result;

/// Says how it is done without the hook.
pub fn run(env: &Environment) -> Result<()> {
    Err(no_hook("off", "env --unset", env))
}
