//! A sentence and a hint for each cause, side by side.

use super::cause::Cause;
use super::{Asked, Refusal};
use crate::error::Origin;
use crate::system::wsl::is_wsl;
use crate::text::durations::human_seconds;

/// What is said of a refusal.
pub struct Words {
    /// What AWS refuses, without its own code and text.
    pub sentence: String,
    /// What to do, as it follows `hint: `.
    pub hint: String,
}

/// The words for a refusal.
pub fn words(refusal: &Refusal) -> Words {
    let Asked {
        key,
        serial,
        serial_from,
        role,
        seconds,
        region,
        region_from,
    } = &refusal.asked;
    let device = serial.as_deref().unwrap_or("the MFA device");
    let the_role = role.as_deref().unwrap_or("the role");
    let length = human_seconds(i64::from(*seconds));
    let (sentence, hint) = match refusal.cause {
        Cause::WrongCode => (
            "AWS refused the code: it is wrong, expired or already used".to_owned(),
            format!(
                "wait for the next code of {}, a code works once; if that is refused too, check the clock of the phone",
                serial.as_deref().unwrap_or("the device")
            ),
        ),
        Cause::NotYourDevice => (
            format!("{device} ({}) is not an MFA device of the user of {key}", named(serial_from.as_ref())),
            format!(
                "run aws iam list-mfa-devices{}, or see Security credentials in the console, and {}",
                key.profile_flag(),
                match serial_from {
                    Some(origin @ (Origin::Flag(_) | Origin::Variable(_))) =>
                        format!("give the serial number from there with {origin}"),
                    Some(Origin::Line(line)) => format!("write the serial number from there into {line}"),
                    _ => "write the serial number from there as mfa_serial into the profile".to_owned(),
                }
            ),
        ),
        Cause::MfaRequired => (
            format!("{the_role} wants an MFA code and none was sent"),
            "write mfa_serial = arn:aws:iam::123456789012:mfa/NAME in the role's profile or its source profile".to_owned(),
        ),
        Cause::SessionKeys => (
            format!("{key} is a session, and a session cannot get another"),
            key.put_back(),
        ),
        Cause::NotAuthorized => (
            format!("AWS does not let {key} assume {the_role}"),
            "check role_arn, external_id and the role's trust policy; where that limits the age of MFA, add --refresh, \
             or ask for more than 1h, which sends the code itself"
                .to_owned(),
        ),
        Cause::Forbidden => (
            format!("a policy does not allow {key} this call"),
            "ask the administrator of the account for a policy that allows it".to_owned(),
        ),
        Cause::Root => (
            format!("{key} is the root user's, which cannot assume a role"),
            format!("create an IAM user and put its keys in place: run aws configure{}", key.profile_flag()),
        ),
        Cause::RoleChaining => (
            format!("{the_role} for {length} is too long: a role assumed from a session lasts one hour at most"),
            "ask for 1h or less, or let the role trust the user with the long-term keys and name that profile as source_profile".to_owned(),
        ),
        Cause::MaxSessionDuration => (
            format!("{the_role} allows no session of {length}"),
            format!(
                "ask for less, such as --duration 1h, or raise the role's maximum: \
                 aws iam update-role --role-name {} --max-session-duration {seconds}",
                role.as_deref().and_then(|arn| arn.rsplit('/').next()).unwrap_or("NAME"),
            ),
        ),
        Cause::UnknownKey => (
            if key.lost_its_token() {
                format!("{key} is a session's (ASIA…), and its token is missing")
            } else {
                format!("AWS does not know {key}")
            },
            if key.is_temporary || key.ends_in.is_empty() {
                key.put_back()
            } else {
                format!(
                    "see in IAM whether it was deleted, is inactive or is spelled differently, then {}{}",
                    key.give_again(),
                    match region_from {
                        // The first region of the device's own partition knows every key of the account.
                        Origin::PartitionOf(_) => String::new(),
                        // An opt-in region says the same of every key, until it is enabled.
                        _ => format!(
                            "; if {region} ({region_from}) is not enabled for the account, or is of another partition, add --region"
                        ),
                    }
                )
            },
        ),
        Cause::ExpiredSource => (
            if key.ends_in.is_empty() {
                format!("{key} has expired")
            } else {
                format!("the session of {key} has expired")
            },
            key.put_back(),
        ),
        Cause::WrongSecretKey => (
            format!("the secret access key does not belong to {key}"),
            format!("{} with both halves of one key", key.give_again()),
        ),
        Cause::Clock { behind } => (
            match behind {
                None => "this machine's clock is off".to_owned(),
                Some(by) => {
                    let way = if by < 0 { "ahead of" } else { "behind" };
                    format!("this machine's clock is {} {way} AWS's", human_seconds(by.saturating_abs()))
                }
            },
            format!("set the clock: run {}", set_clock()),
        ),
        Cause::WrongRegion => (
            format!("the endpoint is not the one of region {region} ({region_from})"),
            "give the region of the endpoint with --region".to_owned(),
        ),
        Cause::RegionDisabled => (
            format!("STS is not activated in {region} ({region_from}) for this account"),
            "add --region us-east-1 or another active one, or activate it: IAM, Account settings, Security Token Service".to_owned(),
        ),
        Cause::Throttled => ("AWS was asked too often".to_owned(), later()),
        Cause::Fault => ("AWS has an internal error".to_owned(), later()),
        Cause::WebIdentity => (
            format!("AWS does not let {key} assume {the_role}"),
            "check role_arn and the role's trust policy: the identity provider, and the audience and the subject \
             that it wants of the token"
                .to_owned(),
        ),
        Cause::IdentityToken => (
            format!("AWS does not accept {key}"),
            format!(
                "{}; the account must know that issuer: aws iam list-open-id-connect-providers",
                key.give_again()
            ),
        ),
        Cause::PackedPolicy => (
            "the policies and tags of the session are more than AWS takes".to_owned(),
            "give fewer or shorter ones: --policy-arn, --session-tag, and policy_arns and session_tags of the profile".to_owned(),
        ),
        Cause::Marking => (
            format!("AWS does not let {key} put these tags or this source identity on the session of {the_role}"),
            "leave out --session-tag and --source-identity (session_tags, source_identity), or let the role's trust policy \
             allow sts:TagSession and sts:SetSourceIdentity beside sts:AssumeRole"
                .to_owned(),
        ),
        Cause::Input(input) => {
            let (key, flag) = input.names();
            (
                format!("AWS does not accept the {key}"),
                format!("change {key} in the profile, or give another one with {flag}"),
            )
        }
        Cause::Other => (
            format!("AWS refused {key}"),
            "AWS says no more than that; AWS Support asks for the request id".to_owned(),
        ),
    };
    Words { sentence, hint }
}

fn named(origin: Option<&Origin>) -> String {
    origin.map(Origin::to_string).unwrap_or_default()
}

fn later() -> String {
    "try again in a minute; https://health.aws.amazon.com says more".to_owned()
}

/// The command that sets this machine's clock from the network. WSL's stands still while the host
/// sleeps; the host's hardware clock is right.
pub fn set_clock() -> &'static str {
    match () {
        () if cfg!(windows) => "w32tm /resync as administrator",
        () if cfg!(target_os = "macos") => "sudo sntp -sS time.apple.com",
        () if is_wsl() => "sudo hwclock -s",
        () => "sudo timedatectl set-ntp true",
    }
}
