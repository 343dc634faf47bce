//! One run of the real binary, told like a transcript: arguments, then what it must print and how it
//! must end. What a test does not mention must be silence and status 0.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::process::{DEADLINE, Finished, finish_within};
use super::world::{AWSMFA, World};

/// What a failure prints for `--shell sh` where the environment holds nothing: there every session
/// would be unset, and long-term keys would stay.
pub const NOTHING_TO_KEEP: &str = "command unset -v AWS_SESSION_TOKEN AWS_SECURITY_TOKEN \
    AWS_CREDENTIAL_EXPIRATION AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION; false;\n";

/// A run that has not begun.
#[must_use = "nothing runs before .run()"]
pub struct Test<'w> {
    world: &'w World,
    args: Vec<String>,
    command: Command,
    stdin: String,
    stdout: Option<String>,
    stderr: Option<String>,
    status: i32,
    deadline: Duration,
}

impl<'w> Test<'w> {
    /// The binary with these arguments. Standard input is empty and nothing is a terminal.
    pub fn new(world: &'w World, args: Vec<String>) -> Self {
        let mut command = world.command(AWSMFA);
        command.args(&args).stdout(Stdio::piped());
        Self {
            world,
            args,
            command,
            stdin: String::new(),
            stdout: Some(String::new()),
            stderr: Some(String::new()),
            status: 0,
            deadline: DEADLINE,
        }
    }

    /// A variable for this run.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Standard input.
    pub fn stdin(mut self, text: &str) -> Self {
        self.stdin = text.to_owned();
        self
    }

    /// Standard output goes there, and is nobody's expectation.
    pub fn stdout_to(mut self, there: impl Into<Stdio>) -> Self {
        self.command.stdout(there);
        self.stdout = None;
        self
    }

    /// Standard output must be exactly this.
    pub fn stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = Some(text.into());
        self
    }

    /// Standard output is looked at by the test itself.
    pub fn any_stdout(mut self) -> Self {
        self.stdout = None;
        self
    }

    /// Standard error must be exactly this, with `[HOME]` and `[STS]` in place of what differs.
    pub fn stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = Some(text.into());
        self
    }

    /// Standard error is looked at by the test itself.
    pub fn any_stderr(mut self) -> Self {
        self.stderr = None;
        self
    }

    /// The exit status.
    pub fn status(mut self, status: i32) -> Self {
        self.status = status;
        self
    }

    /// It may take three minutes.
    pub fn patiently(mut self) -> Self {
        self.deadline = Duration::from_secs(180);
        self
    }

    /// Runs it and compares.
    #[track_caller]
    pub fn run(mut self) -> Finished {
        let finished = finish_within(self.deadline, &mut self.command, &self.stdin);
        let stderr = self.world.redacted(&finished.stderr);
        let stdout = &finished.stdout;
        let told = format!("awsmfa {}", self.args.join(" "));
        let got = format!(
            "{told}\nstatus {}\nstderr:\n{stderr}stdout:\n{stdout}",
            finished.status
        );
        assert_eq!(finished.status, self.status, "status of {got}");
        if let Some(expected) = self.stderr {
            assert_eq!(stderr, expected, "stderr (left) of {got}");
        }
        if let Some(expected) = self.stdout {
            assert_eq!(stdout, &expected, "stdout (left) of {got}");
        }
        finished
    }
}

impl World {
    /// `env` for sh with these arguments is refused before AWS is asked: exit 1, code that fails, and
    /// this on standard error.
    #[track_caller]
    pub fn refuses(&self, args: &[&str], stderr: &str) {
        let test = self.awsmfa([&["env", "--shell", "sh"], args].concat());
        test.stdout(NOTHING_TO_KEEP).stderr(stderr).status(1).run();
        assert_eq!(self.sts().calls().len(), 0, "AWS was asked");
    }
}
