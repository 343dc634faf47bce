//! Ctrl-C, and being told to end, while nobody is asked: during the look-up of a name, the handshake, a
//! call, a retry. The run ends at once, with code that fails, and leaves neither a lock nor a broken terminal.
#![cfg(unix)]
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::World;
use crate::support::mount;
use crate::support::process::DEADLINE;
use crate::support::pty::Terminal;
use crate::support::shells;
use crate::support::sts::Step;
use crate::support::transcript::NOTHING_TO_KEEP;
use crate::support::world::AWSMFA;

/// Far less than the ten seconds that an answer is waited for.
const AT_ONCE: Duration = Duration::from_secs(4);

/// A run with a code, its output kept.
fn start(world: &World, args: &[&str]) -> Child {
    let mut command = world.command(AWSMFA);
    command.args(args).args(["-t", &world.code()]);
    spawn(command)
}

fn spawn(mut command: Command) -> Child {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// The run ends by this signal at once and with this status, this output, and not a word.
#[track_caller]
fn ends(world: &World, child: Child, signal: &str, status: i32, stdout: &str) {
    let started = Instant::now();
    let kill = [&format!("-{signal}"), &child.id().to_string()];
    assert!(world.command("kill").args(kill).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    let took = started.elapsed();
    assert!(took < AT_ONCE, "{took:?}");
    assert_eq!(ended.status.code(), Some(status));
    assert_eq!(String::from_utf8(ended.stdout).unwrap(), stdout);
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
    let locks = world
        .stored()
        .into_iter()
        .filter(|name| name.ends_with(".lock"));
    for name in locks {
        // The file may stay; its lock died with its holder.
        let lock = std::fs::File::open(world.state().join(name)).unwrap();
        lock.try_lock().unwrap();
    }
}

const ENV: &[&str] = &["env", "--shell", "sh"];

#[test]
fn during_a_call_that_hangs() {
    for (args, signal, status, stdout) in [
        (ENV, "INT", 130, NOTHING_TO_KEEP),
        (ENV, "TERM", 143, NOTHING_TO_KEEP),
        (ENV, "HUP", 129, NOTHING_TO_KEEP),
        (&["env", "--format", "json"], "INT", 130, ""),
        (&["credential-process"], "INT", 130, ""),
        (&["write"], "INT", 130, ""),
        (&["exec"], "INT", 130, ""),
    ] {
        let world = World::alice().with_store();
        world.sts().next(Step::Hang);
        let mut command = world.command(AWSMFA);
        command.args(args).args(["-t", &world.code()]);
        if args == ["exec"] {
            command.args(["--", "touch", "ran"]);
        }
        let child = spawn(command);
        world.sts().wait_for_calls(1, DEADLINE);
        ends(&world, child, signal, status, stdout);
        assert!(!world.path("work/ran").exists());
        assert_eq!(world.sts().calls().len(), 1);
        // The next run waits for nobody.
        world.session_for_a_code(&[]);
    }
}

#[test]
fn while_a_call_is_tried_again() {
    let world = World::alice().with_store();
    for step in [Step::Status(503), Step::Status(503), Step::Hang] {
        world.sts().next(step);
    }
    let child = start(&world, ENV);
    world.sts().wait_for_calls(2, DEADLINE);
    ends(&world, child, "INT", 130, NOTHING_TO_KEEP);
}

#[test]
fn during_the_handshake() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let world = World::alice().with_store();
    let child = start(&world, &[ENV, &["--endpoint-url", &url]].concat());
    let (connection, _) = listener.accept().unwrap();
    ends(&world, child, "INT", 130, NOTHING_TO_KEEP);
    drop(connection);
}

/// What the system's resolver reads first is a pipe into which nobody writes: a name server that is dead,
/// and for ever.
fn without_names(world: &World) -> Option<Command> {
    let made = world.command("mkfifo").arg(world.path("hosts")).status();
    assert!(made.unwrap().success());
    let mut command = mount::seeing(world, "hosts", "/etc/hosts", AWSMFA)?;
    command.args(ENV).args(["-t", &world.code()]);
    Some(command)
}

#[test]
fn during_the_look_up_of_a_name() {
    let world = World::alice().with_store().env("AWS_ENDPOINT_URL_STS", "");
    let Some(command) = without_names(&world) else {
        return;
    };
    // Nobody reads the pipe before the look-up, and the opening waits for whoever does.
    let child = spawn(command);
    let pipe = world.path("hosts");
    let opened = thread::spawn(move || std::fs::OpenOptions::new().write(true).open(pipe));
    let pipe = opened.join().unwrap().unwrap();
    ends(&world, child, "INT", 130, NOTHING_TO_KEEP);
    drop(pipe);
}

/// Nobody has to press Ctrl-C: the time limits hold here too, and no code was sent.
#[test]
fn a_name_server_that_never_answers_is_left() {
    let world = World::alice().with_store().env("AWS_ENDPOINT_URL_STS", "");
    let Some(command) = without_names(&world) else {
        return;
    };
    let started = Instant::now();
    let ended = spawn(command).wait_with_output().unwrap();
    assert!(started.elapsed() < Duration::from_secs(25));
    assert_eq!(ended.status.code(), Some(4));
    assert_eq!(String::from_utf8(ended.stdout).unwrap(), NOTHING_TO_KEEP);
    assert_eq!(
        String::from_utf8(ended.stderr).unwrap(),
        "awsmfa: STS in us-east-1 did not answer: no connection within 5 seconds\n\
         hint: check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again\n"
    );
}

/// The code is typed, the answer does not come: what a person in a hotel does.
#[test]
fn at_a_terminal_the_shell_gets_it_back_as_it_was() {
    let interactive = ["bash", "zsh", "dash", "ksh93", "mksh", "fish"];
    for shell in shells::all().filter(|shell| interactive.contains(&shell.name)) {
        let world = World::alice().with_store();
        world.sts().next(Step::Hang);
        let mut terminal = Terminal::shell(&world, shell);
        terminal.run("stty -a > $HOME/before");
        terminal.enter(&shell.line("awsmfa env"));
        terminal.wait_for("(profile default): ");
        terminal.enter(&world.code());
        world.sts().wait_for_calls(1, DEADLINE);
        terminal.control('c');
        terminal.wait_for_prompt();
        terminal.run("stty -a > $HOME/after");
        assert_eq!(world.read("before"), world.read("after"), "{}", shell.name);
        terminal.run("env > $HOME/env");
        assert!(
            !world.read("env").contains("AWS_SESSION_TOKEN"),
            "{}",
            shell.name
        );
        // What it printed evaluates to a failure.
        world.sts().next(Step::Hang);
        terminal.enter("awsmfa env >$HOME/out 2>$HOME/err");
        terminal.wait_for("(profile default): ");
        terminal.enter(&world.code());
        world.sts().wait_for_calls(2, DEADLINE);
        terminal.control('c');
        terminal.wait_for_prompt();
        let ran = terminal.run(shell.syntax.status);
        assert!(ran.contains("\nwas 130\n"), "{}: {ran}", shell.name);
        assert!(world.read("out").ends_with("false;\n"), "{}", shell.name);
        assert_eq!(world.read("err"), "", "{}", shell.name);
        // The lock is free, and a code gets a session.
        world.session_for_a_code(&[]);
    }
}
