//! Whose request it is: the signature is computed again from what arrived, with the secret that belongs to the key.

use super::iam::Iam;
use super::iam_actions;
use super::log::Call;
use super::principal::Principal;
use super::refusal::{self, Refusal};
use super::sigv4::{self, Authorization};
use super::{clock, http::Request};

/// How far the client's clock may be off, in seconds.
const TOLERANCE: i64 = 15 * 60;

/// Who calls, once it is proven.
pub struct Caller {
    pub principal: Principal,
    /// Whether the credentials are temporary ones.
    pub has_session: bool,
    pub mfa_at: Option<i64>,
}

/// What is on file for an access key.
struct Key {
    caller: Caller,
    secret: String,
    token: Option<String>,
    expires: i64,
}

pub fn authenticate(iam: &Iam, request: &Request) -> Result<Caller, Refusal> {
    let header = request
        .header("authorization")
        .ok_or_else(refusal::unsigned)?;
    let authorization = Authorization::parse(header).ok_or_else(|| {
        refusal::half_signed(&format!("Authorization header is not usable: {header}"))
    })?;
    let timestamp = request.header("x-amz-date").unwrap_or_default();
    let signed_at = clock::parse_basic(timestamp).ok_or_else(|| {
        refusal::half_signed(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
        )
    })?;
    let key = key_on_file(iam, &authorization.access_key_id).ok_or_else(refusal::unknown_key)?;
    if request.header("x-amz-security-token") != key.token.as_deref()
        || key.caller.principal.partition() != partition_of(&authorization.scope.region)
    {
        return Err(refusal::unknown_key());
    }
    check_scope(&authorization, timestamp, is_for_iam(request))?;
    check_clock(signed_at, iam.now())?;
    let Authorization {
        scope,
        signed_headers,
        signature,
        ..
    } = &authorization;
    if *signature != sigv4::signature(&key.secret, scope, timestamp, request, signed_headers) {
        return Err(refusal::wrong_signature());
    }
    if key.expires <= iam.now() {
        return Err(refusal::expired());
    }
    if !is_for_iam(request) && iam.disabled_regions.contains(&scope.region) {
        return Err(refusal::region_disabled(key.caller.principal.account()));
    }
    iam.keys().was_used(&authorization.access_key_id, iam.now());
    Ok(key.caller)
}

/// Both services listen here: the version of their interface tells them apart.
fn is_for_iam(request: &Request) -> bool {
    Call::of(request).param("Version") == Some(iam_actions::VERSION)
}

fn key_on_file(iam: &Iam, access_key_id: &str) -> Option<Key> {
    if let Some(key) = iam.keys().signing(access_key_id) {
        let caller = Caller {
            principal: Principal::User(iam.owner(&key)?),
            has_session: false,
            mfa_at: None,
        };
        return Some(Key {
            caller,
            secret: key.secret,
            token: None,
            expires: i64::MAX,
        });
    }
    let session = iam.session_with_key(access_key_id)?;
    let caller = Caller {
        principal: session.principal,
        has_session: true,
        mfa_at: session.mfa_at,
    };
    let token = Some(session.session_token);
    Some(Key {
        caller,
        secret: session.secret_access_key,
        token,
        expires: session.expires,
    })
}

fn check_scope(
    authorization: &Authorization,
    timestamp: &str,
    for_iam: bool,
) -> Result<(), Refusal> {
    let Authorization {
        scope,
        signed_headers,
        ..
    } = authorization;
    let service = if for_iam { "iam" } else { "sts" };
    if scope.service != service {
        return Err(refusal::signature(format!(
            "Credential should be scoped to correct service: '{service}'. "
        )));
    }
    // IAM has one region in each partition.
    let of_iam = ["us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"];
    if for_iam && !of_iam.contains(&scope.region.as_str()) {
        return Err(refusal::wrong_region_of_iam(&scope.region));
    }
    if !timestamp.starts_with(&scope.date) {
        return Err(refusal::signature(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
        ));
    }
    if !signed_headers.iter().any(|name| name == "host") {
        return Err(refusal::signature(
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ));
    }
    Ok(())
}

fn check_clock(signed_at: i64, now: i64) -> Result<(), Refusal> {
    let (oldest, newest) = (now - TOLERANCE, now + TOLERANCE);
    let [signed, now, first, last] = [signed_at, now, oldest, newest].map(clock::basic);
    if signed_at < oldest {
        Err(refusal::signature(format!(
            "Signature expired: {signed} is now earlier than {first} ({now} - 15 min.)"
        )))
    } else if signed_at > newest {
        Err(refusal::signature(format!(
            "Signature not yet current: {signed} is still later than {last} ({now} + 15 min.)"
        )))
    } else {
        Ok(())
    }
}

/// A key of one partition means nothing to the STS of another.
fn partition_of(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("eusc") => "aws-eusc",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
