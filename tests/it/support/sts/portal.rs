//! What a client talks to that somebody has logged in with: the portal of IAM Identity Center, its OIDC service, and
//! the sign-in service behind `aws login`. Strict where the real ones are: a token is good until its end or until it
//! is revoked, a refresh token belongs to its client, and the one of `aws login` to the key that signs the proof.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::answer::Issued;
use super::dpop::{self, Key};
use super::http::{Request, Response};
use super::iam::Iam;
use super::principal::Principal;
use super::role::Role;
use super::sync::lock;
use super::{clock, random};

/// How long an access token lasts that a refresh token bought.
const HOUR: i64 = 3600;
/// As long as the sign-in service gives credentials.
const QUARTER: i64 = 900;

/// What a login at IAM Identity Center leaves behind. `aws sso login` writes it into its cache.
#[derive(Clone, Debug)]
pub struct SsoLogin {
    pub access_token: String,
    pub expires: i64,
    pub refresh_token: Option<String>,
    pub client_id: String,
    pub client_secret: String,
}

/// What `aws login` leaves behind.
#[derive(Clone, Debug)]
pub struct ConsoleLogin {
    pub issued: Issued,
    pub account: String,
    pub refresh_token: String,
    pub client_id: String,
    pub key: Key,
}

/// Who is logged in.
#[derive(Debug, Default)]
pub struct Portal(Mutex<Vec<Grant>>);

#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there are one or two")]
enum Grant {
    Sso(SsoLogin),
    Console { login: ConsoleLogin, role: Role },
}

impl Portal {
    /// A login whose access token lasts this long, with a refresh token or without.
    pub fn log_in(&self, seconds: i64, is_renewable: bool) -> SsoLogin {
        let login = SsoLogin {
            access_token: token("aoaAAAA"),
            expires: clock::now() + seconds,
            refresh_token: is_renewable.then(|| token("aorAAAA")),
            client_id: token("client"),
            client_secret: token("eyJr"),
        };
        lock(&self.0).push(Grant::Sso(login.clone()));
        login
    }

    /// A login by `aws login` as this role, whose credentials last this long.
    pub fn sign_in(&self, iam: &Iam, role: &str, seconds: i64) -> ConsoleLogin {
        let role = iam.role(role).expect("the STS knows the role").clone();
        let login = ConsoleLogin {
            issued: issue(iam, &role, seconds),
            account: role.account().to_owned(),
            refresh_token: token("refresh"),
            client_id: "arn:aws:signin:::devtools/same-device".to_owned(),
            key: Key::random(),
        };
        lock(&self.0).push(Grant::Console {
            login: login.clone(),
            role,
        });
        login
    }

    /// Every login is over, whatever its tokens say.
    pub fn log_everybody_out(&self) {
        lock(&self.0).clear();
    }

    /// The answer, with its outcome for the log; nothing where the request is for STS.
    pub fn answer(&self, iam: &Iam, request: &Request) -> Option<(String, Response)> {
        let result = match operation(request)? {
            "GetRoleCredentials" => self.role_credentials(iam, request),
            "CreateToken" => self.create_token(request),
            _ => self.create_oauth2_token(iam, request),
        };
        Some(match result {
            Ok(body) => ("200".to_owned(), json_response(200, None, &body)),
            Err(Denied { status, code, body }) => {
                (code.to_owned(), json_response(status, Some(code), &body))
            }
        })
    }

