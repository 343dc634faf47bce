//! The first minute: from two lines in `credentials` to a session in the shell, and back to the bytes of before.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use insta::assert_snapshot;

use crate::support::World;
use crate::support::pty::Terminal;
use crate::support::shells;
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, User};
use crate::support::world::AWSMFA;

const DEVICE: &str = "arn:aws:iam::123456789012:mfa/alice";
const SECTION: &str = "[default]\nmfa_serial = arn:aws:iam::123456789012:mfa/alice\n";

/// A home with two lines in `credentials` and nothing else.
fn world() -> World {
    let sts = LocalSts::builder().user(User::new(ALICES_ACCOUNT, "alice"));
    let world = World::alice_at(sts).env("AWSMFA_STORE", "file");
    fs::remove_file(world.path(".aws/config")).unwrap();
    world
}

fn start(world: &World, args: &[&str]) -> Terminal {
    Terminal::start(world, AWSMFA, &[&["setup"], args].concat())
}

/// Enter at every question, and the code.
fn take_all(world: &World, terminal: &mut Terminal) {
    terminal.wait_for("+ mfa_serial = ");
    terminal.wait_for("Write this? [Y/n] ");
    terminal.enter("");
    terminal.wait_for("Enter for none");
    terminal.enter("");
    terminal.wait_for("Write this? [Y/n] ");
    terminal.enter("");
    terminal.wait_for("awsmfa: MFA code for ");
    terminal.enter(&world.code());
    terminal.wait_for("it works: profile default has a session for 12h");
}

