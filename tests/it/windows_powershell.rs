//! The Windows program in the real PowerShell for Windows, under Wine: `.ci/windows` says where both are; without
//! them this is a visible skip. Wine has no console without a terminal, so each script runs on one.
#![cfg(unix)]
use std::fs;

use crate::support::World;
use crate::support::hooked::two_accounts;
use crate::support::pty::Terminal;
use crate::support::shells::{SHELLS, say_skipped};
use crate::windows::{PRIVATELY, Windows, windows_path};

/// A Windows machine whose Wine says that it is Windows 10: .NET asks.
fn windows(world: fn() -> World) -> Option<(Windows, String)> {
    let mut windows = Windows::of(world)?;
    let (Ok(pwsh), Ok(prefix)) = (
        std::env::var("AWSMFA_WINDOWS_PWSH"),
        std::env::var("AWSMFA_WINDOWS_PWSH_PREFIX"),
    ) else {
        say_skipped("PowerShell for Windows: .ci/windows says where it is");
        return None;
    };
    let state = windows_path(&windows.world.path("state"));
    for (name, value) in [
        ("WINEPREFIX", prefix.as_str()),
        ("AWSMFA_STATE_DIR", &state),
        ("AWSMFA_STORE", "file"),
        ("POWERSHELL_TELEMETRY_OPTOUT", "1"),
    ] {
        windows.world.set(name, value);
    }
    Some((windows, pwsh))
}

/// Starts a script. Its last line says that it has come to its end.
///
/// PowerShell finds a program by listing the folders of PATH with a pattern that Wine 8 answers with nothing, so no
/// program has a name there: an alias stands in for the folder.
fn start((windows, pwsh): &(Windows, String), script: &str) -> Terminal {
    let world = &windows.world;
    let exe = windows_path(&windows.exe);
    let script = format!(
        "$ErrorActionPreference = 'Stop'\nSet-Alias awsmfa '{exe}'\n{script}\n'the ' + 'end'\n"
    );
    let file = world.path("work/test.ps1");
    // With a mark of its encoding, as Windows PowerShell needs it.
    fs::write(&file, [b"\xef\xbb\xbf", script.as_bytes()].concat()).unwrap();
    let file = windows_path(&file);
    let args = [
        "-c",
        PRIVATELY,
        "sh",
        &windows.wine,
        pwsh,
        "-NoProfile",
        "-ExecutionPolicy",
        "Bypass",
        "-File",
        &file,
    ];
    Terminal::start(world, "/bin/sh", &args)
}

/// Runs a script to its end; the screen.
#[track_caller]
fn run(machine: &(Windows, String), script: &str) -> String {
    let mut terminal = start(machine, script);
    terminal.wait_for("the end");
    let status = terminal.status();
    let text = terminal.text();
    println!("{text}\n");
    assert_eq!(status, 0, "{text}");
    text
}

const HOOK: &str = "Invoke-Expression (awsmfa hook powershell)\n";

#[test]
fn every_idiom_loads_a_session_and_every_failure_is_seen() {
    let Some(machine) = windows(World::alice) else {
        return;
    };
    let code = machine.0.world.code();
    let mut script = format!("$null = awsmfa env --shell powershell -t {code}\n");
    let shell = SHELLS.iter().find(|shell| shell.name == "pwsh").unwrap();
    for (number, line) in shell.lines("awsmfa env --no-input").enumerate() {
        script += &format!(
            "{line}\n\"idiom {number}: $env:AWSMFA_PROFILE $($env:AWS_SECRET_ACCESS_KEY.Length) $($env:AWS_SESSION_TOKEN.Length -gt 99)\"\n\
             Invoke-Expression (awsmfa env --unset)\n\"gone $($null -eq $env:AWS_SESSION_TOKEN)\"\n"
        );
    }
    script += "try { Invoke-Expression (awsmfa env --no-input -p nobody); 'went on' } catch { \"caught $LASTEXITCODE\" }\n";
    let screen = run(&machine, &script);
    for number in 0..shell.lines("").count() {
        assert!(
            screen.contains(&format!("idiom {number}: default 40 True")),
            "{screen}"
        );
    }
    assert_eq!(
        screen.matches("gone True").count(),
        shell.lines("").count(),
        "{screen}"
    );
    assert!(
        screen.contains("caught 1") && !screen.contains("went on"),
        "{screen}"
    );
    assert_eq!(machine.0.world.sts().calls().len(), 1);
}

