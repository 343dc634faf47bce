//! What the local AWS knows: its users, roles and open sessions, and which codes are spent.

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock};

use super::access_keys::{AccessKey, AccessKeys};
use super::answer::Issued;
use super::principal::Principal;
use super::refusal::{self, Refusal};
use super::role::Role;
use super::sync::lock;
use super::user::User;
use super::{clock, random};

/// Temporary credentials that were issued.
#[derive(Clone, Debug)]
pub struct Session {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    pub expires: i64,
    pub principal: Principal,
    /// When a code was given for it. A role's session never has this: AWS keeps MFA in GetSessionToken's alone.
    pub mfa_at: Option<i64>,
}

#[derive(Debug, Default)]
pub struct Iam {
    pub users: Vec<User>,
    pub roles: Vec<Role>,
    pub disabled_regions: Vec<String>,
    /// Seconds by which the clock of this STS is ahead of the machine's.
    pub clock_offset: i64,
    /// Seconds added to the life of every session that is issued.
    pub session_offset: i64,
    /// How many requests of a new access key are refused before it is known.
    pub new_key_unknown_for: u32,
    /// How much of a list IAM gives at once.
    pub page_size: usize,
    keys: OnceLock<AccessKeys>,
    sessions: Mutex<Vec<Session>>,
    /// Those that the console's sign-in page has given out, good once each.
    pub signin_tokens: Mutex<HashSet<String>>,
    /// Serial number and time step: a code is good once for its device, whatever it is used for.
    spent: Mutex<HashSet<(String, i64)>>,
}

impl Iam {
    pub fn new(users: Vec<User>, roles: Vec<Role>) -> Iam {
        Iam {
            users,
            roles,
            new_key_unknown_for: 2,
            page_size: 100,
            ..Iam::default()
        }
    }

    pub fn now(&self) -> i64 {
        clock::now() + self.clock_offset
    }

    /// The access keys, made when the users are complete.
    pub fn keys(&self) -> &AccessKeys {
        self.keys
            .get_or_init(|| AccessKeys::of(&self.users, self.now()))
    }

    pub fn owner(&self, key: &AccessKey) -> Option<User> {
        let is_owner = |user: &&User| user.account == key.account && user.name == key.user;
        self.users.iter().find(is_owner).cloned()
    }

    pub fn session_with_key(&self, access_key_id: &str) -> Option<Session> {
        lock(&self.sessions)
            .iter()
            .find(|session| session.access_key_id == access_key_id)
            .cloned()
    }

    pub fn role(&self, arn: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.arn == arn)
    }

    /// Checks a code and spends it.
    pub fn check_code(&self, user: &User, serial: &str, code: &str) -> Result<(), Refusal> {
        let is_theirs = user.devices().iter().any(|device| device == serial);
        if !is_theirs || serial.contains(":u2f/") {
            return Err(refusal::not_your_device());
        }
        let mut spent = lock(&self.spent);
        let mut steps = user.steps_showing(code, self.now());
        let is_new = steps.any(|step| spent.insert((serial.to_owned(), step)));
        if is_new {
            Ok(())
        } else {
            Err(refusal::wrong_code())
        }
    }

    pub fn issue(&self, principal: Principal, mfa_at: Option<i64>, seconds: i64) -> Issued {
        let session = Session {
            access_key_id: random::access_key_id(),
            secret_access_key: random::secret_access_key(),
            session_token: random::session_token(),
            expires: self.now() + seconds + self.session_offset,
            principal,
            mfa_at,
        };
        let issued = Issued {
            access_key_id: session.access_key_id.clone(),
            secret_access_key: session.secret_access_key.clone(),
            session_token: session.session_token.clone(),
            expiration: clock::rfc3339(session.expires),
        };
        lock(&self.sessions).push(session);
        issued
    }
}
