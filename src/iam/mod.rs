//! The few calls to AWS IAM that awsmfa makes: which MFA devices and access keys a user has, and the life of an
//! access key. IAM speaks the same protocol as STS, so they share the connector, the time limits, the proxy, the
//! certificates and the words for a failure with [`crate::sts`].
//!
//! Not by `aws-sdk-iam`: the commit that adds this file has the figures.

mod answer;
mod request;

use std::time::SystemTime;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;

use crate::error::{Asked, Error, KeyOrigin, Result, SigningKey};
use crate::model::device::MfaDevice;
use crate::model::session::{Credentials, Timestamp};
use crate::profile::endpoint::Endpoint;
use crate::sts::client;
use crate::sts::failure::{Failure, Proof, Service};
use crate::sts::repeat::Repeats;
pub use answer::AccessKey;
use answer::Element;

/// IAM as one user sees it. Every call is about the user whose keys sign: no user name is ever sent.
pub struct Iam<'a> {
    connector: SharedHttpConnector,
    endpoint: &'a Endpoint,
    keys: &'a Credentials,
    origin: KeyOrigin,
}

impl<'a> Iam<'a> {
    /// Prepares the calls; nothing is sent yet. `endpoint` is [`crate::profile::iam_endpoint::of`]'s.
    pub fn new(endpoint: &'a Endpoint, keys: &'a Credentials, origin: KeyOrigin) -> Result<Self> {
        Ok(Self {
            connector: request::connector(endpoint)?,
            endpoint,
            keys,
            origin,
        })
    }

    /// `ListMFADevices`: the user's own, security keys too, in IAM's order. Eight at most.
    pub fn mfa_devices(&self) -> Result<Vec<MfaDevice>> {
        self.pages("ListMFADevices", "MFADevices", Element::mfa_device)
    }

    /// `ListAccessKeys`: the user's own. Two at most.
    pub fn access_keys(&self) -> Result<Vec<AccessKey>> {
        self.pages("ListAccessKeys", "AccessKeyMetadata", Element::access_key)
    }

    /// `CreateAccessKey`. Sent once and never again: where the answer is lost, AWS may have made a key.
    pub fn create_access_key(&self) -> Result<Credentials> {
        let answer = self.send("CreateAccessKey", &[], Repeats::OnlyUndone)?;
        let key = answer.find("AccessKey").and_then(Element::credentials);
        key.ok_or_else(|| self.wrong("holds no access key"))
    }

    /// `UpdateAccessKey`: an inactive key is refused everywhere until it is made active again.
    pub fn set_active(&self, access_key_id: &str, is_active: bool) -> Result<()> {
        let status = if is_active { "Active" } else { "Inactive" };
        let parameters = [("AccessKeyId", access_key_id), ("Status", status)];
        self.send("UpdateAccessKey", &parameters, Repeats::Freely)
            .map(drop)
    }

    /// `DeleteAccessKey`. There is no way back.
    pub fn delete_access_key(&self, access_key_id: &str) -> Result<()> {
        let parameters = [("AccessKeyId", access_key_id)];
        self.send("DeleteAccessKey", &parameters, Repeats::Freely)
            .map(drop)
    }

    /// `GetAccessKeyLastUsed`: `None` for a key that was never used.
    pub fn last_used(&self, access_key_id: &str) -> Result<Option<Timestamp>> {
        let parameters = [("AccessKeyId", access_key_id)];
        let answer = self.send("GetAccessKeyLastUsed", &parameters, Repeats::Freely)?;
        let used = answer.find("AccessKeyLastUsed");
        Ok(used.and_then(|used| used.time("LastUsedDate")))
    }

    /// All pages of a list.
    fn pages<T>(
        &self,
        action: &str,
        list: &str,
        read: impl Fn(&Element) -> Option<T>,
    ) -> Result<Vec<T>> {
        /// No user has so many pages of anything. It stops a server that always names a next page.
        const PAGES: usize = 10;
        let mut found = Vec::new();
        let mut marker: Option<String> = None;
        for _ in 0..PAGES {
            let parameters: Vec<_> = marker.iter().map(|m| ("Marker", m.as_str())).collect();
            let answer = self.send(action, &parameters, Repeats::Freely)?;
            let members = answer
                .find(list)
                .ok_or_else(|| self.wrong("holds no list"))?;
            for member in members.children() {
                found.push(
                    read(member)
                        .ok_or_else(|| self.wrong("has an entry that IAM would not send"))?,
                );
            }
            let is_more = answer
                .find("IsTruncated")
                .is_some_and(|e| e.text() == "true");
            marker = answer.find("Marker").map(|e| e.text().to_owned());
            if !is_more || marker.is_none() {
                break;
            }
        }
        Ok(found)
    }

    fn send(&self, action: &str, parameters: &[(&str, &str)], repeats: Repeats) -> Result<Element> {
        let asked = Asked {
            key: SigningKey::new(&self.keys.access_key_id, self.origin.clone()),
            serial: None,
            serial_from: None,
            role: None,
            seconds: 0,
            region: self.endpoint.region.as_str().to_owned(),
            region_from: self.endpoint.region_from.clone(),
        };
        let runtime = client::runtime()?;
        self.failure().call(runtime, asked, repeats, || {
            let now = SystemTime::now();
            request::send(
                &self.connector,
                self.endpoint,
                self.keys,
                action,
                parameters,
                now,
            )
        })
    }

    fn failure(&self) -> Failure<'_> {
        Failure {
            service: Service::Iam,
            endpoint: self.endpoint,
            proof: Proof::Keys(self.keys),
            code: None,
        }
    }

    fn wrong(&self, what: &str) -> Error {
        self.failure().strange(format!("its answer {what}"), false)
    }
}
