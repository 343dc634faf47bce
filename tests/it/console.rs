//! `awsmfa console`: a browser that is signed in, and an address that nobody else sees.
#![cfg(unix)]
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::World;
use crate::support::process::finish;
use crate::support::served;
#[cfg(target_os = "linux")]
use crate::support::world::AWSMFA;

const REFUSED_USER: &str = "awsmfa: the console needs the session of a role, and profile default gives the session of a user\n\
    hint: run awsmfa console default --role-arn ARN, or name a profile with a role_arn; a user signs in at the sign-in page itself\n";

/// alice, the role `admin`, and a sign-in page.
fn world() -> World {
    let world = World::alice().with_store();
    let config = format!(
        "{}[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\nregion = eu-west-1\n",
        world.read(".aws/config")
    );
    let url = world.sts().url().to_owned();
    let world = world.config(config).env("AWS_ENDPOINT_URL_SIGNIN", url);
    world.session_for_a_code(&[]);
    world
}

/// A browser, as the system starts one: it notes what it was started with, goes where it is sent.
fn browser(world: World, script: &str) -> World {
    let world = world.file("bin/xdg-open", format!("#!/bin/sh\n{script}\n"));
    let path = world.path("bin/xdg-open");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!(
        "{}:{}",
        world.path("bin").display(),
        world.variables()["PATH"]
    );
    world.env("PATH", path)
}

const CURL: &str = "echo \"$@\" >$HOME/started\n\
    curl -s -o /dev/null -w '%{http_code} %{redirect_url}' \"$1\" >$HOME/first\n\
    exit 0";

#[test]
fn the_address_is_printed_where_that_is_asked_for_and_signs_in_at_the_page_of_the_service() {
    let world = world();
    for (args, destination) in [
        (
            &[][..],
            "https://console.aws.amazon.com/console/home?region=eu-west-1",
        ),
        (
            &["--service", "s3"],
            "https://console.aws.amazon.com/s3/home?region=eu-west-1",
        ),
        (
            &["--region", "us-west-2"],
            "https://console.aws.amazon.com/console/home?region=",
        ),
    ] {
        let args = [&["console", "admin", "--print"], args].concat();
        let address = world.awsmfa(args).any_stdout().run().stdout;
        let address = address.trim_end();
        let begin = format!(
            "{}/federation?Action=login&Issuer=awsmfa&Destination=",
            world.sts().url()
        );
        assert!(address.starts_with(&begin), "{address}");
        let mut command = world.command("curl");
        command.args(["-s", "-o", "/dev/null", "-w", "%{redirect_url}", address]);
        let there = finish(command.stdout(Stdio::piped()), "").stdout;
        assert!(there.starts_with(destination), "{there}");
    }
    let calls = world.sts().calls();
    let asked = calls
        .iter()
        .find(|call| call.action == "getSigninToken")
        .unwrap();
    assert_eq!(
        (&*asked.method, &*asked.path),
        ("POST", "/federation"),
        "no secret is in an address"
    );
}

