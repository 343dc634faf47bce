//! The Windows program in a real cmd: Wine's. `.ci/windows` builds it and says where it is; without it
//! this is a visible skip. The STS runs on this side, since Wine shares the loopback interface. Each test
//! prints what was seen (`--nocapture`), to be read as a user would.
#![cfg(unix)]
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::World;
use crate::support::pty::Terminal;

/// A Windows machine: Wine with a prefix of its own, the program on its PATH, alice's AWS files.
pub(crate) struct Windows {
    pub(crate) world: World,
    pub(crate) wine: String,
    pub(crate) exe: PathBuf,
}

/// Wine says the mode of a file as an access control list. Windows keeps a user's folders from others.
pub(crate) const PRIVATELY: &str = "umask 077 && exec \"$@\"";

impl Windows {
    /// `None`, said aloud, where the program has not been built.
    pub(crate) fn new() -> Option<Self> {
        Self::of(World::alice)
    }

    /// The same with AWS files of the test's own.
    pub(crate) fn of(world: impl FnOnce() -> World) -> Option<Self> {
        let (Some(exe), Ok(wine)) = (
            std::env::var_os("AWSMFA_WINDOWS_EXE"),
            std::env::var("AWSMFA_WINE"),
        ) else {
            eprintln!("SKIPPED: Windows: .ci/windows builds the program and runs this");
            return None;
        };
        let exe = PathBuf::from(exe);
        let world = world();
        let prefix = world.path("wine").to_str().unwrap().to_owned();
        let files = |name| windows_path(&world.path(".aws").join(name));
        let (config, credentials) = (files("config"), files("credentials"));
        // Windows's own conventions: no HOME, no state folder but %LOCALAPPDATA%\awsmfa.
        let mut world = world
            .env("WINEPREFIX", prefix)
            .env("WINEDEBUG", "-all")
            .env("WINEPATH", windows_path(exe.parent().unwrap()))
            .env("AWS_CONFIG_FILE", config)
            .env("AWS_SHARED_CREDENTIALS_FILE", credentials);
        for name in ["HOME", "AWSMFA_STATE_DIR", "AWSMFA_STORE"] {
            world.set(name, "");
        }
        Some(Self { world, wine, exe })
    }

    /// Runs a batch file and gives back what it printed, the commands themselves behind `> `.
    pub(crate) fn batch(&self, lines: &[&str]) -> Vec<String> {
        // Wine echoes even what `@call` runs, secrets too: those lines are dropped below.
        let text = format!("@prompt $G$S\r\n{}\r\n", lines.join("\r\n"));
        let file = self.world.path("work/test.bat");
        fs::write(&file, text).unwrap();
        let output = self.run(&["cmd", "/c", &windows_path(&file)]);
        let told =
            [output.stdout, output.stderr].map(|out| String::from_utf8_lossy(&out).into_owned());
        let said = told.concat().replace("\r\n", "\n");
        let lines: Vec<String> = said
            .lines()
            .map(|line| line.trim_end().to_owned())
            .filter(|line| !line.is_empty() && !line.starts_with("wine:"))
            .filter(|line| !line.starts_with("> set \"AWS") && line != "> cmd /c exit 0")
            .collect();
        println!("{}\n", lines.join("\n"));
        lines
    }

    fn run(&self, args: &[&str]) -> std::process::Output {
        let mut command: Command = self.world.command("sh");
        command.args(["-c", PRIVATELY, "sh", &self.wine]).args(args);
        command.output().unwrap()
    }

    /// What a batch file printed, without its commands and without what is said to a person.
    fn answers(&self, lines: &[&str]) -> Vec<String> {
        let person = ["> ", "awsmfa: ", "hint: "];
        let mut lines = self.batch(lines);
        lines.retain(|line| !person.iter().any(|start| line.starts_with(start)));
        lines
    }

    /// The line that puts a session into the window.
    fn load(args: &str) -> String {
        format!("for /f \"delims=\" %%i in ('awsmfa env {args}') do @call %%i")
    }

    fn calls(&self) -> usize {
        self.world.sts().calls().len()
    }
}

/// Wine's drive Z: is this system's root.
pub(crate) fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.to_str().unwrap().replace('/', "\\"))
}

