//! A small STS client, for the tests of the local STS and for the demo.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;

use super::http::Request;
use super::sigv4::Authorization;
use super::user::User;
use super::{clock, form};

#[derive(Clone, Debug)]
pub struct Credentials {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
}

impl From<&User> for Credentials {
    fn from(user: &User) -> Self {
        Credentials {
            access_key_id: user.access_key_id.clone(),
            secret_access_key: user.secret_access_key.clone(),
            session_token: None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub body: String,
}

impl Reply {
    /// The text of the first XML element of this name, entities and all.
    pub fn text(&self, element: &str) -> Option<&str> {
        let (_, after) = self.body.split_once(&format!("<{element}>"))?;
        after
            .split_once(&format!("</{element}>"))
            .map(|(text, _)| text)
    }

    /// The session in the answer.
    pub fn credentials(&self) -> Option<Credentials> {
        let text = |element| self.text(element).map(str::to_owned);
        Some(Credentials {
            access_key_id: text("AccessKeyId")?,
            secret_access_key: text("SecretAccessKey")?,
            session_token: Some(text("SessionToken")?),
        })
    }
}

/// Calls the STS at `url` as real clients do: a signed POST of a form.
pub fn call(
    url: &str,
    region: &str,
    credentials: &Credentials,
    action: &str,
    params: &[(&str, &str)],
) -> Result<Reply> {
    let mut request = post(url, clock::now(), credentials, action, params);
    sign(&mut request, region, credentials);
    send(url, &request)
}

fn is_of_iam(action: &str) -> bool {
    action.ends_with("AccessKey")
        || ["ListMFADevices", "ListAccessKeys", "GetAccessKeyLastUsed"].contains(&action)
}

/// The request without its signature, as if it were made at `moment`.
pub fn post(
    url: &str,
    moment: i64,
    credentials: &Credentials,
    action: &str,
    params: &[(&str, &str)],
) -> Request {
    let version = if is_of_iam(action) {
        "2010-05-08"
    } else {
        "2011-06-15"
    };
    let fixed = [("Action", action), ("Version", version)];
    let params = fixed
        .iter()
        .chain(params)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let headers = [
        ("Host", Some(host(url).to_owned())),
        (
            "Content-Type",
            Some("application/x-www-form-urlencoded".to_owned()),
        ),
        ("X-Amz-Date", Some(clock::basic(moment))),
        ("X-Amz-Security-Token", credentials.session_token.clone()),
    ];
    let headers = headers
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: String::new(),
        headers: headers.collect(),
        body: form::encode_pairs(&params.collect::<Vec<_>>()).into_bytes(),
    }
}

pub fn sign(request: &mut Request, region: &str, credentials: &Credentials) {
    let Credentials {
        access_key_id,
        secret_access_key,
        ..
    } = credentials;
    let timestamp = request.header("x-amz-date").unwrap_or_default();
    let body = String::from_utf8_lossy(&request.body);
    let service = match body.contains("Version=2010-05-08") {
        true => "iam",
        false => "sts",
    };
    let key = (access_key_id.as_str(), secret_access_key.as_str());
    let authorization = Authorization::sign(request, timestamp, (region, service), key);
    request
        .headers
        .push(("Authorization".to_owned(), authorization));
}

pub fn send(url: &str, request: &Request) -> Result<Reply> {
    let query = if request.query.is_empty() {
        String::new()
    } else {
        format!("?{}", request.query)
    };
    let mut head = format!(
        "{} {}{query} HTTP/1.1\r\nConnection: close\r\n",
        request.method, request.path
    );
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", request.body.len()));
    let mut stream = TcpStream::connect(host(url))?;
    stream.write_all(&[head.as_bytes(), &request.body].concat())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    match (status, answer.split_once("\r\n\r\n")) {
        (Some(status), Some((_, body))) => Ok(Reply {
            status,
            body: body.to_owned(),
        }),
        _ => Err(Error::new(ErrorKind::InvalidData, "not an HTTP answer")),
    }
}

fn host(url: &str) -> &str {
    url.trim_start_matches("http://").trim_end_matches('/')
}
