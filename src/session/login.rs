//! The session of a login. Only one process renews a login at a time, also when others want other profiles of it:
//! IAM Identity Center takes a refresh token once, and a second process would be told that the login has ended.

use super::log_in;
use crate::environment::Environment;
use crate::error::{Error, Origin, Result};
use crate::model::region::Region;
use crate::model::request::Request;
use crate::model::session::{Session, Timestamp};
use crate::profile::endpoint::Endpoint;
use crate::profile::login::LoginOf;
use crate::store::{Flight, Flown, Stage, Store, Wait, source_name};
use crate::sts::login;
use crate::sts::login_file::{Kept, LoginFile};

/// Who wants the session of which login, and how.
pub struct Wanted<'a> {
    /// The login.
    pub login: &'a LoginOf,
    /// Where STS is asked for the source: `aws login` is renewed in that region.
    pub endpoint: &'a Endpoint,
    /// What was asked for.
    pub request: &'a Request,
    /// Where the locks are.
    pub store: &'a Store,
    /// This process's environment.
    pub env: &'a Environment,
    /// How long another process is waited for.
    pub wait: Wait,
}

impl Wanted<'_> {
    /// The session. A login that has to be renewed, or made anew, is locked until that is done.
    pub fn take(&self, flight: &mut Flight) -> Result<Session> {
        let file = LoginFile::of(self.login, self.env);
        let mut lock = self.lock(&file)?;
        flight.now(Stage::Calling);
        let error = match self.ask(&file) {
            Err(error @ Error::LoginEnded { .. }) => error,
            other => return other,
        };
        let mut now = |stage| {
            flight.now(stage);
            if let Some(lock) = &mut lock {
                lock.now(stage);
            }
        };
        now(Stage::Asking);
        log_in::offer(error, self.login, self.request)?;
        now(Stage::Calling);
        self.ask(&file)
    }

    /// Asks with the token that is kept. The AWS CLI takes no lock: it may have renewed the login in the same moment,
    /// and our refresh token was its refresh token.
    fn ask(&self, file: &LoginFile) -> Result<Session> {
        let before = file.read();
        let ask = |kept: &Kept| {
            let endpoint = self.endpoint(kept);
            login::session(self.login, &endpoint, Timestamp::now())
        };
        let answer = ask(&before);
        let Err(Error::LoginEnded { .. }) = answer else {
            file.keep_sign_in_region(&before);
            return answer;
        };
        let kept = file.read();
        match kept != before && kept.is_fresh(Timestamp::now()) {
            true => ask(&kept),
            false => answer,
        }
    }

    /// `aws login` is renewed in the region where it signed in, whatever region the profile has.
    fn endpoint(&self, kept: &Kept) -> Endpoint {
        let region = kept.sign_in_region.as_deref();
        let region = region.and_then(|text| Region::parse(Origin::StoredSession, text).ok());
        Endpoint {
            region: region.unwrap_or_else(|| self.endpoint.region.clone()),
            ..self.endpoint.clone()
        }
    }

    /// Nothing to lock where the token is used as it is: then any number of processes ask at once.
    fn lock(&self, file: &LoginFile) -> Result<Option<Flight>> {
        let fresh = || file.read().is_fresh(Timestamp::now()).then_some(());
        if fresh().is_some() {
            return Ok(None);
        }
        let name = source_name(&["login", self.login.key()]);
        let flown = self
            .store
            .fly(&name, &self.login.profile, self.wait, fresh)
            .map_err(Error::Busy)?;
        Ok(match flown {
            Flown::Ours(flight) if fresh().is_none() => Some(flight),
            Flown::Ours(_) | Flown::There(()) => None,
        })
    }
}
