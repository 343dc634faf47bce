//! Git Bash's window (mintty) gives a Windows program pipes in place of a terminal, known by their names
//! alone. Compiled for Windows and run there, or under Wine by `.ci/windows`.
#![cfg(windows)]
use std::fs::OpenOptions;
use std::process::{Child, Stdio};

use crate::support::World;
use crate::support::world::AWSMFA;
use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use tokio::runtime::{Builder, Runtime};

/// mintty's two pipes, named as Git for Windows names them.
struct Mintty {
    runtime: Runtime,
    keyboard: NamedPipeServer,
    screen: NamedPipeServer,
}

const KEYBOARD: &str = "from-master";
const SCREEN: &str = "to-master";

fn name(pty: u8, end: &str) -> String {
    let id = std::process::id();
    format!(r"\\.\pipe\msys-{id:016x}-pty{pty}-{end}")
}

impl Mintty {
    fn new(pty: u8) -> Self {
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        let (keyboard, screen) = {
            let _inside = runtime.enter();
            let pipe = |end| ServerOptions::new().create(name(pty, end)).unwrap();
            (pipe(KEYBOARD), pipe(SCREEN))
        };
        Self {
            runtime,
            keyboard,
            screen,
        }
    }

    /// The program's ends: its standard input and standard error.
    fn ends(&self, pty: u8) -> (Stdio, Stdio) {
        let open = |end| {
            let mut options = OpenOptions::new();
            options.read(true).write(true).open(name(pty, end)).unwrap()
        };
        let ends = (open(KEYBOARD), open(SCREEN));
        self.runtime.block_on(async {
            self.keyboard.connect().await.unwrap();
            self.screen.connect().await.unwrap();
        });
        (ends.0.into(), ends.1.into())
    }

    /// `awsmfa env` in the window, its output apart.
    fn run(&self, world: &World, pty: u8) -> Child {
        let (stdin, stderr) = self.ends(pty);
        let mut command = world.command(AWSMFA);
        command.args(["env", "--shell", "bash"]);
        command.stdin(stdin).stderr(stderr).stdout(Stdio::piped());
        command.spawn().unwrap()
    }

    /// What the window shows up to this text.
    fn wait_for(&self, text: &str) -> String {
        let mut shown = String::new();
        self.runtime.block_on(async {
            while !shown.contains(text) {
                self.screen.readable().await.unwrap();
                let mut chunk = [0; 4096];
                match self.screen.try_read(&mut chunk) {
                    Ok(0) => break,
                    Ok(read) => {
                        shown.push_str(&String::from_utf8_lossy(chunk.get(..read).unwrap()));
                    }
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                    Err(error) => panic!("{error} after {shown:?}"),
                }
            }
        });
        shown
    }

    fn type_line(&self, line: &str) {
        let line = format!("{line}\n");
        let written = self.runtime.block_on(async {
            self.keyboard.writable().await.unwrap();
            self.keyboard.try_write(line.as_bytes())
        });
        assert_eq!(written.unwrap(), line.len());
    }
}

#[test]
fn the_question_is_shown_in_the_window_and_answered_there() {
    let world = World::alice();
    let mintty = Mintty::new(0);
    let child = mintty.run(&world, 0);
    let question = format!(
        "awsmfa: MFA code for {} (profile default): ",
        world.user().mfa_serial
    );
    let shown = mintty.wait_for(&question);
    assert_eq!(
        shown,
        format!("awsmfa: mintty will show the code as you type it\n{question}")
    );
    mintty.type_line(&world.code());
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    assert!(printed.starts_with("builtin unset -v "), "{printed}");
}

#[test]
fn an_empty_line_cancels() {
    let world = World::alice();
    let mintty = Mintty::new(1);
    let child = mintty.run(&world, 1);
    mintty.wait_for("(profile default): ");
    mintty.type_line("");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(output.stdout.ends_with(b"false;\n"));
}

#[test]
fn where_only_one_stream_is_the_window_nobody_is_asked_and_winpty_is_named() {
    let world = World::alice();
    let mintty = Mintty::new(2);
    let (_, stderr) = mintty.ends(2);
    let mut command = world.command(AWSMFA);
    command
        .args(["env", "--shell", "bash"])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut child = command.stderr(stderr).spawn().unwrap();
    let shown = mintty.wait_for("mfa_process in the profile\n");
    assert_eq!(child.wait().unwrap().code(), Some(5));
    assert_eq!(
        shown,
        "awsmfa: an MFA code is needed and nobody can be asked: under mintty both standard input and standard error must be the terminal\n\
         hint: run winpty awsmfa env once, which asks and stores the session, and then run this again; \
         or give it with --token-code CODE, with --token-code - on standard input, or by an mfa_process in the profile\n"
    );
}