    fn role_credentials(&self, iam: &Iam, request: &Request) -> Result<Value, Denied> {
        let token = request.header("x-amz-sso_bearer_token");
        let is_good = |grant: &Grant| match grant {
            Grant::Sso(login) => {
                Some(login.access_token.as_str()) == token && login.expires > clock::now()
            }
            Grant::Console { .. } => false,
        };
        if !lock(&self.0).iter().any(is_good) {
            return Err(Denied::new(
                401,
                "UnauthorizedException",
                "Session token not found or invalid",
            ));
        }
        let query = super::form::parse(&request.query);
        let value = |name: &str| {
            let found = query.iter().find(|(other, _)| other == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let (account, name) = (value("account_id"), value("role_name"));
        let role = iam
            .roles
            .iter()
            .find(|role| role.account() == account && is_of_permission_set(role, name));
        let role = role.ok_or_else(|| Denied::new(403, "ForbiddenException", "No access"))?;
        let issued = issue(iam, role, HOUR);
        let expiration = humantime::parse_rfc3339(&issued.expiration).expect("our own time");
        let expiration = expiration
            .duration_since(std::time::UNIX_EPOCH)
            .expect("after 1970")
            .as_millis();
        Ok(json!({"roleCredentials": {
            "accessKeyId": issued.access_key_id,
            "secretAccessKey": issued.secret_access_key,
            "sessionToken": issued.session_token,
            "expiration": u64::try_from(expiration).expect("a sane year"),
        }}))
    }

    fn create_token(&self, request: &Request) -> Result<Value, Denied> {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let mut grants = lock(&self.0);
        let found = grants.iter_mut().find_map(|grant| match grant {
            Grant::Sso(login)
                if asked["grantType"] == "refresh_token"
                    && asked["refreshToken"].as_str() == login.refresh_token.as_deref()
                    && asked["clientId"] == *login.client_id
                    && asked["clientSecret"] == *login.client_secret =>
            {
                Some(login)
            }
            _ => None,
        });
        let login = found.ok_or_else(|| Denied {
            status: 400,
            code: "InvalidGrantException",
            body: json!({"error": "invalid_grant", "error_description": "Invalid refresh token provided"}),
        })?;
        // A refresh token is good once.
        login.access_token = token("aoaAAAA");
        login.refresh_token = Some(token("aorAAAA"));
        login.expires = clock::now() + HOUR;
        Ok(json!({
            "accessToken": login.access_token,
            "expiresIn": HOUR,
            "refreshToken": login.refresh_token,
            "tokenType": "Bearer",
        }))
    }

    fn create_oauth2_token(&self, iam: &Iam, request: &Request) -> Result<Value, Denied> {
        let host = request.header("host").unwrap_or_default();
        let url = format!("http://{host}{}", request.path);
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let proof = request.header("dpop").unwrap_or_default();
        let mut grants = lock(&self.0);
        let found = grants.iter_mut().find_map(|grant| match grant {
            Grant::Console { login, role }
                if asked["grantType"] == "refresh_token"
                    && asked["refreshToken"] == *login.refresh_token
                    && asked["clientId"] == *login.client_id
                    && dpop::proves(proof, &login.key, &url) =>
            {
                Some((login, role))
            }
            _ => None,
        });
        let (login, role) = found.ok_or_else(|| Denied {
            status: 403,
            code: "AccessDeniedException",
            body: json!({"error": "TOKEN_EXPIRED", "message": "The refresh token has expired"}),
        })?;
        login.issued = issue(iam, role, QUARTER);
        login.refresh_token = token("refresh");
        Ok(json!({
            "accessToken": {
                "accessKeyId": login.issued.access_key_id,
                "secretAccessKey": login.issued.secret_access_key,
                "sessionToken": login.issued.session_token,
            },
            "tokenType": "aws_sigv4",
            "expiresIn": QUARTER,
            "refreshToken": login.refresh_token,
        }))
    }
}

/// Which call of the three services it is, by its path: none of them is at STS's own.
pub fn operation(request: &Request) -> Option<&'static str> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/federation/credentials") => Some("GetRoleCredentials"),
        ("POST", "/token") => Some("CreateToken"),
        ("POST", "/v1/token") => Some("CreateOAuth2Token"),
        _ => None,
    }
}

/// IAM Identity Center makes a role of a permission set, with a name of its own around it.
fn is_of_permission_set(role: &Role, name: &str) -> bool {
    let rest = role.name().strip_prefix("AWSReservedSSO_");
    !name.is_empty()
        && rest
            .and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with('_'))
}

fn issue(iam: &Iam, role: &Role, seconds: i64) -> Issued {
    let principal = Principal::Role {
        role: role.clone(),
        session_name: "alice".to_owned(),
    };
    iam.issue(principal, None, seconds)
}

struct Denied {
    status: u16,
    code: &'static str,
    body: Value,
}

impl Denied {
    fn new(status: u16, code: &'static str, message: &str) -> Self {
        Denied {
            status,
            code,
            body: json!({"message": message, "__type": code}),
        }
    }
}

fn json_response(status: u16, error: Option<&str>, body: &Value) -> Response {
    let mut response = Response::new(status, "application/json", body.to_string());
    if let Some(error) = error {
        response
            .headers
            .push(("x-amzn-ErrorType", error.to_owned()));
    }
    response
        .headers
        .push(("x-amzn-RequestId", random::request_id()));
    response
}

fn token(beginning: &str) -> String {
    format!("{beginning}{}", random::request_id().replace('-', ""))
}
