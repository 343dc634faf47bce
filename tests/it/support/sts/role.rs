//! IAM roles: what their trust policies ask of a caller.

use super::principal::Principal;

#[derive(Clone, Debug)]
pub struct Role {
    pub arn: String,
    /// Accounts (`123456789012`), users and roles (by their IAM ARN). A role's own account is trusted if none is named.
    pub trusted: Vec<String>,
    pub requires_mfa: bool,
    /// `aws:MultiFactorAuthAge`: how long ago, in seconds, the code may have been given.
    pub max_mfa_age: Option<i64>,
    pub external_id: Option<String>,
    /// The token of an identity provider that may assume it without any key.
    pub web_identity_token: Option<String>,
    pub max_session_seconds: i64,
    /// `sts:TagSession` and `sts:SetSourceIdentity`.
    pub allows_marks: bool,
}

/// A caller as a trust policy sees one.
pub struct Visitor<'a> {
    pub principal: &'a Principal,
    /// Seconds since the code was given; nothing without MFA.
    pub mfa_age: Option<i64>,
    pub external_id: Option<&'a str>,
}

impl Role {
    /// A role of one hour that its own account may assume.
    pub fn new(arn: &str) -> Role {
        Role {
            arn: arn.to_owned(),
            trusted: Vec::new(),
            requires_mfa: false,
            max_mfa_age: None,
            external_id: None,
            web_identity_token: None,
            max_session_seconds: 3600,
            allows_marks: true,
        }
    }

    pub fn trusting(mut self, principal: &str) -> Role {
        self.trusted.push(principal.to_owned());
        self
    }

    pub fn without_marks(mut self) -> Role {
        self.allows_marks = false;
        self
    }

    pub fn with_mfa(mut self) -> Role {
        self.requires_mfa = true;
        self
    }

    pub fn with_mfa_age(mut self, seconds: i64) -> Role {
        self.max_mfa_age = Some(seconds);
        self
    }

    pub fn with_external_id(mut self, id: &str) -> Role {
        self.external_id = Some(id.to_owned());
        self
    }

    pub fn with_web_identity(mut self, token: &str) -> Role {
        self.web_identity_token = Some(token.to_owned());
        self
    }

    pub fn with_max_session(mut self, seconds: i64) -> Role {
        self.max_session_seconds = seconds;
        self
    }

    pub fn partition(&self) -> &str {
        self.arn.split(':').nth(1).unwrap_or_default()
    }

    pub fn account(&self) -> &str {
        self.arn.split(':').nth(4).unwrap_or_default()
    }

    /// Without its path, as in the ARN of a session.
    pub fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }

    pub fn admits(&self, visitor: &Visitor<'_>) -> bool {
        let Visitor {
            principal,
            mfa_age,
            external_id,
        } = visitor;
        let is = |trusted: &str| trusted == principal.account() || trusted == principal.iam_arn();
        let is_trusted = match self.trusted.as_slice() {
            [] => is(self.account()),
            trusted => trusted.iter().any(|trusted| is(trusted)),
        };
        principal.partition() == self.partition()
            && is_trusted
            && (!self.requires_mfa || mfa_age.is_some())
            && self
                .max_mfa_age
                .is_none_or(|most| mfa_age.is_some_and(|age| age <= most))
            && self
                .external_id
                .as_deref()
                .is_none_or(|id| *external_id == Some(id))
    }
}
