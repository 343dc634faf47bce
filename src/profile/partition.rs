//! The partitions of AWS: worlds of their own, of which no one knows the keys of another. Pure.

use crate::model::region::Region;

/// The partition, the beginning of its regions' names, and one of them that is always enabled.
///
/// Where one beginning is that of another too, the longer stands first.
const PARTITIONS: &[(&str, &[&str], &str)] = &[
    ("aws-cn", &["cn-"], "cn-north-1"),
    ("aws-us-gov", &["us-gov-"], "us-gov-west-1"),
    ("aws-eusc", &["eusc-"], "eusc-de-east-1"),
    ("aws-iso", &["us-iso-"], "us-iso-east-1"),
    ("aws-iso-b", &["us-isob-"], "us-isob-east-1"),
    ("aws-iso-e", &["eu-isoe-"], "eu-isoe-west-1"),
    ("aws-iso-f", &["us-isof-"], "us-isof-south-1"),
    (
        "aws",
        &[
            "us-", "eu-", "ap-", "ca-", "sa-", "me-", "af-", "il-", "mx-",
        ],
        "us-east-1",
    ),
];

/// The partition that an ARN names; a hardware token's number is no ARN.
pub fn of_arn(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.split(':').next()
}

/// The partition of a region; `None` for one that is newer than this table.
pub fn of_region(region: &Region) -> Option<&'static str> {
    let is_in = |beginnings: &[&str]| beginnings.iter().any(|b| region.as_str().starts_with(b));
    let (name, ..) = PARTITIONS.iter().find(|(_, of, _)| is_in(of))?;
    Some(name)
}

/// A region of the partition that is always enabled.
pub fn region(partition: &str) -> &'static str {
    let found = PARTITIONS.iter().find(|(name, ..)| *name == partition);
    found.map_or("us-east-1", |(_, _, region)| region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_of_each_partition_is_one_of_its_own() {
        for (name, _, region) in PARTITIONS {
            let region = Region::parse(crate::error::Origin::Typed, region).unwrap();
            assert_eq!(of_region(&region), Some(*name));
        }
        assert_eq!(
            of_region(&Region::parse(crate::error::Origin::Typed, "local").unwrap()),
            None
        );
    }
}
