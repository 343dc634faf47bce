//! A session that was granted, and what becomes of it: the change of an environment, and how to get it again.

use super::lookup;
use super::renew::Again;
use crate::environment::Environment;
use crate::environment::marks;
use crate::environment::patch::{EnvPatch, Placement};
use crate::environment::session_here::SessionHere;
use crate::model::request::{Request, Stored};
use crate::model::session::Session;
use crate::profile::Profile;

/// A session and whose it is.
pub struct Granted {
    /// The request, resolved.
    pub profile: Profile,
    /// The name of its store entry.
    pub entry: String,
    /// What was granted.
    pub session: Session,
    /// What was asked for.
    pub(super) request: Request,
    /// How long it was asked for.
    pub(super) asked_seconds: u32,
}

impl Granted {
    /// The account, where an ARN names it.
    pub fn account(&self) -> Option<String> {
        lookup::account(&self.profile)
    }

    /// The change of an environment that puts the session there.
    pub fn patch(&self, keep_profile: bool, env: &Environment) -> EnvPatch {
        let place = Placement {
            profile: &self.profile.name,
            entry: &self.entry,
            region: self.profile.region.as_ref(),
            keep_profile,
            // A wrong one was refused before anything was asked for.
            prompt_variable: marks::prompt_variable(env).unwrap_or_default(),
        };
        EnvPatch::put(&self.session, &place, &SessionHere(env))
    }

    /// How to get it again, for who serves it for longer than it lasts.
    pub fn again(&self) -> Again {
        Again {
            entry: self.entry.clone(),
            renewal: lookup::renewal(&self.request, &self.profile, &self.profile.roles),
            asked_seconds: self.asked_seconds,
            without_store: self.request.stored == Stored::Unused,
        }
    }
}
