//! fish's scopes: `set -e X` erases only the innermost, and a universal X would come back.

use crate::support::shells::{self, Shell};
use crate::support::{Finished, World};

const LINE: &str = "awsmfa env -t $CODE | source";

fn fish() -> Option<Shell> {
    shells::named("fish")
}

/// Runs a script in which `LINE` has a real code.
fn run(world: &World, fish: Shell, script: &str) -> Finished {
    fish.script(world, &script.replace("$CODE", &world.code()))
}

#[test]
fn a_stale_token_is_erased_in_every_scope() {
    let Some(fish) = fish() else { return };
    let world = World::alice().env("AWS_SECURITY_TOKEN", "stale");
    let script = format!(
        "function load
            set -fx AWS_SECURITY_TOKEN stale
            if true
                set -lx AWS_SECURITY_TOKEN stale
                {LINE}; or exit 9
                env | grep -c SECURITY
            end
            env | grep -c SECURITY
        end
        load
        env | grep -c SECURITY
        env | grep -c AWS_SESSION_TOKEN"
    );
    let ran = run(&world, fish, &script);
    assert_eq!(
        (ran.stdout.as_str(), ran.stderr.as_str(), ran.status),
        ("0\n0\n0\n1\n", "", 0)
    );
}

#[test]
fn a_local_value_does_not_hide_the_session() {
    let Some(fish) = fish() else { return };
    let world = World::alice();
    let script = format!(
        "if true
            set -lx AWS_SESSION_TOKEN stale
            {LINE}; or exit 9
            test \"$AWS_SESSION_TOKEN\" = stale; and echo hidden
        end
        test \"$AWS_SESSION_TOKEN\" = stale; and echo back
        string length -q -- $AWS_SESSION_TOKEN; and echo there"
    );
    let ran = run(&world, fish, &script);
    assert_eq!(
        (ran.stdout.as_str(), ran.stderr.as_str(), ran.status),
        ("there\n", "", 0)
    );
}

/// It would come back when the session goes, and it is every other fish of this user: not ours to erase.
#[test]
fn a_universal_token_is_a_failure_that_says_how_to_erase_it() {
    let Some(fish) = fish() else { return };
    let world = World::alice();
    // --no-config has no universal variables; the home is private, so there is no config either.
    let script = format!(
        "fish -c 'set -Ux AWS_SECURITY_TOKEN stale; set -Ux AWS_SESSION_TOKEN stale; {LINE}
            echo status $status
            set -qg AWS_SESSION_TOKEN; and echo set
            set -qU AWS_SECURITY_TOKEN; and echo kept'
        fish -c 'set -eU AWS_SECURITY_TOKEN; {LINE}; echo status $status; set -qg AWS_SESSION_TOKEN; and echo set'
        fish -c 'set -qU AWS_SESSION_TOKEN; and echo kept'"
    );
    let script = script.replacen("$CODE", &world.code(), 1);
    let ran = run(&world, fish, &script);
    assert_eq!(
        ran.stderr,
        "awsmfa: AWS_SECURITY_TOKEN is a universal variable of fish and would come back\n\
         hint: run set -eU AWS_SECURITY_TOKEN\n"
    );
    assert_eq!(ran.stdout, "status 1\nkept\nstatus 0\nset\nkept\n");
    assert_eq!(ran.status, 0);
}
