//! The sign-in page of the console: a role's session for a token, and a token for the page asked for.

use std::collections::BTreeMap;

use super::http::Response;
use super::iam::Iam;
use super::principal::Principal;
use super::random;
use super::sync::lock;

/// What the page is called.
pub const PATH: &str = "/federation";

/// Answers, as the real one does: JSON for a program, a redirect for a browser, a page without a word of a reason
/// for what it does not take.
pub fn answer(iam: &Iam, values: &BTreeMap<String, String>) -> Response {
    let value = |name: &str| values.get(name).map_or("", String::as_str);
    match value("Action") {
        "getSigninToken" => match token(iam, value("Session")) {
            Some(token) => {
                let body = serde_json::json!({ "SigninToken": token }).to_string();
                Response::new(200, "application/json", body)
            }
            None => refused(),
        },
        "login" if lock(&iam.signin_tokens).remove(value("SigninToken")) => {
            let mut response = Response::new(302, "text/html", "");
            let to = value("Destination").to_owned();
            response.headers.push(("Location", to));
            response
        }
        _ => refused(),
    }
}

/// A token for this session, if it is one that signs in.
fn token(iam: &Iam, session: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(session).ok()?;
    let field = |name: &str| json[name].as_str();
    let found = iam.session_with_key(field("sessionId")?)?;
    let is_it = field("sessionKey") == Some(&found.secret_access_key)
        && field("sessionToken") == Some(&found.session_token);
    let signs_in = matches!(found.principal, Principal::Role { .. });
    if !is_it || !signs_in || found.expires <= iam.now() {
        return None;
    }
    let token = random::session_token();
    lock(&iam.signin_tokens).insert(token.clone());
    Some(token)
}

fn refused() -> Response {
    Response::new(400, "text/html", "<html><body>Oops</body></html>")
}
