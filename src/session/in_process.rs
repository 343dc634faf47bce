//! Commands of the user that ask awsmfa again for what they are being run for: found at the second round, not when
//! the machine has no more processes.

use super::source_id::source_id;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::profile::Source;

/// What is being asked for, for the processes that are asked: names of [`source_id`] and of entries, comma between.
const IN_PROCESS: &str = "AWSMFA_IN_PROCESS";

/// Refuses a `credential_process` that is awsmfa for the same profile, at the second round and not when
/// the machine has no more processes.
pub fn refuse_loop(source: &Source, env: &Environment) -> Result<()> {
    match source {
        Source::Process {
            profile, location, ..
        } if in_process(env)
            .split(',')
            .any(|asked| asked == source_id(source)) =>
        {
            Err(Error::CredentialProcessLoop {
                profile: profile.clone(),
                location: location.clone(),
            })
        }
        _ => Ok(()),
    }
}

/// Whether a command of the user's, somewhere above this process, is being run for this entry. A process that asks
/// for it there would wait for itself: the run above has its lock, and would only start the command again.
pub fn is_awaited(entry: &str, env: &Environment) -> bool {
    in_process(env).split(',').any(|asked| asked == entry)
}

/// The variable that says so to the command.
pub fn awaiting(entry: &str, env: &Environment) -> (&'static str, String) {
    (IN_PROCESS, format!("{},{entry}", in_process(env)))
}

fn in_process(env: &Environment) -> &str {
    env.var(IN_PROCESS).unwrap_or_default()
}
