//! Standard output. Where a shell evaluates it, a failure must be visible to `eval`, *every* failure:
//! `eval "$(failing)"` returns 0 by itself, in bash, dash and zsh, even under `set -e` (measured). So
//! what ends the process (`main`, a panic or a signal) says it here, and only the first of them
//! speaks.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::environment::Environment;
use crate::environment::patch::EnvPatch;
use crate::environment::session_here::SessionHere;
use crate::error::{Error, Result};
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::shell::told::Told;
use crate::shell::{End, Shell};

/// What a failure has to know to be said in the shell's language.
#[derive(Clone)]
pub struct Evaluated {
    /// The shell that evaluates.
    pub shell: Shell,
    /// Its environment.
    pub env: Environment,
    /// The store entry of the request, once there is one: its session may stay.
    pub entry: Option<String>,
    /// Whether `AWS_PROFILE` and `AWS_DEFAULT_PROFILE` stay in an `.envrc` too.
    pub keep_profile: bool,
    /// Whether only a status is to be given and no session taken away (`hook`, and while somebody chooses).
    pub status_only: bool,
    /// Where the hook asks, its answer has a shape of its own.
    pub of_hook: Option<OfHook>,
}

/// A failure as the hook is told of it.
#[derive(Clone)]
pub struct OfHook {
    /// What the shell is to remember.
    pub told: Told,
    /// The change, where it is another than after every failure.
    pub patch: Option<EnvPatch>,
}

static EVALUATED: Mutex<Option<Evaluated>> = Mutex::new(None);
/// Who has the output: nobody yet, or one of [`Speaker`].
static SPEAKER: AtomicU8 = AtomicU8::new(0);

/// Two threads may end the process at once, the main one and the one for signals: the first speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Output = 1,
    Failure = 2,
}

impl Speaker {
    /// Takes the output; the error is whether somebody says a failure on it.
    fn begin(self) -> std::result::Result<(), bool> {
        SPEAKER
            .compare_exchange(0, self as u8, Ordering::SeqCst, Ordering::SeqCst)
            .map(|_| ())
            .map_err(|other| other == Speaker::Failure as u8)
    }
}

/// The thread that says a failure ends the process when it is said: to return from `main` before
/// would cut it off (seen once in twenty interrupted runs). Bounded, should nobody read what is
/// said.
fn wait_to_be_ended() {
    std::thread::sleep(Duration::from_secs(1));
}

/// From now on a failure prints code that fails. Not on a terminal, where nobody evaluates.
pub fn evaluated_by(evaluated: Evaluated) {
    if !io::stdout().is_terminal()
        && let Ok(mut slot) = EVALUATED.lock()
    {
        *slot = Some(evaluated);
    }
}

/// From now on a failure leaves the session of this entry in the shell.
pub fn leave_session_of(entry: &str) {
    if let Ok(mut slot) = EVALUATED.lock()
        && let Some(evaluated) = slot.as_mut()
    {
        evaluated.entry = Some(entry.to_owned());
    }
}

/// Whether a failure takes no session away from here on: while somebody chooses, no request has been made yet.
pub fn spare_sessions(spared: bool) {
    if let Ok(mut slot) = EVALUATED.lock()
        && let Some(evaluated) = slot.as_mut()
    {
        evaluated.status_only = spared;
    }
}

/// Writes the output, at once and whole.
pub fn write(text: &str) -> Result<()> {
    if Speaker::Output.begin().is_err() {
        wait_to_be_ended();
        return Err(Error::Interrupted);
    }
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Error::Output { error })
}

/// Writes the code that makes `eval` fail, unless the output is written or nobody evaluates it.
/// Never panics: it runs in a panic hook and beside a blocked main thread.
pub fn fail(code: u8, message: &str) {
    let Ok(Some(evaluated)) = EVALUATED.lock().map(|slot| slot.clone()) else {
        return;
    };
    match Speaker::Failure.begin() {
        Ok(()) => {}
        Err(true) => return wait_to_be_ended(),
        Err(false) => return,
    }
    let text = evaluated.failure(code, message);
    let mut stdout = io::stdout().lock();
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    let told = evaluated.of_hook.as_ref().map(|of_hook| &of_hook.told);
    for sentence in told.map_or(&[][..], |told| evaluated.shell.still_to_say(told)) {
        stderr::note_in_silence(sentence);
    }
}

impl Evaluated {
    fn failure(&self, code: u8, message: &str) -> Zeroizing<String> {
        let session_here = SessionHere(&self.env);
        // A failing .envrc makes direnv bring the outer account's keys back: there everything goes,
        // the status is 0, and stderr makes the failure visible.
        let in_envrc = self.env.flag("DIRENV_IN_ENVRC");
        let (patch, end) = if self.status_only {
            (EnvPatch::default(), End::Failure { code, message })
        } else if in_envrc {
            let patch = EnvPatch::clear(self.keep_profile, &session_here);
            (patch, End::Regardless)
        } else {
            let patch = EnvPatch::fail(self.entry.as_deref(), Timestamp::now(), &session_here);
            (patch, End::Failure { code, message })
        };
        // Only a value can be unsayable, and this patch sets none.
        if let Some(OfHook {
            told, patch: other, ..
        }) = &self.of_hook
        {
            let patch = other.as_ref().unwrap_or(&patch);
            return self.shell.tell(told, patch).unwrap_or_default();
        }
        self.shell.render(&patch, end).unwrap_or_default()
    }
}
