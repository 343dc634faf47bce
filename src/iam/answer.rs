//! Reads IAM's XML. Pure.
//!
//! A secret access key stands in one of the answers: every text is wiped when dropped.

use aws_smithy_xml::decode::{Document, ScopedDecoder, XmlDecodeError, try_data};
use zeroize::Zeroizing;

use crate::model::device::MfaDevice;
use crate::model::session::{Credentials, Secret, Timestamp};

/// An access key of a user, as IAM lists it: without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// `AKIA…`.
    pub id: String,
    /// Whether AWS accepts it.
    pub is_active: bool,
    /// When it was made.
    pub created: Timestamp,
}

/// One element of an answer.
pub struct Element {
    name: String,
    text: Zeroizing<String>,
    children: Vec<Element>,
}

/// The deepest answer has six levels.
const DEPTH: usize = 16;

impl Element {
    /// The root of an answer; an error for text that is not XML, or that is cut short.
    pub fn parse(xml: &[u8]) -> Result<Self, XmlDecodeError> {
        let mut document = Document::try_from(xml)?;
        let mut root = document.root_element()?;
        let root_name = root.start_el().local().to_owned();
        let read = read(&mut root, DEPTH)?;
        // The decoder takes the end of the text for the end of every element.
        let end = format!("</{root_name}>");
        let text = std::str::from_utf8(xml).unwrap_or_default();
        match text.trim_end().ends_with(&end) {
            true => Ok(read),
            false => Err(XmlDecodeError::custom("it breaks off")),
        }
    }

    /// The first element of this name, however deep.
    pub fn find(&self, name: &str) -> Option<&Element> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// The elements directly inside.
    pub fn children(&self) -> &[Element] {
        &self.children
    }

    /// The text directly inside.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The moment in the element of this name.
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        let moment = humantime::parse_rfc3339(self.find(name)?.text()).ok()?;
        let since_1970 = moment.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since_1970.as_secs()).ok().map(Timestamp)
    }

    fn value(&self, name: &str) -> Option<&str> {
        let text = self.find(name)?.text();
        (!text.is_empty()).then_some(text)
    }

    /// A member of `MFADevices`.
    pub fn mfa_device(&self) -> Option<MfaDevice> {
        let serial = self
            .value("SerialNumber")
            .filter(|serial| is_serial(serial))?;
        Some(MfaDevice {
            serial: serial.to_owned(),
            enabled: self.time("EnableDate"),
        })
    }

    /// A member of `AccessKeyMetadata`.
    pub fn access_key(&self) -> Option<AccessKey> {
        let id = self.value("AccessKeyId")?;
        Credentials::is_access_key_id(id).then(|| AccessKey {
            id: id.to_owned(),
            is_active: self.value("Status") == Some("Active"),
            created: self.time("CreateDate").unwrap_or(Timestamp(0)),
        })
    }

    /// The `AccessKey` of CreateAccessKey.
    pub fn credentials(&self) -> Option<Credentials> {
        let id = self.value("AccessKeyId")?;
        let secret = self.value("SecretAccessKey")?;
        let is_secret = secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
        (Credentials::is_access_key_id(id) && is_secret).then(|| Credentials {
            access_key_id: id.to_owned(),
            secret_access_key: Secret::new(secret),
            session_token: None,
        })
    }
}

/// Whether it has only the characters of `SerialNumber`: it reaches a file, a prompt and a later request.
fn is_serial(text: &str) -> bool {
    (9..=256).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=/:,.@-".contains(&b))
}

/// The elements that hold a text; every other one holds elements.
const TEXTS: [&str; 12] = [
    "AccessKeyId",
    "Code",
    "CreateDate",
    "EnableDate",
    "IsTruncated",
    "LastUsedDate",
    "Marker",
    "Message",
    "SecretAccessKey",
    "SerialNumber",
    "Status",
    "UserName",
];

fn read(element: &mut ScopedDecoder<'_, '_>, depth: usize) -> Result<Element, XmlDecodeError> {
    let mut read_as = Element {
        name: element.start_el().local().to_owned(),
        text: Zeroizing::default(),
        children: Vec::new(),
    };
    if TEXTS.contains(&&*read_as.name) {
        read_as.text = Zeroizing::new(try_data(element)?.into_owned());
        return Ok(read_as);
    }
    let deeper = depth
        .checked_sub(1)
        .ok_or_else(|| XmlDecodeError::custom("it is too deep"))?;
    while let Some(mut child) = element.next_tag() {
        read_as.children.push(read(&mut child, deeper)?);
    }
    Ok(read_as)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::feed;

    const DEVICES: &str = "<ListMFADevicesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n\
        <ListMFADevicesResult><MFADevices>\n\
        <member><EnableDate>2026-11-18T11:06:40Z</EnableDate><SerialNumber>arn:aws:iam::123456789012:mfa/alice\
        </SerialNumber><UserName>alice</UserName></member>\n\
        <member><SerialNumber>arn:aws:iam::123456789012:u2f/user/alice/key-X</SerialNumber></member>\
        </MFADevices><IsTruncated>false</IsTruncated></ListMFADevicesResult>\n\
        <ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata>\n\
        </ListMFADevicesResponse>\n";
    const CREATED: &str = "<CreateAccessKeyResponse><CreateAccessKeyResult><AccessKey><UserName>Bob &amp; Co</UserName>\
        <AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><Status>Active</Status>\
        <SecretAccessKey>wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY</SecretAccessKey></AccessKey>\
        </CreateAccessKeyResult></CreateAccessKeyResponse>";

    #[test]
    fn devices_are_read_with_their_kind() {
        let answer = Element::parse(DEVICES.as_bytes()).unwrap();
        let list = answer.find("MFADevices").unwrap();
        let devices: Vec<_> = list
            .children()
            .iter()
            .filter_map(Element::mfa_device)
            .collect();
        assert_eq!(devices.len(), 2);
        assert_eq!(devices[0].serial, "arn:aws:iam::123456789012:mfa/alice");
        assert_eq!(devices[0].enabled, Some(Timestamp(1_795_000_000)));
        assert!(!devices[0].is_security_key() && devices[1].is_security_key());
    }

    #[test]
    fn a_new_key_is_read_and_shown_to_nobody() {
        let answer = Element::parse(CREATED.as_bytes()).unwrap();
        let key = answer.find("AccessKey").unwrap().credentials().unwrap();
        assert_eq!(key.access_key_id, "AKIAIOSFODNN7EXAMPLE");
        assert!(key.secret_access_key.expose().ends_with("EXAMPLEKEY"));
        assert!(!format!("{key:?}").contains("EXAMPLEKEY"));
        assert_eq!(answer.find("UserName").unwrap().text(), "Bob & Co");
    }

    #[test]
    fn an_answer_that_breaks_off_anywhere_is_none() {
        for text in [DEVICES.trim_end(), CREATED] {
            for end in 0..text.len() {
                assert!(Element::parse(&text.as_bytes()[..end]).is_err(), "{end}");
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        feed(
            500,
            &[DEVICES, CREATED],
            &["<", ">", "</", "&#x", "member", "]]>"],
            |bytes| {
                if let Ok(answer) = Element::parse(bytes) {
                    let _ = (
                        answer.mfa_device(),
                        answer.access_key(),
                        answer.credentials(),
                    );
                }
            },
        );
        let deep = "<a>".repeat(100_000);
        assert!(Element::parse(deep.as_bytes()).is_err());
    }
}
