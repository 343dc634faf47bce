//! A person at a terminal: a program on a pseudo-terminal, keys sent to it, its screen read.
//!
//! Nothing here sleeps. Every wait is for text to appear or for the program to end, up to a deadline.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Instant;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::World;
use super::process::DEADLINE;
use super::shells::Shell;

/// What the shells under test show when they wait for a line. (mksh takes no prompt of root without a `#`.)
const PS1: &str = "READY# ";

/// A program on a terminal of its own, in a session of its own.
pub struct Terminal {
    screen: Arc<Screen>,
    /// How much of the screen earlier waits have seen.
    seen: usize,
    keyboard: Arc<Keyboard>,
    pid: u32,
    ended: Receiver<i32>,
    closed: Receiver<()>,
    marks: u32,
    /// How its shell prints two halves as one word.
    say: &'static str,
    /// Dropping it hangs up.
    _master: Box<dyn MasterPty + Send>,
}

/// Keys, and what a terminal itself answers.
struct Keyboard(Mutex<Box<dyn Write + Send>>);

#[derive(Default)]
struct Screen {
    bytes: Mutex<Vec<u8>>,
    grown: Condvar,
}

impl Terminal {
    /// Starts a program in this world.
    #[track_caller]
    pub fn start(world: &World, program: &str, args: &[&str]) -> Self {
        Self::sized(world, (50, 200), &world.path("work"), program, args)
    }

    /// The same on so many rows and columns, in this directory.
    #[track_caller]
    pub fn sized(
        world: &World,
        (rows, cols): (u16, u16),
        directory: &Path,
        program: &str,
        args: &[&str],
    ) -> Self {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.cwd(directory);
        for (name, value) in world.variables() {
            command.env(name, value);
        }
        command.env("PS1", PS1);
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Screen::default());
        let reader = pair.master.try_clone_reader().unwrap();
        let keyboard = Keyboard(Mutex::new(pair.master.take_writer().unwrap()));
        let keyboard = Arc::new(keyboard);
        let (shown, answers) = (Arc::clone(&screen), Arc::clone(&keyboard));
        let (close, closed) = mpsc::channel();
        thread::spawn(move || {
            shown.fill(reader, &answers);
            let _ = close.send(());
        });
        let (end, ended) = mpsc::channel();
        let pid = child.process_id().unwrap();
        thread::spawn(move || {
            let status = child.wait().unwrap();
            let _ = end.send(i32::try_from(status.exit_code()).unwrap());
        });
        Self {
            screen,
            seen: 0,
            keyboard,
            pid,
            ended,
            closed,
            marks: 0,
            say: "",
            _master: pair.master,
        }
    }

    /// Starts an interactive shell and waits until it is ready for a line.
    #[track_caller]
    pub fn shell(world: &World, shell: Shell) -> Self {
        let (program, args) = shell.interactive(world);
        Self::shell_under(world, shell, &program, args)
    }

    /// Starts a program that becomes or runs an interactive shell, and waits for that.
    #[track_caller]
    pub fn shell_under(world: &World, shell: Shell, program: &str, args: &[&str]) -> Self {
        let mut terminal = Self::start(world, program, args);
        terminal.say = shell.syntax.say;
        terminal.wait_for(PS1);
        terminal
    }

    /// Sends keys, as they are.
    pub fn send(&mut self, keys: &str) {
        self.keyboard.send(keys).unwrap();
    }

    /// Types a line and the Enter key, and waits for nothing.
    pub fn enter(&mut self, line: &str) {
        self.send(&format!("{line}\r"));
    }

    /// Types a line for the shell, or several, and waits until the shell has finished it. What it
    /// printed comes back, between the echo of the last line and the next prompt.
    #[track_caller]
    pub fn run(&mut self, line: &str) -> String {
        let line = match line.rsplit_once('\n') {
            Some((before, last)) => {
                self.run(before);
                last
            }
            None => line,
        };
        self.marks += 1;
        // The echo of the line must not look like the mark it prints; no process is to print it.
        let mark = format!("mark-{}.", self.marks);
        let print = self.say.replace("{a}", "mark-");
        let print = print.replace("{b}", &format!("{}.", self.marks));
        let begin = self.screen.bytes.lock().unwrap().len();
        self.enter(&format!("{line}; {print}"));
        self.wait_for(&mark);
        self.wait_for(PS1);
        plain(&self.screen.bytes.lock().unwrap()[begin..])
    }

    /// The key with Control held.
    pub fn control(&mut self, key: char) {
        self.send(&char::from(key.to_ascii_uppercase() as u8 & 0x1f).to_string());
    }

    /// Waits until the shell shows its prompt again.
    #[track_caller]
    pub fn wait_for_prompt(&mut self) {
        self.wait_for(PS1);
    }

    /// Waits until the text appears after what earlier waits have seen.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + DEADLINE;
        let mut bytes = self.screen.bytes.lock().unwrap();
        loop {
            let new = bytes.get(self.seen..).unwrap_or_default();
            if let Some(at) = new.windows(text.len()).position(|w| w == text.as_bytes()) {
                self.seen += at + text.len();
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let screen = plain(&bytes);
                drop(bytes);
                panic!("{text:?} did not appear; the screen:\n{screen}");
            }
            (bytes, _) = self.screen.grown.wait_timeout(bytes, left).unwrap();
        }
    }

    /// Everything shown so far, without control sequences.
    pub fn text(&self) -> String {
        plain(&self.screen.bytes.lock().unwrap())
    }

    /// The same with them.
    pub fn bytes(&self) -> Vec<u8> {
        self.screen.bytes.lock().unwrap().clone()
    }

    /// Waits for the program's end.
    #[track_caller]
    pub fn status(&mut self) -> i32 {
        match self.ended.recv_timeout(DEADLINE) {
            Ok(status) => status,
            Err(_) => panic!("still running; the screen:\n{}", self.text()),
        }
    }

    /// The program that was started.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The program's end, and everything shown up to it.
    #[track_caller]
    pub fn ended(mut self) -> (i32, String) {
        let status = self.status();
        let closed = self.closed.recv_timeout(DEADLINE);
        assert!(closed.is_ok(), "another process holds the terminal");
        (status, self.text())
    }

    /// Everything shown up to the program's end, which must be a success.
    #[track_caller]
    pub fn transcript(mut self) -> String {
        assert_eq!(self.status(), 0, "{}", self.text());
        let closed = self.closed.recv_timeout(DEADLINE);
        assert!(
            closed.is_ok(),
            "another process holds the terminal:\n{}",
            self.text()
        );
        self.text()
    }
}