/// The transcript of a day. (After `call` Wine 8 has errorlevel 1 for every failure.)
#[test]
fn cmd_gets_a_session_keeps_it_and_sees_every_failure() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let code = windows.world.code();
    let said = windows.batch(&[
        "awsmfa status",
        &Windows::load("-t 12345"),
        "@echo errorlevel %errorlevel%",
        &Windows::load("-t 000000"),
        "@echo errorlevel %errorlevel%",
        &Windows::load(&format!("-t {code}")),
        "@echo errorlevel %errorlevel%",
        "@if defined AWS_ACCESS_KEY_ID if defined AWS_SECRET_ACCESS_KEY if defined AWS_SESSION_TOKEN echo all three",
        "awsmfa status",
        &Windows::load("--no-input"),
        "@echo errorlevel %errorlevel%",
        "awsmfa exec --no-input -- cmd /c set AWS_",
        &Windows::load("--unset"),
        "@if not defined AWS_SESSION_TOKEN if not defined AWSMFA_SESSION echo gone",
    ]);
    let world = &windows.world;
    let starts = |start: &str| said.iter().filter(|line| line.starts_with(start)).count();
    let answers: Vec<&str> = said
        .iter()
        .filter(|line| {
            ["errorlevel", "all three", "gone"]
                .iter()
                .any(|a| line.starts_with(a))
        })
        .map(String::as_str)
        .collect();
    assert_eq!(
        answers,
        [
            "errorlevel 1",
            "errorlevel 1",
            "errorlevel 0",
            "all three",
            "errorlevel 0",
            "gone"
        ],
        "{said:#?}"
    );
    for name in [
        "AWS_ACCESS_KEY_ID=ASIA",
        "AWS_SECRET_ACCESS_KEY=",
        "AWS_SESSION_TOKEN=",
    ] {
        assert_eq!(starts(name), 1, "{name}: {said:#?}");
    }
    assert!(
        said.iter()
            .any(|line| line == "awsmfa: an MFA code has six digits, this has 5"),
        "{said:#?}"
    );
    assert_eq!(windows.calls(), 2, "one refused, one granted");
    assert!(
        world
            .sts()
            .calls()
            .iter()
            .all(|call| call.action == "GetSessionToken")
    );
}

#[test]
fn the_setting_ini_of_mfa_bat_is_read_in_the_code_page_of_japan() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let mut setting = b"; \x90\xdd\x92\xe8\x83\x74\x83\x40\x83\x43\x83\x8b\r\nARN=".to_vec();
    setting.extend(windows.world.user().mfa_serial.bytes());
    setting.extend(b"\r\nDurationSeconds=129600\r\n");
    fs::write(windows.world.path("work/setting.ini"), setting).unwrap();
    let ini = windows_path(&windows.world.path("work/setting.ini"));
    let code = windows.world.code();
    let said = windows.answers(&[
        &Windows::load(&format!("--setting-ini {ini} -t {code}")),
        "@echo errorlevel %errorlevel%",
    ]);
    assert_eq!(said, ["errorlevel 0"]);
    let calls = windows.world.sts().calls();
    assert_eq!(
        calls.last().unwrap().params.get("DurationSeconds").unwrap(),
        "129600"
    );
}

/// `awsmfa hook cmd > mfa.cmd`: the session is in the window that called it, and leaves it again. (After
/// `call` Wine 8 has errorlevel 1 for every failure.)
#[test]
fn the_batch_file_of_the_hook_changes_the_window_that_calls_it() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let code = windows.world.code();
    let said = windows.answers(&[
        "@echo off",
        "cd /d %~dp0",
        "awsmfa hook cmd > mfa.cmd",
        "call mfa use -t 12345",
        "echo refused: errorlevel %errorlevel%",
        &format!("call mfa use -t {code}"),
        "echo errorlevel %errorlevel% profile %AWSMFA_PROFILE% key %AWS_ACCESS_KEY_ID:~0,4%",
        "if defined AWS_SECRET_ACCESS_KEY if defined AWS_SESSION_TOKEN echo all three",
        "call mfa logout --bogus",
        "if errorlevel 1 echo passed through, refused",
        "call mfa off",
        "echo errorlevel %errorlevel%",
        "if not defined AWS_SESSION_TOKEN if not defined AWSMFA_SESSION echo gone",
        "set _awsmfa",
    ]);
    let expected = [
        "refused: errorlevel 1",
        "errorlevel 0 profile default key ASIA",
        "all three",
        "passed through, refused",
        "errorlevel 0",
        "gone",
        "_awsmfa_status=0",
    ];
    assert_eq!(said, expected);
}

