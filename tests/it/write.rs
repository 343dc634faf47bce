//! `awsmfa write`: the session is in the file, and not another byte has changed.
#![cfg(unix)]
use crate::support;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Child, Stdio};

use crate::support::sts::Step;
use crate::support::{World, example, process};

const SECTION: &str = "[mfa]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n\
    aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n\
    aws_session_token = IQoJb3JpZ2luX2VjEK//+token==\n";

/// Writes the example's session.
#[track_caller]
fn write(world: &World, args: &[&str]) {
    world.sts().next(Step::AnswerWith(example::issued()));
    let code = world.code();
    let args = [&["write", "-t", &code], args].concat();
    world.awsmfa(args).any_stderr().run();
}

/// What is beside the two files: nothing may stay behind.
fn beside(world: &World) -> Vec<String> {
    let entries = fs::read_dir(world.path(".aws")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_first_time_it_adds_both_sections() {
    let world = World::alice();
    let config = format!(
        "[default]\nregion = eu-west-1\noutput = json\nmfa_serial = {}\n",
        world.user().mfa_serial
    );
    let world = world.config(&config);
    world.sts().next(Step::AnswerWith(example::issued()));
    let code = world.code();
    let told = world.awsmfa(["write", "-t", &code]).any_stderr().run();
    assert_eq!(
        world.read(".aws/config"),
        format!("{config}\n[profile mfa]\nregion = eu-west-1\noutput = json\n")
    );
    assert_eq!(
        world.read(".aws/credentials"),
        format!("{}\n{SECTION}", world.keys("default"))
    );
    assert_eq!(beside(&world), ["config", "credentials"]);
    let told = world.redacted(&told.stderr);
    assert!(
        told.starts_with("awsmfa: a session of profile default for "),
        "{told}"
    );
    assert!(
        told.ends_with(
            " is in [mfa] of [HOME]/.aws/credentials\nhint: use it as aws --profile mfa\n"
        ),
        "{told}"
    );
}

#[test]
fn later_the_values_alone_change() {
    let world = World::alice();
    let config = format!("{}\r\n; end", world.read(".aws/config"));
    let keys = world.keys("default");
    let own = "# copied\r\n[work]\r\naws_session_token=old # stale\r\naws_secret_access_key =  old  \r\n\
        aws_security_token = older\r\naws_access_key_id\t=\tASIAOLD\r\n\r\ns3 =\r\n  max = 1\r\n# last";
    let world = world
        .config(format!("[profile work]\nregion = us-east-1\n{config}"))
        .credentials(format!("{keys}{own}"));
    write(&world, &["--to", "work"]);
    assert_eq!(
        world.read(".aws/config"),
        format!("[profile work]\nregion = us-east-1\n{config}")
    );
    let issued = example::issued();
    let new = own
        .replace("old # stale", &issued.session_token)
        .replace("=  old", &format!("=  {}", issued.secret_access_key))
        .replace("older", &issued.session_token)
        .replace("ASIAOLD", &issued.access_key_id);
    assert_eq!(world.read(".aws/credentials"), format!("{keys}{new}"));
}

#[test]
fn mode_owner_and_a_link_to_somebodys_dotfiles_stay() {
    let world = World::alice();
    let keys = world.keys("default");
    let world = world.file("dotfiles/aws/credentials", &keys);
    let (link, target) = (
        world.path(".aws/credentials"),
        world.path("dotfiles/aws/credentials"),
    );
    fs::remove_file(&link).unwrap();
    symlink("../dotfiles/aws/credentials", &link).unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(&target).unwrap();
    write(&world, &[]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let after = fs::metadata(&target).unwrap();
    assert_eq!(
        (after.mode(), after.uid(), after.gid()),
        (before.mode(), before.uid(), before.gid())
    );
    assert_eq!(
        fs::read_to_string(target).unwrap(),
        format!("{keys}\n{SECTION}")
    );
    assert_eq!(fs::read_dir(world.path("dotfiles/aws")).unwrap().count(), 1);
}

#[test]
fn a_file_that_was_not_there_is_private() {
    let world = World::alice();
    let config = format!(
        "{}{}",
        world.read(".aws/config"),
        world.keys("default").replace("[default]\n", "")
    );
    let world = world.config(config);
    fs::remove_file(world.path(".aws/credentials")).unwrap();
    write(&world, &[]);
    assert_eq!(world.read(".aws/credentials"), SECTION);
    let mode = fs::metadata(world.path(".aws/credentials")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_would_be_lost_or_unused_is_refused_before_a_code_is_spent() {
    let world = World::alice();
    let keys = format!("{}{}", world.keys("default"), world.keys("other"));
    let config = format!(
        "{}[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\n",
        world.read(".aws/config")
    );
    let world = world.credentials(&keys).config(&config);
    for (args, stderr) in [
        (
            ["default", "--to", "default"],
            "awsmfa: a session of profile default cannot go into profile default, which it is made from\n\
             hint: name the profile with the long-term keys first, then another one: awsmfa write PROFILE --to NAME\n",
        ),
        (
            ["dev", "--to", "default"],
            "awsmfa: a session of profile dev cannot go into profile default, which it is made from\n\
             hint: name a profile for sessions: awsmfa write dev --to mfa\n",
        ),
        (
            ["default", "--to", "other"],
            "awsmfa: profile other holds long-term keys, and a session is not written over them\n\
             hint: name another profile with --to NAME; if the keys are not wanted any more, remove them from line 5 of [HOME]/.aws/credentials\n",
        ),
        (
            ["default", "--to", "dev"],
            "awsmfa: profile dev gets its keys by role_arn, and not every AWS tool would use those written there\n\
             hint: name another profile with --to NAME, or remove line 4 of [HOME]/.aws/config\n",
        ),
        (
            ["default", "--to", "a b"],
            "awsmfa: --to \"a b\" cannot be a profile's name\n\
             hint: AWS SDKs read names of A-Z a-z 0-9 _ - / . % @ : + only\n",
        ),
    ] {
        let args = ["write", "-t", "123456"].into_iter().chain(args);
        world.awsmfa(args).stderr(stderr).status(1).run();
    }
    assert_eq!(world.read(".aws/credentials"), keys);
    assert_eq!(world.read(".aws/config"), config);
    assert!(world.sts().calls().is_empty());
}

/// `AWS_SHARED_CREDENTIALS_FILE=/dev/null` is a known way to say "none"; root could replace it.
#[test]
fn what_is_no_file_is_not_replaced() {
    let world = World::alice();
    let config = format!(
        "{}{}",
        world.read(".aws/config"),
        world.keys("default").replace("[default]\n", "")
    );
    let world = world
        .config(config)
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    // A lock beside it, in /dev, may be forbidden too: the reason differs, the refusal does not.
    let code = world.code();
    let ran = world
        .awsmfa(["write", "-t", &code])
        .any_stderr()
        .status(1)
        .run();
    assert!(
        ran.stderr.starts_with("awsmfa: cannot write /dev/null: "),
        "{}",
        ran.stderr
    );
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

/// The limit stands in for a full disk. It is found before the code is spent.
#[test]
fn a_full_disk_leaves_the_old_file_and_costs_no_code() {
    let world = World::alice();
    let long = "# a comment of some length, to be kept whatever happens\n".repeat(100);
    let keys = format!("{}{long}", world.keys("default"));
    let world = world.credentials(&keys);
    let config = world.read(".aws/config");
    let mut command = world.command("bash");
    // 20 blocks of 1024 bytes; the signal that comes with it is ignored, so that the error is seen.
    let script = format!(
        "trap '' XFSZ; ulimit -f 20; exec awsmfa write -t {}",
        world.code()
    );
    let ran = process::finish(command.args(["-c", &script]).stdout(Stdio::piped()), "");
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let told = world.redacted(&ran.stderr);
    assert!(
        told.starts_with("awsmfa: cannot write [HOME]/.aws/credentials: File too large"),
        "{told}"
    );
    assert_eq!(world.read(".aws/credentials"), keys);
    assert_eq!(world.read(".aws/config"), config);
    assert_eq!(beside(&world), ["config", "credentials"]);
    assert!(world.sts().calls().is_empty());
}

/// What fills the disk after that: each of the writes and of the calls that make one last.
#[test]
fn a_disk_that_is_full_at_any_moment_leaves_the_old_file() {
    if !support::shells::installed("strace", true) {
        return;
    }
    let mut failed = 0;
    for (call, error) in [
        ("fsync", "EIO"),
        ("renameat2", "ENOSPC"),
        ("fchmod", "EPERM"),
    ] {
        for nth in 1..=5 {
            let world = World::alice();
            let old = world.read(".aws/credentials");
            world.sts().next(Step::AnswerWith(example::issued()));
            let inject = format!("inject={call}:error={error}:when={nth}");
            let code = world.code();
            let mut command = world.command("strace");
            command.args(["-f", "-qq", "-o", "/dev/null", "-e", &inject]);
            command.args([support::world::AWSMFA, "write", "-t", &code]);
            let ran = process::finish(command.stdout(Stdio::piped()), "");
            let now = world.read(".aws/credentials");
            let new = format!("{old}\n{SECTION}");
            assert_eq!(now == new, ran.status == 0, "{call} {nth}: {ran:?}\n{now}");
            assert!(now == new || now == old, "{call} {nth}: {now}");
            assert_eq!(beside(&world), ["config", "credentials"], "{call} {nth}");
            failed += i32::from(ran.status != 0);
        }
    }
    assert!(failed > 5, "{failed}");
}

/// Killed at every system call of the writing: the old file or the new one, and the next run cleans up.
#[test]
fn kill_9_at_any_moment_leaves_the_old_file_or_the_new_one() {
    if !support::shells::installed("strace", true) {
        return;
    }
    let (mut killed, mut unwritten, mut written) = (0, 0, 0);
    let calls = "openat,flock,write,fchmod,fsync,renameat2,unlink";
    for call in calls.split(',') {
        for nth in [1, 2, 3, 5, 8, 13] {
            let world = World::alice();
            let old = world.read(".aws/credentials");
            world.sts().next(Step::AnswerWith(example::issued()));
            let inject = format!("inject={call}:signal=KILL:when={nth}");
            let code = world.code();
            let mut command = world.command("strace");
            command
                .args(["-f", "-qq", "-o", "/dev/null"])
                .args(["-e", &inject]);
            command.args([support::world::AWSMFA, "write", "-t", &code]);
            let ran = process::finish(command.stdout(Stdio::piped()), "");
            let new = format!("{old}\n{SECTION}");
            let now = world.read(".aws/credentials");
            assert!(now == old || now == new, "{call} {nth}: {now}");
            killed += i32::from(ran.status == 137);
            unwritten += i32::from(now == old);
            written += i32::from(now == new);
            write(&world, &[]);
            assert_eq!(world.read(".aws/credentials"), new, "{call} {nth}");
            assert_eq!(beside(&world), ["config", "credentials"], "{call} {nth}");
        }
    }
    assert!(
        killed > 10 && unwritten > 5 && written > 5,
        "{killed} {unwritten} {written}"
    );
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let world = World::alice();
    let names: Vec<String> = (0..8).map(|n| format!("s{n}")).collect();
    let start = |name: &String| -> Child {
        let mut command = world.command(support::world::AWSMFA);
        command.args(["write", "-t", &world.code(), "--to", name]);
        command.stderr(Stdio::null()).spawn().unwrap()
    };
    let children: Vec<Child> = names.iter().map(start).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let (config, credentials) = (world.read(".aws/config"), world.read(".aws/credentials"));
    for name in names {
        assert_eq!(
            config.matches(&format!("[profile {name}]\n")).count(),
            1,
            "{config}"
        );
        assert_eq!(credentials.matches(&format!("[{name}]\n")).count(), 1);
    }
    assert!(credentials.starts_with(&world.keys("default")));
    assert_eq!(beside(&world), ["config", "credentials"]);
}

/// Nobody types a code for a session that has nowhere to go.
#[test]
fn a_file_that_cannot_be_written_is_found_out_before_a_code_is_spent() {
    let world = World::alice();
    let code = world.code();
    world
        .awsmfa([
            "write",
            "--serial-number",
            &world.user().mfa_serial,
            "-t",
            &code,
        ])
        .env("AWS_CONFIG_FILE", "/dev/null")
        .stderr(
            "awsmfa: cannot write /dev/null: it is not a regular file\n\
             hint: nothing in it has changed; look at the disk and the folder: df -h /dev; ls -ld /dev\n",
        )
        .status(1)
        .run();
    assert_eq!(world.sts().calls().len(), 0);
}