#[test]
fn two_lines_become_a_session_with_three_enters_and_one_code() {
    let world = world();
    let mut terminal = start(&world, &["--shell", "bash"]);
    take_all(&world, &mut terminal);
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(world.read(".aws/config"), SECTION);
    assert_snapshot!(world.read(".bashrc"), @r#"
    # >>> awsmfa: `awsmfa setup --undo` takes this out again >>>
    eval "$(awsmfa hook bash)"
    eval "$(awsmfa completions bash)"
    # <<< awsmfa <<<
    "#);
    world.session(&["--no-input"]);
}

#[test]
fn a_second_run_has_nothing_to_do_and_asks_nothing() {
    let world = world().env("AWS_REGION", "eu-west-1");
    let mut first = start(&world, &["--shell", "bash"]);
    for _ in 0..2 {
        first.wait_for("Write this? [Y/n] ");
        first.enter("");
    }
    first.wait_for("awsmfa: MFA code for ");
    first.enter(&world.code());
    assert_eq!(first.status(), 0, "{}", first.text());
    let before = world.tree();
    let mut again = start(&world, &["--shell", "bash"]);
    again.wait_for("it works: profile default has a session for ");
    assert_eq!(again.status(), 0, "{}", again.text());
    assert!(!again.text().contains('?'), "{}", again.text());
    assert_eq!(world.tree(), before);
}

#[test]
fn undone_every_file_has_the_bytes_it_had() {
    for (bashrc, config) in [
        (None, None),
        (
            Some("alias ll='ls -l'\n"),
            Some("[default]\nregion = eu-west-1\n"),
        ),
        (
            Some("no newline at the end"),
            Some("# mine\r\n[profile x]\r\nregion = eu-west-1\r\n"),
        ),
        (Some(""), Some("")),
    ] {
        let mut world = world().env("AWS_REGION", "eu-west-1");
        if let Some(text) = bashrc {
            world = world.file(".bashrc", text);
        }
        if let Some(text) = config {
            world = world.config(text);
        }
        let files = [".bashrc", ".aws/config", ".aws/credentials"];
        let bytes = |world: &World| files.map(|file| fs::read(world.path(file)).ok());
        let before = bytes(&world);
        let ran = world
            .awsmfa(["setup", "--yes", "--shell", "bash"])
            .any_stderr()
            .run();
        assert!(ran.stderr.contains("+ mfa_serial"), "{}", ran.stderr);
        assert_ne!(bytes(&world), before);
        world
            .awsmfa(["setup", "--undo", "--shell", "bash"])
            .any_stderr()
            .run();
        assert_eq!(bytes(&world), before, "{bashrc:?}");
        let again = world.awsmfa(["setup", "--undo", "--shell", "bash"]);
        again.stderr("awsmfa: there is nothing to undo\n").run();
    }
}

#[test]
fn what_somebody_wrote_since_stays_when_it_is_undone() {
    let world = world()
        .env("AWS_REGION", "eu-west-1")
        .file(".bashrc", "first\n");
    world
        .awsmfa(["setup", "--yes", "--shell", "bash"])
        .any_stderr()
        .run();
    let text = world.read(".bashrc") + "last\n";
    fs::write(world.path(".bashrc"), text).unwrap();
    world
        .awsmfa(["setup", "--undo", "--shell", "bash"])
        .any_stderr()
        .run();
    assert_eq!(world.read(".bashrc"), "first\nlast\n");
}

#[test]
fn a_no_changes_nothing_and_the_next_question_comes() {
    let world = world().file(".bashrc", "mine\n");
    let mut terminal = start(&world, &["--shell", "bash"]);
    terminal.wait_for("Write this? [Y/n] ");
    terminal.enter("n");
    terminal.wait_for("Enter for none");
    terminal.enter("");
    terminal.wait_for("Write this? [Y/n] ");
    terminal.enter("n");
    terminal.wait_for("awsmfa: MFA code for ");
    terminal.control('c');
    assert_eq!(terminal.status(), 130, "{}", terminal.text());
    assert_eq!(world.read(".bashrc"), "mine\n");
    assert!(!world.path(".aws/config").exists());
}

#[test]
fn ctrl_c_at_any_question_leaves_what_was_agreed_to_and_no_more() {
    for stop in 0..4 {
        let world = world().file(".bashrc", "mine\n");
        let mut terminal = start(&world, &["--shell", "bash"]);
        let questions = [
            "Write this? [Y/n] ",
            "Enter for none",
            "Write this? [Y/n] ",
            "MFA code",
        ];
        for (number, question) in questions.iter().enumerate().take(stop + 1) {
            terminal.wait_for(question);
            match number == stop {
                true => terminal.control('c'),
                false => terminal.enter(""),
            }
        }
        assert_eq!(terminal.status(), 130, "{stop}: {}", terminal.text());
        assert_eq!(world.path(".aws/config").exists(), stop > 0, "{stop}");
        assert_eq!(world.read(".bashrc") != "mine\n", stop > 2, "{stop}");
    }
}

#[test]
fn a_start_up_file_that_is_a_link_stays_one() {
    let world = world()
        .env("AWS_REGION", "eu-west-1")
        .file("dotfiles/bashrc", "mine\n");
    symlink(world.path("dotfiles/bashrc"), world.path(".bashrc")).unwrap();
    world
        .awsmfa(["setup", "--yes", "--shell", "bash"])
        .any_stderr()
        .run();
    assert!(world.path(".bashrc").is_symlink());
    assert!(
        world
            .read("dotfiles/bashrc")
            .starts_with("mine\n# >>> awsmfa")
    );
}

#[test]
fn a_start_up_file_that_cannot_be_written_gets_its_lines_said() {
    if rustix::process::geteuid().is_root() {
        return shells::say_skipped("root may write every file");
    }
    let world = world()
        .env("AWS_REGION", "eu-west-1")
        .file(".bashrc", "mine\n");
    fs::set_permissions(world.path(".bashrc"), fs::Permissions::from_mode(0o444)).unwrap();
    let ran = world
        .awsmfa(["setup", "--yes", "--shell", "bash"])
        .any_stderr()
        .run();
    assert!(
        ran.stderr.contains("eval \"$(awsmfa hook bash)\""),
        "{}",
        ran.stderr
    );
    assert_eq!(world.read(".bashrc"), "mine\n");
}

#[test]
fn without_keys_both_halves_are_asked_for_and_the_secret_one_is_not_shown() {
    let world = world().env("AWS_REGION", "eu-west-1");
    let user = world.user();
    let (id, secret) = (user.access_key_id.clone(), user.secret_access_key.clone());
    fs::remove_file(world.path(".aws/credentials")).unwrap();
    let mut terminal = start(&world, &["--shell", "bash"]);
    terminal.wait_for("Access key id (AKIA…): ");
    terminal.enter(&id);
    terminal.wait_for("Secret access key: ");
    terminal.enter(&secret);
    terminal.wait_for("Write this? [Y/n] ");
    terminal.enter("");
    terminal.wait_for("Write this? [Y/n] ");
    terminal.enter("");
    terminal.wait_for("MFA code");
    terminal.enter(&world.code());
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert!(!terminal.text().contains(&secret));
    assert!(world.read(".aws/credentials").contains(&id));
    let mode = world
        .path(".aws/credentials")
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn nobody_at_a_terminal_and_no_yes_is_exit_code_5() {
    let world = world();
    let before = world.tree();
    let ran = world.awsmfa(["setup"]).status(5).any_stderr().run();
    assert_snapshot!(ran.stderr, @r#"
    awsmfa: an MFA code is needed and nobody can be asked: there is no terminal
    hint: give it with --token-code CODE, with --token-code - on standard input, or by an mfa_process in the profile
    "#);
    assert_eq!(world.tree(), before);
}

/// What setup wrote is what each shell needs: a new terminal of it has the function, and the session.
#[test]
fn a_new_terminal_of_each_shell_has_the_hook() {
    for name in ["bash", "zsh", "fish", "pwsh"] {
        let Some(shell) = shells::named(name) else {
            continue;
        };
        let folder = std::path::Path::new(AWSMFA).parent().unwrap();
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
        let world = world().env("AWS_REGION", "eu-west-1").env("PATH", path);
        let says = if name == "pwsh" { "powershell" } else { name };
        let mut terminal = start(&world, &["--shell", says]);
        for _ in 0..2 {
            terminal.wait_for("Write this? [Y/n] ");
            terminal.enter("");
        }
        terminal.wait_for("MFA code");
        terminal.enter(&world.code());
        assert_eq!(terminal.status(), 0, "{name}: {}", terminal.text());
        let file = match name {
            "bash" => ".bashrc",
            "zsh" => ".zshrc",
            "fish" => ".config/fish/config.fish",
            _ => ".config/powershell/Microsoft.PowerShell_profile.ps1",
        };
        assert!(world.read(file).contains("awsmfa hook"), "{name}");
        let (line, args): (&str, &[&str]) = match name {
            "bash" => (
                "awsmfa use && echo \"key=$AWS_ACCESS_KEY_ID\"",
                &["-i", "-c"],
            ),
            "zsh" => (
                "awsmfa use && echo \"key=$AWS_ACCESS_KEY_ID\"",
                &["-i", "-c"],
            ),
            "fish" => (
                "awsmfa use; and echo \"key=$AWS_ACCESS_KEY_ID\"",
                &["-i", "-c"],
            ),
            _ => ("awsmfa use; \"key=$env:AWS_ACCESS_KEY_ID\"", &["-Command"]),
        };
        let program = shell.path();
        let mut command = world.command(&program);
        command
            .args(args)
            .arg(line)
            .stdout(std::process::Stdio::piped());
        let ran = crate::support::process::finish(&mut command, "");
        assert!(
            ran.stdout.contains("key=ASIA"),
            "{name}: {} {}",
            ran.stdout,
            ran.stderr
        );
    }
}

/// The device is said, so that nobody has to know its ARN to see that it is the right one.
#[test]
fn the_device_is_said() {
    let world = world();
    let mut terminal = start(&world, &["--shell", "bash"]);
    terminal.wait_for(&format!("awsmfa: MFA device of profile default: {DEVICE}"));
    terminal.control('c');
}
