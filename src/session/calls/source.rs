//! What the source gives: a session of its own, or the keys that sign the first call.

use super::{Carried, Run, Stop};
use crate::error::Error;
use crate::model::session::{Credentials, Session, Timestamp};
use crate::profile::Source;
use crate::session::first_keys;
use crate::session::login::Wanted;
use crate::session::plan::{self, Call, Step};
use crate::store::{Flight, Stage};
use crate::system::user_command::Talk;

impl Run<'_> {
    /// The session that the source itself gives.
    pub(super) fn of_source(&mut self, step: &Step, flight: &mut Flight) -> Carried<Session> {
        if let Source::Login(login) = &self.profile.source {
            let wanted = Wanted {
                login,
                endpoint: &self.profile.source_endpoint,
                request: self.request,
                store: self.store,
                env: self.env,
                wait: self.wait(),
            };
            return Ok(wanted.take(flight)?);
        }
        self.first_keys(step, flight)?;
        let keys = self.keys.clone();
        let keys = keys.ok_or(Error::Internal("the source gave nothing"))?;
        Ok(keys.session(&self.profile.source, Timestamp::now())?)
    }

    /// The source's keys. Where they turn out to be what another plan is for, that plan's refusal or a
    /// [`Stop`] ends this one, before any call.
    pub(super) fn first_keys(&mut self, step: &Step, flight: &mut Flight) -> Carried<Credentials> {
        let source = &self.profile.source;
        let keys = match &self.keys {
            Some(keys) => keys,
            None => {
                if source.credentials().is_none() {
                    flight.now(Stage::Asking); // the process may ask somebody
                }
                let talk = match self.request.at_prompt {
                    true => Talk::Dropped,
                    false => Talk::Shown,
                };
                self.keys.insert(first_keys::keys(
                    source,
                    talk,
                    self.env,
                    self.request.no_input,
                )?)
            }
        };
        match (keys.are_a_session(), matches!(step.call, Call::Take)) {
            (true, false) => {
                plan::decide_for_session(self.profile)?; // its refusal says more
                return Err(Stop::IsSession);
            }
            (false, true) => return Err(Stop::IsLongTerm),
            _ => {}
        }
        flight.now(Stage::Calling);
        Ok(keys.credentials.clone())
    }
}
