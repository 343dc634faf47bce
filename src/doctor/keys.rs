//! Keys that are being replaced: a rotation that was interrupted, or one whose old key is not deleted yet.

use super::{Finding, Place};
use crate::keys::index::{IndexFile, Rotation};

pub fn check(place: &Place) -> Vec<Finding> {
    let index = IndexFile::of(place.env).and_then(|index| index.read());
    match index {
        Ok(index) => index.rotations.iter().map(finding).collect(),
        Err(error) => vec![Finding::wrong(
            "keys",
            error.to_string(),
            error.hint().unwrap_or_default(),
        )],
    }
}

fn finding(rotation: &Rotation) -> Finding {
    let Rotation { profile, old, .. } = rotation;
    match rotation.is_done {
        false => Finding::warn(
            "keys",
            format!("the rotation of the access key {old} of profile {profile} has not ended"),
            format!("run awsmfa keys rotate {profile}"),
        ),
        true => Finding::good(
            "keys",
            format!(
                "the old access key {old} of profile {profile} is inactive; awsmfa keys rotate {profile} --delete \
                 deletes it"
            ),
        ),
    }
}
