//! alice in an office: the way to AWS leads through a proxy that inspects, so that every certificate is of
//! the company's own authority. With the variables set it works on the first try; without, the refusal says
//! which is missing. A proxy's password is shown to nobody.

use crate::support;
use crate::support::office::Office;
use crate::support::proxy::Proxy;
use crate::support::sts::LocalSts;
use crate::support::transcript::NOTHING_TO_KEEP;
use crate::support::{Finished, World};
use insta::assert_snapshot;

/// Where `env` goes where nothing names a region or an endpoint.
const US_EAST_1: &str = "CONNECT sts.us-east-1.amazonaws.com:443";

/// The office with everything but the proxy set: no endpoint of the test's, the company's authority.
fn office() -> (World, Office) {
    let (world, office) = Office::open();
    (inside(world), office)
}

fn inside(world: World) -> World {
    let pem = world.path("ca.pem").to_str().unwrap().to_owned();
    world
        .env("AWS_ENDPOINT_URL_STS", "")
        .env("AWS_CA_BUNDLE", pem)
}

/// `env` gets a session.
#[track_caller]
fn succeeds(world: &World) {
    let code = world.code();
    let test = world.awsmfa(["env", "--shell", "sh", "-t", &code]);
    let text = test.any_stdout().run().stdout;
    assert!(text.contains("AWS_SESSION_TOKEN='"), "{text}");
}

/// `env` ends with 4, code that fails and no call; what it said.
#[track_caller]
fn fails(world: &World, office: &Office) -> String {
    let code = world.code();
    let test = world.awsmfa(["env", "--shell", "sh", "-t", &code]);
    let Finished { stderr, .. } = test.stdout(NOTHING_TO_KEEP).any_stderr().status(4).run();
    assert_eq!(world.sts().calls().len(), 0, "{stderr}");
    world
        .redacted(&stderr)
        .replace(&office.proxy.address().to_string(), "[PROXY]")
}

#[test]
fn with_the_variables_set_it_works_with_one_handshake_and_one_request() {
    let (world, office) = office();
    let world = world.env("HTTPS_PROXY", office.proxy.url());
    succeeds(&world);
    assert_eq!(office.proxy.asked(), [US_EAST_1]);
    assert_eq!(world.sts().connections(), 1);
    assert_eq!(world.sts().used_connections(), 1);
    assert_eq!(world.sts().calls().len(), 1);
}

#[test]
fn every_variable_of_a_proxy_counts_in_both_cases() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let (world, office) = office();
        let world = world.env(variable, office.proxy.url());
        succeeds(&world);
        assert_eq!(office.proxy.asked(), [US_EAST_1], "{variable}");
    }
}

/// Another program's proxy for plain http is not for https.
#[test]
fn http_proxy_is_not_for_https() {
    for variable in ["HTTP_PROXY", "http_proxy"] {
        let (world, office) = Office::open();
        let pem = world.path("ca.pem").to_str().unwrap().to_owned();
        let world = world
            .env("AWS_CA_BUNDLE", pem)
            .env(variable, office.proxy.url());
        succeeds(&world);
        assert_eq!(office.proxy.asked(), [""; 0], "{variable}");
    }
}

#[test]
fn no_proxy_is_respected_in_both_cases() {
    for variable in ["NO_PROXY", "no_proxy"] {
        for hosts in ["localhost", "example.com, localhost", "*"] {
            let (world, office) = Office::open();
            let pem = world.path("ca.pem").to_str().unwrap().to_owned();
            let world = world
                .env("AWS_CA_BUNDLE", pem)
                .env("HTTPS_PROXY", office.proxy.url())
                .env(variable, hosts);
            succeeds(&world);
            assert_eq!(office.proxy.asked(), [""; 0], "{variable}={hosts}");
        }
    }
}

/// A local STS is no business of the office's.
#[test]
fn plain_http_to_this_machine_goes_through_no_proxy() {
    let world = World::alice()
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("ALL_PROXY", "http://127.0.0.1:1");
    succeeds(&world);
}

/// A scheme is the same in any case, and the proxy would see code, keys and session.
#[test]
fn nor_does_it_with_a_scheme_in_capitals_wherever_it_is_named() {
    for scheme in ["HTTP", "Http", "hTTp"] {
        let world = World::alice()
            .env("HTTP_PROXY", "http://127.0.0.1:1")
            .env("http_proxy", "http://127.0.0.1:1")
            .env("ALL_PROXY", "http://127.0.0.1:1");
        let url = world.sts().url().replacen("http", scheme, 1);
        let flag = ["env", "--shell", "sh", "--endpoint-url", &url, "-t"];
        let test = world.awsmfa(flag.into_iter().chain([world.code().as_str()]));
        test.any_stdout().run();
        let world = world.env("AWS_ENDPOINT_URL_STS", &url);
        succeeds(&world);
        let world = world.env("AWS_ENDPOINT_URL_STS", "");
        let world = world.env("AWS_ENDPOINT_URL", &url);
        succeeds(&world);
        let config = format!("{}endpoint_url = {url}\n", world.read(".aws/config"));
        let world = world.env("AWS_ENDPOINT_URL", "").config(config);
        succeeds(&world);
        assert_eq!(world.sts().calls().len(), 4);
    }
}

