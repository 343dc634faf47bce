//! Who and what every [`LocalSts`](super::LocalSts) knows from the start.
//!
//! | user  | account      | partition  | MFA device                              |
//! |-------|--------------|------------|-----------------------------------------|
//! | alice | 123456789012 | aws        | `arn:aws:iam::123456789012:mfa/alice`   |
//! | bob   | 210987654321 | aws        | `arn:aws:iam::210987654321:mfa/bob`     |
//! | carol | 123456789012 | aws        | `GAHT12345678`, a hardware token        |
//! | chen  | 345678901234 | aws-cn     | `arn:aws-cn:iam::345678901234:mfa/chen` |
//! | gina  | 456789012345 | aws-us-gov | `arn:aws-us-gov:iam::456789012345:mfa/gina` |
//! | root  | 123456789012 | aws        | `arn:aws:iam::123456789012:mfa/root`    |

use super::role::Role;
use super::user::User;

pub const ALICES_ACCOUNT: &str = "123456789012";
pub const BOBS_ACCOUNT: &str = "210987654321";

pub fn users() -> Vec<User> {
    vec![
        User::new(ALICES_ACCOUNT, "alice"),
        User::new(BOBS_ACCOUNT, "bob"),
        User::new(ALICES_ACCOUNT, "carol").with_hardware_token("GAHT12345678"),
        User::new("345678901234", "chen").in_partition("aws-cn"),
        User::new("456789012345", "gina").in_partition("aws-us-gov"),
        User::new(ALICES_ACCOUNT, "root"),
    ]
}

pub fn roles() -> Vec<Role> {
    vec![
        // For everybody in alice's account, an hour at most.
        Role::new("arn:aws:iam::123456789012:role/reader"),
        // With MFA, up to twelve hours.
        Role::new("arn:aws:iam::123456789012:role/admin")
            .with_mfa()
            .with_max_session(43_200),
        // In bob's account, for alice's account with MFA; its path is no part of a session's ARN.
        Role::new("arn:aws:iam::210987654321:role/team/deploy")
            .trusting(ALICES_ACCOUNT)
            .with_mfa(),
        // The second link of a chain.
        Role::new("arn:aws:iam::210987654321:role/chained")
            .trusting("arn:aws:iam::123456789012:role/reader"),
        // A code that is older than five minutes does not do.
        Role::new("arn:aws:iam::123456789012:role/vault")
            .with_mfa()
            .with_mfa_age(300),
        Role::new("arn:aws:iam::210987654321:role/partner")
            .trusting(ALICES_ACCOUNT)
            .with_external_id("Unique:1/2"),
        Role::new("arn:aws-cn:iam::345678901234:role/reader"),
    ]
}
