//! What to do where AWS said no: one hint for each [`Refusal`].

use super::refusal::Refusal;
use super::rejected::{Asked, KeyOrigin, Rejected, SigningKey};
use crate::system::wsl::is_wsl;

/// For whoever pasted a session over the only copy of the long-term keys.
pub const LONG_TERM_KEYS_ARE_LOST: &str = "if they are lost, create new ones in the AWS console: \
     IAM, Users, your name, Security credentials, Create access key";

/// The hint, as it follows `hint: `.
pub fn hint(rejected: &Rejected) -> String {
    let Asked {
        key,
        serial,
        serial_from,
        role,
        region,
        region_from,
        ..
    } = &rejected.asked;
    let serial = serial.as_deref().unwrap_or("the device");
    match rejected.refusal {
        Refusal::WrongCode => format!(
            "wait for the next code of {serial}, a code works once; if that is refused too, check the clock of the phone"
        ),
        Refusal::NotYourDevice => format!(
            "run aws iam list-mfa-devices{}, or see Security credentials in the console, and {}",
            profile_flag(key),
            match serial_from.as_str() {
                word if word.starts_with("--") || word.starts_with("AWS_") =>
                    format!("give what it says with {word}"),
                line if line.contains(':') => format!("write what it says into {line}"),
                _ => "write what it says as mfa_serial into the profile".to_owned(),
            }
        ),
        Refusal::MfaRequired => {
            "write mfa_serial = arn:aws:iam::123456789012:mfa/NAME in the role's profile or its source profile".to_owned()
        }
        Refusal::SessionKeys | Refusal::ExpiredSource => put_back(key),
        Refusal::NotAuthorized => {
            "check role_arn, external_id and the role's trust policy; where that limits the age of MFA, add --refresh, \
             or ask for more than 1h, which sends the code itself"
                .to_owned()
        }
        Refusal::WebIdentity => {
            "check role_arn and the role's trust policy: the identity provider, and the audience and the subject \
             that it wants of the token"
                .to_owned()
        }
        Refusal::IdentityToken => format!(
            "{}; the account must know its issuer: aws iam list-open-id-connect-providers",
            give_again(key)
        ),
        Refusal::Forbidden => "ask the administrator of the account for a policy that allows it".to_owned(),
        Refusal::Root => format!(
            "create an IAM user and put its keys in place: run aws configure{}",
            profile_flag(key)
        ),
        Refusal::RoleChaining => {
            "ask for 1h or less, or let the role trust the user with the long-term keys and name that profile as source_profile".to_owned()
        }
        Refusal::MaxSessionDuration => format!(
            "ask for less, such as --duration 1h, or raise the role's maximum: \
             aws iam update-role --role-name {} --max-session-duration {}",
            role.as_deref().and_then(|arn| arn.rsplit('/').next()).unwrap_or("NAME"),
            rejected.asked.seconds
        ),
        Refusal::UnknownKey if key.is_temporary || key.ends_in.is_empty() => put_back(key),
        Refusal::UnknownKey => format!(
            "see in IAM whether it was deleted, is inactive or is spelled otherwise, then {}{}",
            give_again(key),
            match region_from.starts_with("the partition") {
                // The first region of the device's own partition knows every key of the account.
                true => String::new(),
                // An opt-in region says the same of every key, until it is enabled.
                false => format!(
                    "; if {region} ({region_from}) is not enabled for the account, or is of another partition, add --region"
                ),
            }
        ),
        Refusal::WrongSecretKey => format!("{} with both halves of one key", give_again(key)),
        Refusal::Clock { .. } => format!("set the clock: run {}", set_clock()),
        Refusal::WrongRegion => "give the region of the endpoint with --region".to_owned(),
        Refusal::RegionDisabled => {
            "add --region us-east-1 or another active one, or activate it: IAM, Account settings, Security Token Service".to_owned()
        }
        Refusal::Throttled | Refusal::Fault => "try again in a minute; https://health.aws.amazon.com says more".to_owned(),
        Refusal::PackedPolicy => {
            "give fewer or shorter ones: --policy-arn, --session-tag, and policy_arns and session_tags of the profile".to_owned()
        }
        Refusal::Marking => {
            "leave out --session-tag and --source-identity (session_tags, source_identity), or let the role's trust policy \
             allow sts:TagSession and sts:SetSourceIdentity beside sts:AssumeRole"
                .to_owned()
        }
        Refusal::Input(input) => {
            let (key, flag) = input.names();
            format!("change {key} in the profile, or give another one with {flag}")
        }
        Refusal::Other => "what AWS says above is all it tells; its support asks for the request id".to_owned(),
    }
}

/// How long-term keys get back to where a session is.
fn put_back(key: &SigningKey) -> String {
    match &key.origin {
        KeyOrigin::Environment => format!(
            "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of long-term keys (AKIA…); {LONG_TERM_KEYS_ARE_LOST}"
        ),
        KeyOrigin::Profile { location, .. } => format!(
            "run aws configure{} to put the long-term keys (AKIA…) back, and remove aws_session_token from {}; {LONG_TERM_KEYS_ARE_LOST}",
            profile_flag(key),
            location.path.display()
        ),
        KeyOrigin::Process(_)
        | KeyOrigin::TokenFile(_)
        | KeyOrigin::Login { .. }
        | KeyOrigin::KeyStore { .. }
        | KeyOrigin::OurSession => give_again(key),
    }
}

fn give_again(key: &SigningKey) -> String {
    match &key.origin {
        KeyOrigin::Profile { .. } => format!("run aws configure{}", profile_flag(key)),
        KeyOrigin::Environment => {
            "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY again".to_owned()
        }
        KeyOrigin::Process(location) => format!(
            "see what the command of line {} of {} prints",
            location.line,
            location.path.display()
        ),
        KeyOrigin::TokenFile(_) => "get a new token from whoever issues it".to_owned(),
        KeyOrigin::Login { remedy, .. } => format!("{remedy}, and add --refresh"),
        KeyOrigin::KeyStore { profile, .. } => {
            format!("run awsmfa keys remove {profile} and then awsmfa keys add {profile}")
        }
        KeyOrigin::OurSession => "add --refresh to get a new one".to_owned(),
    }
}

fn profile_flag(key: &SigningKey) -> String {
    match &key.origin {
        KeyOrigin::Profile { profile, .. } => format!(" --profile {profile}"),
        _ => String::new(),
    }
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
