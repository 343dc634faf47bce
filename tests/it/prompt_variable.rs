//! The variable by which prompts show whose session a shell holds, and what other tools leave beside theirs.
#![cfg(unix)]
use crate::support::World;
use crate::support::hooked::{Hooked, shells, two_accounts};
use crate::support::shells as table;

/// What `env` prints for sh, with these variables.
fn printed(world: &World, variables: &[(&str, &str)], args: &[&str]) -> String {
    let words = ["env", "--shell", "sh"].iter().chain(args);
    let run = world.awsmfa(words.copied()).any_stdout().any_stderr();
    let run = variables
        .iter()
        .fold(run, |run, (name, value)| run.env(name, value));
    run.run().stdout
}

#[test]
fn after_use_prompts_show_the_profile_and_after_off_nothing_of_it_is_left() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        let world = world.env("AWS_VAULT", "an-older-session");
        let mut hooked = Hooked::start(&world, shell);
        assert_eq!(hooked.exported()["AWS_VAULT"], "an-older-session");
        hooked.run("awsmfa use a");
        assert_eq!(hooked.exported()["AWS_VAULT"], "a", "{}", shell.name);
        hooked.run("awsmfa off");
        hooked.assert_empty();
    }
}

#[test]
fn the_mark_goes_with_the_session_when_the_hook_takes_it_and_another_tools_stays() {
    for shell in shells() {
        let world = two_accounts();
        world.log_in("a");
        let mut hooked = Hooked::start(&world, shell);
        hooked.run("awsmfa use a");
        hooked.export("AWS_PROFILE", "nobody");
        assert!(
            !hooked.exported().contains_key("AWS_VAULT"),
            "{}",
            shell.name
        );
        hooked.unset("AWS_PROFILE");
        assert_eq!(hooked.exported()["AWS_VAULT"], "a", "{}", shell.name);
        hooked.export("AWS_VAULT", "theirs");
        hooked.export("AWS_PROFILE", "nobody");
        assert_eq!(hooked.exported()["AWS_VAULT"], "theirs", "{}", shell.name);
    }
}

#[test]
fn the_variable_can_be_chosen() {
    let world = two_accounts();
    world.log_in("a");
    let choose = |choice| printed(&world, &[("AWSMFA_PROMPT_VARIABLE", choice)], &["a"]);
    assert!(choose("AWS_VAULT").contains("export AWS_VAULT='a'"));
    assert!(choose("").contains("export AWS_VAULT='a'"));
    let awsume = choose("AWSUME_PROFILE");
    assert!(awsume.contains("export AWSUME_PROFILE='a'") && !awsume.contains("AWS_VAULT"));
    let none = choose("none");
    assert!(
        !none.contains("AWS_VAULT") && !none.contains("AWSUME"),
        "{none}"
    );
    for command in ["env", "exec"] {
        world
            .awsmfa([command, "a", "--", "true"].into_iter().take(if command == "env" { 2 } else { 4 }))
            .env("AWSMFA_PROMPT_VARIABLE", "PS1")
            .any_stdout()
            .stderr("awsmfa: AWSMFA_PROMPT_VARIABLE is \"PS1\", and no prompt is known to read that\nhint: unset it, or set it to AWS_VAULT, AWSUME_PROFILE or none\n")
            .status(1)
            .run();
    }
}

/// The marks of a session that goes, and what an SDK would ask next.
#[test]
fn what_other_tools_left_beside_their_session_goes_with_it() {
    let marks = [
        ("AWS_ACCESS_KEY_ID", "ASIATHEIRS"),
        ("AWS_SESSION_TOKEN", "token"),
        ("AWS_VAULT", "theirs"),
        ("AWSUME_PROFILE", "theirs"),
        ("AWSUME_EXPIRATION", "2026-01-01"),
        ("AWSU_PROFILE", "theirs"),
        ("AWS_SSO_PROFILE", "theirs"),
        ("AWS_SESSION_EXPIRATION", "2026-01-01"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/"),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "x"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/x"),
    ];
    let world = two_accounts();
    world.log_in("a");
    let sh = table::named("sh").or_else(|| table::named("dash")).unwrap();
    for args in [&["a"][..], &["--unset"], &["nobody", "--no-input"]] {
        let text = printed_any(&world, &marks, args);
        let names = marks.map(|(name, _)| format!("^{name}=")).join("|");
        let show = format!("env | grep -E '{names}' | cut -d= -f1 | sort | tr '\\n' ' '");
        let lines = format!("{{ {text} }} || :\nprintf 'left:'; {show} || :\n");
        let inherited = marks.iter().fold(two_accounts(), |world, (name, value)| {
            world.env(name, *value)
        });
        let ran = sh.script(&inherited, &lines);
        let left = ran.stdout.split("left:").nth(1).unwrap().trim();
        let expected = match args[0] {
            "a" => "AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN AWS_VAULT",
            _ => "",
        };
        assert_eq!(left, expected, "{args:?}: {text}");
    }
}

fn printed_any(world: &World, variables: &[(&str, &str)], args: &[&str]) -> String {
    let mut command = world.command(crate::support::world::AWSMFA);
    command.args(["env", "--shell", "sh"]).args(args);
    command.envs(variables.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// No prompt is in a container or a job.
#[test]
fn a_file_of_variables_has_no_mark() {
    let world = two_accounts();
    world.log_in("a");
    let text = world.any(&["env", "a", "--format", "dotenv"]).run().stdout;
    assert!(
        text.contains("AWSMFA_PROFILE=a\n") && !text.contains("AWS_VAULT"),
        "{text}"
    );
}
