//! The parameters of a call as the SDK takes them. Pure.

use aws_sdk_sts::types::{PolicyDescriptorType, Tag};

use crate::error::{Error, Result};
use crate::model::role_options::RoleOptions;

/// An empty list is left out.
pub fn none_if_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

pub fn policies(options: &RoleOptions) -> Option<Vec<PolicyDescriptorType>> {
    let arns = options.policy_arns.iter();
    none_if_empty(
        arns.map(|arn| PolicyDescriptorType::builder().arn(arn).build())
            .collect(),
    )
}

pub fn tags(options: &RoleOptions) -> Result<Option<Vec<Tag>>> {
    let tags = options.session_tags.iter();
    let tags = tags.map(|(key, value)| Tag::builder().key(key).value(value).build());
    let tags = tags.collect::<std::result::Result<Vec<_>, _>>();
    tags.map(none_if_empty)
        .map_err(|_| Error::Internal("a tag has no key"))
}

pub fn seconds(duration: u32) -> i32 {
    i32::try_from(duration).unwrap_or(i32::MAX)
}
