//! Whom the program trusts: the system, or the file that a flag, a variable or the profile names, and that
//! file alone. A file that is not what it should be is an error with its name and the reason, before any call.

use crate::support::World;
use crate::support::authority::Authority;
use crate::support::office::Office;
use crate::support::sts::LocalSts;
use crate::support::transcript::NOTHING_TO_KEEP;
use insta::assert_snapshot;

/// `env` gets a session, with one handshake and one request.
#[track_caller]
fn succeeds(world: &World, args: &[&str]) {
    let code = world.code();
    let args = [&["env", "--shell", "sh", "-t", &code], args].concat();
    let text = world.awsmfa(args).any_stdout().run().stdout;
    assert!(text.contains("AWS_SESSION_TOKEN='"), "{text}");
    assert_eq!(world.sts().connections(), 1);
    assert_eq!(world.sts().calls().len(), 1);
}

/// `env` ends with this status, code that fails and no call; what it said.
#[track_caller]
fn fails(world: &World, status: i32) -> String {
    let code = world.code();
    let test = world.awsmfa(["env", "--shell", "sh", "-t", &code]);
    let test = test.stdout(NOTHING_TO_KEEP).any_stderr().status(status);
    let told = test.run().stderr;
    assert_eq!(world.sts().calls().len(), 0, "{told}");
    world.redacted(&told)
}

fn path_of(world: &World, file: &str) -> String {
    world.path(file).to_str().unwrap().to_owned()
}

#[test]
fn a_flag_a_variable_and_a_line_of_the_profile_name_the_authority() {
    let (world, _office) = Office::open();
    succeeds(&world, &["--ca-bundle", &path_of(&world, "ca.pem")]);
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        let (world, _office) = Office::open();
        let pem = path_of(&world, "ca.pem");
        succeeds(&world.env(variable, pem), &[]);
    }
    let (world, _office) = Office::open();
    let config = world.read(".aws/config") + "ca_bundle = ~/ca.pem\n";
    succeeds(&world.config(config), &[]);
}