#[test]
fn a_proxy_that_wants_a_password_gets_it() {
    // canary:p@ss word
    let wants = |address| Proxy::wanting(address, "Basic Y2FuYXJ5OnBAc3Mgd29yZA==");
    let (world, office) = Office::with(LocalSts::builder(), wants);
    let url = |user: &str| office.proxy.url().replace("//", &format!("//{user}"));
    let mut world = inside(world).env("HTTPS_PROXY", url("canary:p%40ss%20word@"));
    succeeds(&world);
    assert_eq!(office.proxy.asked(), [US_EAST_1]);
    let (refused, office) = Office::with(LocalSts::builder(), wants);
    world = inside(refused).env(
        "HTTPS_PROXY",
        office.proxy.url().replace("//", "//canary:wr0ng@"),
    );
    let told = fails(&world, &office);
    // A company locks out who gives a wrong password again and again.
    assert_eq!(office.proxy.asked(), [US_EAST_1]);
    assert!(
        !told.contains("wr0ng") && !told.contains("Y2FuYXJ5"),
        "{told}"
    );
    assert_snapshot!(told, @r"
    awsmfa: STS in us-east-1 did not answer: the proxy wants a user name and a password (HTTP 407)
    hint: write HTTPS_PROXY or ALL_PROXY as http://USER:PASSWORD@HOST:PORT, with %40 for @, %23 for # and %5C for \ in them, or name the host in NO_PROXY
    ");
    world.set("HTTPS_PROXY", office.proxy.url());
    assert_snapshot!(fails(&world, &office), @r"
    awsmfa: STS in us-east-1 did not answer: the proxy wants a user name and a password (HTTP 407)
    hint: write HTTPS_PROXY or ALL_PROXY as http://USER:PASSWORD@HOST:PORT, with %40 for @, %23 for # and %5C for \ in them, or name the host in NO_PROXY
    ");
}

#[test]
fn a_proxy_that_is_none_is_told_of() {
    // Nobody listens on port 1.
    let (world, office) = office();
    let mut world = world.env("HTTPS_PROXY", "http://canary:s3cret@127.0.0.1:1");
    assert_snapshot!(fails(&world, &office), @r"
    awsmfa: STS in us-east-1 did not answer: the proxy: [REFUSED]
    hint: write HTTPS_PROXY or ALL_PROXY as http://USER:PASSWORD@HOST:PORT, with %40 for @, %23 for # and %5C for \ in them, or name the host in NO_PROXY
    ");
    // A web server that is no proxy.
    let server = LocalSts::start();
    world.set("HTTPS_PROXY", server.url());
    assert_snapshot!(fails(&world, &office), @r"
    awsmfa: STS in us-east-1 did not answer: the proxy does not connect to it
    hint: write HTTPS_PROXY or ALL_PROXY as http://USER:PASSWORD@HOST:PORT, with %40 for @, %23 for # and %5C for \ in them, or name the host in NO_PROXY
    ");
    // A tunnel that leads nowhere.
    let nowhere = Proxy::to("127.0.0.1:1".parse().unwrap());
    world.set("HTTPS_PROXY", nowhere.url());
    assert_snapshot!(fails(&world, &office), @r"
    awsmfa: STS in us-east-1 did not answer: the proxy does not connect to it
    hint: write HTTPS_PROXY or ALL_PROXY as http://USER:PASSWORD@HOST:PORT, with %40 for @, %23 for # and %5C for \ in them, or name the host in NO_PROXY
    ");
}

/// What the company's mail says, word for word: the client passes over it as if it were not set.
#[test]
fn a_proxy_whose_address_cannot_be_read_is_named() {
    let (world, office) = office();
    let world = world
        .env("AWS_ENDPOINT_URL_STS", "https://127.0.0.1:1")
        .env("HTTPS_PROXY", r"http://CORP\canary:s3cret@proxy:8080");
    assert_snapshot!(fails(&world, &office), @r"
    awsmfa: https://127.0.0.1:1 did not answer: HTTPS_PROXY is not the address of a proxy, and without a proxy: [REFUSED]
    hint: write HTTPS_PROXY or ALL_PROXY as http://USER:PASSWORD@HOST:PORT, with %40 for @, %23 for # and %5C for \ in them, or name the host in NO_PROXY
    ");
}

#[test]
fn without_the_authority_the_refusal_says_what_to_give() {
    let (world, office) = Office::open();
    let world = world
        .env("AWS_ENDPOINT_URL_STS", "")
        .env("HTTPS_PROXY", office.proxy.url());
    let other = support::authority::Authority::new("Somebody else");
    let world = world.file("other.pem", other.pem());
    let other = world.path("other.pem").to_str().unwrap().to_owned();
    let world = world.env("AWS_CA_BUNDLE", other);
    assert_snapshot!(fails(&world, &office), @"
    awsmfa: STS in us-east-1 did not answer: its certificate is not from an authority in AWS_CA_BUNDLE [HOME]/other.pem (invalid peer certificate: UnknownIssuer)
    hint: give the certificates of the company's or the server's own authority with --ca-bundle FILE or AWS_CA_BUNDLE (if this machine has none at all, install ca-certificates)
    ");
}
