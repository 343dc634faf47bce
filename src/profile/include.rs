//! `include_profile`, as aws-vault reads it: what a profile lacks comes from the one that it includes, and from what
//! that one includes. No SDK does so. Pure.

use crate::aws_files::{AwsFiles, FoundProfile};
use crate::error::{Error, Result};

const KEY: &str = "include_profile";

/// The profile of this name with what it includes; `None` where there is none.
pub fn profile(files: &AwsFiles, name: &str) -> Result<Option<FoundProfile>> {
    let Some(mut found) = files.profile(name) else {
        return Ok(None);
    };
    let mut path = vec![name.to_owned()];
    let mut next = found.own(KEY).map(str::to_owned);
    let mut location = found.location(KEY);
    while let Some(name) = next {
        let including = path.last().cloned().unwrap_or_default();
        let is_there_already = path.contains(&name);
        path.push(name.clone());
        if is_there_already {
            return Err(Error::SourceProfileLoop {
                key: KEY,
                path: path.join(" -> "),
                location,
            });
        }
        let Some(included) = files.profile(&name) else {
            return Err(Error::SourceProfileUnknown {
                key: KEY,
                profile: including,
                similar: files.similar_to(&name),
                only_one: None,
                source_profile: name,
                location,
            });
        };
        next = included.own(KEY).map(str::to_owned);
        location = included.location(KEY);
        found.include(included);
    }
    Ok(Some(found))
}
