//! `env --unset`: everything managed goes, nothing else, and nobody is asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::shells::{self, Shell};
use crate::support::{World, example};

#[test]
fn a_session_goes_with_all_its_traces() {
    for shell in shells::all() {
        let world = example::world();
        let load = shell.line(&format!("awsmfa env -t {}", world.code()));
        let ran = shell.strictly(&world, &load, &shell.line("awsmfa env --unset"));
        assert_eq!(ran.status, 0, "{}: {ran:#?}", shell.name);
        assert_eq!(ran.set(), BTreeMap::new(), "{}: {ran:#?}", shell.name);
        let left = ran.after.unwrap();
        let left: Vec<_> = left.keys().filter(|name| name.starts_with("AWS")).collect();
        assert_eq!(
            left,
            [
                "AWSMFA_STATE_DIR",
                "AWSMFA_STORE",
                "AWS_ENDPOINT_URL_IAM",
                "AWS_ENDPOINT_URL_STS"
            ]
        );
        assert_eq!(world.sts().calls().len(), 1);
    }
}

#[test]
fn a_region_of_the_users_own_stays() {
    for shell in shells::all() {
        let world = World::new()
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_DEFAULT_REGION", "us-west-2")
            .env("AWSMFA_REGION", "us-west-2")
            .env("AWS_PROFILE", "dev");
        let ran = shell.strictly(&world, "", &shell.line("awsmfa env --unset"));
        let gone = BTreeSet::from(["AWSMFA_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]);
        assert_eq!(
            (ran.unset(), ran.status),
            (gone, 0),
            "{}: {ran:#?}",
            shell.name
        );
        let ran = shell.strictly(&world, "", &shell.line("awsmfa env --unset --keep-profile"));
        assert!(
            !ran.unset().contains("AWS_PROFILE"),
            "{}: {ran:#?}",
            shell.name
        );
    }
}

#[test]
fn a_read_only_variable_makes_it_fail() {
    for shell in shells::all().filter(Shell::is_posix) {
        let world = World::new().env("AWS_SESSION_TOKEN", "old-token");
        let line = shell.line("awsmfa env --unset");
        let ran = shell.leniently(&world, "readonly AWS_SESSION_TOKEN", &line);
        assert_ne!(ran.status, 0, "{}: {ran:#?}", shell.name);
    }
}
