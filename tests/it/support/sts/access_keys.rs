//! Access keys as IAM keeps them: two a user, each active or not, and a new one that is not known everywhere yet.

use std::sync::Mutex;

use super::random;
use super::refusal::{self, Refusal};
use super::sync::lock;
use super::user::User;

/// AWS's quota.
const KEYS_PER_USER: usize = 2;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    pub account: String,
    pub user: String,
    pub id: String,
    pub secret: String,
    pub is_active: bool,
    pub created: i64,
    pub last_used: Option<i64>,
    /// So many requests that it signs are refused before it is known.
    unknown_for: u32,
}

impl AccessKey {
    fn is_of(&self, user: &User) -> bool {
        self.account == user.account && self.user == user.name
    }
}

#[derive(Debug, Default)]
pub struct AccessKeys(Mutex<Vec<AccessKey>>);

impl AccessKeys {
    /// The first key of each user.
    pub fn of(users: &[User], now: i64) -> AccessKeys {
        let first = |user: &User| AccessKey {
            account: user.account.clone(),
            user: user.name.clone(),
            id: user.access_key_id.clone(),
            secret: user.secret_access_key.clone(),
            is_active: true,
            created: now - 100 * 86_400,
            last_used: None,
            unknown_for: 0,
        };
        AccessKeys(Mutex::new(users.iter().map(first).collect()))
    }

    /// The key that signs a request: nothing for one that is inactive, deleted or not known yet.
    pub fn signing(&self, id: &str) -> Option<AccessKey> {
        let mut keys = lock(&self.0);
        let key = keys.iter_mut().find(|key| key.id == id)?;
        if key.unknown_for > 0 {
            key.unknown_for -= 1;
            return None;
        }
        key.is_active.then(|| key.clone())
    }

    /// Once the signature is right.
    pub fn was_used(&self, id: &str, now: i64) {
        if let Some(key) = lock(&self.0).iter_mut().find(|key| key.id == id) {
            key.last_used = Some(now);
        }
    }

    pub fn of_user(&self, user: &User) -> Vec<AccessKey> {
        let keys = lock(&self.0);
        keys.iter().filter(|key| key.is_of(user)).cloned().collect()
    }

    pub fn find(&self, user: &User, id: &str) -> Result<AccessKey, Refusal> {
        let found = self.of_user(user).into_iter().find(|key| key.id == id);
        found.ok_or_else(|| refusal::no_such_key(id))
    }

    pub fn create(&self, user: &User, now: i64, unknown_for: u32) -> Result<AccessKey, Refusal> {
        if self.of_user(user).len() >= KEYS_PER_USER {
            return Err(refusal::too_many_keys());
        }
        let key = AccessKey {
            account: user.account.clone(),
            user: user.name.clone(),
            id: random::long_term_key_id(),
            secret: random::secret_access_key(),
            is_active: true,
            created: now,
            last_used: None,
            unknown_for,
        };
        lock(&self.0).push(key.clone());
        Ok(key)
    }

    pub fn set_active(&self, user: &User, id: &str, is_active: bool) -> Result<(), Refusal> {
        self.find(user, id)?;
        for key in lock(&self.0).iter_mut().filter(|key| key.id == id) {
            key.is_active = is_active;
        }
        Ok(())
    }

    pub fn delete(&self, user: &User, id: &str) -> Result<(), Refusal> {
        self.find(user, id)?;
        lock(&self.0).retain(|key| key.id != id);
        Ok(())
    }
}
