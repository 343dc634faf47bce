//! N processes at once ask once and call once; the others wait, say for whom, and can be told to stop.
#![cfg(unix)]
use crate::support;
use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::World;
use crate::support::process::DEADLINE;
use crate::support::pty::Terminal;
use crate::support::stored::Printed;
use crate::support::world::AWSMFA;

const QUESTION: &str =
    "awsmfa: MFA code for arn:aws:iam::123456789012:mfa/alice (profile default): ";

fn world() -> World {
    World::alice().with_store()
}

/// A hundred at once in one process group, each with its own file for the output. `$0` is what each runs.
const A_HUNDRED: &str = r#"
i=0
while [ $i -lt 100 ]; do $0 >"$HOME/out.$i" & i=$((i + 1)); done
wait
echo all-done
"#;

/// What the hundred printed, all of it the same.
#[track_caller]
fn one_session(world: &World) -> Printed {
    let outputs: BTreeSet<String> = (0..100).map(|i| world.read(&format!("out.{i}"))).collect();
    assert_eq!(outputs.len(), 1, "{outputs:?}");
    Printed::of(outputs.first().unwrap())
}

/// A run in the background that is let go when the test is over.
struct Background(Child);

impl Background {
    fn start(world: &World, args: &[&str]) -> Self {
        let mut command = world.command(AWSMFA);
        command.args(["env", "--format", "json"]).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        Self(command.stderr(Stdio::piped()).spawn().unwrap())
    }

