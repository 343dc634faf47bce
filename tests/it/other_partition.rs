//! A session of China in the shell, put there by us or by another tool: the next call goes to the account
//! and the partition of the profile that is asked for, or to nobody.
#![cfg(unix)]
use crate::support::World;
use crate::support::office::Office;
use crate::support::shells;
use crate::support::sts::User;
use crate::support::transcript::NOTHING_TO_KEEP;

/// alice's keys under `default`, chen's under `china`, whose profile names its region.
fn world() -> (World, Office) {
    let (world, office) = Office::open();
    let User {
        access_key_id,
        secret_access_key,
        mfa_serial,
        ..
    } = world.sts().user("chen").clone();
    let config = format!(
        "{}[profile china]\nregion = cn-north-1\nmfa_serial = {mfa_serial}\n\
         [profile reader]\nrole_arn = arn:aws-cn:iam::345678901234:role/reader\nsource_profile = china\n",
        world.read(".aws/config")
    );
    let credentials = format!(
        "{}[china]\naws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\n",
        world.read(".aws/credentials")
    );
    let ca = world.path("ca.pem").to_str().unwrap().to_owned();
    let world = world
        .config(config)
        .credentials(credentials)
        .env("AWS_CA_BUNDLE", ca)
        .env("HTTPS_PROXY", office.proxy.url())
        .env("AWS_ENDPOINT_URL_STS", "");
    (world, office)
}

/// Who signed, and for which region.
fn signed(world: &World) -> Vec<(String, String)> {
    let calls = world.sts().calls().into_iter();
    calls
        .map(|call| (call.access_key_id, call.region))
        .collect()
}

#[test]
fn a_session_of_ours_leads_nobody_to_its_partition() {
    for shell in shells::all().filter(|shell| shell.is_posix()) {
        let (world, office) = world();
        let code = |user: &str| world.sts().user(user).fresh_code();
        let script = format!(
            "eval \"$(awsmfa env china -t {})\" && echo \"$AWS_REGION\"\n\
             eval \"$(awsmfa env default -t {})\" && echo \"${{AWS_REGION-none}}\"\n\
             eval \"$(awsmfa env reader -t {})\" && echo \"$AWS_REGION\"\n",
            code("chen"),
            code("alice"),
            code("chen"),
        );
        let ran = shell.script(&world, &script);
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.as_str()),
            ("cn-north-1\nnone\ncn-north-1\n", "")
        );
        let signed = signed(&world);
        let (chen, alice) = (
            "AKIACHENXXXXXXXXXXXX".to_owned(),
            "AKIAALICEXXXXXXXXXXX".to_owned(),
        );
        let (china, virginia) = ("cn-north-1".to_owned(), "us-east-1".to_owned());
        assert_eq!(
            signed[..3],
            [
                (chen.clone(), china.clone()),
                (alice, virginia),
                (chen, china.clone())
            ]
        );
        // The role, with the session.
        assert_eq!((signed.len(), &signed[3].1), (4, &china));
        assert_eq!(
            office.proxy.asked()[1],
            "CONNECT sts.us-east-1.amazonaws.com:443"
        );
    }
}

/// It left its region in the shell too, and that is the user's own for all we know.
#[test]
fn the_region_of_another_tools_session_is_refused_before_any_call() {
    let (world, office) = world();
    let world = world
        .env("AWS_ACCESS_KEY_ID", "ASIACHINA00000000001")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_SESSION_TOKEN", "token");
    let env = |args: &[&str]| {
        let code = world.code();
        let all = [&["env", "--shell", "sh", "-t", &code], args].concat();
        world.awsmfa(all)
    };
    // Without the region its keys alone lead nowhere.
    env(&[]).any_stdout().run();
    let virginia = ("AKIAALICEXXXXXXXXXXX".to_owned(), "us-east-1".to_owned());
    assert_eq!(signed(&world), std::slice::from_ref(&virginia));
    let unset = NOTHING_TO_KEEP.replace("-v ", "-v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY ");
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        env(&[])
            .env(variable, "cn-north-1")
            .stdout(&*unset)
            .stderr(format!(
                "awsmfa: cn-north-1 ({variable}) is a region of partition aws-cn, and \
                 arn:aws:iam::123456789012:mfa/alice is of another one\n\
                 hint: unset {variable}, or add --region us-east-1\n"
            ))
            .status(1)
            .run();
    }
    let flag = env(&["--region", "us-gov-west-1"])
        .stdout(&*unset)
        .status(1);
    flag.stderr(
        "awsmfa: us-gov-west-1 (--region) is a region of partition aws-us-gov, and \
         arn:aws:iam::123456789012:mfa/alice is of another one\nhint: give --region us-east-1, or leave it out\n",
    )
    .run();
    let role = ["--role-arn", "arn:aws-cn:iam::345678901234:role/reader"];
    env(&role).stdout(&*unset).status(1).stderr(
        "awsmfa: us-east-1 (the partition of arn:aws:iam::123456789012:mfa/alice) is a region of partition \
         aws, and arn:aws-cn:iam::345678901234:role/reader is of another one\n\
         hint: a role is assumed with the keys of its own partition: name a source_profile that has keys of that partition\n",
    ).run();
    assert_eq!(office.proxy.asked().len(), 1);
    // What the hint says.
    env(&["--region", "us-east-1"])
        .env("AWS_REGION", "cn-north-1")
        .any_stdout()
        .run();
    assert_eq!(signed(&world), [virginia.clone(), virginia]);
}

#[test]
fn a_line_of_the_config_is_named() {
    let world = World::alice();
    let config = world.read(".aws/config") + "region = cn-north-1\n";
    let world = world.config(config).env("AWS_ENDPOINT_URL_STS", "");
    world.refuses(
        &["-t", "123456"],
        "awsmfa: cn-north-1 ([HOME]/.aws/config:3) is a region of partition aws-cn, and \
         arn:aws:iam::123456789012:mfa/alice is of another one\nhint: change [HOME]/.aws/config:3 to region = us-east-1\n",
    );
}

/// An address of one's own is in no partition, and is no endpoint of AWS's.
#[test]
fn what_cannot_be_meant_together_is_refused() {
    let world = World::alice().env("AWS_USE_FIPS_ENDPOINT", "true");
    let hint = "hint: leave out what is not meant: the region, the endpoint URL, AWS_USE_FIPS_ENDPOINT \
                (use_fips_endpoint) or AWS_USE_DUALSTACK_ENDPOINT (use_dualstack_endpoint)\n";
    let said = "awsmfa: [STS] cannot be asked: an address of your own is neither AWS's FIPS nor its dual-stack endpoint\n";
    world.refuses(&["-t", "123456"], &format!("{said}{hint}"));
}