impl Drop for Terminal {
    /// Not by a hangup: xonsh would read the end of its terminal for ever, and strace keeps it from its command.
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process_group};
            let group = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
            let _ = group.map(|group| kill_process_group(group, Signal::KILL));
        }
    }
}

impl Keyboard {
    fn send(&self, keys: &str) -> std::io::Result<()> {
        let mut keyboard = self.0.lock().unwrap();
        keyboard.write_all(keys.as_bytes())?;
        keyboard.flush()
    }
}

/// A line editor asks where the cursor is, and nushell's waits for the answer.
const WHERE: &[u8] = b"\x1b[6n";
const AT_THE_TOP: &str = "\x1b[1;1R";

impl Screen {
    fn fill(&self, mut reader: Box<dyn Read + Send>, keyboard: &Keyboard) {
        let mut chunk = [0; 4096];
        // A terminal whose last program is gone answers with an error, not with an end.
        while let Ok(read @ 1..) = reader.read(&mut chunk) {
            let shown = chunk.get(..read).unwrap_or_default();
            self.bytes.lock().unwrap().extend(shown);
            if shown.windows(WHERE.len()).any(|w| w == WHERE) {
                // It may have ended meanwhile.
                let _ = keyboard.send(AT_THE_TOP);
            }
            self.grown.notify_all();
        }
    }
}

/// The text without escape sequences and carriage returns: colours and the line editors' repainting
/// are not what a test is about.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut plain = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' if rest.next_if_eq(&'[').is_some() => {
                while rest.next().is_some_and(|c| !('@'..='~').contains(&c)) {}
            }
            '\u{1b}' if rest.next_if_eq(&']').is_some() => {
                // It ends with a bell, or with an escape sequence of its own.
                while rest.next_if(|c| !['\u{7}', '\u{1b}'].contains(c)).is_some() {}
                rest.next_if_eq(&'\u{7}');
            }
            '\u{1b}' => drop(rest.next()),
            '\r' => {}
            c => plain.push(c),
        }
    }
    plain
}
