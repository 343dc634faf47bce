//! A run that a stored session answers pays for nothing else: no runtime, no thread, no socket, no
//! certificate, no file but its own three. What is absent is proven, not how long it takes.
#![cfg(target_os = "linux")]
use std::process::{Command, Stdio};

use crate::support::World;
use crate::support::callgrind;
use crate::support::process::finish;
use crate::support::shells::{installed, say_skipped};
use crate::support::world::AWSMFA;

/// The system calls of a run, a line each.
fn trace(world: &World, args: &[&str]) -> String {
    let mut command = world.command("strace");
    let file = world.path("trace");
    command.args(["-f", "-o", file.to_str().unwrap(), AWSMFA]);
    let ran = finish(command.args(args).stdout(Stdio::piped()), "");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    world.read("trace")
}

/// The calls of a trace.
fn all_calls(trace: &str) -> impl Iterator<Item = &str> {
    let call = |line: &'_ str| line.find(' ').map(|at| at + 1);
    trace
        .lines()
        .filter_map(move |line| Some(line[call(line)?..].trim()))
        .filter(|call| !call.starts_with("+++"))
}

/// Those of them that begin like this.
fn calls(trace: &str, names: &[&str]) -> Vec<String> {
    let of_these = |call: &&str| names.iter().any(|name| call.starts_with(name));
    all_calls(trace)
        .filter(of_these)
        .map(str::to_owned)
        .collect()
}

/// alice, with a session in the store.
fn logged_in() -> World {
    let world = World::alice().with_store();
    world.session_for_a_code(&[]);
    world
}

/// A profile whose key is in the passphrase file: one file more, the index, and nothing of the key store.
#[test]
fn a_key_in_the_key_store_costs_a_warm_run_one_small_file() {
    if !installed("strace", true) {
        return;
    }
    let opened = |world: &World| {
        let trace = trace(world, &["env", "--shell", "sh"]);
        let opened = calls(&trace, &["open("]).len() + calls(&trace, &["openat("]).len();
        assert_eq!(calls(&trace, &NETWORK), [] as [&str; 0]);
        assert!(!trace.contains("keys.age"), "{trace}");
        opened
    };
    let world = logged_in();
    let before = opened(&world);
    assert_eq!(opened(&with_kept_key(world)), before + 1);
}

/// The same world with the key of its default profile in the passphrase file, as the index says.
fn with_kept_key(world: World) -> World {
    let index = format!(
        r#"{{"keys":[{{"profile":"default","access_key_id":"{}","place":"file","since":1}}]}}"#,
        world.user().access_key_id
    );
    let world = world
        .credentials("[default]\n")
        .file("state/keys.json", index);
    let mut command = world.command("chmod");
    finish(command.args(["600", "../state/keys.json"]), "");
    world
}

/// Beside the same run with the key in the file: what the index costs is the reading of one small file, and what the
/// key in the file costs is not paid.
#[test]
fn a_key_in_the_key_store_costs_a_warm_run_no_more_instructions() {
    if !callgrind::is_installed() {
        return;
    }
    let world = logged_in();
    let in_file = WARM.map(|command| callgrind::count(&world, AWSMFA, command).own);
    let world = with_kept_key(world);
    let in_store = WARM.map(|command| callgrind::count(&world, AWSMFA, command).own);
    println!("{in_file:?} with the key in the file, {in_store:?} in the key store");
    for (in_file, in_store) in in_file.into_iter().zip(in_store) {
        assert!(
            in_store * 100 <= in_file * 102,
            "{in_store} beside {in_file}"
        );
    }
}

/// The lines that a shell, a prompt and the AWS SDKs run again and again.
const WARM: [&[&str]; 2] = [&["env", "--shell", "sh"], &["credential-process"]];

const THREADS: [&str; 3] = ["clone(", "clone3(", "fork("];
const RUNTIME: [&str; 4] = ["epoll_create", "eventfd", "io_uring", "timerfd"];
const NETWORK: [&str; 3] = ["socket(", "socketpair(", "connect("];

#[test]
fn a_stored_session_is_printed_without_runtime_thread_network_or_certificates() {
    if !installed("strace", true) {
        return;
    }
    let world = World::alice().with_store();
    let cold = trace(&world, &["env", "-t", &world.code()]);
    // The trace does show these things where they are.
    for names in [&THREADS[..], &RUNTIME, &NETWORK] {
        assert!(!calls(&cold, names).is_empty(), "{names:?}");
    }
    let connections = world.sts().connections();
    for command in WARM {
        let warm = trace(&world, command);
        for names in [&THREADS[..], &RUNTIME, &NETWORK] {
            assert_eq!(calls(&warm, names), [] as [&str; 0]);
        }
        assert_eq!(calls(&warm, &["execve("]).len(), 1, "{warm}");
        assert!(!warm.contains("/ssl/"), "{warm}");
        assert!(
            !warm.contains("resolv.conf") && !warm.contains("nsswitch"),
            "{warm}"
        );
    }
    assert_eq!(world.sts().connections(), connections);
}

