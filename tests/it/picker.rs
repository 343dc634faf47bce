//! The list of `awsmfa use` without a profile, at a terminal: what it shows, which keys it knows, and that nothing of it
//! stays, however it ends.
#![cfg(unix)]

use std::fmt::Write;
use std::fs;

use insta::assert_snapshot;

use crate::support::World;
use crate::support::hooked::{Hooked, main_shells, shells as shells_with_a_hook, two_accounts};
use crate::support::pty::Terminal;
use crate::support::shells::{self, Shell};

/// A shell with the hook, at a terminal that moves its cursor where the program is told to.
fn start(world: &World, shell: Shell) -> Hooked<'_> {
    let mut hooked = Hooked::start(world, shell);
    hooked.export("TERM", "xterm");
    hooked
}

fn open(hooked: &mut Hooked) {
    hooked.terminal.enter("awsmfa use");
    hooked.terminal.wait_for("profile> ");
    hooked.terminal.wait_for("esc leaves");
}

#[test]
fn what_is_typed_finds_a_profile_and_enter_takes_it() {
    for shell in shells_with_a_hook() {
        let world = two_accounts();
        world.log_in("a");
        let mut hooked = start(&world, shell);
        open(&mut hooked);
        // The name and the account are there, and of `a` that a session is stored and how long.
        hooked.terminal.wait_for("123456789012");
        let text = hooked.terminal.text();
        assert!(text.contains("12h") || text.contains("11h 59m"), "{text}");
        hooked.terminal.send("redr");
        hooked.terminal.wait_for("1/4");
        hooked.terminal.send("\r");
        hooked.terminal.wait_for_prompt();
        let (key, profile) = hooked.holds();
        assert_eq!(profile.as_deref(), Some("reader"), "{}", shell.name);
        assert!(key.is_some_and(|key| key.starts_with("ASIA")));
    }
}

/// The question for a code comes after the list, at the same terminal, and shows nothing of it.
#[test]
fn a_profile_without_a_session_asks_for_its_code_then() {
    for shell in main_shells() {
        let world = two_accounts();
        let mut hooked = start(&world, shell);
        open(&mut hooked);
        hooked.terminal.send("b\r");
        hooked.terminal.wait_for("MFA code for ");
        let code = world.sts().user("bob").fresh_code();
        hooked.terminal.enter(&code);
        hooked.terminal.wait_for("b: 210987654321, ");
        hooked.terminal.wait_for_prompt();
        assert!(!hooked.terminal.text().contains(&code));
        assert_eq!(hooked.holds().1.as_deref(), Some("b"), "{}", shell.name);
    }
}

#[test]
fn the_one_used_last_comes_first_and_arrows_go_on_from_there() {
    let Some(bash) = shells::named("bash") else {
        return;
    };
    for down in ["\x1b[B", "\x1bOB", "\x0e", "\n"] {
        let world = two_accounts();
        let (a, b) = (world.log_in("a"), world.log_in("b"));
        let mut hooked = start(&world, bash);
        hooked.run("awsmfa use a");
        hooked.run("awsmfa use b");
        hooked.run("awsmfa off");
        open(&mut hooked);
        hooked.terminal.send("\r");
        hooked.terminal.wait_for("b: ");
        hooked.terminal.wait_for_prompt();
        hooked.assert_holds(&b, "b");
        hooked.run("awsmfa off");
        open(&mut hooked);
        hooked.terminal.send(&format!("{down}\r"));
        hooked.terminal.wait_for("a: ");
        hooked.terminal.wait_for_prompt();
        hooked.assert_holds(&a, "a");
        // The shell's own profile is the first, whichever was used last.
        open(&mut hooked);
        hooked.terminal.send("\r");
        hooked.terminal.wait_for("a: ");
        hooked.terminal.wait_for_prompt();
        hooked.assert_holds(&a, "a");
    }
}

/// Nobody asked for another account: what the shell has stays, other tools' keys too.
#[test]
fn escape_leaves_the_shell_and_the_terminal_as_they_were() {
    for shell in main_shells() {
        let world = two_accounts();
        let key = world.log_in("a");
        let mut hooked = start(&world, shell);
        hooked.run("awsmfa use a");
        let settings = |hooked: &mut Hooked| {
            let told = hooked.run("command stty -a");
            let lines = told.lines().skip(1);
            let lines = lines.take_while(|line| !line.starts_with("mark-"));
            lines.collect::<Vec<_>>().join("\n")
        };
        let before = settings(&mut hooked);
        for cancel in ["\x1b", "\x03", "\x07", "xyz\x15\x1b"] {
            open(&mut hooked);
            hooked.terminal.send(cancel);
            hooked.terminal.wait_for_prompt();
            let status = hooked.run(shell.syntax.status);
            assert!(status.contains("was 130"), "{}: {status}", shell.name);
            hooked.assert_holds(&key, "a");
            assert_eq!(settings(&mut hooked), before, "{}: {cancel:?}", shell.name);
        }
    }
}

