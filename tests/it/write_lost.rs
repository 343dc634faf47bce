//! `awsmfa write` beside other programs, files in any state, and its own sudden death: no long-term key and no line of
//! another program is lost.
#![cfg(unix)]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::World;
use crate::support::world::AWSMFA;

/// A world whose session is stored: a `write` asks nothing and calls nobody. The keys stand in the config file, so
/// that the credentials file may be anything.
fn world() -> World {
    let world = World::alice().env("AWSMFA_STORE", "file");
    let keys = world.keys("default").replace("[default]\n", "");
    let config = format!("{}{keys}[profile mfa]\n", world.read(".aws/config"));
    let world = world.config(config).credentials("");
    world.session_for_a_code(&[]);
    world
}

fn write(world: &World, target: &str) -> Command {
    let mut command = world.command(AWSMFA);
    command.args(["write", "--to", target]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// How long a whole run takes here and now.
fn whole_run(world: &World) -> Duration {
    let started = Instant::now();
    assert!(write(world, "first").status().unwrap().success());
    started.elapsed()
}

/// What every other program does that adds to the file: it knows no lock of ours.
#[test]
fn a_thousand_appends_of_another_program_beside_two_hundred_writes_all_stay() {
    const APPENDS: u32 = 1_000;
    const WRITES: u32 = 200;
    let world = world();
    // Spread over the writes; on a disk that is busy with something else they end before them.
    let gap = (whole_run(&world) * WRITES / APPENDS).min(Duration::from_millis(20));
    let theirs = |n: u32| format!("[theirs-{n}]\nregion = eu-west-{n}\n");
    let next = AtomicU32::new(1);
    let written = std::sync::Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1..=APPENDS {
                let mut options = OpenOptions::new();
                let mut file = options
                    .append(true)
                    .open(world.path(".aws/credentials"))
                    .unwrap();
                file.write_all(theirs(n).as_bytes()).unwrap();
                drop(file);
                thread::sleep(gap);
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n > WRITES {
                        return;
                    }
                    let ran = write(&world, &format!("ours-{n}")).output().unwrap();
                    let stderr = String::from_utf8(ran.stderr).unwrap();
                    match ran.status.success() {
                        true => written.lock().unwrap().push(n),
                        false => assert!(
                            stderr.contains("each time that awsmfa was about to"),
                            "{stderr}"
                        ),
                    }
                }
            });
        }
    });
    let written = written.into_inner().unwrap();
    let text = world.read(".aws/credentials");
    for n in 1..=APPENDS {
        assert_eq!(
            text.matches(&theirs(n)).count(),
            1,
            "theirs-{n} of {}",
            text.len()
        );
    }
    for n in &written {
        assert_eq!(
            text.matches(&format!("[ours-{n}]\n")).count(),
            1,
            "ours-{n}"
        );
    }
    assert!(
        written.len() > 150,
        "{} of {WRITES} were written",
        written.len()
    );
}

#[test]
fn killed_at_random_moments_it_leaves_the_old_bytes_or_the_new_ones() {
    const RUNS: u32 = 200;
    const MOST_RUNS: u32 = 3_000;
    let world = world();
    let own = "[prod]\naws_access_key_id = AKIACANARY\naws_secret_access_key = canary\n";
    let reset = || fs::write(world.path(".aws/credentials"), own).unwrap();
    reset();
    let started = Instant::now();
    assert!(write(&world, "mfa").status().unwrap().success());
    let mut latest = started.elapsed();
    let new = world.read(".aws/credentials");
    let (mut killed, mut old, mut fresh) = (0, 0, 0);
    for number in 0..MOST_RUNS {
        if number >= RUNS && killed > 50 && old > 20 && fresh > 20 {
            break;
        }
        reset();
        let mut child = write(&world, "mfa").spawn().unwrap();
        // Moments spread over a run, however busy the machine is: the order is not the time's.
        thread::sleep(latest * (number * 37 % 100) / 100);
        let _ = child.kill();
        let was_killed = child.wait().unwrap().code().is_none();
        latest = if was_killed {
            latest * 102 / 100
        } else {
            latest * 95 / 100
        };
        let now = world.read(".aws/credentials");
        assert!(now == own || now == new, "{number}: {now}");
        killed += u32::from(was_killed);
        old += u32::from(now == own);
        fresh += u32::from(now == new);
    }
    assert!(
        killed > 50 && old > 20 && fresh > 20,
        "{killed} {old} {fresh}"
    );
    fs::write(world.path(".aws/credentials"), own).unwrap();
    assert!(write(&world, "mfa").status().unwrap().success());
    assert_eq!(world.read(".aws/credentials"), new);
    assert_eq!(
        fs::read_dir(world.path(".aws")).unwrap().count(),
        2,
        "something stayed"
    );
}

/// xorshift: the same files in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.roll(all.len())]
    }
}

const ID: &str = "AKIACANARY";
const SECRET: &str = "canary/secret";

