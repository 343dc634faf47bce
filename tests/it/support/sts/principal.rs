//! Who can call STS, and the names they go by.

use super::role::Role;
use super::user::User;

#[derive(Clone, Debug)]
pub enum Principal {
    /// Also when it comes with a session of GetSessionToken.
    User(User),
    Role {
        role: Role,
        session_name: String,
    },
}

impl Principal {
    /// As GetCallerIdentity and refusals name the caller.
    pub fn arn(&self) -> String {
        match self {
            Principal::User(user) => user.arn(),
            Principal::Role { role, session_name } => {
                let (partition, account, name) = (role.partition(), role.account(), role.name());
                format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session_name}")
            }
        }
    }

    /// As trust policies name it.
    pub fn iam_arn(&self) -> String {
        match self {
            Principal::User(user) => user.arn(),
            Principal::Role { role, .. } => role.arn.clone(),
        }
    }

    pub fn user_id(&self) -> String {
        match self {
            Principal::User(user) if user.is_root() => user.account.clone(),
            Principal::User(user) => format!("AIDA{:X<17.17}", user.name.to_uppercase()),
            Principal::Role { role, session_name } => {
                format!("AROA{:X<17.17}:{session_name}", role.name().to_uppercase())
            }
        }
    }

    pub fn account(&self) -> &str {
        match self {
            Principal::User(user) => &user.account,
            Principal::Role { role, .. } => role.account(),
        }
    }

    pub fn partition(&self) -> &str {
        match self {
            Principal::User(user) => &user.partition,
            Principal::Role { role, .. } => role.partition(),
        }
    }
}
