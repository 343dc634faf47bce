//! What the snippet of a hook asks at a prompt, asked without a shell.

use super::hooked::epoch_in;
use super::{Test, World};

/// The variables that `awsmfa env` prints with these arguments.
#[track_caller]
pub fn loaded(world: &World, args: &[&str]) -> Vec<(String, String)> {
    let all = ["env", "--shell", "sh"].iter().chain(args).copied();
    variables(&world.awsmfa(all).any_stdout().any_stderr().run().stdout)
}

/// The variables that this code for sh exports.
pub fn variables(text: &str) -> Vec<(String, String)> {
    let exports = text.split(" && command export ").skip(1);
    let pairs = exports.filter_map(|export| export.trim_end_matches(";\n").split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect()
}

/// The prompt of a new shell that holds this session, so many seconds before the end that it knows of. The answer
/// comes as records.
pub fn at_prompt<'w>(world: &'w World, session: &[(String, String)], seconds: i64) -> Test<'w> {
    let run = world.awsmfa(["hooked", "sh", "0"]);
    let run = session
        .iter()
        .fold(run, |run, (name, value)| run.env(name, value));
    match session {
        [] => run,
        _ => run.env("AWSMFA_EXPIRES", &epoch_in(seconds)),
    }
}
