//! The text that `awsmfa hook` prints: the path in it, its linters, the branches that only an older
//! bash or PowerShell runs, and what is said where it was never loaded.
#![cfg(unix)]
use crate::support;
use std::fs;
use std::os::unix::fs::symlink;

use crate::support::hooked::{Hooked, epoch_in, shells, two_accounts};
use crate::support::shells::named;
use crate::support::{World, shells as table};

/// Its path is written into the snippet as the shell found it: a link stays a link.
#[test]
fn the_path_of_the_program_is_quoted_and_its_links_are_kept() {
    for shell in shells() {
        let world = two_accounts();
        let name = "it's a \"$HOME\" `id` 山田\\n";
        let folder = world.path(&match shell.name {
            "xonsh" => name.replace('$', ""), // it expands variables in PATH
            _ => name.to_owned(),
        });
        fs::create_dir(&folder).unwrap();
        symlink(support::world::AWSMFA, folder.join("awsmfa")).unwrap();
        let path = format!("{}:/usr/bin:/bin", folder.display());
        let world = world.env("PATH", path);
        let mut hooked = Hooked::start(&world, shell);
        hooked.run(match shell.name {
            "elvish" => "set paths = [/usr/bin /bin]",
            "xonsh" => "$PATH = ['/usr/bin', '/bin']",
            "nushell" => "$env.PATH = [/usr/bin /bin]",
            _ => "set -gx PATH /usr/bin /bin 2>/dev/null; PATH=/usr/bin:/bin true",
        });
        let ran = hooked.run("awsmfa --version");
        assert!(
            ran.contains(concat!("\nawsmfa ", env!("CARGO_PKG_VERSION"))),
            "{ran}"
        );
        if !["elvish", "xonsh", "nushell"].contains(&shell.name) {
            let ran = hooked.run("printf '<%s>' \"$_awsmfa_bin\"");
            let shown = format!("<{}>", folder.join("awsmfa").display());
            assert!(ran.contains(&shown), "{}: {ran}", shell.name);
        }
    }
}

/// The branches for bash 3.2 (macOS) and 4, run by the bash that is here: neither has `EPOCHSECONDS`, and
/// the older one counts its own seconds, which a user may set.
#[test]
fn an_older_bash_has_a_clock_too() {
    let Some(shell) = named("bash") else {
        return;
    };
    for (major, minor) in [("3", "2"), ("4", "2")] {
        let world = two_accounts().env("AWSMFA_STORE", "off");
        let mut hooked = Hooked::without_hook(&world, shell);
        let older = format!("s/BASH_VERSINFO\\[0]/{major}/g; s/BASH_VERSINFO\\[1]/{minor}/g");
        hooked.run("PROMPT_COMMAND=('saw=$?' 'never=run')");
        hooked.run("unset EPOCHSECONDS");
        hooked.run(&format!("eval \"$(awsmfa hook bash | sed '{older}')\""));
        let code = world.code();
        hooked.run(&format!("awsmfa use a -t {code}"));
        let ran = hooked.run("SECONDS=0");
        assert!(!ran.contains("awsmfa:"), "{ran}");
        let ran = hooked.export("AWSMFA_EXPIRES", &epoch_in(540));
        assert!(ran.contains("the session ends in 9 min"), "{ran}");
        hooked.run("SECONDS=100000");
        assert!(
            hooked.holds().0.is_some(),
            "a clock that was set ended it: {major}"
        );
        hooked.export("AWSMFA_EXPIRES", &epoch_in(-1));
        hooked.assert_empty();
    }
}

/// Says that it is skipped where there is none: the snippet is as FACTS measured it.
#[test]
fn powershell_loads_it_in_every_idiom_that_evaluates() {
    let Some(shell) = named("pwsh") else {
        return;
    };
    let world = two_accounts();
    for idiom in [
        "Invoke-Expression (awsmfa hook powershell)",
        "awsmfa hook powershell | Out-String | Invoke-Expression",
    ] {
        let ran = shell.script(
            &world,
            &format!(
                "Set-StrictMode -Version Latest\n{idiom}\n{idiom}\nprompt | Out-Null\nawsmfa off\n"
            ),
        );
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert_eq!(ran.stderr, "");
    }
}

/// A start-up file evaluates it: it must fail, and take nothing from the shell.
#[test]
fn a_hook_that_fails_is_seen_and_takes_nothing_away() {
    for shell in shells() {
        let world = two_accounts()
            .env("AWS_ACCESS_KEY_ID", "ASIA1")
            .env("AWS_SESSION_TOKEN", "token");
        let ran = shell.leniently(&world, "", &shell.line("awsmfa hook rc"));
        assert_ne!(ran.status, 0, "{}: {ran:?}", shell.name);
        assert!(ran.set().is_empty() && ran.unset().is_empty(), "{ran:?}");
        assert!(ran.stderr.contains("invalid value 'rc'"), "{ran:?}");
    }
}

#[test]
fn the_snippets_lint_as_they_lie() {
    let world = World::new();
    let folder = format!("{}/shell", env!("CARGO_MANIFEST_DIR"));
    let lints: [(&str, &[&str], &[&str]); 6] = [
        (
            "shellcheck",
            &["--enable=all"],
            &["awsmfa.bash", "awsmfa.direnv.sh"],
        ),
        (
            "shfmt",
            &["-i", "2", "-ci", "-d"],
            &["awsmfa.bash", "awsmfa.direnv.sh"],
        ),
        ("zsh", &["-n"], &["awsmfa.zsh"]),
        ("tcsh", &["-f", "-n"], &["awsmfa.tcsh"]),
        ("fish", &["--no-execute"], &["awsmfa.fish"]),
        ("fish_indent", &["--check"], &["awsmfa.fish"]),
    ];
    for (program, args, files) in lints {
        if !table::installed(program, true) {
            continue;
        }
        let mut command = world.command(program);
        command
            .args(args)
            .args(files.iter().map(|file| format!("{folder}/{file}")));
        let output = command.output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8_lossy(&told);
        assert!(output.status.success(), "{program}: {told}");
    }
}

#[test]
fn without_the_hook_use_and_off_say_how_to_get_it() {
    for shell in table::all().filter(|shell| ["bash", "zsh"].contains(&shell.name)) {
        let world = two_accounts();
        for (command, instead) in [("use dev", "awsmfa env dev"), ("off", "awsmfa env --unset")] {
            let file = match shell.name {
                "zsh" => "~/.zshrc",
                _ if cfg!(target_os = "macos") => "~/.bash_profile",
                _ => "~/.bashrc",
            };
            let ran = shell.script(&world, &format!("awsmfa {command} > /dev/null\n"));
            let word = command.split(' ').next().unwrap();
            assert_eq!(
                ran.stderr,
                format!(
                    "awsmfa: awsmfa {word} changes the shell that it runs in and needs the hook, which is not there\n\
                     hint: add eval \"$(awsmfa hook {0})\" to the end of {file}, and open a new shell; without the hook: eval \"$({instead})\"\n",
                    shell.says
                )
            );
            assert_eq!(ran.status, 1);
        }
    }
}
