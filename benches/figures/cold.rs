//! A session that is not stored: one handshake and one request to a local STS that speaks TLS, beside
//! what `curl` and the AWS CLI take for the same request to the same server.

use std::process::Command;

use super::binaries::{Binaries, in_world};
use super::clock::{Times, in_turn, run};
use super::page::{Row, times};
use crate::support::World;
use crate::support::authority::Authority;
use crate::support::sts::{ALICES_ACCOUNT, LocalSts, User};
use crate::support::{clients, shells};

pub struct Cold {
    awsmfa: Times,
    curl: Option<Times>,
    aws: Option<Times>,
    /// Connections and requests that one run of ours makes.
    counted: (usize, usize),
}

const ROUNDS: usize = 200;
const ROUNDS_OF_AWS: usize = 11;

/// alice's STS takes a code that was never used in each run.
pub fn measure(binaries: &Binaries) -> Cold {
    let authority = Authority::new("Figures");
    let alice = User::new(ALICES_ACCOUNT, "alice").with_code_window(2_000);
    let sts = LocalSts::builder().user(alice);
    let sts = sts.tls(authority.server(&["localhost"])).start();
    let world = World::alice_of(sts).with_store();
    let world = world.file("ca.pem", authority.pem());
    let bundle = world.path("ca.pem").to_str().unwrap().to_owned();
    let world = world.env("AWS_CA_BUNDLE", bundle);

    let seen = || (world.sts().used_connections(), world.sts().calls().len());
    let mut ours = || {
        let code = world.code();
        let args = ["env", "--shell", "sh", "--refresh", "-t", &code];
        run(&mut binaries.awsmfa(&world, &args));
    };
    let before = seen();
    ours();
    let after = seen();
    let (awsmfa, curl) = match shells::installed("curl", false) {
        true => {
            let [awsmfa, curl] = in_turn(ROUNDS, [&mut ours, &mut || run(&mut curl(&world))]);
            (awsmfa, Some(curl))
        }
        false => (in_turn(ROUNDS, [&mut ours])[0].clone(), None),
    };
    let aws = clients::aws().map(|program| {
        let [times] = in_turn(ROUNDS_OF_AWS, [&mut || run(&mut aws(&world, &program))]);
        times
    });
    let refused = world
        .sts()
        .calls()
        .iter()
        .filter(|call| call.outcome != "200")
        .count();
    assert_eq!(refused, 0, "every request was answered with a session");
    Cold {
        awsmfa,
        curl,
        aws,
        counted: (after.0 - before.0, after.1 - before.1),
    }
}

/// The request of `awsmfa env`, as curl makes it.
fn curl(world: &World) -> Command {
    let user = world.user();
    let parameters = format!(
        "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=43200&SerialNumber={}&TokenCode={}",
        user.mfa_serial,
        world.code()
    );
    let mut command = in_world(world, "curl");
    command
        .args(["--silent", "--fail", "--aws-sigv4", "aws:amz:us-east-1:sts"])
        .args([
            "--user",
            &format!("{}:{}", user.access_key_id, user.secret_access_key),
        ])
        .args(["--cacert", world.path("ca.pem").to_str().unwrap()])
        .args(["--data", &parameters, world.sts().url()]);
    command
}

/// The same with the AWS CLI.
fn aws(world: &World, [python, flag, module]: &[String; 3]) -> Command {
    let mut command = in_world(world, python);
    command
        .args([
            flag,
            module,
            "sts",
            "get-session-token",
            "--region",
            "us-east-1",
        ])
        .args([
            "--duration-seconds",
            "43200",
            "--serial-number",
            &world.user().mfa_serial,
        ])
        .args(["--token-code", &world.code()])
        // Of the variable the CLI knows since 2.13.
        .args(["--endpoint-url", world.sts().url()]);
    command
}

impl Cold {
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = vec![Row::new("`awsmfa env`", times(&self.awsmfa))];
        if let Some(curl) = &self.curl {
            rows.push(Row::new(
                "`curl --aws-sigv4`, the same request",
                times(curl),
            ));
            let ratio = self.awsmfa.least() / curl.least();
            rows.push(
                Row::new("`awsmfa env` beside it", "")
                    .times("`curl`", ratio)
                    .at_most(1.2),
            );
        }
        if let Some(aws) = &self.aws {
            rows.push(Row::new("`aws sts get-session-token`", times(aws)));
            let ratio = self.awsmfa.least() / aws.least();
            rows.push(Row::new("`awsmfa env` beside it", "").times("`aws sts`", ratio));
        }
        let (handshakes, requests) = self.counted;
        let counted = format!("{handshakes} handshake, {requests} request");
        rows.push(Row::new("counted by the STS", counted).holds("1, 1", self.counted == (1, 1)));
        rows
    }
}