#[test]
fn the_browser_gets_the_address_once_and_its_command_line_holds_no_token() {
    let world = browser(world(), CURL);
    let ran = world.awsmfa(["console", "admin"]).any_stderr().run();
    let said = "awsmfa: the console is open as profile admin for ";
    assert!(ran.stderr.starts_with(said), "{}", ran.stderr);
    let started = world.read("started");
    assert!(started.starts_with("http://127.0.0.1:"), "{started}");
    assert!(!started.contains("SigninToken") && !started.contains("federation"));
    let first = world.read("first");
    assert!(
        first.starts_with(&format!("302 {}/federation?", world.sts().url())),
        "{first}"
    );
    let token = first.rsplit("SigninToken=").next().unwrap();
    assert!(token.len() > 100, "{first}");
    // Whoever comes later finds nothing.
    let page = started.trim_end().strip_prefix("http://").unwrap();
    let (address, ticket) = page.split_once('/').unwrap();
    let request = format!("GET /{ticket} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    assert!(served::ask(address, &request).is_none_or(|(status, _)| status == 403));
    assert!(!started.contains(token));
}

/// What every process was started with, the browser's helpers too.
#[test]
#[cfg(target_os = "linux")]
fn no_token_is_an_argument_of_a_process() {
    if !crate::support::shells::installed("strace", true) {
        return;
    }
    let world = browser(world(), CURL);
    let log = world.path("execs");
    let mut command = world.command("strace");
    command.args([
        "-f",
        "-s",
        "100000",
        "-e",
        "trace=execve",
        "-o",
        log.to_str().unwrap(),
    ]);
    let ran = finish(
        command
            .args([AWSMFA, "console", "admin"])
            .stdout(Stdio::piped()),
        "",
    );
    assert_eq!(ran.status, 0, "{ran:?}");
    let log = world.read("execs");
    assert!(log.contains("xdg-open") && log.contains("curl"), "{log}");
    let first = world.read("first");
    let token = first.rsplit("SigninToken=").next().unwrap();
    assert!(
        !log.contains(token) && !log.contains("SigninToken="),
        "{log}"
    );
}

#[test]
fn a_users_session_is_refused_before_a_code_is_spent() {
    let world = World::alice();
    let code = world.code();
    let calls = || world.sts().calls().len();
    world
        .awsmfa(["console", "-t", &code])
        .stderr(REFUSED_USER)
        .status(1)
        .run();
    assert_eq!(calls(), 0);
}

#[test]
fn without_a_browser_it_says_how_to_get_the_address() {
    let hint = "hint: run awsmfa console --print, and open the address in a browser; it signs in anybody who has it\n";
    let world = browser(world(), "exit 3");
    world
        .awsmfa(["console", "admin"])
        .stderr(format!(
            "awsmfa: the console could not be opened: xdg-open ended with exit status: 3\n{hint}"
        ))
        .status(1)
        .run();
    let world = world.env("PATH", "/nowhere");
    if cfg!(target_os = "linux") {
        world
            .awsmfa(["console", "admin"])
            .stderr(format!(
                "awsmfa: the console could not be opened: there is no xdg-open\n{hint}"
            ))
            .status(1)
            .run();
    }
}

#[test]
fn what_is_no_sign_in_page_is_named() {
    let world = world().env("AWS_ENDPOINT_URL_SIGNIN", "http://127.0.0.1:1");
    let ran = world
        .awsmfa(["console", "admin", "--print"])
        .any_stderr()
        .status(4)
        .run();
    assert!(
        ran.stderr
            .starts_with("awsmfa: http://127.0.0.1:1 did not answer: "),
        "{}",
        ran.stderr
    );
    let world = world.env("AWS_ENDPOINT_URL_SIGNIN", "http://signin.example");
    let ran = world
        .awsmfa(["console", "admin", "--print"])
        .any_stderr()
        .status(1)
        .run();
    assert!(
        ran.stderr.contains("plain http is for this machine only"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_service_is_a_word() {
    let world = world();
    world
        .awsmfa(["console", "admin", "--service", "../x"])
        .stderr("awsmfa: --service \"../x\" cannot be a part of an address\nhint: give it as s3, ec2 or lambda\n")
        .status(2)
        .run();
}

/// Signs in where the role is: China has a console of its own.
#[test]
fn each_partition_has_its_own_console() {
    let world = World::new().local_sts();
    let chen = world.sts().user("chen");
    let credentials = format!(
        "[chen]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        chen.access_key_id, chen.secret_access_key
    );
    let url = world.sts().url().to_owned();
    let world = world
        .credentials(credentials)
        .config("[profile cn]\nrole_arn = arn:aws-cn:iam::345678901234:role/reader\nsource_profile = chen\n")
        .env("AWS_ENDPOINT_URL_SIGNIN", url);
    let address = world
        .awsmfa(["console", "cn", "--print"])
        .any_stdout()
        .run()
        .stdout;
    assert!(
        address.contains("Destination=https%3A%2F%2Fconsole.amazonaws.cn%2F"),
        "{address}"
    );
}
