//! A session that the policy wants, looked for in the store and asked of AWS, without a question.

use super::policy::{Had, Outcome, Wish};
use crate::cli::{SessionArgs, request};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::request::Request;
use crate::session::{Obtained, obtain_as, renew};

/// What came of it, and the session itself.
pub fn try_it(wish: &Wish, call: bool, env: &Environment) -> (Outcome, Option<Obtained>) {
    let request = request(wish, env).map(|request| Request {
        no_input: true,
        at_prompt: true,
        only_stored: !call,
        ..request
    });
    match request.and_then(|request| obtain_as(request, env)) {
        Ok(Some(obtained)) => (Outcome::Had(had(&obtained)), Some(obtained)),
        Ok(None) => (Outcome::Not, None),
        Err(Error::NoAnswer { .. } | Error::NotSts { .. }) => (Outcome::NoAnswer, None),
        Err(_) => (Outcome::Not, None),
    }
}

/// What the policy has to know of a session.
pub fn had(obtained: &Obtained) -> Had {
    let id = &obtained.session.credentials.access_key_id;
    Had {
        text: format!("{id}:{}", obtained.entry),
        profile: obtained.profile.name.clone(),
        end: obtained.session.expiration.0,
    }
}

fn request(wish: &Wish, env: &Environment) -> Result<Request> {
    let args = SessionArgs::default();
    match wish {
        Wish::Profile(profile) => request::request(&args, Some(profile)),
        Wish::Renewal { entry, min_ttl } => Ok(Request {
            min_ttl: *min_ttl,
            ..renew::of_entry(entry, &args, env)?
        }),
    }
}
