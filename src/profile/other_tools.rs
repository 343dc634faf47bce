//! What other tools have in a profile and awsmfa does not honour: named, never silently dropped. Pure.

use crate::aws_files::{AwsFiles, FoundProfile};
use crate::error::Location;

/// Keys by their beginning, the tool that reads them, and what does the same here.
const NOT_HONOURED: [(&str, &str, &str); 20] = [
    ("parent_profile", "aws-vault", "write include_profile"),
    (
        "sts_regional_endpoints",
        "the AWS CLI",
        "the region's own STS is always asked",
    ),
    ("chained_from_", "aws-vault", "write source_profile"),
    (
        "granted_sso_registration_scopes",
        "granted",
        "the login is the AWS CLI's",
    ),
    (
        "granted_registry_",
        "granted",
        "the profile is used as it stands here",
    ),
    ("role_duration", "awsume", "write duration_seconds"),
    ("awsumepy_", "awsume", "nothing here reads it"),
    ("aws_mfa_device", "aws-mfa", "write mfa_serial"),
    ("assume_role", "aws-mfa", "write role_arn"),
    (
        "long_term_suffix",
        "aws-mfa",
        "name the profile with the long-term keys as source_profile",
    ),
    ("assume_role_ttl", "aws-okta", "write duration_seconds"),
    ("session_ttl", "aws-okta", "nothing here reads it"),
    (
        "aws_saml_url",
        "aws-okta",
        "write credential_process with a tool that signs in there",
    ),
    (
        "okta_",
        "aws-okta",
        "write credential_process with a tool that signs in there",
    ),
    (
        "saml_",
        "aws-runas",
        "write credential_process with a tool that signs in there",
    ),
    (
        "web_identity_auth_url",
        "aws-runas",
        "write credential_process with a tool that signs in there",
    ),
    (
        "jump_role_arn",
        "aws-runas",
        "write a profile for that role and name it as source_profile",
    ),
    (
        "credentials_duration",
        "aws-runas",
        "write duration_seconds",
    ),
    (
        "session_token_duration",
        "aws-runas",
        "an MFA session for roles lasts 12h",
    ),
    (
        "google_config.",
        "aws-google-auth",
        "write credential_process with a tool that signs in there",
    ),
];

/// One such key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotHonoured {
    /// The key as written.
    pub key: String,
    /// Its line.
    pub location: Location,
    /// The tool that reads it.
    pub tool: &'static str,
    /// What does the same here, or why nothing is missing.
    pub instead: &'static str,
}

/// The keys of these profiles that mean something to another tool and nothing here, each line once.
pub fn not_honoured(files: &AwsFiles, profiles: &[String]) -> Vec<NotHonoured> {
    let mut found: Vec<NotHonoured> = Vec::new();
    let profiles: Vec<FoundProfile> = profiles
        .iter()
        .filter_map(|name| files.profile(name))
        .collect();
    for (key, location) in profiles.iter().flat_map(FoundProfile::keys) {
        let lower = key.to_ascii_lowercase();
        let is_meant = |(beginning, ..): &&(&str, &str, &str)| match beginning.ends_with(['_', '.'])
        {
            true => lower.starts_with(*beginning),
            false => lower == *beginning,
        };
        let Some((_, tool, instead)) = NOT_HONOURED.iter().find(is_meant) else {
            continue;
        };
        if !found.iter().any(|other| other.location == *location) {
            found.push(NotHonoured {
                key: key.to_owned(),
                location: location.clone(),
                tool,
                instead,
            });
        }
    }
    found
}
