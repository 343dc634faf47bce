//! Where AWS says no: for every refusal one sentence with the cause as far as it can be known, a hint with
//! the command or the line, and exit code 3. What is compared is the whole of standard error.

#[cfg(unix)]
use std::process::Stdio;

use crate::support::sts::{LocalSts, Refusal, Step, User, clock, refusal};
use crate::support::{Finished, World};
#[cfg(unix)]
use crate::support::{mount, process::finish, world::AWSMFA};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use insta::assert_snapshot;

const ADMIN: &str = "arn:aws:iam::123456789012:role/admin";
/// One call, AssumeRole with the code.
const LONG: &[&str] = &["--role-arn", ADMIN, "-d", "2h"];

/// `env` in this world with alice's code ends with 3, code that fails, and this on stderr.
#[track_caller]
fn refused(world: &World, args: &[&str]) -> String {
    let code = world.code();
    let args = [&["env", "--shell", "sh", "-t", &code], args].concat();
    let ran = world.awsmfa(args).any_stdout().any_stderr().status(3).run();
    assert!(ran.stdout.ends_with(" false;\n"), "{}", ran.stdout);
    told(world, &ran)
}

/// Standard error without what differs from run to run and from machine to machine.
fn told(world: &World, ran: &Finished) -> String {
    let mut told = world.redacted(&ran.stderr);
    while let Some((before, id)) = told.split_once("(request ") {
        let after = &id[id.find(')').unwrap()..];
        told = format!("{before}[request id{}", after.replacen(')', "]", 1));
    }
    for command in [
        "sudo timedatectl set-ntp true",
        "sudo hwclock -s",
        "sudo sntp -sS time.apple.com",
    ] {
        told = told.replace(command, "[SET THE CLOCK]");
    }
    told
}

/// What is said of this refusal to `env` with these arguments.
#[track_caller]
fn said(refusal: Refusal, args: &[&str]) -> String {
    let world = World::alice();
    // Some are asked for again.
    for _ in 0..3 {
        world.sts().next(Step::Refuse(refusal.clone()));
    }
    refused(&world, args)
}

