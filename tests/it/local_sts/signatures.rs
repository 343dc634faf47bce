//! Who may call at all: signatures, tokens, clocks, regions.

use super::{REGION, identity, outcome, session};
use crate::support::sts::client::{self, Credentials, Reply};
use crate::support::sts::http::Request;
use crate::support::sts::{LocalSts, clock};

const UNKNOWN: &str =
    "InvalidClientTokenId: The security token included in the request is invalid.";
const MISMATCH: &str = "SignatureDoesNotMatch: The request signature we calculated does not match the signature you \
     provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/// An honest request, signed `seconds` from now, that `tamper` changes afterwards.
fn tampered(sts: &LocalSts, seconds: i64, tamper: impl FnOnce(&mut Request)) -> Reply {
    let alice = sts.user("alice").into();
    let moment = clock::now() + seconds;
    let mut request = client::post(sts.url(), moment, &alice, "GetCallerIdentity", &[]);
    client::sign(&mut request, REGION, &alice);
    tamper(&mut request);
    client::send(sts.url(), &request).unwrap()
}

#[test]
fn what_is_signed_cannot_be_changed() {
    let sts = LocalSts::start();
    assert_eq!(outcome(&tampered(&sts, 0, |_| ())), "200");
    let body = tampered(&sts, 0, |request| {
        request.body.extend(b"&DurationSeconds=900")
    });
    let header = tampered(&sts, 0, |request| {
        request.headers[1].1.push_str("; charset=utf-8")
    });
    let query = tampered(&sts, 0, |request| request.query.push_str("a=b"));
    let method = tampered(&sts, 0, |request| request.method = "GET".to_owned());
    for reply in [body, header, query, method] {
        assert_eq!((reply.status, outcome(&reply).as_str()), (403, MISMATCH));
    }
    let wrong = Credentials {
        secret_access_key: sts.user("bob").secret_access_key.clone(),
        ..sts.user("alice").into()
    };
    assert_eq!(identity(&sts, &wrong), MISMATCH);
}

#[test]
fn a_request_without_a_usable_signature_is_told_so() {
    let sts = LocalSts::start();
    let none = tampered(&sts, 0, |request| drop(request.headers.pop()));
    assert_eq!(
        outcome(&none),
        "MissingAuthenticationToken: Request is missing Authentication Token"
    );
    let basic = tampered(&sts, 0, |request| {
        request.headers.last_mut().unwrap().1 = "Basic YTpi".to_owned();
    });
    assert_eq!(basic.text("Code"), Some("IncompleteSignature"));
    let dateless = tampered(&sts, 0, |request| drop(request.headers.remove(2)));
    assert_eq!(dateless.text("Code"), Some("IncompleteSignature"));
}

#[test]
fn a_get_is_as_good_as_a_post() {
    let sts = LocalSts::start();
    let alice = sts.user("alice").into();
    let mut request = client::post(sts.url(), clock::now(), &alice, "GetCallerIdentity", &[]);
    request.method = "GET".to_owned();
    request.query = String::from_utf8(std::mem::take(&mut request.body)).unwrap();
    client::sign(&mut request, REGION, &alice);
    assert_eq!(outcome(&client::send(sts.url(), &request).unwrap()), "200");
    assert_eq!(sts.calls()[0].action, "GetCallerIdentity");
}

#[test]
fn a_token_belongs_to_its_key() {
    let sts = LocalSts::start();
    let (alice, bob) = (session(&sts, "alice", true), session(&sts, "bob", true));
    let with = |session_token| Credentials {
        session_token,
        ..alice.clone()
    };
    assert_eq!(identity(&sts, &with(None)), UNKNOWN);
    assert_eq!(identity(&sts, &with(bob.session_token.clone())), UNKNOWN);
    let stale = Credentials {
        session_token: bob.session_token,
        ..sts.user("alice").into()
    };
    assert_eq!(identity(&sts, &stale), UNKNOWN);
    let nobody = Credentials {
        access_key_id: "AKIANOBODY".to_owned(),
        ..alice
    };
    assert_eq!(identity(&sts, &nobody), UNKNOWN);
}

#[test]
fn a_clock_may_be_off_by_15_minutes() {
    let sts = LocalSts::start();
    assert_eq!(outcome(&tampered(&sts, -890, |_| ())), "200");
    assert_eq!(outcome(&tampered(&sts, 890, |_| ())), "200");
    let early = outcome(&tampered(&sts, -1000, |_| ()));
    let start = "SignatureDoesNotMatch: Signature expired: ";
    assert!(early.starts_with(start), "{early}");
    assert!(
        early.contains(" is now earlier than ") && early.ends_with(" - 15 min.)"),
        "{early}"
    );
    let ahead = LocalSts::builder().clock_offset(-1000).start();
    let late = outcome(&tampered(&ahead, 0, |_| ()));
    let start = "SignatureDoesNotMatch: Signature not yet current: ";
    assert!(late.starts_with(start), "{late}");
    assert!(
        late.contains(" is still later than ") && late.ends_with(" + 15 min.)"),
        "{late}"
    );
}

#[test]
fn a_key_means_nothing_in_another_partition() {
    let sts = LocalSts::start();
    let said = |name: &str, region: &str| {
        let user = sts.user(name).into();
        let reply = client::call(sts.url(), region, &user, "GetCallerIdentity", &[]);
        outcome(&reply.unwrap())
    };
    let homes = [
        ("alice", "us-east-1"),
        ("chen", "cn-north-1"),
        ("gina", "us-gov-west-1"),
    ];
    for (name, home) in homes {
        for (_, region) in homes {
            assert_eq!(
                said(name, region),
                if region == home { "200" } else { UNKNOWN }
            );
        }
    }
}

#[test]
fn a_region_can_be_off() {
    let sts = LocalSts::builder().disabled_region(REGION).start();
    let said = identity(&sts, &sts.user("alice").into());
    let start =
        "RegionDisabledException: STS is not activated in this region for account:123456789012. ";
    assert!(said.starts_with(start), "{said}");
}

#[test]
fn an_unknown_action_is_named() {
    let sts = LocalSts::start();
    let reply = super::call(&sts, sts.user("alice"), "GetFederationToken", &[]);
    assert_eq!(
        outcome(&reply),
        "InvalidAction: Could not find operation GetFederationToken for version 2011-06-15"
    );
}
