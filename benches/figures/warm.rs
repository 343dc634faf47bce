//! A session that is stored: what starting a process costs, and what more it is.

use super::binaries::{Binaries, in_world};
use super::clock::{Times, in_turn, run};
use super::page::{Row, times};
use crate::support::World;
use crate::support::clients;

pub struct Warm {
    pub bare: Times,
    pub env: Times,
    credential_process: Times,
    /// The AWS CLI's own way from a profile to a shell.
    export_credentials: Option<Times>,
}

const ROUNDS: usize = 1_000;
/// It takes half a second.
const ROUNDS_OF_AWS: usize = 11;

/// alice, with a session in the store.
pub fn world() -> World {
    let world = World::alice().with_store();
    world.session_for_a_code(&[]);
    world
}

pub fn measure(binaries: &Binaries) -> Warm {
    let world = world();
    let [bare, env, credential_process] = in_turn(
        ROUNDS,
        [
            &mut || run(&mut binaries.bare(&world)),
            &mut || run(&mut binaries.awsmfa(&world, &["env", "--shell", "sh"])),
            &mut || run(&mut binaries.awsmfa(&world, &["credential-process"])),
        ],
    );
    let export_credentials = clients::aws().map(|[python, flag, module]| {
        let args = [&flag, &module, "configure", "export-credentials"];
        let [times] = in_turn(
            ROUNDS_OF_AWS,
            [&mut || run(in_world(&world, &python).args(args))],
        );
        times
    });
    assert_eq!(world.sts().calls().len(), 1, "the session was stored");
    Warm {
        bare,
        env,
        credential_process,
        export_credentials,
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
        ];
        if let Some(aws) = &self.export_credentials {
            rows.push(Row::new("`aws configure export-credentials`", times(aws)));
            let ratio = self.env.least() / aws.least();
            rows.push(
                Row::new("`awsmfa env` beside it", "")
                    .times("`export-credentials`", ratio)
                    .at_most(1.0 / 150.0),
            );
        }
        rows
    }
}
