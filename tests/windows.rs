//! The Windows program in a real cmd: Wine's. `.ci/windows` builds it and says where it is; without it
//! this is a visible skip. The STS runs on this side, since Wine shares the loopback interface.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what cannot happen may stop a test, and a skip is to be seen"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::World;

/// A Windows machine: Wine with a prefix of its own, the program on its PATH, alice's AWS files.
struct Windows {
    world: World,
    wine: PathBuf,
    exe: PathBuf,
}

impl Windows {
    /// `None`, said aloud, where the program has not been built.
    fn new() -> Option<Self> {
        let (Some(exe), Some(wine)) = (
            std::env::var_os("AWSMFA_WINDOWS_EXE"),
            std::env::var_os("AWSMFA_WINE"),
        ) else {
            eprintln!("SKIPPED: Windows: .ci/windows builds the program and runs this");
            return None;
        };
        let world = World::alice();
        Some(Self {
            world,
            wine: wine.into(),
            exe: exe.into(),
        })
    }

    /// Runs a batch file and gives back what it printed, lines ended by `\n`.
    fn batch(&self, lines: &[&str]) -> String {
        let text = format!("@echo off\r\n{}\r\n", lines.join("\r\n"));
        let file = self.world.path("work/test.bat");
        std::fs::write(&file, text).unwrap();
        let profile = self.world.path("");
        // Windows's own conventions: no HOME, %USERPROFILE%\.aws, %LOCALAPPDATA%\awsmfa.
        let output = Command::new(&self.wine)
            .args(["cmd", "/c", &windows_path(&file)])
            .env_clear()
            .env("WINEPREFIX", profile.join("wine"))
            .env("WINEDEBUG", "-all")
            .env("WINEPATH", windows_path(self.exe.parent().unwrap()))
            .env("AWS_ENDPOINT_URL_STS", self.world.sts().url())
            .env(
                "AWS_CONFIG_FILE",
                windows_path(&profile.join(".aws/config")),
            )
            .env(
                "AWS_SHARED_CREDENTIALS_FILE",
                windows_path(&profile.join(".aws/credentials")),
            )
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        let told = format!("{}{stderr}", String::from_utf8_lossy(&output.stdout));
        told.replace("\r\n", "\n")
    }
}

/// Wine's drive Z: is this system's root.
fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.to_str().unwrap().replace('/', "\\"))
}

#[test]
fn cmd_gets_a_session_keeps_it_and_sees_every_failure() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let code = windows.world.code();
    let told = windows.batch(&[
        "echo -- a wrong code",
        "awsmfa env --shell cmd -t 12345 >nul 2>nul",
        "echo errorlevel %errorlevel%",
        "for /f \"delims=\" %%i in ('awsmfa env -t 12345') do @call %%i",
        "echo evaluated errorlevel %errorlevel%",
        "echo -- the right one",
        &format!("for /f \"delims=\" %%i in ('awsmfa env -t {code}') do @call %%i"),
        "echo errorlevel %errorlevel%",
        "echo profile %AWSMFA_PROFILE% key %AWS_ACCESS_KEY_ID:~0,4%",
        "if defined AWS_SECRET_ACCESS_KEY if defined AWS_SESSION_TOKEN echo all three",
        "echo -- again, from the store",
        "for /f \"delims=\" %%i in ('awsmfa env --no-input') do @call %%i",
        "echo errorlevel %errorlevel%",
        "echo -- one command",
        "awsmfa exec --no-input -- cmd /c if defined AWS_SESSION_TOKEN echo the command has it",
        "awsmfa exec --no-input -- cmd /c exit 7",
        "echo errorlevel %errorlevel%",
        "echo -- taken out",
        "for /f \"delims=\" %%i in ('awsmfa env --unset') do @call %%i",
        "if not defined AWS_SESSION_TOKEN echo gone",
    ]);
    let expected = "\
-- a wrong code
errorlevel 1
evaluated errorlevel 1
-- the right one
errorlevel 0
profile default key ASIA
all three
-- again, from the store
errorlevel 0
-- one command
the command has it
errorlevel 7
-- taken out
gone
";
    let said: String = told
        .lines()
        .filter(|line| !is_said_to_a_person(line))
        .map(|l| format!("{l}\n"))
        .collect();
    assert_eq!(said, expected, "{told}");
    assert_eq!(windows.world.sts().calls().len(), 1, "one code, one call");
}

#[test]
fn the_setting_ini_of_mfa_bat_is_read_in_the_code_page_of_japan() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let mut setting = b"; \x90\xdd\x92\xe8\x83\x74\x83\x40\x83\x43\x83\x8b\r\nARN=".to_vec();
    setting.extend(windows.world.user().mfa_serial.bytes());
    setting.extend(b"\r\nDurationSeconds=129600\r\n");
    std::fs::write(windows.world.path("work/setting.ini"), setting).unwrap();
    let ini = windows_path(&windows.world.path("work/setting.ini"));
    let code = windows.world.code();
    let told = windows.batch(&[
        &format!(
            "for /f \"delims=\" %%i in ('awsmfa env --setting-ini {ini} -t {code}') do @call %%i"
        ),
        "echo errorlevel %errorlevel%",
    ]);
    assert!(told.contains("errorlevel 0"), "{told}");
    let calls = windows.world.sts().calls();
    assert_eq!(
        calls.last().unwrap().params.get("DurationSeconds").unwrap(),
        "129600"
    );
}

/// Wine's first start talks, and so do our errors.
fn is_said_to_a_person(line: &str) -> bool {
    ["wine:", "awsmfa:", "hint:"]
        .iter()
        .any(|start| line.starts_with(start))
        || line.trim().is_empty()
}

/// `awsmfa hook cmd > mfa.cmd`: the session is in the window that called it, and leaves it again. (After
/// `call` Wine 8 has errorlevel 1 for every failure.)
#[test]
fn the_batch_file_of_the_hook_changes_the_window_that_calls_it() {
    let Some(windows) = Windows::new() else {
        return;
    };
    let code = windows.world.code();
    let told = windows.batch(&[
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
    let expected = "\
refused: errorlevel 1
errorlevel 0 profile default key ASIA
all three
passed through, refused
errorlevel 0
gone
_awsmfa_status=0
";
    let said: String = told
        .lines()
        .filter(|line| !is_said_to_a_person(line))
        .map(|l| format!("{l}\n"))
        .collect();
    assert_eq!(said, expected, "{told}");
}