#[test]
fn the_code() {
    assert_snapshot!(said(refusal::not_your_device(), &[]), @"
    awsmfa: arn:aws:iam::123456789012:mfa/alice ([HOME]/.aws/config:2) is not an MFA device of the user of the access key …XXXX ([HOME]/.aws/credentials:2): AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user [request id]
    hint: run aws iam list-mfa-devices --profile default, or see Security credentials in the console, and write the serial number from there into [HOME]/.aws/config:2
    ");
    // A person with three wrong codes is asked again twice: `prompt.rs`.
    assert_snapshot!(said(refusal::wrong_code(), &[]), @"
    awsmfa: AWS refused the code: it is wrong, expired or already used: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code [request id]
    hint: wait for the next code of arn:aws:iam::123456789012:mfa/alice, a code works once; if that is refused too, check the clock of the phone
    ");
    assert_snapshot!(said(refusal::half_an_mfa(), LONG), @"
    awsmfa: arn:aws:iam::123456789012:role/admin wants an MFA code and none was sent: AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code [request id]
    hint: write mfa_serial = arn:aws:iam::123456789012:mfa/NAME in the role's profile or its source profile
    ");
}

#[test]
fn the_key() {
    assert_snapshot!(said(refusal::unknown_key(), &[]), @"
    awsmfa: AWS does not know the access key …XXXX ([HOME]/.aws/credentials:2): InvalidClientTokenId: The security token included in the request is invalid [request id]
    hint: see in IAM whether it was deleted, is inactive or is spelled differently, then run aws configure --profile default
    ");
    assert_snapshot!(said(refusal::wrong_signature(), &[]), @"
    awsmfa: the secret access key does not belong to the access key …XXXX ([HOME]/.aws/credentials:2): SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details [request id]
    hint: run aws configure --profile default with both halves of one key
    ");
    assert_snapshot!(said(refusal::expired(), &[]), @"
    awsmfa: the session of the access key …XXXX ([HOME]/.aws/credentials:2) has expired: ExpiredToken: The security token included in the request is expired [request id]
    hint: run aws configure --profile default to put the long-term keys (AKIA…) back, and remove aws_session_token from [HOME]/.aws/credentials; if they are lost, create new ones in the AWS console: IAM, Users, your name, Security credentials, Create access key
    ");
    assert_snapshot!(said(refusal::session_for_session(), &[]), @"
    awsmfa: the access key …XXXX ([HOME]/.aws/credentials:2) is a session, and a session cannot get another: AccessDenied: Cannot call GetSessionToken with session credentials [request id]
    hint: run aws configure --profile default to put the long-term keys (AKIA…) back, and remove aws_session_token from [HOME]/.aws/credentials; if they are lost, create new ones in the AWS console: IAM, Users, your name, Security credentials, Create access key
    ");
}

/// Nothing but the two variables: there is no file to name.
#[test]
fn the_key_of_the_environment() {
    let said = |refusal| {
        let world = World::new().local_sts();
        let User {
            access_key_id,
            secret_access_key,
            mfa_serial,
            ..
        } = world.user().clone();
        let world = world
            .env("AWS_ACCESS_KEY_ID", access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", secret_access_key)
            .env("AWS_MFA_SERIAL", mfa_serial);
        world.sts().next(Step::Refuse(refusal));
        refused(&world, &[])
    };
    assert_snapshot!(said(refusal::unknown_key()), @"
    awsmfa: AWS does not know the access key …XXXX (AWS_ACCESS_KEY_ID): InvalidClientTokenId: The security token included in the request is invalid [request id]
    hint: see in IAM whether it was deleted, is inactive or is spelled differently, then export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY again
    ");
    assert_snapshot!(said(refusal::wrong_signature()), @"
    awsmfa: the secret access key does not belong to the access key …XXXX (AWS_ACCESS_KEY_ID): SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details [request id]
    hint: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY again with both halves of one key
    ");
    assert_snapshot!(said(refusal::expired()), @"
    awsmfa: the session of the access key …XXXX (AWS_ACCESS_KEY_ID) has expired: ExpiredToken: The security token included in the request is expired [request id]
    hint: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of long-term keys (AKIA…); if they are lost, create new ones in the AWS console: IAM, Users, your name, Security credentials, Create access key
    ");
}

/// Somebody pasted a session over the long-term keys, which nothing else holds.
#[test]
fn a_session_pasted_over_the_long_term_keys() {
    let pasted = "[default]\naws_access_key_id = ASIAPASTED0000001234\naws_secret_access_key = s\n";
    // Without its token AWS knows nothing of it.
    let world = World::alice().credentials(pasted);
    assert_snapshot!(refused(&world, &[]), @"
    awsmfa: the access key …1234 ([HOME]/.aws/credentials:2) is a session's (ASIA…), and its token is missing: InvalidClientTokenId: The security token included in the request is invalid [request id]
    hint: run aws configure --profile default to put the long-term keys (AKIA…) back, and remove aws_session_token from [HOME]/.aws/credentials; if they are lost, create new ones in the AWS console: IAM, Users, your name, Security credentials, Create access key
    ");
    // With it, it is the profile's session,
    let world = World::alice().credentials(format!("{pasted}aws_session_token = t\n"));
    let ran = world.awsmfa(["env", "--shell", "sh"]).any_stdout().run();
    assert!(
        ran.stdout.contains("'ASIAPASTED0000001234'"),
        "{}",
        ran.stdout
    );
    assert_eq!(world.sts().calls().len(), 0);
    // and serves a role until it ends.
    world.sts().next(Step::Refuse(refusal::expired()));
    assert_snapshot!(refused(&world, &["--role-arn", ADMIN]), @"
    awsmfa: the session of the access key …1234 ([HOME]/.aws/credentials:2) has expired: ExpiredToken: The security token included in the request is expired [request id]
    hint: run aws configure --profile default to put the long-term keys (AKIA…) back, and remove aws_session_token from [HOME]/.aws/credentials; if they are lost, create new ones in the AWS console: IAM, Users, your name, Security credentials, Create access key
    ");
}

#[test]
fn the_role() {
    let denied = |why| {
        let refusal = refusal::not_authorized("arn:aws:iam::123456789012:user/alice", ADMIN);
        Refusal::new(403, "AccessDenied", refusal.message + why)
    };
    assert_snapshot!(said(denied(""), LONG), @"
    awsmfa: AWS does not let the access key …XXXX ([HOME]/.aws/credentials:2) assume arn:aws:iam::123456789012:role/admin: AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/admin [request id]
    hint: check role_arn, external_id and the role's trust policy; where that limits the age of MFA, add --refresh, or ask for more than 1h, which sends the code itself
    ");
    assert_snapshot!(said(denied(" because no identity-based policy allows the sts:AssumeRole action"), LONG), @"
    awsmfa: a policy does not allow the access key …XXXX ([HOME]/.aws/credentials:2) this call: AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/admin because no identity-based policy allows the sts:AssumeRole action [request id]
    hint: ask the administrator of the account for a policy that allows it
    ");
    assert_snapshot!(said(refusal::longer_than_role(), LONG), @"
    awsmfa: arn:aws:iam::123456789012:role/admin allows no session of 2h: ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role [request id]
    hint: ask for less, such as --duration 1h, or raise the role's maximum: aws iam update-role --role-name admin --max-session-duration 7200
    ");
    assert_snapshot!(said(refusal::chained_too_long(), LONG), @"
    awsmfa: arn:aws:iam::123456789012:role/admin for 2h is too long: a role assumed from a session lasts one hour at most: ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining [request id]
    hint: ask for 1h or less, or let the role trust the user with the long-term keys and name that profile as source_profile
    ");
    assert_snapshot!(said(refusal::root_has_no_roles(), LONG), @"
    awsmfa: the access key …XXXX ([HOME]/.aws/credentials:2) is the root user's, which cannot assume a role: AccessDenied: Roles may not be assumed by root accounts [request id]
    hint: create an IAM user and put its keys in place: run aws configure --profile default
    ");
}

/// The first call is answered; the second, with the session that it gave, is not.
#[test]
fn a_session_of_ours_on_the_way_to_a_role() {
    let said = |refusal| {
        let world = World::alice();
        world.sts().next(Step::Pass);
        world.sts().next(Step::Refuse(refusal));
        let told = refused(&world, &["--role-arn", ADMIN]);
        let calls = world.sts().calls();
        let ours = &calls[1].access_key_id;
        told.replace(&ours[ours.len() - 4..], "[OURS]")
    };
    assert_snapshot!(said(refusal::unknown_key()), @"
    awsmfa: AWS does not know the access key …[OURS] (a session that awsmfa got): InvalidClientTokenId: The security token included in the request is invalid [request id]
    hint: add --refresh to get a new one
    ");
    assert_snapshot!(said(refusal::expired()), @"
    awsmfa: the session of the access key …[OURS] (a session that awsmfa got) has expired: ExpiredToken: The security token included in the request is expired [request id]
    hint: add --refresh to get a new one
    ");
}

/// A token in place of keys: Kubernetes, a CI system.
#[test]
fn a_web_identity() {
    let said = |code: &str, message: &str| {
        let world = World::new().local_sts().file("token", "the-token").config(
            "[default]\nrole_arn = arn:aws:iam::123456789012:role/pod\nweb_identity_token_file = ~/token\n",
        );
        world
            .sts()
            .next(Step::Refuse(Refusal::new(400, code, message)));
        let test = world.awsmfa(["env", "--shell", "sh"]).any_stdout();
        told(&world, &test.any_stderr().status(3).run())
    };
    assert_snapshot!(said("AccessDenied", &refusal::not_authorized_web_identity().message), @"
    awsmfa: AWS does not let the web identity of [HOME]/token assume arn:aws:iam::123456789012:role/pod: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity [request id]
    hint: check role_arn and the role's trust policy: the identity provider, and the audience and the subject that it wants of the token
    ");
    assert_snapshot!(said("InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://token.example"), @"
    awsmfa: AWS does not accept the web identity of [HOME]/token: InvalidIdentityToken: No OpenIDConnect provider found in your account for https://token.example [request id]
    hint: get a new token from its issuer; the account must know that issuer: aws iam list-open-id-connect-providers
    ");
    assert_snapshot!(said("ExpiredTokenException", "Token expired: current date/time 1795000000 must be before the expiration date/time 1794990000"), @"
    awsmfa: the web identity of [HOME]/token has expired: ExpiredTokenException: Token expired: current date/time 1795000000 must be before the expiration date/time 1794990000 [request id]
    hint: get a new token from its issuer
    ");
    assert_snapshot!(said("IDPCommunicationError", "Couldn't reach the identity provider"), @"
    awsmfa: AWS does not accept the web identity of [HOME]/token: IDPCommunicationError: Couldn't reach the identity provider [request id]
    hint: get a new token from its issuer; the account must know that issuer: aws iam list-open-id-connect-providers
    ");
}

#[test]
fn a_role_where_no_device_is_named() {
    let world = World::alice().config(format!(
        "[default]\nrole_arn = {ADMIN}\nsource_profile = default\n"
    ));
    let ran = world
        .awsmfa(["env", "--shell", "sh"])
        .any_stdout()
        .any_stderr()
        .status(3)
        .run();
    assert_snapshot!(told(&world, &ran), @"
    awsmfa: AWS does not let the access key …XXXX ([HOME]/.aws/credentials:2) assume arn:aws:iam::123456789012:role/admin: AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/admin [request id]
    hint: if the role's trust policy wants MFA, write mfa_serial = arn:aws:iam::123456789012:mfa/NAME under [default] in [HOME]/.aws/config; else check role_arn, external_id and the trust policy
    ");
}

#[test]
fn the_clock() {
    let off = |seconds| {
        let world = World::alice_at(LocalSts::builder().clock_offset(seconds));
        let told = refused(&world, &[]);
        // The rest is the moments, in the words of STS.
        let (cause, rest) = told.split_once(": SignatureDoesNotMatch: ").unwrap();
        let (words, _) = rest.split_once(": 20").unwrap();
        let (_, hint) = rest.split_once('\n').unwrap();
        format!("{cause}: {words}\n{hint}")
    };
    assert_snapshot!(off(3_660), @"
    awsmfa: this machine's clock is 1h 1m behind AWS's: Signature expired
    hint: set the clock: run [SET THE CLOCK]
    ");
    assert_snapshot!(off(-86_460), @"
    awsmfa: this machine's clock is 24h 1m ahead of AWS's: Signature not yet current
    hint: set the clock: run [SET THE CLOCK]
    ");
    // The text says nothing of when: then the answer's Date does.
    let two_days_on = clock::now() + 2 * 86_400 + 30;
    let world = World::alice();
    world.sts().next(Step::Raw(dated(two_days_on)));
    assert_snapshot!(refused(&world, &[]), @"
    awsmfa: this machine's clock is 48h behind AWS's: RequestExpired: Request has expired
    hint: set the clock: run [SET THE CLOCK]
    ");
    let world = World::alice();
    world.sts().next(Step::Refuse(Refusal::new(
        400,
        "RequestExpired",
        "Request has expired.",
    )));
    assert_snapshot!(refused(&world, &[]), @"
    awsmfa: this machine's clock is off: RequestExpired: Request has expired [request id]
    hint: set the clock: run [SET THE CLOCK]
    ");
}

/// Windows slept, and the clock of the Linux in it stood still.
#[cfg(unix)]
#[test]
fn the_clock_of_wsl() {
    let world = World::alice_at(LocalSts::builder().clock_offset(8 * 3_600));
    let world = world.file("osrelease", "6.6.87.2-microsoft-standard-WSL2\n");
    let Some(mut command) =
        mount::seeing(&world, "osrelease", "/proc/sys/kernel/osrelease", AWSMFA)
    else {
        return;
    };
    command.args(["env", "--shell", "sh", "-t", &world.code()]);
    let ran = finish(command.stdout(Stdio::piped()), "");
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert!(
        lines[0].starts_with("awsmfa: this machine's clock is 8h behind AWS's: "),
        "{lines:?}"
    );
    assert_eq!(lines[1..], ["hint: set the clock: run sudo hwclock -s"]);
}

/// An answer whose `Date` is this moment.
fn dated(moment: i64) -> Vec<u8> {
    let date = DateTime::from_secs(moment).fmt(Format::HttpDate).unwrap();
    let xml = Refusal::new(400, "RequestExpired", "Request has expired.").to_xml("1");
    let length = xml.len();
    format!("HTTP/1.1 400 \r\nDate: {date}\r\nContent-Length: {length}\r\n\r\n{xml}").into_bytes()
}

#[test]
fn the_region() {
    let args = ["--region", "ap-east-1"];
    assert_snapshot!(said(refusal::region_disabled("123456789012"), &args), @"
    awsmfa: STS is not activated in ap-east-1 (--region) for this account: RegionDisabledException: STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console [request id]
    hint: add --region us-east-1 or another active one, or activate it: IAM, Account settings, Security Token Service
    ");
    let scope = "Credential should be scoped to a valid region. ";
    assert_snapshot!(said(refusal::signature(scope), &args), @"
    awsmfa: the endpoint is not the one of region ap-east-1 (--region): SignatureDoesNotMatch: Credential should be scoped to a valid region [request id]
    hint: give the region of the endpoint with --region
    ");
    // A key of another partition is one that STS does not know.
    let world = World::alice();
    assert_snapshot!(refused(&world, &["--region", "cn-north-1"]), @"
    awsmfa: AWS does not know the access key …XXXX ([HOME]/.aws/credentials:2): InvalidClientTokenId: The security token included in the request is invalid [request id]
    hint: see in IAM whether it was deleted, is inactive or is spelled differently, then run aws configure --profile default; if cn-north-1 (--region) is not enabled for the account, or is of another partition, add --region
    ");
}

#[test]
fn what_no_table_has() {
    let denied = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:GetSessionToken \
                  on resource: * with an explicit deny in a service control policy";
    assert_snapshot!(said(refusal::access_denied(denied), &[]), @"
    awsmfa: a policy does not allow the access key …XXXX ([HOME]/.aws/credentials:2) this call: AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:GetSessionToken on resource: * with an explicit deny in a service control policy [request id]
    hint: ask the administrator of the account for a policy that allows it
    ");
    assert_snapshot!(said(Refusal::new(400, "Throttling", "Rate exceeded"), &[]), @"
    awsmfa: AWS was asked too often: Throttling: Rate exceeded [request id]
    hint: try again in a minute; https://health.aws.amazon.com says more
    ");
    assert_snapshot!(said(Refusal::new(500, "InternalFailure", ""), &[]), @"
    awsmfa: AWS has an internal error: InternalFailure [request id]
    hint: try again in a minute; https://health.aws.amazon.com says more
    ");
    assert_snapshot!(said(refusal::unsigned(), &[]), @"
    awsmfa: AWS refused the access key …XXXX ([HOME]/.aws/credentials:2): MissingAuthenticationToken: Request is missing Authentication Token [request id]
    hint: AWS says no more than that; AWS Support asks for the request id
    ");
    assert_snapshot!(said(refusal::validation("1 validation error detected"), &[]), @"
    awsmfa: AWS refused the access key …XXXX ([HOME]/.aws/credentials:2): ValidationError: 1 validation error detected [request id]
    hint: AWS says no more than that; AWS Support asks for the request id
    ");
    assert_snapshot!(said(Refusal::new(400, "NewIn2027", "Something else."), &[]), @"
    awsmfa: AWS refused the access key …XXXX ([HOME]/.aws/credentials:2): NewIn2027: Something else [request id]
    hint: AWS says no more than that; AWS Support asks for the request id
    ");
}

/// AWS names its own parameter, or only the value: the hint says which line or flag of ours that is.
#[test]
fn a_value_that_aws_does_not_take_is_named_as_the_user_named_it() {
    for (message, key, flag) in [
        (
            "1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have \
             length greater than or equal to 2",
            "role_session_name",
            "--role-session-name",
        ),
        (
            "1 validation error detected: Value 'x' at 'externalId' failed to satisfy constraint",
            "external_id",
            "--external-id",
        ),
        ("nothing-valid-in-here is invalid", "role_arn", "--role-arn"),
    ] {
        let world = World::alice();
        let refusal = Refusal::new(400, "ValidationError", message);
        world.sts().next(Step::Refuse(refusal));
        let test = world.awsmfa(["env", "--shell", "sh", "-t", &world.code()]);
        let ran = test.any_stdout().any_stderr().status(3).run();
        let told =
            format!("awsmfa: AWS does not accept the {key}: ValidationError: {message} (request ");
        assert!(ran.stderr.starts_with(&told), "{}", ran.stderr);
        let hint =
            format!("\nhint: change {key} in the profile, or give another one with {flag}\n");
        assert!(ran.stderr.ends_with(&hint), "{}", ran.stderr);
    }
}
