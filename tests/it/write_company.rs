//! `awsmfa write` and what an AWS file has beside its bytes: access control lists, attributes, other names; a lock that
//! another holds; a file that cannot be replaced, or is none.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Stdio;

use crate::support::shells::installed;
use crate::support::stranger::{self, STRANGER};
use crate::support::world::AWSMFA;
use crate::support::{World, mount, process};

/// What a tool prints of a file of the home, without its name.
fn told(world: &World, program: &str, args: &[&str], file: &str) -> String {
    let ran = world
        .command(program)
        .args(args)
        .arg(world.path(file))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{program}: {ran:?}");
    String::from_utf8(ran.stdout).unwrap()
}

/// Runs `write` with a good code under a program that comes before it.
fn write_under(world: &World, before: &[&str], more: &[&str]) -> process::Finished {
    let code = world.code();
    let line = [before, &[AWSMFA, "write", "-t", &code], more].concat();
    let mut command = world.command(line[0]);
    process::finish(command.args(&line[1..]).stdout(Stdio::piped()), "")
}

fn with_error(call: &str, error: &str) -> Vec<String> {
    let inject = format!("inject={call}:error={error}");
    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject]
        .map(str::to_owned)
        .to_vec()
}

fn beside(world: &World) -> Vec<String> {
    let entries = fs::read_dir(world.path(".aws")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn write(world: &World) {
    let code = world.code();
    world.awsmfa(["write", "-t", &code]).any_stderr().run();
}

#[test]
fn the_access_control_list_and_the_attributes_stay() {
    if !installed("setfacl", true) || !installed("setfattr", true) {
        return;
    }
    let world = World::alice();
    let file = ".aws/credentials";
    fs::set_permissions(world.path(file), fs::Permissions::from_mode(0o600)).unwrap();
    // The bits of the group are the list's mask then: without the list the owning group could read the keys.
    told(&world, "setfacl", &["-m", "u:54321:r"], file);
    told(&world, "setfattr", &["-n", "user.note", "-v", "mine"], file);
    let of = || {
        let attributes = told(
            &world,
            "getfattr",
            &["-d", "-m", "-", "--absolute-names"],
            file,
        );
        let mode = fs::metadata(world.path(file)).unwrap().mode();
        (told(&world, "getfacl", &["-p"], file), attributes, mode)
    };
    let before = of();
    assert!(
        before.0.contains("user:54321:r--") && before.0.contains("group::---"),
        "{before:?}"
    );
    write(&world);
    assert_eq!(of(), before);
    assert!(world.read(file).contains("[mfa]\n"));
    assert_eq!(beside(&world), ["config", "credentials"]);
}

/// A folder's default list would let others read what its file never let them.
#[test]
fn a_list_that_the_folder_gives_to_new_files_is_not_taken() {
    if !installed("setfacl", true) {
        return;
    }
    let world = World::alice();
    fs::set_permissions(
        world.path(".aws/credentials"),
        fs::Permissions::from_mode(0o640),
    )
    .unwrap();
    told(
        &world,
        "setfacl",
        &["-d", "-m", "u:54321:rw,g:54321:rw"],
        ".aws",
    );
    let before = told(&world, "getfacl", &["-p"], ".aws/credentials");
    write(&world);
    assert_eq!(told(&world, "getfacl", &["-p"], ".aws/credentials"), before);
}

#[test]
fn a_list_that_cannot_be_carried_over_is_found_out_before_a_code_is_spent() {
    if !installed("setfacl", true) || !installed("strace", true) {
        return;
    }
    let world = World::alice();
    told(&world, "setfacl", &["-m", "u:54321:r"], ".aws/credentials");
    let before = world.read(".aws/credentials");
    let strace = with_error("fsetxattr", "EPERM");
    let ran = write_under(
        &world,
        &strace.iter().map(|s| &**s).collect::<Vec<_>>(),
        &[],
    );
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.stderr
            .contains("its attribute system.posix_acl_access cannot be given to the new file"),
        "{ran:?}"
    );
    assert_eq!(world.read(".aws/credentials"), before);
    assert_eq!(beside(&world), ["config", "credentials"]);
    assert!(world.sts().calls().is_empty());
}

#[test]
fn other_names_of_the_file_are_told_of() {
    let world = World::alice();
    fs::hard_link(world.path(".aws/credentials"), world.path("copy")).unwrap();
    let before = world.read("copy");
    let code = world.code();
    let ran = world.awsmfa(["write", "-t", &code]).any_stderr().run();
    let first = "awsmfa: [HOME]/.aws/credentials had 1 more name (hard links), and there the old text stays\n";
    let stderr = world.redacted(&ran.stderr);
    assert!(stderr.starts_with(first), "{stderr}");
    assert_eq!(world.read("copy"), before);
}

/// NFS without its lock service; FUSE.
#[test]
fn a_file_system_without_locks_is_written_all_the_same_and_nothing_stays() {
    if !installed("strace", true) {
        return;
    }
    for error in ["ENOLCK", "ENOSYS", "EOPNOTSUPP"] {
        let world = World::alice();
        let strace = with_error("flock", error);
        let strace: Vec<&str> = strace.iter().map(|s| &**s).collect();
        let ran = write_under(&world, &strace, &[]);
        assert_eq!(ran.status, 0, "{error}: {ran:?}");
        assert!(world.read(".aws/credentials").contains("[mfa]\n"));
        assert_eq!(beside(&world), ["config", "credentials"]);
        // The file that is the lock there; its holder is at work.
        let held = ".aws/.credentials.awsmfa-lock-here";
        fs::write(world.path(held), "process 4194305").unwrap();
        let ran = write_under(&world, &strace, &["--no-input"]);
        assert_eq!(ran.status, 5, "{error}: {ran:?}");
        assert!(
            ran.stderr
                .contains("another awsmfa (process 4194305) is writing"),
            "{ran:?}"
        );
        assert_eq!(world.sts().calls().len(), 1);
    }
}

#[test]
fn another_error_of_the_lock_is_told_and_leaves_nothing() {
    if !installed("strace", true) {
        return;
    }
    let world = World::alice();
    let strace = with_error("flock", "EIO");
    let ran = write_under(
        &world,
        &strace.iter().map(|s| &**s).collect::<Vec<_>>(),
        &[],
    );
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.stderr.contains("cannot write ") && ran.stderr.contains("error"),
        "{ran:?}"
    );
    assert_eq!(beside(&world), ["config", "credentials"]);
    assert!(world.sts().calls().is_empty());
}

