//! The files in which the AWS CLI keeps a login: what one AWS tool has renewed the others read, and nothing of it is
//! anywhere else.
#![cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;

use crate::login_renewal::{CONSOLE, READER, count, world};
use crate::support::World;
use crate::support::clients;
use crate::support::process;
use crate::support::world::store_is_encrypted;

/// What the AWS CLI and boto3 are run as, with the environment of the test.
fn clients(module: &str) -> Option<Vec<Vec<String>>> {
    const WHO: &str = "import boto3, sys\n\
        print(boto3.Session(profile_name=sys.argv[1]).client('sts').get_caller_identity()['Arn'])";
    let python = clients::python(module)?;
    let mut aws = clients::aws()?.to_vec();
    aws.extend(
        "sts get-caller-identity --query Arn --output text --profile"
            .split(' ')
            .map(str::to_owned),
    );
    Some(vec![aws, vec![python, "-c".to_owned(), WHO.to_owned()]])
}

/// Who the client is by this profile.
#[track_caller]
fn whoami(world: &World, client: &[String], profile: &str) -> String {
    let (program, args) = client.split_first().unwrap();
    let mut command = world.command(program);
    command.args(args).arg(profile).stdout(Stdio::piped());
    let ran = process::finish(&mut command, "");
    assert!(ran.stdout.contains(":assumed-role/"), "{}", ran.stderr);
    ran.stdout
}

/// One login that has ended, three tools one after the other in every order: the first renews it, the others read that.
#[test]
fn the_aws_cli_and_boto3_share_the_logins_at_identity_center_with_awsmfa() {
    let Some(clients) = clients("boto3") else {
        return;
    };
    for client in &clients {
        let world = world();
        world.write_sso_login("corp", &world.sts().log_in(-60, true));
        world.session(&["One", "--no-input"]);
        assert!(whoami(&world, client, "One").contains("AWSReservedSSO_One_"));
        assert!(whoami(&world, client, "Two").contains("AWSReservedSSO_Two_"));
        assert_eq!(count(&world, "CreateToken"), 1, "{client:?}");
        // And the other way: what the client has renewed is good for awsmfa.
        world.write_sso_login("corp", &world.sts().log_in(-60, true));
        assert!(whoami(&world, client, "Three").contains("AWSReservedSSO_Three_"));
        assert_eq!(count(&world, "CreateToken"), 2, "{client:?}");
        world.session(&["Four", "--no-input"]);
        world.session(&["deploy-Four", "--no-input"]);
        assert_eq!(count(&world, "CreateToken"), 2, "{client:?}");
    }
}

/// The same for `aws login`, which needs `awscrt` in Python. The region of the sign-in stays in the file.
#[test]
fn the_aws_cli_and_boto3_share_the_logins_at_the_console_with_awsmfa() {
    let Some(clients) = clients("awscrt") else {
        return;
    };
    for client in &clients {
        let world = world();
        let path = world.write_console_login(CONSOLE, &world.sts().sign_in(READER, -60));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(
            &path,
            text.replacen('{', r#"{"signInRegion": "us-east-1","#, 1),
        )
        .unwrap();
        world.session(&["console", "--no-input"]);
        let kept: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(kept["signInRegion"], "us-east-1");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
        assert!(whoami(&world, client, "console").contains(":assumed-role/reader/"));
        assert_eq!(count(&world, "CreateOAuth2Token"), 1, "{client:?}");
        world.write_console_login(CONSOLE, &world.sts().sign_in(READER, -60));
        assert!(whoami(&world, client, "console").contains(":assumed-role/reader/"));
        assert_eq!(count(&world, "CreateOAuth2Token"), 2, "{client:?}");
        world.session(&["console", "--no-input", "--refresh"]);
        assert_eq!(count(&world, "CreateOAuth2Token"), 2, "{client:?}");
    }
}

/// What is secret in a file of the AWS CLI: every text in it that is longer than a name.
fn secrets_of(text: &str) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut secrets = Vec::new();
    for key in ["accessToken", "refreshToken", "clientSecret", "dpopKey"] {
        match &value[key] {
            serde_json::Value::String(secret) => secrets.push(secret.clone()),
            serde_json::Value::Object(keys) => {
                for key in ["secretAccessKey", "sessionToken"] {
                    secrets.push(keys[key].as_str().unwrap().to_owned());
                }
            }
            _ => {}
        }
    }
    assert!(secrets.len() >= 3, "{text}");
    secrets
}

/// The cache files of both logins.
fn cache_files(world: &World) -> Vec<PathBuf> {
    let folders = [".aws/sso/cache", ".aws/login/cache"].map(|folder| world.path(folder));
    let files = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

/// Both logins, over, and their secrets now and after awsmfa has renewed them.
fn renewed() -> (World, Vec<String>, String) {
    let world = world();
    world.write_sso_login("corp", &world.sts().log_in(-60, true));
    world.write_console_login(CONSOLE, &world.sts().sign_in(READER, -60));
    let read = || -> Vec<String> {
        let files = cache_files(&world);
        let texts = files
            .iter()
            .map(|file| std::fs::read_to_string(file).unwrap());
        texts.flat_map(|text| secrets_of(&text)).collect()
    };
    let mut secrets = read();
    let mut said = String::new();
    for profile in ["One", "deploy-One", "console"] {
        let args = ["env", "--verbose", "--explain", "--shell", "sh", profile];
        said += &world.awsmfa(args).any_stdout().any_stderr().run().stderr;
    }
    let after = read();
    let new = after.iter().filter(|secret| !secrets.contains(secret));
    assert_eq!(
        new.count(),
        5,
        "both tokens of one login, both of the other and its key"
    );
    secrets.extend(after);
    (world, secrets, said)
}

#[test]
fn nothing_of_a_login_is_in_any_file_but_the_aws_clis() {
    let (world, secrets, _) = renewed();
    if !store_is_encrypted() {
        return; // then the session of `aws login` is in our store as it is
    }
    let caches = cache_files(&world);
    for secret in secrets {
        for file in world.files_with(&secret) {
            assert!(caches.contains(&file), "{}: {secret}", file.display());
        }
    }
    assert_eq!(world.stored().len(), 3, "and the sessions are stored");
}

#[test]
fn nothing_of_a_login_is_shown() {
    let (world, secrets, mut said) = renewed();
    assert!(said.contains("GetRoleCredentials"), "{said}");
    let ended = world.sts().sign_in(READER, -60);
    world.write_console_login(CONSOLE, &ended);
    world.sts().log_everybody_out();
    for profile in ["Two", "console"] {
        let ran = world.awsmfa(["env", "--verbose", "--refresh", profile]);
        said += &ran.status(5).any_stdout().any_stderr().run().stderr;
    }
    for secret in secrets {
        assert!(!said.contains(&secret), "{secret}\n{said}");
    }
}
