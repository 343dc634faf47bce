//! When the session that is served gives way to a new one: early enough that no SDK is handed its last minutes, once at a
//! time, and never at the cost of one that is still good.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::model::session::{Session, Timestamp};

/// botocore asks again on every call from 15 minutes before the end on.
const BEFORE_END: i64 = 16 * 60;
/// After a renewal that came to nothing: a dead network is not asked with every call.
const PAUSE: i64 = 60;
/// The same where the session has ended, and the program waits for nothing else.
const PAUSE_AT_THE_END: i64 = 2;
/// botocore waits for two seconds: where there is a good session, it is served before that.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Where there is none, a request that waits longer is told why.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(15);

/// Why there is no session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A word for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// Whether AWS was asked in vain, and is left alone for a while.
    pub was_asked: bool,
}

/// The session that is served.
pub struct Renewer {
    /// With this many seconds left it is renewed.
    from: i64,
    /// Gets another one, or the same where another process got it; blocks.
    renew: Box<dyn Fn(i64) -> Result<Session, Failure> + Send + Sync>,
    state: Mutex<State>,
    /// Changes when a renewal is over.
    renewals: watch::Sender<u64>,
}

struct State {
    session: Session,
    is_renewing: bool,
    failure: Option<(Timestamp, Failure)>,
}

impl Renewer {
    /// A session that was asked for so many seconds, and how to get it again with as much left as is said.
    pub fn new(
        session: Session,
        asked_seconds: u32,
        renew: impl Fn(i64) -> Result<Session, Failure> + Send + Sync + 'static,
    ) -> Self {
        Self {
            from: from(asked_seconds),
            renew: Box::new(renew),
            state: Mutex::new(State {
                session,
                is_renewing: false,
                failure: None,
            }),
            renewals: watch::Sender::new(0),
        }
    }

    /// The session, renewed where it is time.
    pub async fn session(self: &Arc<Self>) -> Result<Session, Failure> {
        let mut renewals = self.renewals.subscribe();
        let patience = {
            let mut state = self.state();
            let now = Timestamp::now();
            if !state.is_renewing {
                match state.decide(self.from, now) {
                    Decision::Serve => return Ok(state.session.clone()),
                    Decision::Fail(failure) => return Err(failure),
                    Decision::Renew => self.begin(&mut state),
                }
            }
            match state.is_good(now) {
                true => PATIENCE,
                false => PATIENCE_AT_THE_END,
            }
        };
        let _ = timeout(patience, renewals.changed()).await;
        let state = self.state();
        if state.is_good(Timestamp::now()) {
            return Ok(state.session.clone());
        }
        Err(match &state.failure {
            Some((_, failure)) => failure.clone(),
            None => Failure {
                code: "NoAnswer",
                message: "the session has ended, and AWS has not answered yet".to_owned(),
                was_asked: true,
            },
        })
    }

    /// On a thread of its own: it waits for locks and for AWS, and goes on when the request that asked does not wait
    /// any more.
    fn begin(self: &Arc<Self>, state: &mut State) {
        state.is_renewing = true;
        let this = Arc::clone(self);
        std::thread::spawn(move || {
            let renewed = (this.renew)(this.from);
            let mut state = this.state();
            state.is_renewing = false;
            match renewed {
                Ok(session) => {
                    state.session = session;
                    state.failure = None;
                }
                Err(failure) => state.failure = Some((Timestamp::now(), failure)),
            }
            drop(state);
            this.renewals.send_modify(|count| *count += 1);
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session of a quarter of an hour is not renewed at once.
fn from(asked_seconds: u32) -> i64 {
    BEFORE_END.min(i64::from(asked_seconds) / 2)
}

/// What to do for a request. Pure.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Serve,
    Renew,
    Fail(Failure),
}

impl State {
    fn is_good(&self, now: Timestamp) -> bool {
        self.session.expiration > now
    }

    fn decide(&self, from: i64, now: Timestamp) -> Decision {
        if self.session.expiration.seconds_after(now) > from {
            return Decision::Serve;
        }
        let pause = match self.is_good(now) {
            true => PAUSE,
            false => PAUSE_AT_THE_END,
        };
        match &self.failure {
            // The clock may have been set back since.
            Some((at, failure))
                if failure.was_asked && (0..pause).contains(&now.seconds_after(*at)) =>
            {
                match self.is_good(now) {
                    true => Decision::Serve,
                    false => Decision::Fail(failure.clone()),
                }
            }
            _ => Decision::Renew,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::{Credentials, Secret};

    const NOW: Timestamp = Timestamp(100_000);

    fn state(left: i64, failed: Option<(i64, bool)>) -> State {
        State {
            session: Session {
                credentials: Credentials {
                    access_key_id: "ASIA1".into(),
                    secret_access_key: Secret::new("s"),
                    session_token: Some(Secret::new("t")),
                },
                expiration: Timestamp(NOW.0 + left),
            },
            is_renewing: false,
            failure: failed.map(|(ago, was_asked)| (Timestamp(NOW.0 - ago), failure(was_asked))),
        }
    }

    fn failure(was_asked: bool) -> Failure {
        Failure {
            code: "NoAnswer",
            message: "m".to_owned(),
            was_asked,
        }
    }

    #[test]
    fn an_hour_is_renewed_before_botocore_would_ask_with_every_call() {
        assert_eq!(from(3_600), 960);
        assert_eq!(state(961, None).decide(from(3_600), NOW), Decision::Serve);
        assert_eq!(state(960, None).decide(from(3_600), NOW), Decision::Renew);
    }

    #[test]
    fn a_quarter_of_an_hour_is_not_renewed_at_once() {
        assert_eq!(state(900, None).decide(from(900), NOW), Decision::Serve);
        assert_eq!(state(450, None).decide(from(900), NOW), Decision::Renew);
    }

    #[test]
    fn a_network_that_is_dead_is_asked_once_a_minute_and_the_good_session_served() {
        let decide = |left, ago| state(left, Some((ago, true))).decide(960, NOW);
        assert_eq!(decide(900, 0), Decision::Serve);
        assert_eq!(decide(900, 59), Decision::Serve);
        assert_eq!(decide(900, 60), Decision::Renew);
        assert_eq!(decide(0, 1), Decision::Fail(failure(true)));
        assert_eq!(decide(0, 2), Decision::Renew);
        // The clock was set back.
        assert_eq!(decide(900, -10), Decision::Renew);
    }

    #[test]
    fn what_only_a_person_can_give_is_looked_for_in_the_store_each_time() {
        assert_eq!(
            state(900, Some((0, false))).decide(960, NOW),
            Decision::Renew
        );
        assert_eq!(state(0, Some((0, false))).decide(960, NOW), Decision::Renew);
    }
}