/// Another awsmfa at work on the file.
fn lock(world: &World, file: &str) -> fs::File {
    let path = world.path(&format!(".aws/.{file}.awsmfa-lock"));
    let mut options = fs::OpenOptions::new();
    let mut lock = options
        .create(true)
        .truncate(true)
        .write(true)
        .open(path)
        .unwrap();
    lock.lock().unwrap();
    lock.write_all(b"process 4242").unwrap();
    lock
}

#[test]
fn a_lock_that_another_holds_ends_a_run_that_may_ask_nobody() {
    let world = World::alice();
    let _held = lock(&world, "credentials");
    let code = world.code();
    world
        .awsmfa(["write", "-t", &code, "--no-input"])
        .stderr(
            "awsmfa: waiting for another awsmfa (process 4242), which is writing [HOME]/.aws/credentials\n\
             awsmfa: another awsmfa (process 4242) is writing [HOME]/.aws/credentials and has not finished\n\
             hint: without --no-input this one waits for it\n",
        )
        .status(5)
        .run();
    assert!(world.sts().calls().is_empty());
}

#[test]
fn a_lock_that_another_holds_is_waited_for_and_told_of() {
    let world = World::alice();
    let held = lock(&world, "config");
    let mut terminal = crate::support::pty::Terminal::start(&world, AWSMFA, &["write"]);
    terminal.wait_for("awsmfa: waiting for another awsmfa (process 4242), which is writing ");
    // As its holder does it.
    fs::remove_file(world.path(".aws/.config.awsmfa-lock")).unwrap();
    drop(held);
    terminal.wait_for("awsmfa: MFA code for ");
    terminal.enter(&world.code());
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(beside(&world), ["config", "credentials"]);
}

/// Docker's `-v ~/.aws/credentials:/root/.aws/credentials`.
#[test]
fn a_file_that_was_mounted_by_itself_is_found_out_before_a_code_is_spent() {
    let world = World::alice();
    let mounted = world.keys("default");
    let world = world.file("mounted", &mounted);
    let path = world.path(".aws/credentials");
    let Some(mut command) = mount::seeing(&world, "mounted", path.to_str().unwrap(), AWSMFA) else {
        return;
    };
    command
        .args(["write", "-t", &world.code()])
        .stdout(Stdio::piped());
    let ran = process::finish(&mut command, "");
    assert_eq!(ran.status, 1, "{ran:?}");
    let told = "it is mounted by itself, so that no other file can take its place";
    assert!(ran.stderr.contains(told), "{ran:?}");
    assert_eq!(world.read("mounted"), mounted);
    assert!(world.sts().calls().is_empty());
    assert_eq!(beside(&world), ["config", "credentials"]);
}

