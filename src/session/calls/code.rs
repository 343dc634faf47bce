//! Calls with a code.

use super::Run;
use crate::error::{Cause, Error, Result};
use crate::mfa::CodeSource;
use crate::model::serial::Serial;
use crate::model::session::Session;
use crate::output::trace;
use crate::session::in_process;
use crate::session::plan::{Call, Step};
use crate::store::{Flight, Stage};
use crate::sts::Mfa;

impl Run<'_> {
    /// Calls with a code, and asks for another one where somebody can give it.
    pub(super) fn with_code(
        &mut self,
        step: &Step,
        serial: &Serial,
        flight: &mut Flight,
        call: impl Fn(&Self, &Mfa) -> Result<Session>,
    ) -> Result<Session> {
        let mut codes = match self.codes.take() {
            Some(codes) => codes,
            None => self.choose_codes(step)?,
        };
        let question = self.question(step, serial);
        let result = loop {
            if codes.takes_time() {
                flight.now(Stage::Asking);
            }
            trace::say(|| format!("code: from {codes}"));
            let code = codes.next(&question)?;
            flight.now(Stage::Calling);
            match call(
                self,
                &Mfa {
                    serial,
                    code: &code,
                },
            ) {
                Err(Error::Refused(refusal))
                    if refusal.cause == Cause::WrongCode && codes.ask_again() => {}
                result => break result,
            }
        };
        self.codes = Some(codes);
        result
    }

    pub(super) fn choose_codes(&self, step: &Step) -> Result<CodeSource> {
        let mfa_process = self.profile.mfa_process.as_ref();
        let mfa_process = mfa_process.filter(|_| !self.request.at_prompt);
        let awaiting = |process| (process, in_process::awaiting(&step.entry, self.env));
        CodeSource::choose(
            self.request.code.as_ref(),
            mfa_process.map(awaiting),
            self.request.no_input,
        )
    }

    /// Says so where the code buys a single role.
    fn question(&self, step: &Step, serial: &Serial) -> String {
        let name = &self.profile.name;
        match step.call {
            Call::AssumeRoleWithCode(..) => {
                format!("MFA code for {serial} (profile {name}, for this role alone): ")
            }
            _ => {
                format!("MFA code for {serial} (profile {name}): ")
            }
        }
    }
}
