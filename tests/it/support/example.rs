//! A session that is the same in every run, so that a test can compare exact bytes.

use super::World;
use super::sts::{Issued, Step};

/// The session that AWS's own documentation shows.
pub fn issued() -> Issued {
    Issued {
        access_key_id: "ASIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token: "IQoJb3JpZ2luX2VjEK//+token==".to_owned(),
        expiration: "2099-12-31T23:59:59Z".to_owned(),
    }
}

/// alice, whose profile names a region.
pub fn world() -> World {
    let world = World::alice();
    let config = format!(
        "[default]\nregion = eu-west-1\nmfa_serial = {}\n",
        world.user().mfa_serial
    );
    world.config(config)
}

/// What `env` prints for that session, with the name of its store entry left out: the port of the local
/// STS is part of it.
#[track_caller]
pub fn printed(world: &World, args: &[&str], stderr: &str) -> String {
    world.sts().next(Step::AnswerWith(issued()));
    let code = world.code();
    let args = [&["env", "-t", &code], args].concat();
    let text = world.awsmfa(args).any_stdout().stderr(stderr).run().stdout;
    match text.split_once("ASIAIOSFODNN7EXAMPLE:") {
        Some((before, after)) => {
            let after = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
            format!("{before}ASIAIOSFODNN7EXAMPLE:[ENTRY]{after}")
        }
        None => text,
    }
}