/// Wine has no `%cmdcmdline%` and its `find` no `/i`, so the line that knows a double click is answered for
/// it; all that follows is the file's own. The window that stays open reads its commands from here.
#[test]
fn a_double_click_opens_a_window_with_a_session_of_the_setting_ini_beside_it() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let world = &windows.world;
    let hook = String::from_utf8(
        windows
            .run(&[&windows_path(&windows.exe), "hook", "cmd"])
            .stdout,
    )
    .unwrap();
    let asks = "echo \"%cmdcmdline:\"=%\" | find /i \"%~nx0\" >nul && goto clicked";
    assert_eq!(hook.matches(asks).count(), 1, "{hook}");
    let folder = world.path("my 道具 箱");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("mfa.cmd"), hook.replace(asks, "goto clicked")).unwrap();
    let setting = format!(
        "ARN={}\r\nDurationSeconds=1800\r\n",
        world.user().mfa_serial
    );
    fs::write(folder.join("setting.ini"), setting).unwrap();
    let config = world.read(".aws/config");
    fs::write(
        world.path(".aws/config"),
        format!("{config}mfa_process = cmd /c echo {}\n", world.code()),
    )
    .unwrap();
    fs::write(
        world.path("work/typed"),
        "if defined AWS_SESSION_TOKEN echo the window has it\r\nexit\r\n",
    )
    .unwrap();
    let mut command = world.command("sh");
    command.args(["-c", PRIVATELY, "sh", &windows.wine, "cmd", "/c"]);
    command.arg(windows_path(&folder.join("mfa.cmd")));
    command.stdin(fs::File::open(world.path("work/typed")).unwrap());
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    println!("{told}");
    assert!(told.contains(">the window has it"), "{told}");
    let calls = world.sts().calls();
    assert_eq!(
        calls.last().unwrap().params.get("DurationSeconds").unwrap(),
        "1800"
    );
}

#[test]
fn exec_ends_as_its_command_does_and_finds_scripts_by_name() {
    let Some(windows) = Windows::new() else {
        return;
    };
    fs::write(
        windows.world.path("work/cdk.cmd"),
        "@echo cdk has %AWSMFA_PROFILE% and [%1] [%~2]\r\n",
    )
    .unwrap();
    let work = windows_path(&windows.world.path("work"));
    let code = windows.world.code();
    let said = windows.answers(&[
        "@echo off",
        &format!("set \"PATH=%PATH%;{work}\""),
        &format!("awsmfa exec -t {code} -- cmd /c exit 256"),
        "echo %errorlevel%",
        "awsmfa exec --no-input -- cmd /c exit -1073741510",
        "echo %errorlevel%",
        "awsmfa exec --no-input -- cdk deploy \"a b\"",
        "echo %errorlevel%",
        "awsmfa exec --no-input -- no-such-program",
        "echo %errorlevel%",
    ]);
    assert_eq!(
        said,
        [
            "256",
            "-1073741510",
            "cdk has default and [deploy] [a b]",
            "0",
            "127"
        ]
    );
}

/// terraform tidies up at Ctrl-C, and its status is what the caller sees.
#[test]
fn ctrl_c_is_the_commands_and_exec_outlives_it() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let code = windows.world.code();
    windows.run(&[
        &windows_path(&windows.exe),
        "env",
        "--shell",
        "cmd",
        "-t",
        &code,
    ]);
    let tidies = windows_path(&windows.exe.with_file_name("ctrl-c.exe"));
    let exe = windows_path(&windows.exe);
    let args = [
        "-c",
        PRIVATELY,
        "sh",
        &windows.wine,
        &exe,
        "exec",
        "--no-input",
        "--",
        &tidies,
    ];
    let mut terminal = Terminal::start(&windows.world, "/bin/sh", &args);
    terminal.wait_for("#");
    terminal.control('c');
    assert_eq!(terminal.status(), 7, "{}", terminal.text());
}

