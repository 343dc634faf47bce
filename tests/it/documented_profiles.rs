//! The shapes of profiles that the documentation of aws-vault, granted and aws-sso-cli shows, in names and values of our
//! own. Each has a plan, or an error whose hint leads to one once it is followed to the letter.
#![cfg(unix)]
#[path = "documented_profiles/shapes.rs"]
mod shapes;

use std::process::Stdio;

use crate::support::World;
use crate::support::process;
use crate::support::world::AWSMFA;
use shapes::{Ends, SHAPES, Shape};

/// What `awsmfa env NAME --explain --no-input` says: the plan, or the error.
fn explain(world: &World, profile: &str) -> Result<String, String> {
    let mut command = world.command(AWSMFA);
    command.args(["env", profile, "--explain", "--no-input"]);
    let ran = process::finish(command.stdout(Stdio::piped()), "");
    let said = world.redacted(&ran.stderr);
    match (ran.status, said.contains("\n  why: ")) {
        (0, true) => Ok(said),
        (1, false) => Err(said),
        _ => panic!("{profile}: neither a plan nor a wrong configuration: {said}"),
    }
}

/// What only the user knows, where a hint leaves it open.
fn known_to_the_user(key: &str) -> &'static str {
    match key {
        "sso_start_url" | "granted_sso_start_url" => "https://acme.awsapps.com/start",
        "sso_region" | "granted_sso_region" => "eu-west-1",
        "sso_account_id" => "123456789012",
        "sso_role_name" => "Reader",
        _ => panic!("nobody can know {key}"),
    }
}

/// Does what the hint says, and nothing else.
#[track_caller]
fn follow(world: &World, hint: &str) {
    let edit = |file: &str, change: &dyn Fn(&mut Vec<String>)| {
        let text = world.read(file);
        let mut lines = text.lines().map(str::to_owned).collect();
        change(&mut lines);
        std::fs::write(world.path(file), lines.join("\n") + "\n").unwrap();
    };
    let after = |text: &str| hint.split_once(text).map(|(_, rest)| rest.to_owned());
    let line = || -> usize {
        let rest = after("line ").unwrap_or_else(|| panic!("no line in {hint}"));
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    };
    const CONFIG: &str = ".aws/config";
    if let Some(name) = hint
        .strip_prefix("run aws configure --profile ")
        .and_then(|rest| rest.split_once(','))
        .map(|(name, _)| name)
    {
        // Or write both keys under that header.
        assert!(hint.contains(&format!("under [{name}] in [HOME]/.aws/credentials")));
        let keys = world.read(".aws/credentials") + &world.keys(name);
        std::fs::write(world.path(".aws/credentials"), keys).unwrap();
        return;
    }
    if let Some(meant) = after("did you mean ") {
        let meant = meant.split(['?', ' ']).next().unwrap().to_owned();
        edit(CONFIG, &|lines| {
            let line = &mut lines[line() - 1];
            let key = line.split('=').next().unwrap();
            *line = format!("{key}= {meant}");
        });
        return;
    }
    if let Some(there) = after(" to source_profile = ") {
        let name = there.split([',', ' ']).next().unwrap().to_owned();
        edit(CONFIG, &|lines| {
            lines[line() - 1] = format!("source_profile = {name}")
        });
        return;
    }
    let rest = hint
        .strip_prefix("write ")
        .unwrap_or_else(|| panic!("nothing to do in {hint}"));
    let place = [" under ", " beside ", " below "]
        .into_iter()
        .find(|word| rest.contains(word))
        .unwrap_or_else(|| panic!("no place in {hint}"));
    let (setting, place_named) = rest.split_once(place).unwrap();
    let setting = match setting.split_once(" = ") {
        Some((key, "…")) => format!("{key} = {}", known_to_the_user(key)),
        _ => setting.to_owned(),
    };
    edit(CONFIG, &|lines| {
        let below = match place {
            " under " => {
                let header = place_named.split(" in ").next().unwrap();
                1 + lines.iter().position(|line| line == header).unwrap()
            }
            _ => line(),
        };
        lines.insert(below, setting.clone());
    });
}

fn hint(said: &str) -> &str {
    let hint = said.split("\nhint: ").nth(1);
    hint.unwrap_or_else(|| panic!("no hint: {said}")).trim_end()
}

fn world_of(shape: &Shape) -> World {
    let world = World::alice();
    let keys: String = shape.keys.iter().map(|name| world.keys(name)).collect();
    world.config(shape.config).credentials(keys)
}

#[track_caller]
fn check(shape: &Shape, profile: &str, ends: Ends) {
    let world = world_of(shape);
    let first = explain(&world, profile);
    if let Ends::Nowhere(hint) = ends {
        let said = first.expect_err("no tool can run it");
        assert!(said.contains(hint), "{profile} ({}): {said}", shape.from);
        return;
    }
    let mut followed = Vec::new();
    let mut said = first;
    while let Err(error) = said {
        assert!(
            followed.len() < 5,
            "{profile} ({}): {followed:?}",
            shape.from
        );
        follow(&world, hint(&error));
        followed.push(error);
        said = explain(&world, profile);
    }
    let expected = match ends {
        Ends::Hints(count) => count,
        _ => 0,
    };
    assert_eq!(
        followed.len(),
        expected,
        "{profile} ({}): {followed:#?}",
        shape.from
    );
}

#[test]
fn each_has_a_plan_or_an_error_whose_hint_leads_to_one() {
    let mut counted = [0; 3];
    for shape in SHAPES {
        for (profile, ends) in shape.profiles {
            check(shape, profile, *ends);
            counted[match ends {
                Ends::Plan => 0,
                Ends::Hints(_) => 1,
                Ends::Nowhere(_) => 2,
            }] += 1;
        }
    }
    // The figures of docs/profiles.md.
    assert_eq!(
        counted,
        [51, 8, 5],
        "plan, hints that lead to one, placeholders"
    );
}
