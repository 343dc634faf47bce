//! Misbehaviour, one request at a time: all that a network, a proxy or a bad day at AWS can do to a call.

use super::answer::{Answer, Issued};
use super::http::{Request, Response};
use super::log::Call;
use super::refusal::{self, Refusal};
use super::sync::Gate;
use super::{clock, random};

/// What happens to the next request. "Done" means that the call had its effect and its code is spent, only the
/// answer suffers; where nothing is said, somebody else answers and STS never hears of the call.
#[derive(Clone, Debug)]
pub enum Step {
    /// All is well: for scripts in which only a later request goes wrong.
    Pass,
    /// As `Pass`, once the test opens the gate.
    SlowThenOk(Gate),
    /// No answer until the client gives up or the [`LocalSts`](super::LocalSts) is dropped.
    Hang,
    /// Done, but the connection ends without a byte.
    Close,
    /// Done, but the connection ends in the middle of the answer.
    Reset,
    /// Done; a 200 whose XML ends in the middle, though its `Content-Length` is right.
    Truncated,
    /// A 200 with nothing in it.
    Empty,
    /// The page of a captive portal: 200, or 302 to it.
    Html(u16),
    /// A bare answer of a load balancer, such as 503.
    Status(u16),
    Throttling,
    /// Any error in the form of AWS.
    Refuse(Refusal),
    /// 10 MB.
    BigBody,
    /// These bytes in place of an answer, then the connection ends.
    Raw(Vec<u8>),
    /// Done, but the session has been over for an hour.
    Expired,
    /// Done, but these are the credentials in the answer.
    AnswerWith(Issued),
    /// A refusal that repeats the code and the `Authorization` header, and tries to paint the terminal.
    EchoCode,
}

/// What goes back to the client.
pub struct Delivery {
    /// As in [`Call::outcome`].
    pub outcome: String,
    pub bytes: Vec<u8>,
    pub ends_connection: bool,
}

impl Step {
    /// `act` lets STS handle the call.
    pub fn deliver(
        self,
        request: &Request,
        stopped: &Gate,
        act: impl FnOnce() -> Result<Answer, Refusal>,
    ) -> Delivery {
        match self {
            Step::Pass => Delivery::of(act()),
            Step::SlowThenOk(gate) => {
                gate.wait();
                Delivery::of(act())
            }
            Step::Hang => {
                stopped.wait();
                Delivery::cut("(hang)", Vec::new())
            }
            Step::Close => {
                let _done = act();
                Delivery::cut("(close)", Vec::new())
            }
            Step::Reset => {
                let mut answer = Delivery::of(act()).bytes;
                answer.truncate(answer.len() / 2);
                Delivery::cut("(reset)", answer)
            }
            Step::Truncated => {
                let xml =
                    act().map_or_else(|refusal| refusal.to_xml(""), |answer| answer.to_xml(""));
                let mut xml = xml.into_bytes();
                xml.truncate(xml.len() / 2);
                Delivery::whole("200", &Response::new(200, "text/xml", xml))
            }
            Step::Empty => Delivery::whole("200", &Response::new(200, "text/xml", "")),
            Step::Html(status) => Delivery::whole(&status.to_string(), &portal(status)),
            Step::Status(status) => {
                let response = Response::new(status, "text/plain", "Service Unavailable\n");
                Delivery::whole(&status.to_string(), &response)
            }
            Step::Throttling => Delivery::of(Err(refusal::throttled())),
            Step::Refuse(refusal) => Delivery::of(Err(refusal)),
            Step::BigBody => {
                let body = "<GetSessionTokenResponse>".to_owned() + &"A".repeat(10_000_000);
                Delivery::whole("200", &Response::new(200, "text/xml", body))
            }
            Step::Raw(bytes) => Delivery::cut("(raw)", bytes),
            Step::Expired => {
                let expiration = clock::rfc3339(clock::now() - 3600);
                Delivery::of(
                    act().map(|answer| changed(answer, |issued| issued.expiration = expiration)),
                )
            }
            Step::AnswerWith(other) => {
                Delivery::of(act().map(|answer| changed(answer, |issued| *issued = other)))
            }
            Step::EchoCode => Delivery::of(Err(echo(request))),
        }
    }
}

impl Delivery {
    fn of(result: Result<Answer, Refusal>) -> Delivery {
        let id = random::request_id();
        let (outcome, status, xml) = match result {
            Ok(answer) => ("200".to_owned(), 200, answer.to_xml(&id)),
            Err(refusal) => (refusal.code.clone(), refusal.status, refusal.to_xml(&id)),
        };
        let mut response = Response::new(status, "text/xml", xml);
        response.headers.push(("x-amzn-RequestId", id));
        Delivery::whole(&outcome, &response)
    }

    fn whole(outcome: &str, response: &Response) -> Delivery {
        Delivery {
            outcome: outcome.to_owned(),
            bytes: response.to_bytes(),
            ends_connection: false,
        }
    }

    fn cut(outcome: &str, bytes: Vec<u8>) -> Delivery {
        Delivery {
            outcome: outcome.to_owned(),
            bytes,
            ends_connection: true,
        }
    }
}

fn changed(mut answer: Answer, change: impl FnOnce(&mut Issued)) -> Answer {
    if let Some(issued) = answer.issued_mut() {
        change(issued);
    }
    answer
}

fn portal(status: u16) -> Response {
    let page = "<!DOCTYPE html><html><head><title>Welcome to our Wi-Fi</title></head><body>Please sign in</body></html>";
    let mut response = Response::new(status, "text/html; charset=utf-8", page);
    if status == 302 {
        response
            .headers
            .push(("Location", "http://portal.invalid/login".to_owned()));
    }
    response
}

fn echo(request: &Request) -> Refusal {
    let call = Call::of(request);
    let code = call.param("TokenCode").unwrap_or_default();
    let authorization = request.header("authorization").unwrap_or_default();
    refusal::access_denied(format!(
        "\x1b[2J\x1b]0;owned\x07\rThe code {code} was not accepted\r\nAuthorization: {authorization}\u{9b}31m"
    ))
}
