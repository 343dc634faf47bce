//! A profile whose session comes from a login: IAM Identity Center (`sso_session`, or the old form with
//! `sso_start_url`), or `aws login`. The login itself is the AWS CLI's; its session is ours to take. Pure.

use super::login_lines::{ROLE_KEYS, of_session, required};
use crate::aws_files::{AwsFiles, FoundProfile};
use crate::environment::Environment;
use crate::error::{Location, Origin, Result};
use crate::model::endpoint_url::EndpointUrl;
use crate::model::region::Region;

/// Where somebody is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// IAM Identity Center: a role in an account.
    IdentityCenter {
        /// The name of the `[sso-session …]`; `None` for the old form.
        session: Option<String>,
        /// `sso_start_url`.
        start_url: String,
        /// `sso_region`.
        region: Region,
        /// `sso_account_id`.
        account: String,
        /// `sso_role_name`.
        role: String,
    },
    /// `aws login`: the user who signed in to the console.
    Console {
        /// `login_session`.
        arn: String,
    },
}

/// A login as a profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginOf {
    /// The login.
    pub login: Login,
    /// The profile that names it.
    pub profile: String,
    /// The line that names it.
    pub location: Location,
    /// Whether it stands there in granted's words, which the AWS CLI does not read.
    pub is_granted: bool,
    /// A server on this machine, by plain http, where the environment names one: then whatever else it names is
    /// reached without a proxy or not at all.
    pub local: Option<EndpointUrl>,
}

impl LoginOf {
    /// What it is a login at.
    pub fn name(&self) -> &'static str {
        match self.login {
            Login::IdentityCenter { .. } => "IAM Identity Center",
            Login::Console { .. } => "the AWS console",
        }
    }

    /// What it is kept under: other profiles may mean the same login.
    pub fn key(&self) -> &str {
        match &self.login {
            Login::IdentityCenter {
                session, start_url, ..
            } => session.as_ref().unwrap_or(start_url),
            Login::Console { arn } => arn.trim(),
        }
    }

    /// The words of the command that logs in, where there is one.
    pub fn command(&self) -> Option<[&str; 4]> {
        match self.login {
            _ if self.is_granted => None,
            Login::IdentityCenter { .. } => Some(["sso", "login", "--profile", &self.profile]),
            Login::Console { .. } => Some(["login", "--profile", &self.profile, ""]),
        }
    }

    /// What to do to log in.
    pub fn remedy(&self) -> String {
        match self.command() {
            Some(words) => format!("run aws {}", words.join(" ").trim_end()),
            None => format!(
                "write the granted_sso_ lines of profile {0} a second time as sso_ lines, which the AWS CLI reads, \
                 and run aws sso login --profile {0}",
                self.profile
            ),
        }
    }

    /// Whose session it is, where that is known without asking.
    pub fn principal(&self) -> &str {
        match &self.login {
            Login::IdentityCenter { role, .. } => role,
            Login::Console { arn } => arn,
        }
    }

    /// As which permission set.
    pub fn permission_set(&self) -> Option<&str> {
        match &self.login {
            Login::IdentityCenter { role, .. } => Some(role),
            Login::Console { .. } => None,
        }
    }

    /// In which account.
    pub fn account(&self) -> Option<&str> {
        match &self.login {
            Login::IdentityCenter { account, .. } => Some(account),
            Login::Console { arn } => arn.split(':').nth(4),
        }
    }
}

/// The login that this profile names, if it names one.
pub fn of(profile: &FoundProfile, env: &Environment, files: &AwsFiles) -> Result<Option<LoginOf>> {
    if let Some(arn) = profile.get("login_session")
        && !names_identity_center(profile)
    {
        let login = Login::Console {
            arn: arn.to_owned(),
        };
        return login_of(
            login,
            profile,
            "login_session",
            &["AWS_ENDPOINT_URL_SIGNIN"],
            env,
        )
        .map(Some);
    }
    if !names_identity_center(profile) {
        return Ok(None);
    }
    let names_a_role = ROLE_KEYS.iter().any(|key| profile.get(key).is_some());
    if !names_a_role && profile.get("credential_process").is_some() {
        return Ok(None); // as for the AWS CLI: such a profile is the process's, as granted writes them
    }
    let session = profile.get("sso_session");
    let named_at = if session.is_some() {
        "sso_session"
    } else {
        "sso_start_url"
    };
    let (start_url, region, region_from) = match session {
        Some(name) => of_session(name, profile, files)?,
        None => (
            required(profile, "sso_start_url", files)?,
            required(profile, "sso_region", files)?,
            profile.location("sso_region"),
        ),
    };
    let origin = Origin::line(region_from, "sso_region");
    let login = Login::IdentityCenter {
        session: session.map(str::to_owned),
        start_url,
        region: Region::parse(origin, &region)?,
        account: required(profile, "sso_account_id", files)?,
        role: required(profile, "sso_role_name", files)?,
    };
    let variables = ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"];
    login_of(login, profile, named_at, &variables, env).map(Some)
}

/// The same in the words of granted, which stand beside its own `credential_process`. What is not among them may be
/// in the `[sso-session …]`.
pub fn of_granted(
    profile: &FoundProfile,
    env: &Environment,
    files: &AwsFiles,
) -> Result<Option<LoginOf>> {
    let Some(key) = ["granted_sso_start_url", "granted_sso_account_id"]
        .into_iter()
        .find(|key| profile.get(key).is_some())
    else {
        return Ok(None);
    };
    let login = Login::IdentityCenter {
        session: None,
        start_url: required(profile, "granted_sso_start_url", files)?,
        region: Region::parse(
            Origin::Key("granted_sso_region"),
            &required(profile, "granted_sso_region", files)?,
        )?,
        account: required(profile, "granted_sso_account_id", files)?,
        role: required(profile, "granted_sso_role_name", files)?,
    };
    let variables = ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"];
    let found = login_of(login, profile, key, &variables, env)?;
    Ok(Some(LoginOf {
        is_granted: true,
        ..found
    }))
}

fn names_identity_center(profile: &FoundProfile) -> bool {
    ["sso_session", "sso_start_url"]
        .iter()
        .any(|key| profile.get(key).is_some())
}

fn login_of(
    login: Login,
    profile: &FoundProfile,
    key: &str,
    variables: &[&'static str],
    env: &Environment,
) -> Result<LoginOf> {
    let mut local = None;
    for variable in variables {
        // A login's token must not cross a network in plain text, as no key may.
        let found = [*variable, "AWS_ENDPOINT_URL"]
            .into_iter()
            .find_map(|name| Some((name, env.var(name)?)));
        if let Some((name, url)) = found {
            let url = EndpointUrl::parse(name, url)?;
            local = local.or(url.is_plain_http().then_some(url));
        }
    }
    Ok(LoginOf {
        login,
        profile: profile.name().to_owned(),
        location: profile.location(key).unwrap_or_default(),
        is_granted: false,
        local,
    })
}
