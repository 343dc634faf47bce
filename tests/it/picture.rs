//! The picture of the README, made from a real run: `setup` in one terminal, and in the next one the list of `use`, a
//! pin and the way back. `AWSMFA_BLESS=1 cargo test --test it picture` writes it.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use crate::support::World;
use crate::support::pty::Terminal;
use crate::support::screen::Screen;
use crate::support::shells;
use crate::support::sts::{ALICES_ACCOUNT, BOBS_ACCOUNT, LocalSts, Role, User};
use crate::support::svg::{Window, picture};

const FILE: &str = "docs/first-minute.svg";
const COLUMNS: u16 = 100;
const ROWS: u16 = 40;

/// The prompt shows the profile, as those of the prompts' page do.
const BASHRC: &str = "PS1='${AWSMFA_PROFILE:+($AWSMFA_PROFILE) }\\w $ '\n";
const ROLES: &str = "\
[profile dev]
role_arn = arn:aws:iam::123456789012:role/developer
source_profile = default
[profile prod]
role_arn = arn:aws:iam::210987654321:role/operator
source_profile = default
";

/// Two lines in `credentials`, and the two roles of a company.
fn world() -> World {
    let role = |account: &str, name: &str| {
        let arn = format!("arn:aws:iam::{account}:role/{name}");
        Role::new(&arn).trusting(ALICES_ACCOUNT).with_mfa()
    };
    let sts = LocalSts::builder()
        .user(User::new(ALICES_ACCOUNT, "alice"))
        .role(role(ALICES_ACCOUNT, "developer"))
        .role(role(BOBS_ACCOUNT, "operator"));
    World::alice_at(sts)
        .config(ROLES)
        .file(".bashrc", BASHRC)
        .file("shop/README", "")
        .env("AWSMFA_STORE", "file")
        .env("AWSMFA_KEYS", "file")
        .env("TERM", "xterm")
}

/// A new terminal, whose shell reads its start-up file.
fn open(world: &World) -> Terminal {
    let home = world.path("");
    let mut terminal = Terminal::sized(world, (ROWS, COLUMNS), &home, "bash", &["-i"]);
    terminal.wait_for("~ $ ");
    terminal
}

/// The screen with what differs from run to run replaced: the home, and a minute that may have passed.
fn screen(world: &World, terminal: &Terminal) -> Screen {
    let text = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let home = world.path("");
    let text = text
        .replace(home.to_str().unwrap().trim_end_matches('/'), "~")
        .replace("11h 59m", "12h")
        .replace("59m", "1h");
    Screen::of(text.as_bytes(), COLUMNS.into())
}

fn setup(world: &World) -> Screen {
    let mut terminal = open(world);
    terminal.enter("awsmfa setup");
    for question in ["[Y/n] ", "for none): ", "[Y/n] "] {
        terminal.wait_for(question);
        terminal.enter("");
    }
    terminal.wait_for("MFA code for ");
    terminal.enter(&world.code());
    terminal.wait_for("[y/N] ");
    terminal.enter("");
    terminal.wait_for("hint: ");
    terminal.wait_for("~ $ ");
    screen(world, &terminal)
}

/// The list, open; and what came of it.
fn use_and_pin(world: &World) -> [Screen; 2] {
    let mut terminal = open(world);
    terminal.enter("awsmfa use");
    terminal.wait_for("esc leaves");
    terminal.send("o");
    terminal.wait_for("2/3");
    terminal.wait_for("\x1b[?25h");
    let list = screen(world, &terminal);
    terminal.send("\r");
    terminal.wait_for("(prod) ~ $ ");
    for (line, prompt) in [
        ("cd shop", "(prod) ~/shop $ "),
        ("awsmfa pin dev", "(dev) ~/shop $ "),
        ("cd", "(prod) ~ $ "),
        ("awsmfa off", "~ $ "),
    ] {
        terminal.enter(line);
        terminal.wait_for(prompt);
    }
    [list, screen(world, &terminal)]
}

#[test]
fn the_picture_of_the_readme_is_what_a_run_shows() {
    if shells::named("bash").is_none() {
        return;
    }
    let world = world();
    let setup = setup(&world);
    let [list, after] = use_and_pin(&world);
    let window = |title, screen, has_cursor| Window {
        title,
        screen,
        has_cursor,
    };
    let drawn = picture(
        &[
            window("the first minute", setup, false),
            window(
                "any terminal after that: nobody is asked for a code",
                list,
                true,
            ),
            window("and a directory can mean a profile", after, false),
        ],
        COLUMNS.into(),
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("AWSMFA_BLESS").is_some() {
        fs::write(&file, &drawn).unwrap();
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    let differs = there.lines().zip(drawn.lines()).find(|(a, b)| a != b);
    assert!(
        there == drawn,
        "{FILE} is not what a run shows: run AWSMFA_BLESS=1 cargo test --test it picture and look at it; {differs:?}"
    );
}
