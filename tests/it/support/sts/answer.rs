//! What STS says when it agrees, in its XML.

use super::principal::Principal;
use super::refusal::NAMESPACE;

const IAM_NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// What a session consists of. `expiration` is text, so that a test can make one that is none.
#[derive(Clone, Debug)]
pub struct Issued {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    pub expiration: String,
}

#[derive(Clone, Debug)]
pub enum Answer {
    CallerIdentity(Principal),
    SessionToken(Issued),
    AssumedRole(Issued, Principal),
    WebIdentity(Issued, Principal),
    /// Of IAM: what stands in the result, if anything does.
    Iam {
        action: String,
        result: String,
    },
}

impl Answer {
    pub fn issued_mut(&mut self) -> Option<&mut Issued> {
        match self {
            Answer::CallerIdentity(_) | Answer::Iam { .. } => None,
            Answer::SessionToken(issued)
            | Answer::AssumedRole(issued, _)
            | Answer::WebIdentity(issued, _) => Some(issued),
        }
    }

    pub fn to_xml(&self, request_id: &str) -> String {
        if let Answer::Iam { action, result } = self {
            let result = match result.as_str() {
                "" => String::new(),
                result => format!("  <{action}Result>\n{result}  </{action}Result>\n"),
            };
            return format!(
                "<{action}Response xmlns=\"{IAM_NAMESPACE}\">\n{result}  \
                 <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n</{action}Response>\n"
            );
        }
        let (action, result) = match self {
            Answer::CallerIdentity(caller) => ("GetCallerIdentity", identity(caller)),
            Answer::SessionToken(issued) => ("GetSessionToken", credentials(issued)),
            Answer::AssumedRole(issued, role) => {
                ("AssumeRole", assumed_role(role) + &credentials(issued))
            }
            Answer::WebIdentity(issued, role) => (
                "AssumeRoleWithWebIdentity",
                assumed_role(role) + &credentials(issued),
            ),
            Answer::Iam { .. } => unreachable!("answered above"),
        };
        format!(
            "<{action}Response xmlns=\"{NAMESPACE}\">\n  <{action}Result>\n{result}  </{action}Result>\n  \
             <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n</{action}Response>\n"
        )
    }
}

fn identity(caller: &Principal) -> String {
    let fields = [
        ("Arn", caller.arn()),
        ("UserId", caller.user_id()),
        ("Account", caller.account().to_owned()),
    ];
    fields
        .map(|(name, value)| element("    ", name, &value))
        .concat()
}

fn credentials(issued: &Issued) -> String {
    let fields = [
        ("AccessKeyId", &issued.access_key_id),
        ("SecretAccessKey", &issued.secret_access_key),
        ("SessionToken", &issued.session_token),
        ("Expiration", &issued.expiration),
    ];
    let fields = fields
        .map(|(name, value)| element("      ", name, value))
        .concat();
    format!("    <Credentials>\n{fields}    </Credentials>\n")
}

fn assumed_role(role: &Principal) -> String {
    let fields = [("AssumedRoleId", role.user_id()), ("Arn", role.arn())];
    let fields = fields
        .map(|(name, value)| element("      ", name, &value))
        .concat();
    format!("    <AssumedRoleUser>\n{fields}    </AssumedRoleUser>\n")
}

pub fn element(indent: &str, name: &str, value: &str) -> String {
    format!("{indent}<{name}>{}</{name}>\n", xml_text(value))
}

/// Control characters become numbers, the only way in which XML can carry them to a careless reader.
pub fn xml_text(text: &str) -> String {
    let mut xml = String::new();
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            control if control.is_control() => {
                xml.push_str(&format!("&#x{:X};", u32::from(control)))
            }
            other => xml.push(other),
        }
    }
    xml
}
