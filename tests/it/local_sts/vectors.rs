//! What the world agrees on: without these, verifier and signer could share a mistake.

use crate::support::sts::http::{Connection, Request};
use crate::support::sts::sigv4::{self, Authorization};
use crate::support::sts::totp;
use std::io::Cursor;

/// Of AWS's published suite: `get-vanilla`, `get-vanilla-query-order-encoded`, `get-header-key-duplicate`,
/// `get-header-value-trim` and `post-x-www-form-urlencoded-parameters`, as signed there.
const SUITE: [&str; 5] = [
    "GET / HTTP/1.1
Host:example.amazonaws.com
X-Amz-Date:20150830T123600Z
Authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31

",
    "GET /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1 HTTP/1.1
Host:example.amazonaws.com
X-Amz-Date:20150830T123600Z
Authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac

",
    "GET / HTTP/1.1
Host:example.amazonaws.com
My-Header1:value2
My-Header1:value2
My-Header1:value1
X-Amz-Date:20150830T123600Z
Authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;my-header1;x-amz-date, Signature=c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea

",
    "GET / HTTP/1.1
Host:example.amazonaws.com
My-Header1: value1
My-Header2: \"a   b   c\"
X-Amz-Date:20150830T123600Z
Authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;my-header1;my-header2;x-amz-date, Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736

",
    "POST / HTTP/1.1
Content-Type:application/x-www-form-urlencoded; charset=utf-8
Host:example.amazonaws.com
Content-Length:13
X-Amz-Date:20150830T123600Z
x-amz-content-sha256:9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e
Authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-content-sha256;x-amz-date, Signature=328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422

Param1=value1",
];

#[test]
fn signatures_are_those_of_the_aws_test_suite() {
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    for text in SUITE {
        let request = read(text);
        let authorization = request.header("authorization").unwrap();
        let Authorization {
            scope,
            signed_headers,
            signature,
            ..
        } = Authorization::parse(authorization).unwrap();
        let timestamp = request.header("x-amz-date").unwrap();
        let computed = sigv4::signature(secret, &scope, timestamp, &request, &signed_headers);
        assert_eq!(computed, signature, "{text}");
    }
}

/// Appendix B of RFC 6238, of whose eight digits six digits are the last.
#[test]
fn codes_are_those_of_rfc_6238() {
    let vectors = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];
    for (moment, code) in vectors {
        let step = totp::step_at(moment);
        assert_eq!(totp::code(b"12345678901234567890", step), code);
    }
}

fn read(text: &str) -> Request {
    let wire = text.replace('\n', "\r\n").into_bytes();
    Connection::new(Cursor::new(wire)).read().unwrap().unwrap()
}