/// A signal takes the list away and gives the terminal back; the shell goes on in the same line.
#[test]
fn a_signal_takes_the_list_away_and_gives_the_terminal_back() {
    use rustix::process::{Pid, Signal, kill_process};
    let Some(bash) = shells::named("bash") else {
        return;
    };
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let world = two_accounts().env("TERM", "xterm");
        let mut terminal = Terminal::shell(&world, bash);
        let before = terminal.run("stty -a");
        terminal.enter("sh -c 'echo $$ > ~/pid; exec awsmfa use --shell sh > ~/out'; stty -a");
        terminal.wait_for("esc leaves");
        let pid = world.read("pid").trim().parse().unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
        terminal.wait_for("\x1b[J\x1b[?7h\x1b[?25h\x1b[0m");
        terminal.wait_for_prompt();
        let text = terminal.text();
        let settings = |text: &str| {
            let from = text.rfind("speed ").unwrap();
            let lines = text[from..].lines().take(7);
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(settings(&text), settings(&before), "{signal:?}");
        assert!(world.read("out").contains("false"), "{signal:?}");
    }
}

#[test]
fn where_nobody_can_be_asked_the_names_are_said() {
    let world = two_accounts();
    let ran = world
        .awsmfa(["use", "--shell", "sh"])
        .any_stdout()
        .any_stderr();
    let ran = ran.status(5).run();
    assert_snapshot!(ran.stderr, @r#"
        awsmfa: nothing says which profile to use, and nobody can be asked: there is no terminal
        hint: run awsmfa use PROFILE; there are a, b, nobody, reader
        "#);
    assert!(ran.stdout.contains("false"), "{}", ran.stdout);
}

#[test]
fn where_one_profile_is_named_there_is_no_list() {
    let Some(bash) = shells::named("bash") else {
        return;
    };
    let world = two_accounts();
    let (a, b) = (world.log_in("a"), world.log_in("b"));
    let mut hooked = start(&world, bash);
    hooked.export("AWS_PROFILE", "a");
    hooked.run("awsmfa use");
    hooked.assert_holds(&a, "a");
    hooked.run("awsmfa off; unset AWS_PROFILE; awsmfa pin b; awsmfa off");
    hooked.run("awsmfa use");
    hooked.assert_holds(&b, "b");
}

#[test]
fn a_terminal_that_moves_no_cursor_gets_lines_and_takes_a_number() {
    let Some(bash) = shells::named("bash") else {
        return;
    };
    let world = two_accounts();
    let a = world.log_in("a");
    let mut hooked = Hooked::start(&world, bash);
    hooked.terminal.enter("awsmfa use");
    hooked
        .terminal
        .wait_for("  4  reader  123456789012  reader");
    hooked.terminal.wait_for("Which profile? ");
    hooked.terminal.enter("1");
    hooked.terminal.wait_for("a: ");
    hooked.terminal.wait_for_prompt();
    hooked.assert_holds(&a, "a");
}

/// Of a thousand, and one of them with a name and a role that would fill the screen.
#[test]
fn among_a_thousand_profiles_the_right_one_is_found() {
    let Some(bash) = shells::named("bash") else {
        return;
    };
    let world = two_accounts();
    let mut config = world.read(".aws/config");
    let long = "x".repeat(10_000);
    let _ = write!(
        config,
        "[profile {long}]\nrole_arn = arn:aws:iam::123456789012:role/\u{1b}[2J\u{1b}]0;pwned\u{7}\nsource_profile = a\n"
    );
    for n in 0..1_000 {
        let _ = write!(
            config,
            "[profile team-{n}]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = a\n"
        );
    }
    let world = world.config(config);
    world.log_in("a");
    let mut hooked = start(&world, bash);
    open(&mut hooked);
    for key in "team-987".chars() {
        hooked.terminal.send(&key.to_string());
    }
    hooked.terminal.wait_for("team-987");
    hooked.terminal.send("\r");
    hooked.terminal.wait_for("team-987: 123456789012");
    hooked.terminal.wait_for_prompt();
    assert_eq!(hooked.holds().1.as_deref(), Some("team-987"));
    let shown = String::from_utf8_lossy(&hooked.terminal.bytes()).into_owned();
    for steering in ["\u{1b}[2J", "pwned\u{7}"] {
        assert!(!shown.contains(steering), "{steering:?}");
    }
    let recent = fs::read_to_string(world.path("state/recent")).unwrap();
    assert_eq!(recent, "team-987\n");
}

#[test]
fn without_a_store_nothing_is_noted_of_what_was_used() {
    let Some(bash) = shells::named("bash") else {
        return;
    };
    let world = two_accounts();
    let mut hooked = Hooked::start(&world, bash);
    let code = world.code();
    hooked.run(&format!("awsmfa use a --no-cache -t {code}"));
    assert_eq!(hooked.holds().1.as_deref(), Some("a"));
    assert!(!world.path("state/recent").exists());
}
