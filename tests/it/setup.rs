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

/// What is asked from two lines in `credentials` on, and answered: Enter each time, and once a code.
const QUESTIONS: [&str; 5] = [
    "Write this? [Y/n] ",
    "Enter for none",
    "Write this? [Y/n] ",
    "MFA code for ",
    "need a session then. [y/N] ",
];

/// Enter at every question, and the code; how often Enter was pressed.
fn take_all(world: &World, terminal: &mut Terminal) -> usize {
    terminal.wait_for("+ mfa_serial = ");
    for question in QUESTIONS {
        terminal.wait_for(question);
        terminal.enter(
            match question.starts_with("MFA code") {
                true => world.code(),
                false => String::new(),
            }
            .as_str(),
        );
    }
    QUESTIONS.len()
}

#[test]
fn two_lines_become_a_session_with_five_enters_and_one_code() {
    let world = world();
    let mut terminal = start(&world, &["--shell", "bash"]);
    assert_eq!(take_all(&world, &mut terminal), 5);
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    // A second may pass between the answer and the sentence.
    let text = world.redacted(&terminal.text()).replace("11h 59m", "12h");
    assert_snapshot!(text, @r#"
    awsmfa: MFA device of profile default: arn:aws:iam::123456789012:mfa/alice
    [HOME]/.aws/config:
      + [default]
      + mfa_serial = arn:aws:iam::123456789012:mfa/alice
    awsmfa: Write this? [Y/n] 
    awsmfa: Region for profile default (ap-northeast-1, …; Enter for none): 
    [HOME]/.bashrc:
      + # >>> awsmfa: `awsmfa setup --undo` takes this out again >>>
      + eval "$(awsmfa hook bash)"
      + eval "$(awsmfa completions bash)"
      + # <<< awsmfa <<<
    awsmfa: Write this? [Y/n] 
    awsmfa: MFA code for arn:aws:iam::123456789012:mfa/alice (profile default): ******
    awsmfa: it works: profile default has a session for 12h
    awsmfa: the long-term key of profile default is in plain text, and every backup has it:
    [HOME]/.aws/credentials:
      - aws_access_key_id = AKIAALICEXXXXXXXXXXX
      - aws_secret_access_key = (hidden)
    awsmfa: Move it into the passphrase file? Programs that read it there need a session then. [y/N] 
    hint: open a new terminal and run awsmfa use, or here and now: eval "$(awsmfa env)"
    "#);
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
    first.wait_for("[y/N] ");
    first.enter("");
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
    for stop in 0..5 {
        let world = world().file(".bashrc", "mine\n");
        let mut terminal = start(&world, &["--shell", "bash"]);
        for (number, question) in QUESTIONS.iter().enumerate().take(stop + 1) {
            terminal.wait_for(question);
            match number == stop {
                true => terminal.control('c'),
                false if number == 3 => terminal.enter(&world.code()),
                false => terminal.enter(""),
            }
        }
        assert_eq!(terminal.status(), 130, "{stop}: {}", terminal.text());
        assert_eq!(world.path(".aws/config").exists(), stop > 0, "{stop}");
        assert_eq!(world.read(".bashrc") != "mine\n", stop > 2, "{stop}");
        assert_eq!(world.read(".aws/credentials"), world.keys("default"));
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

const PASSPHRASE: &str = "correct horse battery staple";

/// A machine without a desktop: the place for keys is a file under a passphrase.
fn type_passphrase(terminal: &mut Terminal) {
    terminal.wait_for("a new passphrase for ");
    terminal.enter(PASSPHRASE);
    terminal.wait_for("the same passphrase again: ");
    terminal.enter(PASSPHRASE);
}

fn finish(world: &World, terminal: &mut Terminal) {
    for _ in 0..2 {
        terminal.wait_for("Write this? [Y/n] ");
        terminal.enter("");
    }
    terminal.wait_for("MFA code");
    terminal.enter(&world.code());
}

#[test]
fn a_key_that_is_typed_goes_into_the_key_store_and_into_no_file() {
    let world = world()
        .env("AWS_REGION", "eu-west-1")
        .env("AWSMFA_KEYS", "file");
    let user = world.user();
    let (id, secret) = (user.access_key_id.clone(), user.secret_access_key.clone());
    fs::remove_file(world.path(".aws/credentials")).unwrap();
    let mut terminal = start(&world, &["--shell", "bash"]);
    terminal.wait_for("Keep it in the passphrase file, in no file in plain text? [Y/n] ");
    terminal.enter("");
    terminal.wait_for("access key id for profile default: ");
    terminal.enter(&id);
    terminal.wait_for("its secret access key: ");
    terminal.enter(&secret);
    type_passphrase(&mut terminal);
    finish(&world, &mut terminal);
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    for hidden in [&*secret, PASSPHRASE] {
        assert!(!terminal.text().contains(hidden));
    }
    assert_eq!(files_with(&world, &secret), 0);
    world.session(&["--no-input"]);
}

#[test]
fn or_into_the_file_where_that_is_wanted() {
    let world = world().env("AWS_REGION", "eu-west-1");
    let user = world.user();
    let (id, secret) = (user.access_key_id.clone(), user.secret_access_key.clone());
    fs::remove_file(world.path(".aws/credentials")).unwrap();
    let mut terminal = start(&world, &["--shell", "bash"]);
    terminal.wait_for("Keep it in ");
    terminal.enter("n");
    terminal.wait_for("Access key id (AKIA…): ");
    terminal.enter(&id);
    terminal.wait_for("Secret access key: ");
    terminal.enter(&secret);
    // Where it shall live was said: it is not asked for again.
    finish(&world, &mut terminal);
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
fn a_key_that_was_found_moves_when_somebody_says_so_and_comes_back_to_the_byte() {
    let world = world()
        .env("AWS_REGION", "eu-west-1")
        .env("AWSMFA_KEYS", "file");
    let secret = world.user().secret_access_key.clone();
    let before = world.read(".aws/credentials");
    let mut terminal = start(&world, &["--shell", "bash"]);
    finish(&world, &mut terminal);
    terminal.wait_for("Move it into the passphrase file? ");
    terminal.enter("y");
    type_passphrase(&mut terminal);
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(files_with(&world, &secret), 0);
    world.session(&["--no-input"]);
    let undo = world.awsmfa(["setup", "--undo", "--shell", "bash"]);
    undo.any_stderr().run();
    assert_eq!(world.read(".aws/credentials"), before);
    assert!(!world.path(".aws/config").exists() && !world.path(".bashrc").exists());
}

/// How many files of the home hold this text.
fn files_with(world: &World, text: &str) -> usize {
    let holds = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).unwrap_or_default();
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    world.tree().iter().filter(|path| holds(path)).count()
}

#[test]
fn nobody_at_a_terminal_and_no_yes_is_exit_code_5() {
    let world = world();
    let before = world.tree();
    let ran = world.awsmfa(["setup"]).status(5).any_stderr().run();
    assert_snapshot!(ran.stderr, @r#"
    awsmfa: setup asks before it changes anything, and nobody can be asked: there is no terminal
    hint: run it at a terminal, or add --yes to agree to every change
    "#);
    assert_eq!(world.tree(), before);
    fs::remove_file(world.path(".aws/credentials")).unwrap();
    let ran = world.awsmfa(["setup", "--yes"]).status(5).any_stderr();
    assert_snapshot!(ran.run().stderr, @r#"
    awsmfa: profile default has no access key yet
    awsmfa: setup asks before it changes anything, and nobody can be asked: there is no terminal
    hint: run it at a terminal, where it asks for the access key, or run aws configure first
    "#);
}

/// From two lines in `credentials` to a session, typed in each shell: `awsmfa setup`, Enter five times and a code;
/// then a new terminal, `awsmfa use`, and no question any more. What setup wrote is what that shell reads.
#[test]
fn in_each_shell_two_lines_become_a_session_in_a_new_terminal() {
    for name in ["bash", "zsh", "fish", "pwsh"] {
        let Some(shell) = shells::named(name) else {
            continue;
        };
        let folder = std::path::Path::new(AWSMFA).parent().unwrap();
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
        let world = world().env("PATH", path);
        // Not the last command: a shell becomes that, and nobody would be there to be found.
        let line = ["-c", "awsmfa setup; echo done"];
        let mut terminal = Terminal::start(&world, &shell.path(), &line);
        assert_eq!(take_all(&world, &mut terminal), 5, "{name}");
        terminal.wait_for("done");
        assert_eq!(terminal.status(), 0, "{name}: {}", terminal.text());
        assert!(
            terminal.text().contains("it works"),
            "{name}: {}",
            terminal.text()
        );
        let file = match name {
            "bash" => ".bashrc",
            "zsh" => ".zshrc",
            "fish" => ".config/fish/config.fish",
            _ => ".config/powershell/Microsoft.PowerShell_profile.ps1",
        };
        assert!(world.read(file).contains("awsmfa hook"), "{name}");
        let show = match name {
            "pwsh" => "awsmfa use; \"key=$env:AWS_ACCESS_KEY_ID\"",
            _ => "awsmfa use; echo \"key=$AWS_ACCESS_KEY_ID\"",
        };
        let args: &[&str] = if name == "pwsh" {
            &["-Command"]
        } else {
            &["-i", "-c"]
        };
        let calls = world.sts().calls().len();
        let mut command = world.command(&shell.path());
        command
            .args(args)
            .arg(show)
            .stdout(std::process::Stdio::piped());
        let ran = crate::support::process::finish(&mut command, "");
        assert!(
            ran.stdout.contains("key=ASIA"),
            "{name}: {} {}",
            ran.stdout,
            ran.stderr
        );
        assert_eq!(world.sts().calls().len(), calls, "{name}");
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