/// A credentials file as people and tools leave one, then changed at up to eight places.
fn mutated(dice: &mut Dice) -> String {
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..=dice.roll(4) {
        let name = dice.of(&["mfa", "mfa", "prod", "dev"]);
        lines.push(format!("[{name}]"));
        let n = dice.roll(1_000_000);
        match dice.roll(3) {
            0 => lines.extend([
                format!("aws_access_key_id = {ID}{n}"),
                format!("aws_secret_access_key = {SECRET}{n}"),
            ]),
            1 => lines.extend([
                format!("aws_access_key_id = ASIAOLD{n}"),
                format!("aws_secret_access_key = old{n}"),
                format!("aws_session_token = old{n}"),
            ]),
            _ => lines.push("region = eu-west-1".to_owned()),
        }
        lines.push(String::new());
    }
    for _ in 0..dice.roll(9) {
        let at = dice.roll(lines.len());
        let other = dice.roll(lines.len());
        match dice.roll(14) {
            0 => lines.insert(other, lines[at].clone()),
            1 if lines.len() > 1 => drop(lines.remove(at)),
            2 => lines.swap(at, other),
            3 => lines[at].insert_str(0, dice.of(&[" ", "\t", "    "])),
            4 => lines[at].insert_str(0, dice.of(&["#", "; ", "  # ", "\t;"])),
            5 => lines[at] = lines[at].trim_start().to_owned(),
            6 => lines[at].push_str(dice.of(&[" # a note", " ", "\t; x", " \\", "="])),
            7 => {
                lines[at] =
                    lines[at].replace(" = ", dice.of(&["=", " =", ":", " : ", "\t=\t", " = = "]))
            }
            8 => lines[at] = lines[at].to_uppercase().replace("CANARY/SECRET", SECRET),
            9 => lines.insert(
                at,
                dice.of(&[
                    "[mfa]",
                    "[ mfa ]",
                    "[mfa] # x",
                    "[profile mfa]",
                    "[MFA]",
                    "[mfa",
                    "s3 =",
                ])
                .to_owned(),
            ),
            10 => lines.insert(
                at,
                dice.of(&[
                    "aws_session_token = stale",
                    "aws_security_token=stale",
                    "  continued",
                    "\tmax = 1",
                    "x",
                ])
                .to_owned(),
            ),
            11 if lines[at].len() > 3 && lines[at].is_ascii() => {
                let middle = lines[at].len() / 2;
                let rest = lines[at].split_off(middle);
                lines.insert(at + 1, rest);
            }
            12 => {
                let next = lines.remove(other);
                let at = at.min(lines.len().saturating_sub(1));
                if let Some(line) = lines.get_mut(at) {
                    line.push_str(&next);
                } else {
                    lines.push(next);
                }
            }
            _ => lines[at] = lines[at].replace("ASIAOLD", ID),
        }
    }
    let end = dice.of(&["\n", "\n", "\n", "\r\n"]);
    let mut text = lines.join(end);
    if dice.roll(4) > 0 {
        text.push_str(end);
    }
    text
}

/// The lines that hold what may be a part of a long-term key: any such id; any such secret, but one that is the only
/// secret beside the id of a session. A note behind a value is none of it.
fn long_term(text: &str) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut section: Vec<&str> = Vec::new();
    for line in text.lines().chain(["[end]"]) {
        if line.starts_with('[') {
            let is_comment = |line: &str| line.trim_start().starts_with(['#', ';']);
            let count = |what: &str| {
                let active = section.iter().filter(|line| !is_comment(line));
                active
                    .filter(|line| line.to_lowercase().contains(what))
                    .count()
            };
            let ids = count("asiaold");
            let is_session =
                ids > 0 && count("secret_access_key") <= ids && count("akiacanary") == 0;
            for line in &section {
                let note = [" #", "\t;"]
                    .iter()
                    .filter_map(|sign| line.find(sign))
                    .min()
                    .filter(|_| !is_comment(line));
                let value = &line[..note.unwrap_or(line.len())];
                let is_secret = value.contains(SECRET) && (is_comment(line) || !is_session);
                if value.contains(ID) || is_secret {
                    kept.push(*line);
                }
            }
            section.clear();
        }
        section.push(line);
    }
    kept
}

#[test]
fn ten_thousand_mutated_files_lose_no_line_of_a_long_term_key() {
    const FILES: u32 = 10_000;
    const WORKERS: u32 = 6;
    let (written, refused) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (written, refused) = (&written, &refused);
            scope.spawn(move || {
                let world = world();
                let path = world.path(".aws/credentials");
                for n in (worker..FILES).step_by(WORKERS as usize) {
                    let mut dice = Dice(0x5DEE_CE66_D1CE_u64.wrapping_mul(u64::from(n) * 2 + 1));
                    dice.roll(2);
                    let before = mutated(&mut dice);
                    fs::write(&path, &before).unwrap();
                    let ran = write(&world, "mfa").output().unwrap();
                    let after = fs::read_to_string(&path).unwrap();
                    let told = String::from_utf8_lossy(&ran.stderr);
                    let told = format!("file {n}\n{before}\n-- became\n{after}\n-- {told}");
                    if !ran.status.success() {
                        assert_eq!(ran.status.code(), Some(1), "{told}");
                        assert_eq!(before, after, "{told}");
                        refused.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    written.fetch_add(1, Ordering::Relaxed);
                    let mut left = after.lines();
                    for line in long_term(&before) {
                        assert!(left.any(|l| l == line), "{line} is lost\n{told}");
                    }
                }
            });
        }
    });
    let (written, refused) = (written.into_inner(), refused.into_inner());
    assert_eq!(written + refused, FILES);
    assert!(
        written > 2_000 && refused > 2_000,
        "{written} written, {refused} refused"
    );
}
