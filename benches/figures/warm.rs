//! A session that is stored: what starting a process costs, and what more it is.

use std::process::{Command, Stdio};

use super::binaries::{Binaries, in_world};
use super::clock::{Times, in_turn, run};
use super::page::{Row, times};
use crate::support::World;
use crate::support::clients;

pub struct Warm {
    bare: Times,
    env: Times,
    credential_process: Times,
    hook: Times,
    aws: Option<(&'static str, Times)>,
}

const ROUNDS: usize = 1_000;
/// It takes half a second.
const ROUNDS_OF_AWS: usize = 11;

/// The AWS CLI's own way from a profile to a shell, and where the CLI is too old for that (1) what finds
/// a profile's keys and prints them, masked.
const AWS: [&str; 2] = ["export-credentials", "list"];

fn aws(world: &World, [python, flag, module]: &[String; 3], what: &str) -> Command {
    let mut command = in_world(world, python);
    command
        .args([flag, module, "configure", what])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// alice, with a session in the store.
pub fn world() -> World {
    let world = World::alice().with_store();
    world.session_for_a_code(&[]);
    world
}

pub fn measure(binaries: &Binaries) -> Warm {
    let world = world();
    let [bare, env, credential_process, hook] = in_turn(
        ROUNDS,
        [
            &mut || run(&mut binaries.bare(&world)),
            &mut || run(&mut binaries.awsmfa(&world, &["env", "--shell", "sh"])),
            &mut || run(&mut binaries.awsmfa(&world, &["credential-process"])),
            // As the function of a new shell asks, for a session that is stored.
            &mut || run(&mut binaries.awsmfa(&world, &["hooked", "bash", "0", "use"])),
        ],
    );
    let aws = clients::aws().map(|program| {
        let what = AWS
            .into_iter()
            .find(|what| aws(&world, &program, what).status().unwrap().success());
        let what = what.expect("one of them is in every version of it");
        let [times] = in_turn(
            ROUNDS_OF_AWS,
            [&mut || run(&mut aws(&world, &program, what))],
        );
        (what, times)
    });
    assert_eq!(world.sts().calls().len(), 1, "the session was stored");
    Warm {
        bare,
        env,
        credential_process,
        hook,
        aws,
    }
}

impl Warm {
    pub fn rows(&self) -> Vec<Row> {
        let bare = self.bare.least();
        let of_bare = |what: &str, of: &Times| {
            let row = Row::new(what, times(of));
            row.times("the bare process", of.least() / bare)
                .at_most(1.5)
        };
        let mut rows = vec![
            Row::new(
                "a bare Rust process, linked the same way",
                times(&self.bare),
            ),
            of_bare("`awsmfa env`", &self.env),
            of_bare("`awsmfa credential-process`", &self.credential_process),
            of_bare("what the hook asks for `awsmfa use`", &self.hook),
        ];
        if let Some((what, aws)) = &self.aws {
            rows.push(Row::new(format!("`aws configure {what}`"), times(aws)));
            let beside = Row::new("`awsmfa env` beside it", "");
            let ratio = self.env.least() / aws.least();
            rows.push(beside.times("`aws configure`", ratio).at_most(1.0 / 150.0));
        }
        rows
    }
}
