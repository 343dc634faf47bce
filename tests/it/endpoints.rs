//! Which STS is asked: its region, as the signature has it, and its host, as a proxy hears it. Nobody who
//! works in one partition is sent to another by what an earlier session left in the shell.
use crate::support::World;
use crate::support::office::Office;
use crate::support::sts::{Builder, LocalSts, Role, User};

/// A user and a role of each partition, beside those that every STS knows.
fn sts() -> Builder {
    LocalSts::builder()
        .user(User::new("567890123456", "erika").in_partition("aws-eusc"))
        .role(Role::new("arn:aws-us-gov:iam::456789012345:role/reader"))
        .role(Role::new("arn:aws-eusc:iam::567890123456:role/reader"))
}

/// The user, and where his partition's STS is.
const PARTITIONS: [(&str, &str, &str); 4] = [
    ("alice", "us-east-1", "sts.us-east-1.amazonaws.com"),
    ("chen", "cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
    ("gina", "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"),
    ("erika", "eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu"),
];

/// An office in which the default profile has the keys of this user and, in the config, this.
fn office_of(user: &str, config: &str) -> (World, Office) {
    let (world, office) = Office::of(sts());
    let User {
        access_key_id,
        secret_access_key,
        ..
    } = world.sts().user(user).clone();
    let keys = format!(
        "[default]\naws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\n"
    );
    let ca = world.path("ca.pem").to_str().unwrap().to_owned();
    let world = world
        .credentials(keys)
        .config(config)
        .env("AWS_CA_BUNDLE", ca)
        .env("HTTPS_PROXY", office.proxy.url())
        .env("AWS_ENDPOINT_URL_STS", "");
    (world, office)
}

/// The regions of the signatures so far.
fn regions(world: &World) -> Vec<String> {
    world.sts().calls().into_iter().map(|c| c.region).collect()
}

/// `env` of this user gets a session with these arguments.
#[track_caller]
fn succeeds(world: &World, user: &str, args: &[&str]) {
    let code = world.sts().user(user).fresh_code();
    let all = [&["env", "--shell", "sh", "-t", &code], args].concat();
    world.awsmfa(all).any_stdout().run();
}

#[test]
fn a_device_without_any_region_reaches_the_sts_of_its_partition() {
    for (user, region, host) in PARTITIONS {
        let (world, office) = office_of(user, "");
        let config = format!(
            "[default]\nmfa_serial = {}\n",
            world.sts().user(user).mfa_serial
        );
        let world = world.config(config);
        succeeds(&world, user, &[]);
        assert_eq!(regions(&world), [region]);
        assert_eq!(world.sts().calls()[0].header("host"), Some(host));
        assert_eq!(office.proxy.asked(), [format!("CONNECT {host}:443")]);
    }
}

#[test]
fn a_role_without_any_region_reaches_the_sts_of_its_partition() {
    for (user, region, host) in PARTITIONS {
        let (world, office) = office_of(user, "");
        let User {
            partition, account, ..
        } = world.sts().user(user).clone();
        let role = format!("arn:{partition}:iam::{account}:role/reader");
        let world = world.config(format!(
            "[default]\nrole_arn = {role}\nsource_profile = default\n"
        ));
        world.awsmfa(["env", "--shell", "sh"]).any_stdout().run();
        assert_eq!(regions(&world), [region]);
        assert_eq!(office.proxy.asked(), [format!("CONNECT {host}:443")]);
    }
}

/// The flag, the user's own variable, the profile, its source profile.
#[test]
fn the_region_is_the_nearest_that_is_named() {
    let config = "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = default\nREGION\
                  [default]\nregion = eu-west-3\n";
    let with = config.replace("REGION", "region = eu-west-2\n");
    let without = config.replace("REGION", "");
    let flag = &["dev", "--region", "us-west-2"][..];
    let mine = &[
        ("AWS_REGION", "eu-west-1"),
        ("AWS_DEFAULT_REGION", "sa-east-1"),
    ][..];
    let default = &[("AWS_DEFAULT_REGION", "sa-east-1")][..];
    let ours = &[
        ("AWS_REGION", "eu-west-1"),
        ("AWS_DEFAULT_REGION", "eu-west-1"),
        ("AWSMFA_REGION", "eu-west-1"),
    ][..];
    for (args, env, config, region) in [
        (flag, mine, &with, "us-west-2"),
        (&flag[..1], mine, &with, "eu-west-1"),
        (&flag[..1], default, &with, "sa-east-1"),
        (&flag[..1], ours, &with, "eu-west-2"),
        (&flag[..1], &[], &with, "eu-west-2"),
        (&flag[..1], &[], &without, "eu-west-3"),
    ] {
        let world = World::alice().config(config);
        let all = [&["env", "--shell", "sh"], args].concat();
        let test = env.iter().fold(world.awsmfa(all), |test, (name, value)| {
            test.env(name, value)
        });
        test.any_stdout().run();
        assert_eq!(regions(&world), [region], "{args:?} {env:?}");
    }
}

#[test]
fn fips_and_dual_stack_choose_the_host() {
    let serial = "mfa_serial = arn:aws:iam::123456789012:mfa/alice\n";
    let (fips, dual) = ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT");
    for (variables, lines, host) in [
        (
            &[(fips, "true")][..],
            "",
            "sts-fips.us-east-1.amazonaws.com",
        ),
        (&[(dual, "true")], "", "sts.us-east-1.api.aws"),
        (
            &[(fips, "true"), (dual, "true")],
            "",
            "sts-fips.us-east-1.api.aws",
        ),
        (
            &[],
            "use_fips_endpoint = true\n",
            "sts-fips.us-east-1.amazonaws.com",
        ),
        (
            &[],
            "use_dualstack_endpoint = true\n",
            "sts.us-east-1.api.aws",
        ),
        // What is set in the shell has the last word.
        (
            &[(fips, "false")],
            "use_fips_endpoint = true\n",
            "sts.us-east-1.amazonaws.com",
        ),
    ] {
        let (world, office) = office_of("alice", &format!("[default]\n{serial}{lines}"));
        let world = variables
            .iter()
            .fold(world, |world, (name, value)| world.env(name, *value));
        succeeds(&world, "alice", &[]);
        assert_eq!(office.proxy.asked(), [format!("CONNECT {host}:443")]);
        assert_eq!(regions(&world), ["us-east-1"]);
    }
}

/// Where AWS stands, and where nobody does.
#[test]
fn an_endpoint_url_counts_where_the_sdks_read_it() {
    let serial = "mfa_serial = arn:aws:iam::123456789012:mfa/alice\n";
    let dead = "http://127.0.0.1:1";
    let services = "services = local\n";
    let section = |url: &str| {
        format!("[services local]\nsts =\n  endpoint_url = {url}\ns3 =\n  endpoint_url = {dead}\n")
    };
    let (all, sts, ignore) = (
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    );
    // [STS] is the one that answers; everything else would fail.
    let local = "[STS]";
    for (env, args, lines, rest) in [
        (
            &[(sts, dead)][..],
            &["--endpoint-url", local][..],
            "",
            String::new(),
        ),
        (&[(sts, local), (all, dead)], &[], services, section(dead)),
        (&[(all, local)], &[], services, section(dead)),
        (
            &[],
            &[],
            &format!("{services}endpoint_url = {dead}\n"),
            section(local),
        ),
        (
            &[],
            &[],
            &format!("endpoint_url = {local}\n"),
            String::new(),
        ),
        (
            &[],
            &[],
            "services = other\nendpoint_url = [STS]\n",
            section(dead),
        ),
    ] {
        let world = World::alice();
        let url = world.sts().url().to_owned();
        let config = format!("[default]\n{serial}{lines}{rest}").replace(local, &url);
        let world = world.config(config).env(sts, "");
        let args: Vec<_> = args.iter().map(|arg| arg.replace(local, &url)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let world = env.iter().fold(world, |world, (name, value)| {
            world.env(name, value.replace(local, &url))
        });
        succeeds(&world, "alice", &args);
        assert_eq!(world.sts().calls().len(), 1);
    }
    for (variables, lines) in [
        (
            &[(ignore, "true"), (sts, dead), (all, dead)][..],
            &format!("endpoint_url = {dead}\n"),
        ),
        (
            &[],
            &format!("ignore_configured_endpoint_urls = true\nendpoint_url = {dead}\n"),
        ),
    ] {
        let (world, office) = office_of("alice", &format!("[default]\n{serial}{lines}"));
        let world = variables
            .iter()
            .fold(world, |world, (name, value)| world.env(name, *value));
        succeeds(&world, "alice", &[]);
        assert_eq!(
            office.proxy.asked(),
            ["CONNECT sts.us-east-1.amazonaws.com:443"]
        );
    }
}
