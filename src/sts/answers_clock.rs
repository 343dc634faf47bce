//! The clock of the server that answers: the SDK does not hand it on with a successful answer.

use std::sync::{Arc, Mutex};

use aws_sdk_sts::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_sts::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sts::error::BoxError;

use super::failure::behind;

/// Looks at the answer of a call that it is given to.
#[derive(Clone, Debug, Default)]
pub struct AnswersClock(Arc<Mutex<Option<i64>>>);

impl AnswersClock {
    /// By how many seconds this machine's clock is behind; `None` where no answer said the time.
    pub fn behind(&self) -> Option<i64> {
        self.0.lock().ok().and_then(|behind| *behind)
    }
}

impl Intercept for AnswersClock {
    fn name(&self) -> &'static str {
        "AnswersClock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Ok(mut slot) = self.0.lock() {
            *slot = behind(context.response());
        }
        Ok(())
    }
}