#[test]
fn the_question_is_asked_at_the_console_and_ctrl_c_cancels_it() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let exe = windows_path(&windows.exe);
    let args = ["-c", PRIVATELY, "sh", &windows.wine, &exe, "env"];
    let mut terminal = Terminal::start(&windows.world, "/bin/sh", &args);
    terminal.wait_for("(profile default):");
    terminal.control('c');
    assert_eq!(terminal.status(), 130, "{}", terminal.text());
    assert_eq!(windows.calls(), 0);
    let mut terminal = Terminal::start(&windows.world, "/bin/sh", &args);
    terminal.wait_for("(profile default):");
    terminal.enter(&windows.world.code());
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(windows.calls(), 1);
}

/// `C:\Users\山田 太郎`: the AWS files (as Notepad ends their lines), the store, and the program itself.
#[test]
fn a_users_name_may_have_spaces_and_any_letters() {
    let Some(mut windows) = Windows::new() else {
        return;
    };
    let home = windows.world.path("山田 太郎");
    fs::create_dir(&home).unwrap();
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).unwrap();
    fs::rename(windows.world.path(".aws"), home.join(".aws")).unwrap();
    for dll in ["awsmfa.exe", "bcryptprimitives.dll"] {
        fs::copy(windows.exe.with_file_name(dll), home.join(dll)).unwrap();
    }
    let exe = windows_path(&home.join("awsmfa.exe"));
    let world = &mut windows.world;
    for (name, at) in [
        ("AWS_CONFIG_FILE", ".aws/config"),
        ("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"),
        ("AWSMFA_STATE_DIR", "state"),
        ("WINEPATH", ""),
    ] {
        world.set(name, windows_path(&home.join(at)));
    }
    let code = windows.world.code();
    let run = |args: &[&str]| {
        let output = windows.run(&[&[exe.as_str()], args].concat());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    };
    let loaded = run(&["env", "--shell", "powershell", "-t", &code]);
    assert!(
        loaded.is_ascii() && loaded.contains("$env:AWS_SESSION_TOKEN = '"),
        "{loaded}"
    );
    assert!(home.join("state").is_dir());
    let status = run(&["status"]);
    println!("{status}");
    assert!(status.contains("default"), "{status}");
    let hook = run(&["hook", "powershell"]);
    assert!(hook.is_ascii() && hook.contains("[char]0x5C71"), "{hook}");
    let hook = run(&["hook", "cmd"]);
    assert!(
        hook.is_ascii() && hook.contains("\"_awsmfa_bin=awsmfa\""),
        "{hook}"
    );
    let told = run(&[
        "exec",
        "--no-input",
        "--",
        "cmd",
        "/c",
        "echo",
        "%AWSMFA_PROFILE%",
    ]);
    assert_eq!(told, "default\r\n");
    assert_eq!(windows.calls(), 1);
    let credentials = home.join(".aws/credentials");
    let before = fs::read_to_string(&credentials)
        .unwrap()
        .replace('\n', "\r\n");
    fs::write(&credentials, &before).unwrap();
    run(&["write", "--to", "mfa"]);
    let after = fs::read_to_string(&credentials).unwrap();
    assert!(
        after.starts_with(&before) && after.contains("[mfa]\r\n"),
        "{after}"
    );
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
}

/// As a folder under `C:\` is that nobody has made private.
#[test]
fn a_state_folder_that_others_can_open_is_not_used() {
    let Some(mut windows) = Windows::new() else {
        return;
    };
    let open = windows.world.path("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
    let path = windows_path(&open);
    windows.world.set("AWSMFA_STATE_DIR", &path);
    windows.world.set("AWSMFA_STORE", "file");
    let code = windows.world.code();
    let exe = windows_path(&windows.exe);
    let output = windows.run(&[&exe, "env", "--shell", "cmd", "-t", &code]);
    let told = String::from_utf8_lossy(&output.stderr);
    let refused = format!(
        "{path} is open to other users; remove it, and it is made anew for you alone, or set AWSMFA_STATE_DIR"
    );
    assert!(told.contains(&refused), "{told}");
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(fs::read_dir(&open).unwrap().count(), 0);
}
