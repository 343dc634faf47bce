use super::*;

#[test]
fn xonsh_is_a_script_of_pythons() {
    for line in [
        "/usr/bin/python3 /usr/bin/xonsh --no-rc",
        "python3 -m xonsh",
        "python3 -u /home/a/.local/bin/xonsh",
        "/opt/homebrew/Cellar/python@3.13/3.13.1/Frameworks/Python.framework/Versions/3.13/Resources/Python.app/Contents/MacOS/Python /opt/homebrew/bin/xonsh",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        assert!(is_xonsh(&words), "{line}");
    }
    assert!(is_xonsh(&["xonsh --no-rc -c 'x'"]));
    let words: Vec<&str> = "python3 deploy.py xonsh".split(' ').collect();
    assert!(!is_xonsh(&words));
    assert!(!is_xonsh(&[""; 0]));
    assert!(is_python("Python") && is_python("python3.12") && !is_python("zsh"));
}

fn list<'l>(processes: &'l [(u32, u32, u64, &str)]) -> impl Fn(u32) -> Option<Running> + 'l {
    |pid| {
        let found = processes.iter().find(|process| process.0 == pid)?;
        Some(Running {
            parent: Some(found.1),
            started: found.2,
            name: found.3.to_owned(),
        })
    }
}

fn no_shell(_: &str) -> bool {
    false
}

#[test]
fn a_parents_id_that_somebody_else_has_by_now_is_no_parent() {
    let running = [
        (4, 3, 40, "awsmfa.exe"),
        (3, 2, 40, "cmd.exe"),
        (2, 1, 50, "bash.exe"), // younger than its child
        (1, 1, 0, "System"),
    ];
    assert_eq!(climb(4, true, no_shell, list(&running)), ["cmd.exe"]);
    assert_eq!(
        climb(2, true, no_shell, list(&running)).len(),
        DEPTH,
        "a loop ends"
    );
    assert_eq!(climb(9, true, no_shell, list(&running)), [""; 0]);
}

/// `sudo -u other awsmfa env`: sudo is root's, and its age is not told.
#[test]
fn a_parent_of_another_user_is_one_where_ids_are_not_reused() {
    let running = [
        (4, 3, 40, "awsmfa"),
        (3, 2, 0, "sudo"),
        (2, 1, 50, "zsh"),
        (1, 0, 0, "launchd"),
    ];
    let all = ["sudo", "zsh", "launchd"];
    assert_eq!(climb(4, false, no_shell, list(&running)), all);
    let to_shell = climb(4, false, |name| name == "zsh", list(&running));
    assert_eq!(to_shell, ["sudo", "zsh"], "no look beyond the shell");
}

#[cfg(unix)]
#[test]
fn ps_knows_a_parent() {
    if !std::path::Path::new("/bin/ps").exists() {
        return;
    }
    let parent = std::os::unix::process::parent_id();
    assert_eq!(parent_by_ps(std::process::id()), Some(parent));
    assert_eq!(parent_by_ps(u32::MAX), None);
}