/// Flag, AWS's variable, the profile, everybody's variable: the first that is there, and nothing beside it.
#[test]
fn the_first_of_them_counts_alone() {
    let (world, _office) = Office::open();
    let (right, wrong) = (path_of(&world, "ca.pem"), path_of(&world, "other.pem"));
    let world = world.file("other.pem", Authority::new("Somebody else").pem());
    let config = world.read(".aws/config") + &format!("ca_bundle = {wrong}\n");
    let mut world = world.config(config).env("SSL_CERT_FILE", &right);
    assert_snapshot!(fails(&world, 4), @"
    awsmfa: [STS] did not answer: its certificate is not from an authority in ca_bundle [HOME]/other.pem (invalid peer certificate: UnknownIssuer)
    hint: give the certificates of the company's or the server's own authority with --ca-bundle FILE or AWS_CA_BUNDLE (if this machine has none at all, install ca-certificates)
    ");
    world.set("AWS_CA_BUNDLE", &wrong);
    let code = world.code();
    let args = ["env", "--shell", "sh", "-t", &code, "--ca-bundle", &right];
    world.awsmfa(args).any_stdout().run();
}

#[test]
fn a_file_that_holds_no_certificates_is_named_with_the_reason() {
    let (world, office) = Office::open();
    let pem = office.authority.pem();
    let (half, twice_and_half) = (
        &pem[..pem.len() / 2],
        format!("{pem}{pem}{}", &pem[..pem.len() / 2]),
    );
    let no_base64 = pem.replace("MII", "M!I");
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let mut told = String::new();
    let pem_path = path_of(&world, "bundle.pem");
    let mut world = world.env("AWS_CA_BUNDLE", pem_path);
    for text in [
        "",
        "\u{feff}hello\n",
        half,
        &twice_and_half,
        &no_base64,
        no_certificate,
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        world = world.file("bundle.pem", text);
        told += fails(&world, 1).lines().next().unwrap();
        told += "\n";
    }
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        world.set("AWS_CA_BUNDLE", "");
        world.set(variable, path_of(&world, "missing.pem"));
        told += &fails(&world, 1);
    }
    world.set("SSL_CERT_FILE", path_of(&world, ".aws"));
    told += &fails(&world, 1);
    assert_snapshot!(told, @"
    awsmfa: AWS_CA_BUNDLE [HOME]/bundle.pem cannot be used: it holds no certificate
    awsmfa: AWS_CA_BUNDLE [HOME]/bundle.pem cannot be used: it holds no certificate
    awsmfa: AWS_CA_BUNDLE [HOME]/bundle.pem cannot be used: certificate 1 in it is cut off or not PEM
    awsmfa: AWS_CA_BUNDLE [HOME]/bundle.pem cannot be used: certificate 3 in it is cut off or not PEM
    awsmfa: AWS_CA_BUNDLE [HOME]/bundle.pem cannot be used: certificate 1 in it is cut off or not PEM
    awsmfa: AWS_CA_BUNDLE [HOME]/bundle.pem cannot be used: certificate 1 in it is not valid
    awsmfa: AWS_CA_BUNDLE [HOME]/bundle.pem cannot be used: it holds no certificate
    awsmfa: AWS_CA_BUNDLE [HOME]/missing.pem cannot be used: No such file or directory (os error 2)
    hint: set AWS_CA_BUNDLE to a file of certificates in PEM form (-----BEGIN CERTIFICATE-----)
    awsmfa: SSL_CERT_FILE [HOME]/missing.pem cannot be used: No such file or directory (os error 2)
    hint: set SSL_CERT_FILE to a file of certificates in PEM form (-----BEGIN CERTIFICATE-----)
    awsmfa: SSL_CERT_FILE [HOME]/.aws cannot be used: Is a directory (os error 21)
    hint: set SSL_CERT_FILE to a file of certificates in PEM form (-----BEGIN CERTIFICATE-----)
    ");
}

/// A bundle that Windows has touched is one all the same.
#[test]
fn comments_a_byte_order_mark_and_crlf_do_not_matter() {
    let (world, office) = Office::open();
    let text = format!(
        "\u{feff}# The Company\r\n{}",
        office.authority.pem().replace('\n', "\r\n")
    );
    let pem = path_of(&world, "bundle.pem");
    succeeds(&world.file("bundle.pem", text), &["--ca-bundle", &pem]);
}

/// A container without ca-certificates.
#[test]
fn a_machine_that_trusts_nobody_is_told_how_to() {
    let (world, _office) = Office::open();
    let world = world.env("SSL_CERT_DIR", "/nowhere");
    assert_snapshot!(fails(&world, 4), @"
    awsmfa: [STS] did not answer: its certificate is from an authority that this machine does not trust (invalid peer certificate: UnknownIssuer)
    hint: give the certificates of the company's or the server's own authority with --ca-bundle FILE or AWS_CA_BUNDLE (if this machine has none at all, install ca-certificates)
    ");
}

#[test]
fn a_certificate_of_another_name_or_time_is_not_blamed_on_the_authority() {
    for (names, year) in [(["portal.invalid"], 4096), (["localhost"], 1999)] {
        let authority = Authority::new("The Company");
        let sts = LocalSts::builder()
            .tls(authority.server_until(&names, year))
            .start();
        let world = World::alice_of(sts).file("ca.pem", authority.pem());
        let pem = path_of(&world, "ca.pem");
        let told = fails(&world.env("AWS_CA_BUNDLE", pem), 4);
        // Each with the seconds since.
        let told = told
            .split(|c: char| c.is_ascii_digit())
            .filter(|part| !part.is_empty());
        let told = told.collect::<Vec<_>>().join("#");
        match year {
            1999 => {
                assert_snapshot!(told.replace("sudo hwclock -s", "sudo timedatectl set-ntp true"), @"
                awsmfa: [STS] did not answer: invalid peer certificate: certificate expired: verification time # (UNIX), but certificate is not valid after # (# seconds ago)
                hint: if this machine's clock is off, set it: run sudo timedatectl set-ntp true
                ")
            }
            _ => assert_snapshot!(told, @r#"
            awsmfa: [STS] did not answer: invalid peer certificate: certificate not valid for name "localhost"; certificate is only valid for DnsName("portal.invalid")
            hint: check AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL and the proxy; a Wi-Fi sign-in page answers like this
            "#),
        }
    }
}