#[test]
fn the_hook_uses_a_session_follows_the_profile_variable_and_gives_it_back() {
    let Some(machine) = windows(two_accounts) else {
        return;
    };
    let log_in = |user: &str, profile: &str| {
        let code = machine.0.world.sts().user(user).fresh_code();
        format!("$null = awsmfa env {profile} --shell powershell -t {code}\n")
    };
    let show = |what: &str| {
        format!(
            "$null = prompt\n\"{what}: [$env:AWSMFA_PROFILE] [$($env:AWS_ACCESS_KEY_ID.Length)]\"\n"
        )
    };
    let script = [
        log_in("alice", "a"),
        log_in("bob", "b"),
        HOOK.to_owned(),
        "awsmfa use a\n".to_owned(),
        show("used"),
        "$env:AWS_PROFILE = 'b'\n".to_owned(),
        show("followed"),
        "$env:AWS_PROFILE = $null\n".to_owned(),
        show("came back"),
        "awsmfa off\n".to_owned(),
        show("off"),
    ];
    let screen = run(&machine, &script.concat());
    for line in [
        "used: [a] [20]",
        "followed: [b] [20]",
        "came back: [a] [20]",
        "off: [] [0]",
    ] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
}

#[test]
fn a_code_is_typed_at_the_console_and_ctrl_c_cancels() {
    let Some(machine) = windows(World::alice) else {
        return;
    };
    let script = "Invoke-Expression (awsmfa env)\n\"got $env:AWSMFA_PROFILE\"";
    let mut terminal = start(&machine, script);
    terminal.wait_for("(profile default):");
    terminal.enter(&machine.0.world.code());
    terminal.wait_for("got default");
    terminal.wait_for("the end");
    assert_eq!(machine.0.world.sts().calls().len(), 1);
    let mut terminal = start(
        &machine,
        "Invoke-Expression (awsmfa env --refresh)\n'went ' + 'on'",
    );
    terminal.wait_for("(profile default):");
    terminal.control('c');
    // Ctrl-C reaches PowerShell too: its status depends on which of the two ends first.
    terminal.status();
    assert!(!terminal.text().contains("went on"), "{}", terminal.text());
    assert_eq!(machine.0.world.sts().calls().len(), 1);
}

/// `C:\Users\山田 太郎`: the hook names the program by its path, in ASCII; names in arguments reach awsmfa and come
/// back unchanged.
#[test]
fn names_in_japanese_arrive() {
    let Some(mut machine) = windows(World::alice) else {
        return;
    };
    let home = machine.0.world.path("山田 太郎");
    fs::create_dir(&home).unwrap();
    for file in ["awsmfa.exe", "bcryptprimitives.dll"] {
        fs::copy(machine.0.exe.with_file_name(file), home.join(file)).unwrap();
    }
    machine.0.exe = home.join("awsmfa.exe");
    machine.0.world.set("WINEPATH", windows_path(&home));
    let code = machine.0.world.code();
    // What PowerShell catches is awsmfa's text for it, in ASCII: each letter by its number.
    let caught = |args: &str| {
        format!(
            "try {{ Invoke-Expression (awsmfa env --no-input {args}); 'went on' }} catch {{ \"caught $_\" }}\n"
        )
    };
    let script = [
        format!("{HOOK}awsmfa use -t {code}\n\"used $env:AWSMFA_PROFILE\"\n"),
        caught("-p 開発"),
        caught("--role-session-name 山田 --role-arn arn:aws:iam::123456789012:role/x"),
    ];
    let screen = run(&machine, &script.concat());
    for line in [
        "used default",
        "caught awsmfa: the argument \"開発\" cannot be",
        "caught awsmfa: --role-session-name \"山田\" is not",
    ] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
    assert!(!screen.contains("went on"), "{screen}");
}