#[test]
fn a_stored_session_takes_three_files_each_read_once() {
    if !installed("strace", true) {
        return;
    }
    let world = logged_in();
    let home = world.path("");
    let entry = world.entry();
    let entry = entry.strip_prefix(&home).unwrap().to_str().unwrap();
    // Where nothing names the profile, the directory's pin may.
    let named = ["env", "default", "--shell", "sh"];
    let runs: [(&[&str], &[&str]); 3] = [(&named, &[]), (WARM[0], &["state/pins"]), (WARM[1], &[])];
    for (command, pins) in runs {
        let warm = trace(&world, command);
        let opened: Vec<String> = calls(&warm, &["open"])
            .iter()
            .filter_map(|call| call.split('"').nth(1)?.strip_prefix(home.to_str()?))
            .map(|file| file.trim_start_matches('/').to_owned())
            .collect();
        let files = [&[".aws/config", ".aws/credentials"], pins, &[entry]].concat();
        assert_eq!(opened, files);
        assert!(!warm.contains("O_CREAT"), "{warm}");
    }
}

/// Beside a run that only says its version: what the loader and the C library do is in both. What asks
/// for memory is left out, which a library does as it likes.
#[test]
fn a_stored_session_takes_few_system_calls() {
    if !installed("strace", true) {
        return;
    }
    let world = logged_in();
    let count = |args: &[&str]| {
        let trace = trace(&world, args);
        let memory = ["brk(", "mmap(", "munmap(", "mremap("];
        let counted = |call: &&str| !memory.iter().any(|name| call.starts_with(name));
        all_calls(&trace).filter(counted).count()
    };
    let version = count(&["--version"]);
    for command in WARM {
        let warm = count(command);
        // Three files of five calls, the keyring's five, whose folder it is, what the clock and chance say.
        assert!(
            warm <= version + 30,
            "{command:?}: {warm} calls, {version} for --version"
        );
    }
}

/// With this compiler, in the program itself as the tests build it: what the loader and the C library of
/// a machine do is not counted.
const COMPILER: &str = "rustc 1.95.0";
const INSTRUCTIONS: [u64; 2] = [483_600, 586_400];

/// After a change for the better, or with another compiler, the figures are to be replaced by the ones
/// that the test names.
#[test]
fn a_stored_session_takes_the_instructions_it_took() {
    if !callgrind::is_installed() {
        return;
    }
    if !cfg!(all(target_arch = "x86_64", debug_assertions)) {
        say_skipped("the figures are of a debug build for x86_64");
        return;
    }
    let world = logged_in();
    let counted = WARM.map(|command| callgrind::count(&world, AWSMFA, command).own);
    let compiler = compiler();
    let is_same = compiler.starts_with(COMPILER);
    if !is_same {
        say_skipped(&format!(
            "the figures are of {COMPILER}, so with {compiler} a fifth more or less is let pass"
        ));
    }
    // Either way: a figure that is kept too high guards nothing.
    let percent = if is_same { 5 } else { 20 };
    let is_near =
        |(counted, written): (u64, u64)| counted.abs_diff(written) * 100 <= written * percent;
    assert!(
        counted.into_iter().zip(INSTRUCTIONS).all(is_near),
        "{counted:?} instructions where {INSTRUCTIONS:?} are written down"
    );
}

/// Four times the profiles are about four times the work: nothing goes through all of them for each.
#[test]
fn a_list_of_profiles_costs_in_proportion_to_their_number() {
    if !callgrind::is_installed() {
        return;
    }
    let cost = |number: usize| {
        let role = |n| {
            format!(
                "[profile p{n}]\nrole_arn = arn:aws:iam::123456789012:role/r{n}\nsource_profile = default\n"
            )
        };
        let roles: String = (0..number).map(role).collect();
        let world = World::alice().config(format!("[default]\nregion = us-east-1\n{roles}"));
        callgrind::count(&world, AWSMFA, &["profiles"]).own
    };
    let (few, many) = (cost(150), cost(600));
    assert!(many * 10 < few * 45, "{many} beside {few}");
}

/// The compiler that cargo took, as far as a test can know.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let output = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}
