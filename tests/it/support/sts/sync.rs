//! What threads share and wait for, so that no test needs to sleep.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A thread that panicked has failed its test already; the others may go on.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A door. A clone is the same door.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub fn shut() -> Gate {
        Gate::default()
    }

    pub fn opened() -> Gate {
        let gate = Gate::shut();
        gate.open();
        gate
    }

    pub fn open(&self) {
        *lock(&self.0.0) = true;
        self.0.1.notify_all();
    }

    pub fn close(&self) {
        *lock(&self.0.0) = false;
    }

    pub fn is_open(&self) -> bool {
        *lock(&self.0.0)
    }

    /// Returns at once while the door is open.
    pub fn wait(&self) {
        let is_open = lock(&self.0.0);
        let _passed = self
            .0
            .1
            .wait_while(is_open, |is_open| !*is_open)
            .unwrap_or_else(PoisonError::into_inner);
    }
}
