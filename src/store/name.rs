//! The name of a session: what makes it another one. Pure.

use ring::digest::{Context, SHA256};

use crate::model::endpoint_url::EndpointUrl;
use crate::profile::Role;
use crate::profile::endpoint::Endpoint;

/// Names the session that these lead to. Not secret; goes into `AWSMFA_SESSION`, so that a shell can
/// tell for which request its session was. The duration is not part of it: a longer session serves a
/// shorter wish.
///
/// `source` is the access key id that signs the first call, or what [`source_name`] makes of a source
/// that has to be asked for it; `roles` are assumed in this order.
pub fn entry_name(
    source: &str,
    serial: Option<&str>,
    roles: &[Role],
    endpoint: &Endpoint,
) -> String {
    let mut name = Hasher::new(b"awsmfa session 1");
    name.field(Some(source));
    name.field(serial);
    name.field(Some(endpoint.region.as_str()));
    name.field(endpoint.url.as_ref().map(EndpointUrl::as_str));
    name.field(Some(if endpoint.fips { "fips" } else { "" }));
    for role in roles {
        name.field(Some(&role.arn));
        name.field(role.external_id.as_deref());
        name.field(role.session_name.as_deref());
        let options = &role.options;
        // Only where there are any: the name of an ordinary session stays what it was.
        if !options.is_empty() {
            name.field(Some("options"));
            let mut policies = options.policy_arns.clone();
            policies.sort();
            for policy in &policies {
                name.field(Some(policy));
            }
            name.field(None);
            for (key, value) in &options.session_tags {
                name.field(Some(key));
                name.field(Some(value));
            }
            name.field(None);
            for key in &options.transitive_tags {
                name.field(Some(key));
            }
            name.field(None);
            name.field(options.source_identity.as_deref());
        }
    }
    name.finish()
}

/// Names a source of keys by its configuration.
pub fn source_name(configuration: &[&str]) -> String {
    let mut name = Hasher::new(b"awsmfa source 1");
    for field in configuration {
        name.field(Some(field));
    }
    name.finish()
}

/// A hash over fields that cannot run into each other: each is preceded by whether it is there and
/// how long it is.
struct Hasher(Context);

impl Hasher {
    fn new(domain: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(domain);
        Self(context)
    }

    fn field(&mut self, value: Option<&str>) {
        match value {
            None => self.0.update(&[0]),
            Some(value) => {
                self.0.update(&[1]);
                self.0
                    .update(&u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes());
                self.0.update(value.as_bytes());
            }
        }
    }

    /// 128 bits in hexadecimal: enough for a name, short enough for a variable.
    fn finish(self) -> String {
        let digest = self.0.finish();
        let half: [u8; 16] = std::array::from_fn(|i| digest.as_ref().get(i).copied().unwrap_or(0));
        format!("{:032x}", u128::from_be_bytes(half))
    }
}
