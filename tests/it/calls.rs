//! How often AWS is called, with what, and how a call ends that nobody waits for any more.

use crate::support;
use crate::support::World;
use crate::support::sts::{Gate, Step};
use crate::support::transcript::NOTHING_TO_KEEP;

#[test]
fn one_session_is_one_request() {
    let world = World::alice();
    let code = world.code();
    world
        .awsmfa(["env", "--shell", "sh", "-t", &code])
        .any_stdout()
        .run();
    assert_eq!(world.sts().connections(), 1);
    let [call] = &world.sts().calls()[..] else {
        panic!("{:?}", world.sts().calls())
    };
    assert_eq!(
        (call.method.as_str(), call.action.as_str()),
        ("POST", "GetSessionToken")
    );
    assert_eq!(
        call.param("SerialNumber"),
        Some(world.user().mfa_serial.as_str())
    );
    assert_eq!(call.param("TokenCode"), Some(code.as_str()));
    assert_eq!(call.param("DurationSeconds"), Some("43200"));
    assert_eq!(
        (call.region.as_str(), call.outcome.as_str()),
        ("us-east-1", "200")
    );
}

/// A load balancer that turns a request away has not used the code; what hangs may have.
#[test]
fn a_code_that_was_surely_not_used_may_be_sent_again() {
    for step in [Step::Status(503), Step::Throttling] {
        let world = World::alice();
        world.sts().next(step.clone());
        world
            .awsmfa(["env", "--shell", "sh", "-t", &world.code()])
            .any_stdout()
            .run();
        let outcomes: Vec<_> = world
            .sts()
            .calls()
            .into_iter()
            .map(|call| call.outcome)
            .collect();
        assert_eq!(
            outcomes.last().map(String::as_str),
            Some("200"),
            "{step:?}: {outcomes:?}"
        );
    }
}

#[test]
fn a_call_in_flight_ends_with_the_signal_that_ends_everything() {
    let world = World::alice();
    let gate = Gate::shut();
    world.sts().next(Step::SlowThenOk(gate.clone()));
    let mut command = world.command(support::world::AWSMFA);
    command.args(["env", "--shell", "sh", "-t", &world.code()]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    world.sts().wait_for_calls(1, support::process::DEADLINE);
    let pid = child.id().to_string();
    assert!(
        world
            .command("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let mut printed = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut printed).unwrap();
    assert_eq!(
        (printed.as_str(), child.wait().unwrap().code()),
        (NOTHING_TO_KEEP, Some(143))
    );
    gate.open();
}
