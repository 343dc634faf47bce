//! A session that the policy wants, looked for in the store and asked of AWS, without a question.

use super::policy::{Had, Outcome, Wish};
use crate::cli::SessionFlags;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::request::Request;
use crate::session::{Granted, Resolved, renew};

/// What came of it, and the session itself.
pub fn try_it(wish: &Wish, call: bool, env: &Environment) -> (Outcome, Option<Granted>) {
    let request = request(wish, env).map(|request| Request {
        no_input: true,
        at_prompt: true,
        only_stored: !call,
        ..request
    });
    let granted = request.and_then(|request| Resolved::of(request, env)?.session());
    match granted {
        Ok(granted) => (Outcome::Had(had(&granted)), Some(granted)),
        Err(Error::NoAnswer { .. } | Error::NotSts { .. }) => (Outcome::NoAnswer, None),
        Err(_) => (Outcome::Not, None),
    }
}

/// What the policy has to know of a session.
pub fn had(granted: &Granted) -> Had {
    let id = &granted.session.credentials.access_key_id;
    Had {
        text: format!("{id}:{}", granted.entry),
        profile: granted.profile.name.clone(),
        end: granted.session.expiration.0,
    }
}

fn request(wish: &Wish, env: &Environment) -> Result<Request> {
    let how = SessionFlags::default().request()?;
    match wish {
        Wish::Profile(profile) => Ok(Request {
            profile: Some(profile.clone()),
            ..how
        }),
        Wish::Renewal { entry, min_ttl } => Ok(Request {
            min_ttl: *min_ttl,
            ..renew::of_entry(entry, how, env)?
        }),
    }
}