    fn kill_nine(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_hundred_at_a_terminal_ask_one_question_and_make_one_call() {
    let world = world();
    let run = "awsmfa env --format json";
    let mut terminal = Terminal::start(&world, "sh", &["-c", A_HUNDRED, run]);
    terminal.wait_for(QUESTION);
    terminal.enter(&world.code());
    terminal.wait_for("all-done");
    one_session(&world);
    assert_eq!(terminal.text().matches(QUESTION).count(), 1);
    assert_eq!(world.sts().calls().len(), 1);
    assert_eq!(world.stored().len(), 1, "{:?}", world.stored());
}

#[test]
fn a_hundred_with_the_same_code_spend_it_once() {
    let world = world();
    let run = format!("awsmfa env --format json --token-code {}", world.code());
    let mut script = world.command("sh");
    script.args(["-c", A_HUNDRED, &run]).stdout(Stdio::piped());
    let ran = support::process::finish(&mut script, "");
    assert_eq!(ran.stdout, "all-done\n");
    one_session(&world);
    assert_eq!(world.sts().calls().len(), 1);
    assert_eq!(world.stored().len(), 1, "{:?}", world.stored());
}

#[test]
fn two_profiles_at_once_on_an_empty_store_make_one_key() {
    let world = world();
    let (alice, bob) = (world.user().clone(), world.sts().user("bob").clone());
    let keys = format!(
        "{}[bob]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        world.keys("default"),
        bob.access_key_id,
        bob.secret_access_key
    );
    let config = format!(
        "[default]\nmfa_serial = {}\n[profile bob]\nmfa_serial = {}\n",
        alice.mfa_serial, bob.mfa_serial
    );
    let world = world.config(config).credentials(keys);
    // Both have their session and no key to store it with before either is answered.
    world.sts().hold();
    let mut runs = [
        Background::start(&world, &["-t", &alice.fresh_code()]),
        Background::start(&world, &["bob", "-t", &bob.fresh_code()]),
    ];
    world.sts().wait_for_calls(2, DEADLINE);
    world.sts().release();
    for run in &mut runs {
        assert!(run.0.wait().unwrap().success());
    }
    world.session(&["--no-input"]);
    world.session(&["bob", "--no-input"]);
    assert_eq!(world.stored().len(), 2, "{:?}", world.stored());
}

#[test]
fn a_waiter_says_for_whom_and_takes_over_from_one_that_was_killed() {
    let world = world();
    world.sts().hold();
    let mut holder = Background::start(&world, &["-t", &world.code()]);
    world.sts().wait_for_calls(1, DEADLINE);
    let mut waiter = Terminal::start(&world, AWSMFA, &["env", "-t", &world.code()]);
    let pid = holder.0.id();
    waiter.wait_for(&format!(
        "awsmfa: waiting for another awsmfa (process {pid} calling for profile default)"
    ));
    holder.kill_nine();
    world.sts().wait_for_calls(2, DEADLINE);
    world.sts().release();
    assert_eq!(waiter.status(), 0);
    world.session(&["--no-input"]);
}

#[test]
fn a_waiter_is_told_that_somebody_is_being_asked_and_gets_the_result() {
    let world = world();
    let mut asker = Terminal::start(&world, AWSMFA, &["env", "--format", "json"]);
    asker.wait_for(QUESTION);
    let mut waiter = Terminal::start(&world, AWSMFA, &["env", "--format", "json", "--reveal"]);
    waiter.wait_for(&format!(
        "(process {} asking for profile default)",
        asker.pid()
    ));
    asker.enter(&world.code());
    assert_eq!((asker.status(), waiter.status()), (0, 0));
    assert!(!waiter.text().contains(QUESTION), "{}", waiter.text());
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn a_waiter_can_be_interrupted() {
    let world = world();
    world.sts().hold();
    let _holder = Background::start(&world, &["-t", &world.code()]);
    world.sts().wait_for_calls(1, DEADLINE);
    let mut waiter = Terminal::start(&world, AWSMFA, &["env"]);
    waiter.wait_for("awsmfa: waiting for another awsmfa");
    waiter.control('c');
    assert_eq!(waiter.status(), 130);
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn no_input_waits_for_a_caller_and_takes_its_result() {
    let world = world();
    world.sts().hold();
    let mut holder = Background::start(&world, &["-t", &world.code()]);
    world.sts().wait_for_calls(1, DEADLINE);
    let waiter = Background::start(&world, &["--no-input"]);
    // It has begun to wait once it holds the lock file open.
    wait_until(|| opened(waiter.0.id(), ".lock"));
    world.sts().release();
    let mut outputs = [&mut holder, &mut { waiter }].map(|run| {
        assert!(run.0.wait().unwrap().success());
        std::io::read_to_string(run.0.stdout.take().unwrap()).unwrap()
    });
    outputs.sort();
    assert_eq!(outputs[0], outputs[1]);
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn no_input_waits_three_seconds_at_most() {
    let world = world();
    world.sts().hold();
    let holder = Background::start(&world, &["-t", &world.code()]);
    world.sts().wait_for_calls(1, DEADLINE);
    let started = Instant::now();
    let ran = world.env_json(&["--no-input"]).any_stderr().status(5).run();
    let waited = started.elapsed();
    let pid = holder.0.id();
    assert_eq!(
        ran.stderr,
        format!(
            "awsmfa: another awsmfa has not finished (process {pid} calling for profile default)\n\
             hint: answer it there; without --no-input this one waits\n"
        )
    );
    assert!(
        waited > Duration::from_millis(2_900) && waited < Duration::from_secs(10),
        "{waited:?}"
    );
}

#[test]
fn no_input_never_waits_for_a_person() {
    let world = world();
    let mut asker = Terminal::start(&world, AWSMFA, &["env"]);
    asker.wait_for(QUESTION);
    let started = Instant::now();
    let ran = world.env_json(&["--no-input"]).any_stderr().status(5).run();
    let waited = started.elapsed();
    let pid = asker.pid();
    let told =
        format!("another awsmfa has not finished (process {pid} asking for profile default)");
    assert!(ran.stderr.contains(&told), "{}", ran.stderr);
    assert!(waited < Duration::from_millis(2_900), "{waited:?}");
}

/// Whether the process has a file open whose name ends like this.
#[cfg(target_os = "linux")]
fn opened(pid: u32, end: &str) -> bool {
    let files = std::fs::read_dir(format!("/proc/{pid}/fd"));
    let mut targets = files.into_iter().flatten().flatten();
    targets
        .any(|fd| std::fs::read_link(fd.path()).is_ok_and(|to| to.to_string_lossy().ends_with(end)))
}

/// Elsewhere nobody can look: the waiter may begin after the result is there, which proves less.
#[cfg(not(target_os = "linux"))]
fn opened(_: u32, _: &str) -> bool {
    true
}

#[track_caller]
fn wait_until(mut it_is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !it_is_so() {
        assert!(started.elapsed() < DEADLINE, "it never came to be");
        std::thread::sleep(Duration::from_millis(1));
    }
}