#[test]
fn a_file_that_may_not_be_replaced_is_found_out_before_a_code_is_spent() {
    type Prepare = fn(&Path);
    let cases: [(&str, Prepare); 4] = [
        ("a folder that is read only", |aws| {
            fs::set_permissions(aws, fs::Permissions::from_mode(0o555)).unwrap();
        }),
        ("a file that is read only", |aws| {
            let mode = fs::Permissions::from_mode(0o444);
            fs::set_permissions(aws.join("credentials"), mode).unwrap();
        }),
        ("another's file that everybody may write", |aws| {
            let file = aws.join("credentials");
            chown(&file, Some(0), Some(0)).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        }),
        ("the same in a folder like /tmp", |aws| {
            let file = aws.join("credentials");
            chown(&file, Some(0), Some(0)).unwrap();
            chown(aws, Some(0), Some(0)).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
            fs::set_permissions(aws, fs::Permissions::from_mode(0o1777)).unwrap();
        }),
    ];
    for (what, prepare) in cases {
        let world = World::alice();
        let Some(mut command) = stranger::runs(&world, AWSMFA) else {
            return;
        };
        prepare(&world.path(".aws"));
        let before = world.read(".aws/credentials");
        command
            .args(["write", "-t", &world.code()])
            .stdout(Stdio::piped());
        let ran = process::finish(&mut command, "");
        assert_eq!(ran.status, 1, "{what}: {ran:?}");
        assert!(
            ran.stderr.contains("awsmfa: cannot write "),
            "{what}: {ran:?}"
        );
        assert_eq!(world.read(".aws/credentials"), before, "{what}");
        assert_eq!(beside(&world), ["config", "credentials"], "{what}");
        assert!(world.sts().calls().is_empty(), "{what}");
    }
}

/// The new file has another group: what the mode let the old one do must not become the other's right.
#[test]
fn a_group_that_is_not_ours_to_give_leaves_its_rights_to_nobody() {
    const NOT_A_GROUP_OF_THE_STRANGER: u32 = 777;
    let world = World::alice();
    let Some(mut command) = stranger::runs(&world, AWSMFA) else {
        return;
    };
    let file = world.path(".aws/credentials");
    chown(&file, None, Some(NOT_A_GROUP_OF_THE_STRANGER)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o660)).unwrap();
    command
        .args(["write", "-t", &world.code()])
        .stdout(Stdio::piped());
    let ran = process::finish(&mut command, "");
    assert_eq!(ran.status, 0, "{ran:?}");
    let told = fs::metadata(&file).unwrap();
    assert_eq!((told.gid(), told.mode() & 0o777), (STRANGER, 0o600));
}

/// A pipe without a writer would be waited for for ever.
#[test]
fn what_is_no_file_is_an_error_and_no_wait() {
    type Make = fn(&World, &Path);
    let cases: [(&str, Make); 3] = [
        ("it is not a regular file", |world, path| {
            assert!(
                world
                    .command("mkfifo")
                    .arg(path)
                    .status()
                    .unwrap()
                    .success()
            );
        }),
        ("it is not a regular file", |_, path| {
            std::os::unix::fs::symlink("/dev/zero", path).unwrap();
        }),
        ("s a directory", |_, path| fs::create_dir(path).unwrap()),
    ];
    for (told, make) in cases {
        for file in ["config", "credentials"] {
            let world = World::alice();
            let path = world.path(".aws").join(file);
            fs::remove_file(&path).unwrap();
            make(&world, &path);
            let code = world.code();
            for line in [
                vec!["env", "--format", "json", "-t", &code],
                vec!["write", "-t", &code],
                vec!["logout"],
                vec!["exec", "-t", &code, "--", "true"],
            ] {
                let test = world
                    .awsmfa(line.clone())
                    .any_stderr()
                    .any_stdout()
                    .status(1);
                let stderr = world.redacted(&test.run().stderr);
                let first = format!("awsmfa: cannot read [HOME]/.aws/{file}: ");
                assert!(stderr.contains(&first), "{line:?}: {stderr}");
                assert!(stderr.contains(told), "{line:?}: {stderr}");
            }
            assert!(world.sts().calls().is_empty());
        }
    }
}

/// Whoever runs it with `sudo`, which keeps HOME here: the file stays its user's, and a new one is not made.
#[test]
fn root_edits_a_users_file_for_the_user_and_makes_none() {
    let world = World::alice();
    if !stranger::moves_in(&world) {
        return;
    }
    write(&world);
    for file in ["config", "credentials"] {
        let told = fs::metadata(world.path(".aws").join(file)).unwrap();
        assert_eq!((told.uid(), told.gid()), (STRANGER, STRANGER), "{file}");
    }
    assert!(world.read(".aws/credentials").contains("[mfa]\n"));
    fs::remove_file(world.path(".aws/config")).unwrap();
    let before = world.tree();
    let serial = world.user().mfa_serial.clone();
    let code = world.code();
    world
        .awsmfa(["write", "--to", "other", "--serial-number", &serial, "-t", &code])
        .stderr(
            "awsmfa: cannot write [HOME]/.aws/config: it would belong to root in a folder of another user\n\
             hint: nothing in it has changed; look at the disk and the folder: df -h [HOME]/.aws; ls -ld [HOME]/.aws\n",
        )
        .status(1)
        .run();
    assert_eq!(world.tree(), before);
    assert_eq!(world.sts().calls().len(), 1);
}
